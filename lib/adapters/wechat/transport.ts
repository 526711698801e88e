import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
// Sockets live in real time: a replaced global clock must not shorten these waits.
import { clearTimeout, setTimeout } from 'node:timers';

/** One request, already signed. `target` is the path and query exactly as signed. */
export type TransportRequest = {
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/**
 * What came back. Header names are lower case; a repeated header is joined with commas.
 * - `timeout`: the total time is over. - `network`: no whole HTTP answer came (DNS, connect, TLS,
 * reset, premature end). - `too-large`: the body is longer than `maxBodyBytes`.
 */
export type TransportAnswer =
  | {
      readonly type: 'response';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | undefined>>;
      readonly body: Uint8Array;
    }
  | { readonly type: 'failure'; readonly failure: 'timeout' | 'network' | 'too-large' };

export type Transport = {
  send(request: TransportRequest): Promise<TransportAnswer>;
};

export type TransportLimits = {
  /** DNS, TCP and TLS of one try. */
  readonly connectTimeoutMs: number;
  /** Both tries together. */
  readonly totalTimeoutMs: number;
  readonly maxBodyBytes: number;
};

export type TransportOptions = {
  /** One or two. The first is asked first; the second, where given, takes the one retry. */
  readonly origins: readonly string[];
  readonly limits?: Partial<TransportLimits>;
};

const defaultLimits: TransportLimits = {
  connectTimeoutMs: 2_000,
  totalTimeoutMs: 8_000,
  maxBodyBytes: 2 * 1024 * 1024,
};

/** Monotonic, as `performance.now()`, the first use of which loads nine modules in 1 ms. */
const nowMs = (): number => process.uptime() * 1_000;

const maxSockets = 64;
const maxFreeSockets = 16;

/**
 * HTTP to WeChat Pay: kept-alive connections, bounded time and size, redirects not followed. One retry
 * in all, of the same bytes, started by a network-level failure and never by an HTTP status (advice of
 * 4012075113, as wechatpay-java does it). It goes to the second origin; where there is none, only a
 * kept-alive connection that had gone stale is replaced by a fresh one.
 */
export function createTransport(options: TransportOptions): Transport {
  const limits = { ...defaultLimits, ...options.limits };
  const [first, second, ...more] = options.origins.map(createOrigin);
  if (first === undefined || more.length > 0) {
    throw new TypeError('The transport needs one origin or two.');
  }
  return {
    send: async (request) => {
      const deadline = nowMs() + limits.totalTimeoutMs;
      const answer = await attempt(first, request, { limits, deadline, fresh: false });
      if (answer.type === 'response' || answer.failure !== 'network') {
        return answer;
      }
      if (second !== undefined) {
        return await attempt(second, request, { limits, deadline, fresh: false });
      }
      return answer.wasReused
        ? await attempt(first, request, { limits, deadline, fresh: true })
        : answer;
    },
  };
}

type Origin = { readonly url: URL; readonly agent: HttpAgent | HttpsAgent };

type Try = { readonly limits: TransportLimits; readonly deadline: number; readonly fresh: boolean };

type TryAnswer =
  | Extract<TransportAnswer, { type: 'response' }>
  | (Extract<TransportAnswer, { type: 'failure' }> & { readonly wasReused: boolean });

type Failure = Extract<TransportAnswer, { type: 'failure' }>['failure'];

function createOrigin(origin: string): Origin {
  const url = new URL(origin);
  if (!/^https?:$/.test(url.protocol) || `${url.origin}/` !== url.href) {
    throw new TypeError(`Not an origin: ${origin}`);
  }
  const settings = { keepAlive: true, maxSockets, maxFreeSockets };
  const agent =
    url.protocol === 'https:'
      ? new HttpsAgent({ ...settings, rejectUnauthorized: true })
      : new HttpAgent(settings);
  return { url, agent };
}

/** One try at one origin; always answers, latest at the deadline. */
function attempt(origin: Origin, request: TransportRequest, how: Try): Promise<TryAnswer> {
  return new Promise((resolve) => {
    const outgoing = open(origin, request, how);
    const settle = (answer: TryAnswer) => {
      clearTimeout(totalTimer);
      resolve(answer);
    };
    const give = (failure: Failure) => {
      settle({ type: 'failure', failure, wasReused: outgoing.reusedSocket });
      outgoing.destroy();
    };
    const leftMs = Math.max(0, how.deadline - nowMs());
    const totalTimer = setTimeout(() => give('timeout'), leftMs);
    limitConnecting(outgoing, origin, how.limits.connectTimeoutMs, () => give('network'));
    outgoing.on('error', () => give('network'));
    // An answer that is no answer, such as an unasked protocol switch, only closes the request.
    outgoing.on('close', () => give('network'));
    outgoing.on('response', (incoming) => collect(incoming, how.limits.maxBodyBytes, settle, give));
    outgoing.end(request.body);
  });
}

function open(origin: Origin, request: TransportRequest, how: Try): ClientRequest {
  const { url } = origin;
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const length =
    request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) };
  return send({
    protocol: url.protocol,
    // Literal IPv6 addresses stand in brackets in a URL, not in a host name.
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    method: request.method,
    path: request.target,
    headers: { ...request.headers, ...length },
    agent: how.fresh ? false : origin.agent,
  });
}

function limitConnecting(
  outgoing: ClientRequest,
  origin: Origin,
  connectTimeoutMs: number,
  onTimeout: () => void,
): void {
  outgoing.on('socket', (socket) => {
    if (outgoing.reusedSocket) {
      return;
    }
    const timer = setTimeout(onTimeout, connectTimeoutMs);
    const stop = () => clearTimeout(timer);
    socket.once(origin.url.protocol === 'https:' ? 'secureConnect' : 'connect', stop);
    outgoing.once('close', stop);
  });
}

function collect(
  incoming: IncomingMessage,
  maxBodyBytes: number,
  settle: (answer: TryAnswer) => void,
  give: (failure: Failure) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.byteLength;
    if (size > maxBodyBytes) {
      give('too-large');
      return;
    }
    chunks.push(chunk);
  });
  incoming.on('error', () => give('network'));
  incoming.on('end', () => {
    settle({
      type: 'response',
      status: incoming.statusCode ?? 0,
      headers: joined(incoming.headersDistinct),
      body: Buffer.concat(chunks),
    });
  });
}

function joined(headers: NodeJS.Dict<string[]>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, values?.join(', ')]),
  );
}
