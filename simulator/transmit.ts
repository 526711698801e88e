import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { NoticeMessage } from './notice-message.ts';
import { isLoopbackHost } from './notify-url.ts';

/** What came of one send: the HTTP status of the receiver, or why there was none. */
export type Transmission = { readonly status: number | null; readonly error?: string };

/** Posts a notice once; never rejects. */
export type Transmit = (url: string, message: NoticeMessage) => Promise<Transmission>;

type TransmitOptions = {
  /** How long a receiver may take, in real time: 5 s at WeChat Pay. */
  readonly answerLimitMs: number;
  /** Whether notices may leave this machine. */
  readonly deliverOutside: boolean;
};

const MAX_SENDS_AT_ONCE = 128;

/** A sender over HTTP(S). An address outside this machine is refused unless allowed; redirects are not followed. */
export const createTransmit = (options: TransmitOptions): Transmit => {
  const limits = { keepAlive: false, maxSockets: MAX_SENDS_AT_ONCE };
  const httpAgent = new HttpAgent(limits);
  const httpsAgent = new HttpsAgent(limits);
  return (url, message) => {
    const target = new URL(url);
    if (!options.deliverOutside && !isLoopbackHost(target.hostname)) {
      return Promise.resolve({ status: null, error: 'not sent: the address is outside' });
    }
    return new Promise((resolve) => {
      const secure = target.protocol === 'https:';
      const call = (secure ? httpsRequest : httpRequest)(target, {
        method: 'POST',
        agent: secure ? httpsAgent : httpAgent,
        headers: { ...message.headers, 'Content-Length': Buffer.byteLength(message.body) },
        signal: AbortSignal.timeout(options.answerLimitMs),
      });
      call.on('response', (response) => {
        response.on('error', () => response.destroy());
        response.resume();
        resolve({ status: response.statusCode ?? null });
      });
      call.on('error', (error) => resolve({ status: null, error: failureText(error) }));
      call.end(message.body);
    });
  };
};

const failureText = (error: Error): string => {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time';
  return 'code' in error ? String(error.code) : error.message;
};
