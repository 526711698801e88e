import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
// Sockets live in real time: a replaced global clock must not shorten these waits.
import { clearTimeout, setTimeout } from 'node:timers';
import type { SecureContext } from 'node:tls';

/** One request, already signed. `target` is the path and query exactly as signed. */
export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Header names are lower case; a repeated header is joined with commas. */
export type HttpResponse = {
  readonly type: 'response';
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
};

/**
 * - `timeout`: the total time is over. - `network`: no whole HTTP answer came (DNS, connect, TLS,
 * reset, premature end). - `too-large`: the body is longer than `maxBodyBytes`.
 */
export type HttpFailure = 'timeout' | 'network' | 'too-large';

/** Why no connection came about: no address, none in time, or another reason (refused, TLS …). */
export type NoConnection = 'dns' | 'connect-timeout' | 'other';

/** What one try brought. With `unconnected` nothing of the request can have reached the origin. */
export type AttemptAnswer =
  | HttpResponse
  | {
      readonly type: 'failure';
      readonly failure: HttpFailure;
      /** It went out on a kept-alive connection. */
      readonly wasReused: boolean;
      readonly unconnected?: NoConnection;
    };

export type HttpLimits = {
  /** DNS, TCP and TLS of one try. */
  readonly connectTimeoutMs: number;
  /** All tries together. */
  readonly totalTimeoutMs: number;
  readonly maxBodyBytes: number;
};

export type Attempt = {
  readonly limits: HttpLimits;
  /** On the clock of `nowMs`. */
  readonly deadline: number;
  /** On a connection of its own. */
  readonly fresh: boolean;
};

/** A server with its kept-alive connections. */
export type Origin = { readonly url: URL; readonly agent: HttpAgent | HttpsAgent };

const maxSockets = 64;
const maxFreeSockets = 16;

/** Monotonic, as `performance.now()`, the first use of which loads nine modules in 1 ms. */
export const nowMs = (): number => process.uptime() * 1_000;

/**
 * A scheme and a host and nothing else; ends in `TypeError` for any other text. `secureContext`: what we
 * show of ourselves in TLS; over plain HTTP there is nobody to show it to.
 */
export function createOrigin(origin: string, secureContext?: SecureContext): Origin {
  const url = new URL(origin);
  if (!/^https?:$/.test(url.protocol) || `${url.origin}/` !== url.href) {
    throw new TypeError(`Not an origin: ${origin}`);
  }
  const settings = { keepAlive: true, maxSockets, maxFreeSockets };
  const agent =
    url.protocol === 'https:'
      ? new HttpsAgent({
          ...settings,
          rejectUnauthorized: true,
          ...(secureContext !== undefined && { secureContext }),
        })
      : new HttpAgent(settings);
  return { url, agent };
}

/** One try at one origin; always answers, latest at the deadline. Redirects are not followed. */
export function attempt(
  origin: Origin,
  request: HttpRequest,
  { limits, deadline, fresh }: Attempt,
): Promise<AttemptAnswer> {
  return new Promise((resolve) => {
    const outgoing = open(origin, request, fresh);
    const connecting = watchConnecting(outgoing, origin, limits.connectTimeoutMs, () =>
      give('network', 'connect-timeout'),
    );
    const settle = (answer: AttemptAnswer) => {
      clearTimeout(totalTimer);
      resolve(answer);
    };
    const give = (failure: HttpFailure, why: NoConnection = 'other') => {
      const wasReused = outgoing.reusedSocket;
      const unconnected = connecting.isOver() ? undefined : why;
      settle({
        type: 'failure',
        failure,
        wasReused,
        ...(unconnected !== undefined && { unconnected }),
      });
      outgoing.destroy();
    };
    const leftMs = Math.max(0, deadline - nowMs());
    const totalTimer = setTimeout(() => give('timeout', 'connect-timeout'), leftMs);
    outgoing.on('error', (error) => give('network', reasonOf(error)));
    // An answer that is no answer, such as an unasked protocol switch, only closes the request.
    outgoing.on('close', () => give('network'));
    outgoing.on('response', (incoming) => collect(incoming, limits.maxBodyBytes, settle, give));
    outgoing.end(request.body);
  });
}

function open(origin: Origin, request: HttpRequest, fresh: boolean): ClientRequest {
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
    agent: fresh ? false : origin.agent,
  });
}

/** Bounds the time until the connection stands; until then nothing of the request has gone out. */
function watchConnecting(
  outgoing: ClientRequest,
  origin: Origin,
  connectTimeoutMs: number,
  onTimeout: () => void,
): { readonly isOver: () => boolean } {
  let isOver = false;
  outgoing.on('socket', (socket) => {
    if (outgoing.reusedSocket) {
      isOver = true;
      return;
    }
    const timer = setTimeout(onTimeout, connectTimeoutMs);
    socket.once(origin.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      isOver = true;
      clearTimeout(timer);
    });
    outgoing.once('close', () => clearTimeout(timer));
  });
  return { isOver: () => isOver };
}

function reasonOf(error: NodeJS.ErrnoException): NoConnection {
  if (error.syscall === 'getaddrinfo') {
    return 'dns';
  }
  // The system's own limit, of one address or of all that a name has.
  return error.code === 'ETIMEDOUT' ? 'connect-timeout' : 'other';
}

function collect(
  incoming: IncomingMessage,
  maxBodyBytes: number,
  settle: (answer: HttpResponse) => void,
  give: (failure: HttpFailure) => void,
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
