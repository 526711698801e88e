import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { NoticeMessage } from './notice-message.ts';
import { isLoopbackHost } from './notify-url.ts';

/** What came of one send: the receiver's status and answer; `error` says why one of them is missing. */
export type Transmission = {
  readonly status: number | null;
  /** At most 64 KiB of it; absent when the answer did not come to its end. */
  readonly body?: Uint8Array;
  readonly error?: string;
};

/** Posts a notice once; never rejects. */
export type Transmit = (url: string, message: NoticeMessage) => Promise<Transmission>;

type TransmitOptions = {
  /** How long a receiver may take for its whole answer, in real time: 5 s at WeChat Pay. */
  readonly answerLimitMs: number;
  /** Whether notices may leave this machine. */
  readonly deliverOutside: boolean;
};

const MAX_SENDS_AT_ONCE = 128;
const MAX_ANSWER_BYTES = 65_536;

/** A sender over HTTP(S). An address outside this machine is refused unless allowed; redirects are not followed. */
export const createTransmit = (options: TransmitOptions): Transmit => {
  const limits = { keepAlive: false, maxSockets: MAX_SENDS_AT_ONCE };
  const httpAgent = new HttpAgent(limits);
  const httpsAgent = new HttpsAgent(limits);
  return (url, message) => {
    if (!URL.canParse(url)) return Promise.resolve({ status: null, error: 'not sent: no address' });
    const target = new URL(url);
    if (!options.deliverOutside && !isLoopbackHost(target.hostname)) {
      return Promise.resolve({ status: null, error: 'not sent: the address is outside' });
    }
    return new Promise((resolve) => {
      const deadline = AbortSignal.timeout(options.answerLimitMs);
      const secure = target.protocol === 'https:';
      const call = (secure ? httpsRequest : httpRequest)(target, {
        method: 'POST',
        agent: secure ? httpsAgent : httpAgent,
        headers: { ...message.headers, 'Content-Length': Buffer.byteLength(message.body) },
        signal: deadline,
      });
      call.on('response', (response) => resolve(readAnswer(response, deadline)));
      call.on('error', (error) => resolve({ status: null, error: failureText(error) }));
      call.end(message.body);
    });
  };
};

const readAnswer = async (
  response: IncomingMessage,
  deadline: AbortSignal,
): Promise<Transmission> => {
  const status = response.statusCode ?? null;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_ANSWER_BYTES) break;
    }
  } catch (error) {
    return { status, error: deadline.aborted ? TOO_LATE : failureText(error) };
  }
  return { status, body: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES) };
};

const TOO_LATE = 'no answer in time';

const failureText = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return TOO_LATE;
  return 'code' in error ? String(error.code) : error.message;
};
