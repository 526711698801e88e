import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Fields } from './xml.ts';

export type SignType = 'MD5' | 'HMAC-SHA256';

const SIGN_TYPES: readonly SignType[] = ['MD5', 'HMAC-SHA256'];

/**
 * The `sign` of a document of APIv2, upper-case hex: every field but `sign` and the empty ones, sorted by name in byte order
 * and joined raw, then the key (document 4011985891).
 */
export const signFields = (
  fields: Iterable<readonly [name: string, value: string]>,
  apiKey: string,
  signType: SignType,
): string => {
  const pairs = [...fields]
    .filter(([name, value]) => name !== 'sign' && value !== '')
    .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    .map(([name, value]) => `${name}=${value}`);
  const text = [...pairs, `key=${apiKey}`].join('&');
  const hash = signType === 'MD5' ? createHash('md5') : createHmac('sha256', apiKey);
  return hash.update(text, 'utf8').digest('hex').toUpperCase();
};

type Verdict =
  | { readonly ok: true; readonly signType: SignType }
  | { readonly ok: false; readonly because: 'no-sign' | 'sign-type' | 'wrong' };

/** Checks a request by its own `sign_type`, MD5 when it names none; the field is part of what is signed. */
export const verifyFields = (fields: Fields, apiKey: string): Verdict => {
  const sign = fields.get('sign') ?? '';
  if (sign === '') return { ok: false, because: 'no-sign' };
  const named = fields.get('sign_type') ?? '';
  const signType = SIGN_TYPES.find((known) => known === (named === '' ? 'MD5' : named));
  if (signType === undefined) return { ok: false, because: 'sign-type' };
  const expected = Buffer.from(signFields(fields, apiKey, signType));
  const given = Buffer.from(sign);
  return given.length === expected.length && timingSafeEqual(given, expected)
    ? { ok: true, signType }
    : { ok: false, because: 'wrong' };
};
