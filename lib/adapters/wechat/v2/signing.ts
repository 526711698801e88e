import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { Account, SignType, V2Credentials } from '#core/account.ts';
import { AppError } from '#core/errors.ts';
import type { AppPayParameters, JsapiPayParameters } from '#core/ports.ts';
import type { Payment, Stamp } from '../stamp.ts';
import type { Fields } from './xml.ts';

/** Who signs: the merchant with its API key. */
type Signer = Pick<Account, 'mchid' | 'credentials'>;

/**
 * The signature of a message (4011985891), in upper-case hex: of all fields but `sign` and those without
 * a value, sorted by name, joined raw. Names are ASCII and come once. What is signed holds the key: it is
 * never to be logged.
 */
export function signatureOf(
  fields: Iterable<readonly [string, string]>,
  apiKey: string,
  signType: SignType,
): string {
  const values = fields instanceof Map ? fields : new Map(fields);
  let text = '';
  // Sorts by UTF-16 units, which of ASCII are the bytes.
  for (const name of [...values.keys()].sort()) {
    const value = values.get(name);
    if (value !== '' && name !== 'sign') {
      text += `${name}=${value}&`;
    }
  }
  text += `key=${apiKey}`;
  const digest =
    signType === 'MD5'
      ? hash('md5', text, 'hex')
      : createHmac('sha256', apiKey).update(text).digest('hex');
  return digest.toUpperCase();
}

/**
 * Whether a message is signed with the account's key in the account's one way. Neither a `sign_type` nor
 * the length of the `sign` may choose another: the sender would choose the weaker one.
 */
export function isSignedBy(fields: Fields, { apiKey, signType }: V2Credentials): boolean {
  const given = Buffer.from(fields.get('sign') ?? '');
  // A field without a value counts as absent, as it does for the signature.
  const named = fields.get('sign_type') || signType;
  if (given.length === 0 || named !== signType) {
    return false;
  }
  const expected = Buffer.from(signatureOf(fields, apiKey, signType));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * What a page or mini program hands to WeChat to pay, as APIv2 signs it; its `signType` must be the one of
 * the placing. Ends in `AppError` `account_invalid` when the account has no API key.
 */
export function signJsapiPayment(
  account: Signer,
  { appid, prepay_id }: Payment,
  { timestamp, nonce }: Stamp,
): JsapiPayParameters {
  const { apiKey, signType } = credentialsOf(account);
  const parameters = {
    appId: appid,
    timeStamp: timestamp,
    nonceStr: nonce,
    package: `prepay_id=${prepay_id}`,
    signType,
  };
  return { ...parameters, paySign: signatureOf(Object.entries(parameters), apiKey, signType) };
}

/**
 * What an app hands to WeChat's SDK to pay, as APIv2 signs it: like JSAPI's, but over these names. Ends in
 * `AppError` `account_invalid` when the account has no API key.
 */
export function signAppPayment(
  account: Signer,
  { appid, prepay_id }: Payment,
  { timestamp, nonce }: Stamp,
): AppPayParameters {
  const { apiKey, signType } = credentialsOf(account);
  const parameters = {
    appid,
    partnerid: account.mchid,
    prepayid: prepay_id,
    package: 'Sign=WXPay',
    noncestr: nonce,
    timestamp,
  } as const;
  return { ...parameters, sign: signatureOf(Object.entries(parameters), apiKey, signType) };
}

function credentialsOf({ credentials: { v2 } }: Signer): V2Credentials {
  if (v2 === undefined) {
    throw new AppError('account_invalid', 'The account has no credentials of APIv2.');
  }
  return v2;
}
