import type { World } from '../../../client/src/calling.ts';
import { type Client, type ClientOptions, createClientIn } from '../../../client/src/client.ts';

/** A request as the client made it. */
export type Sent = {
  readonly line: string;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly redirect: string | undefined;
  readonly atMs: number;
};

/** What the API does with a request: answers, breaks the connection, or says nothing for ever. */
export type Planned = Response | Error | 'silence';

/** A world in virtual time, and the client in it. */
export type ClientWorld = {
  readonly client: Client;
  readonly sent: readonly Sent[];
  /** Between one try and the next. */
  readonly pausesMs: readonly number[];
  /** What the next requests meet; one without a plan is a mistake of the test. */
  readonly plan: (...planned: readonly Planned[]) => void;
  readonly nowMs: () => number;
  /** Time passes; whoever waits is woken in order. */
  readonly pass: (ms: number) => void;
};

export const options: ClientOptions = {
  baseUrl: 'https://pay.example.com',
  account: 'shop',
  token: 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl',
};

export function createClientWorld(
  more: Partial<ClientOptions> = {},
  parts: Partial<World> = {},
): ClientWorld {
  const sent: Sent[] = [];
  const pausesMs: number[] = [];
  const plans: Planned[] = [];
  const alarms: { readonly atMs: number; readonly controller: AbortController }[] = [];
  let now = 1_000;
  const pass = (ms: number): void => {
    now += ms;
    for (const { controller } of alarms.filter(({ atMs }) => atMs <= now)) {
      controller.abort();
    }
  };
  const world: World = {
    fetch: (input, init) => {
      sent.push(sentOf(input, init, now));
      const planned = plans.shift();
      if (planned === undefined) {
        throw new RangeError(`Nobody expected ${init?.method} ${input}.`);
      }
      return planned === 'silence' ? untilAborted(init?.signal, pass) : settled(planned);
    },
    nowMs: () => now,
    pause: (ms) => {
      pausesMs.push(ms);
      pass(ms);
      return Promise.resolve();
    },
    alarm: (ms) => {
      const controller = new AbortController();
      alarms.push({ atMs: now + ms, controller });
      return controller.signal;
    },
    random: () => 0,
    ...parts,
  };
  return {
    client: createClientIn(world, { ...options, ...more }),
    sent,
    pausesMs,
    plan: (...planned) => void plans.push(...planned),
    nowMs: () => now,
    pass,
  };
}

function sentOf(input: string | URL | Request, init: RequestInit | undefined, atMs: number): Sent {
  const { body } = init ?? {};
  return {
    line: `${init?.method} ${input}`,
    headers: new Headers(init?.headers),
    body: body instanceof Uint8Array ? new TextDecoder().decode(body) : undefined,
    redirect: init?.redirect,
    atMs,
  };
}

function settled(planned: Response | Error): Promise<Response> {
  return planned instanceof Error ? Promise.reject(planned) : Promise.resolve(planned);
}

/** Lets time pass until somebody gives up. */
function untilAborted(
  signal: AbortSignal | null | undefined,
  pass: (ms: number) => void,
): Promise<Response> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
    for (let ms = 0; ms < 700_000 && signal?.aborted === false; ms += 500) {
      pass(500);
    }
  });
}

export function answer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** As the API answers an error (RFC 9457). */
export function problem(
  status: number,
  code: string,
  more: object = {},
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = {
    type: `urn:wechatpay-serverless:problem:${code}`,
    title: 'A title.',
    status,
    code,
    instance: 'urn:request:request-1',
    ...more,
  };
  return answer(status, body, { 'content-type': 'application/problem+json', ...headers });
}

/** What `fetch` throws where nobody listens. */
export function noConnection(code = 'ECONNREFUSED'): Error {
  const cause = Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code });
  return new TypeError('fetch failed', { cause });
}

export const tea = {
  trade_type: 'NATIVE',
  description: 'Tea, 250 g',
  amount: { total: 8800, currency: 'CNY' },
} as const;

/** A code payment. */
export const charged = { ...tea, trade_type: 'MICROPAY', auth_code: '134567890123456789' } as const;

export const awaiting = {
  out_trade_no: 'A-1001',
  status: 'AWAITING',
  code_url: 'weixin://wxpay/bizpayurl?pr=abc',
};
