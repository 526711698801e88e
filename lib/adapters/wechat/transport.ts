import {
  attempt,
  createOrigin,
  type HttpFailure,
  type HttpLimits,
  type HttpRequest,
  type HttpResponse,
  nowMs,
} from './attempt.ts';

export type TransportRequest = HttpRequest;

/** What came back of a call. */
export type TransportAnswer =
  | HttpResponse
  | { readonly type: 'failure'; readonly failure: HttpFailure };

export type Transport = {
  send(request: TransportRequest): Promise<TransportAnswer>;
};

export type TransportOptions = {
  /** One or two. The first is asked first; the second, where given, takes the one retry. */
  readonly origins: readonly string[];
  readonly limits?: Partial<HttpLimits>;
};

const defaultLimits: HttpLimits = {
  connectTimeoutMs: 2_000,
  totalTimeoutMs: 8_000,
  maxBodyBytes: 2 * 1024 * 1024,
};

/**
 * HTTP to WeChat Pay as APIv3 wants it: kept-alive connections, bounded time and size, redirects not
 * followed. One retry in all, of the same bytes, started by a network-level failure and never by an HTTP
 * status (advice of 4012075113, as wechatpay-java does it). It goes to the second origin; where there is
 * none, only a kept-alive connection that had gone stale is replaced by a fresh one.
 */
export function createTransport(options: TransportOptions): Transport {
  const limits = { ...defaultLimits, ...options.limits };
  const [first, second, ...more] = options.origins.map((origin) => createOrigin(origin));
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
