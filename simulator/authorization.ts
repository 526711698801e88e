import type { KeyObject } from 'node:crypto';
import { type Refusal, signError } from './refusals.ts';
import { isSignedBy, requestMessage } from './signing.ts';

/** What the gateway knows about a merchant's own key. */
type MerchantIdentity = {
  readonly mchid: string;
  readonly merchantSerial: string;
  readonly merchantPublicKey: KeyObject;
};

type AuthorizedCall = {
  readonly method: string;
  /** Path and query exactly as received. */
  readonly target: string;
  readonly authorization: readonly string[];
  readonly body: Uint8Array;
};

type AuthorizationResult<M> =
  | { readonly ok: true; readonly merchant: M }
  | { readonly ok: false; readonly refusal: Refusal };

const CLOCK_TOLERANCE_S = 300;

/** Checks one call as documents 4012365336 and 4020801299 say: the clock before the signature. */
export const authorize = <M extends MerchantIdentity>(
  call: AuthorizedCall,
  merchantOf: (mchid: string) => M | undefined,
  nowMs: number,
): AuthorizationResult<M> => {
  const fields = readAuthorization(call.authorization);
  if (fields === undefined) return refuse('The Authorization header is missing or malformed');
  if (!/^[0-9]{1,16}$/.test(fields.timestamp)) return refuse('timestamp is not Unix seconds');
  if (Math.abs(nowMs / 1000 - Number(fields.timestamp)) > CLOCK_TOLERANCE_S) {
    return refuse('timestamp is off by more than 5 minutes');
  }
  if (!/^[0-9A-Za-z]{1,32}$/.test(fields.nonce)) return refuse('nonce_str is not allowed');
  const merchant = merchantOf(fields.mchid);
  if (merchant === undefined) return refuse('mchid is not known');
  if (merchant.merchantSerial !== fields.serial) {
    return refuse('serial_no is not that of the merchant certificate');
  }
  const message = requestMessage({ ...call, timestamp: fields.timestamp, nonce: fields.nonce });
  if (!isSignedBy(message, fields.signature, merchant.merchantPublicKey)) {
    return refuse('The signature does not verify');
  }
  return { ok: true, merchant };
};

const refuse = (message: string): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal: signError(message),
});

type AuthorizationFields = {
  readonly mchid: string;
  readonly nonce: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly serial: string;
};

const SCHEME = 'WECHATPAY2-SHA256-RSA2048 ';
const PAIR = /^([a-z_]+)="([^"]*)"$/;

/** Reads the one header with its five pairs in any order; undefined when anything is missing, doubled or extra. */
export const readAuthorization = (values: readonly string[]): AuthorizationFields | undefined => {
  const [header, ...others] = values;
  if (header === undefined || others.length > 0 || !header.startsWith(SCHEME)) return undefined;
  const pairs = header.slice(SCHEME.length).split(',');
  const found = new Map<string, string>();
  for (const pair of pairs) {
    const [, name, value] = PAIR.exec(pair) ?? [];
    if (name === undefined || value === undefined) return undefined;
    found.set(name, value);
  }
  const [mchid, nonce, signature, timestamp, serial] = [
    found.get('mchid'),
    found.get('nonce_str'),
    found.get('signature'),
    found.get('timestamp'),
    found.get('serial_no'),
  ];
  if (pairs.length !== 5 || !mchid || !nonce || !signature || !timestamp || !serial) {
    return undefined;
  }
  return { mchid, nonce, signature, timestamp, serial };
};
