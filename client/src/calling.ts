import { WechatpayError } from './errors.ts';
import { type Exchanged, exchange, type Fetch, type Outgoing, within } from './exchange.ts';
import { type JsonObject, parseObject, stableJson } from './json.ts';
import { errorOfAnswer, unexpectedAnswer } from './problem.ts';
import { pauseMs } from './retry.ts';

/** What a client needs of the world. */
export type World = {
  readonly fetch: Fetch;
  /** Never goes back. */
  readonly nowMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** A signal that aborts after so long. */
  readonly alarm: (ms: number) => AbortSignal;
  /** From 0 up to 1. */
  readonly random: () => number;
};

export type CallSettings = {
  readonly base: string;
  readonly token: string | (() => string | Promise<string>);
  readonly timeoutMs: number;
  readonly attemptTimeoutMs: number;
  readonly retries: number;
};

/** A call that may be repeated: the same number with the same bytes is one order, and one refund. */
export type Call<T> = {
  readonly method: Outgoing['method'];
  /** With its leading slash, percent-encoded. */
  readonly path: string;
  readonly body?: object;
  /** The answer as it is shown, or undefined when it is none. */
  readonly read: (answer: JsonObject) => T | undefined;
};

export type Caller = <T>(call: Call<T>) => Promise<T>;

/**
 * Sends calls, each again with the same bytes while that can help, `retries` times at most and within
 * `timeoutMs` in all. Ends in `WechatpayError`.
 */
export function createCaller(world: World, settings: CallSettings): Caller {
  return async (call) => {
    const endsAt = world.nowMs() + settings.timeoutMs;
    const leftMs = (): number => endsAt - world.nowMs();
    const request = requestOf(settings.base, call);
    for (let made = 0; ; made += 1) {
      const limitMs = Math.max(0, Math.min(settings.attemptTimeoutMs, leftMs()));
      const exchanged = await attempt(world, settings, request, limitMs);
      const outcome = outcomeOf(call, exchanged);
      if (!(outcome instanceof WechatpayError)) {
        return outcome.value;
      }
      const retryAfter = exchanged.type === 'answer' ? exchanged.retryAfter : undefined;
      const waitMs = pauseMs(made, world.random(), retryAfter);
      if (!outcome.retryable || made >= settings.retries || waitMs >= leftMs()) {
        throw outcome;
      }
      await world.pause(waitMs);
    }
  };
}

function requestOf(base: string, { method, path, body }: Call<unknown>): Outgoing {
  return {
    method,
    url: `${base}${path}`,
    ...(body !== undefined && { body: new TextEncoder().encode(stableJson(body)) }),
  };
}

/** A token is asked for each time: it may have run out meanwhile. */
async function attempt(
  { fetch, alarm }: World,
  { token }: CallSettings,
  request: Outgoing,
  limitMs: number,
): Promise<Exchanged> {
  const signal = alarm(limitMs);
  const bearer = await tokenWithin(signal, token);
  return bearer === undefined
    ? { type: 'timeout' }
    : exchange(fetch, request, `Bearer ${bearer}`, signal);
}

/** RFC 6750 §2.1: anything else cannot stand in the header, and an error of `fetch` would quote it. */
const bearerToken = /^[0-9A-Za-z\-._~+/]+=*$/;

async function tokenWithin(
  signal: AbortSignal,
  token: CallSettings['token'],
): Promise<string | undefined> {
  const given = async (): Promise<string> => (typeof token === 'string' ? token : await token());
  const text = await within(signal, given()).catch((cause: unknown) => {
    if (signal.aborted) {
      return undefined;
    }
    throw new WechatpayError('token_unusable', 'The token could not be had.', { cause });
  });
  if (text !== undefined && !bearerToken.test(text)) {
    throw new WechatpayError('token_unusable', 'What should be the token is no bearer token.');
  }
  return text;
}

function outcomeOf<T>(call: Call<T>, exchanged: Exchanged): { readonly value: T } | WechatpayError {
  const name = `${call.method} ${call.path}`;
  switch (exchanged.type) {
    case 'timeout':
      return new WechatpayError('timeout', `${name}: no answer in time.`);
    case 'network': {
      const { reason } = exchanged;
      const why = reason === undefined ? '' : ` (${reason})`;
      return new WechatpayError('network', `${name}: no connection, or it broke${why}.`);
    }
    case 'too_large': {
      const { status } = exchanged;
      return new WechatpayError('answer_too_large', `${name}: too large an answer.`, { status });
    }
    case 'answer': {
      const { status, text } = exchanged;
      const body = text === undefined ? undefined : parseObject(text);
      if (status < 200 || status > 299) {
        return errorOfAnswer(name, status, body);
      }
      const value = body && call.read(body);
      return value === undefined ? unexpectedAnswer(name, status) : { value };
    }
  }
}
