import type { Account } from '#core/account.ts';
import { isObject, type Json, parseObject } from '#core/values/json.ts';
import type { Instant } from '#core/values/time.ts';
import { createStamp } from '../stamp.ts';
import type { Transport, TransportAnswer } from '../transport.ts';
import type { ErrorAnswer } from './error-codes.ts';
import { preferredSerialOf } from './keys.ts';
import { type SignatureProblem, signatureProblemOf } from './signed-message.ts';
import { authorizationOf, type SignedRequest } from './signing.ts';

/**
 * What a signed call brought.
 * - `verified`: a 2xx that WeChat signed. - `error`: any other status; unsigned.
 * - `unknown`: no answer, or a 2xx that is not WeChat's; it may have been carried out.
 * - `unsent`: the account's private key cannot be read.
 */
export type CallAnswer =
  | { readonly type: 'verified'; readonly status: number; readonly body: Uint8Array }
  | { readonly type: 'error'; readonly error: ErrorAnswer }
  | { readonly type: 'unknown'; readonly code: string }
  | { readonly type: 'unsent'; readonly code: 'KEY_INVALID' };

export type Client = {
  call(account: Account, request: SignedRequest): Promise<CallAnswer>;
};

export type ClientOptions = {
  readonly transport: Transport;
  readonly now: () => Instant;
  readonly userAgent: string;
};

const failureCodes = { timeout: 'TIMEOUT', network: 'NETWORK', 'too-large': 'TOO_LARGE' } as const;

const problemCodes = {
  header_missing: 'UNSIGNED',
  header_doubled: 'BAD_SIGNATURE',
  unknown_serial: 'UNKNOWN_SERIAL',
  clock: 'STALE',
  signature: 'BAD_SIGNATURE',
  probe: 'PROBE',
} as const satisfies Readonly<Record<SignatureProblem, string>>;

const maxErrorBytes = 65_536;

/** Signs each call once, sends it, and believes a success only when WeChat signed it (4013053420). */
export function createClient(options: ClientOptions): Client {
  const { transport, now, userAgent } = options;
  if (!/^[\x20-\x7e]{1,256}$/.test(userAgent)) {
    throw new TypeError('The user agent must be printable text.');
  }
  return {
    call: async (account, request) => {
      const authorization = authorizationOf(account, request, createStamp(now()));
      if (authorization === undefined) {
        return { type: 'unsent', code: 'KEY_INVALID' };
      }
      const headers = headersOf(account, request, { authorization, userAgent });
      const answer = await transport.send({ ...request, headers });
      return readAnswer(account, answer, now());
    },
  };
}

/** `Accept` and `User-Agent` are mandatory; the serial selects the key that signs the answer. */
function headersOf(
  account: Account,
  request: SignedRequest,
  own: { readonly authorization: string; readonly userAgent: string },
): Readonly<Record<string, string>> {
  const serial = preferredSerialOf(account.credentials.v3);
  return {
    accept: 'application/json',
    'user-agent': own.userAgent,
    authorization: own.authorization,
    ...(request.body !== undefined && { 'content-type': 'application/json' }),
    ...(serial !== undefined && { 'wechatpay-serial': serial }),
  };
}

function readAnswer(account: Account, answer: TransportAnswer, now: Instant): CallAnswer {
  if (answer.type === 'failure') {
    return { type: 'unknown', code: failureCodes[answer.failure] };
  }
  const { status, body } = answer;
  if (status < 200 || status > 299) {
    return { type: 'error', error: readError(status, body) };
  }
  const problem = signatureProblemOf(account.credentials.v3, answer, now);
  return problem === undefined
    ? { type: 'verified', status, body }
    : { type: 'unknown', code: problemCodes[problem] };
}

/** WeChat's `{code, message, detail{field}}`; whatever else came counts as no code at all. */
function readError(status: number, body: Uint8Array): ErrorAnswer {
  const text = body.byteLength > maxErrorBytes ? '' : Buffer.from(body).toString('utf8');
  const parsed = parseObject(text);
  const { code, detail } = parsed.ok ? parsed.value : {};
  if (typeof code !== 'string' || !/^[A-Z0-9_]{1,48}$/.test(code)) {
    return { status };
  }
  const field = isObject(detail) ? pointerIn(detail['field']) : undefined;
  return { status, code, ...(field !== undefined && { field }) };
}

function pointerIn(field: Json | undefined): string | undefined {
  return typeof field === 'string' && /^(?:\/[0-9A-Za-z_-]{1,32}){1,8}$/.test(field)
    ? field
    : undefined;
}
