import { type KeyObject, sign } from 'node:crypto';
import type { Account } from '#core/account.ts';
import { AppError } from '#core/errors.ts';
import type { AppPayParameters, JsapiPayParameters } from '#core/ports.ts';
import type { Payment, Stamp } from '../stamp.ts';
import { signingKeyOf } from './keys.ts';

/** What the signature of a request covers; `target` is path and query as they go on the wire. */
export type SignedRequest = {
  readonly method: 'GET' | 'POST';
  readonly target: string;
  /** Absent for GET: an empty line is signed. */
  readonly body?: string;
};

/** Who signs: the merchant with its private key. */
type Signer = Pick<Account, 'mchid' | 'credentials'>;

const scheme = 'WECHATPAY2-SHA256-RSA2048';

/**
 * The value of `Authorization` (4012365336): five pairs, no spaces between them. Undefined when the
 * account's private key cannot be read.
 */
export function authorizationOf(
  account: Signer,
  request: SignedRequest,
  stamp: Stamp,
): string | undefined {
  const { v3 } = account.credentials;
  const key = signingKeyOf(v3);
  if (v3 === undefined || key === undefined) {
    return undefined;
  }
  const { timestamp, nonce } = stamp;
  const signature = signLines(key, [
    request.method,
    request.target,
    timestamp,
    nonce,
    request.body ?? '',
  ]);
  return (
    `${scheme} mchid="${account.mchid}",nonce_str="${nonce}",signature="${signature}",` +
    `timestamp="${timestamp}",serial_no="${v3.merchantSerial}"`
  );
}

/**
 * What a page or mini program hands to WeChat to pay (4012365339); signed with the key of the prepay.
 * Ends in `AppError` `account_invalid` when the account's private key cannot be read.
 */
export function signJsapiPayment(
  account: Signer,
  payment: Payment,
  stamp: Stamp,
): JsapiPayParameters {
  const key = paymentKeyOf(account);
  const packageText = `prepay_id=${payment.prepay_id}`;
  const { timestamp, nonce } = stamp;
  return {
    appId: payment.appid,
    timeStamp: timestamp,
    nonceStr: nonce,
    package: packageText,
    signType: 'RSA',
    paySign: signLines(key, [payment.appid, timestamp, nonce, packageText]),
  };
}

/**
 * What an app hands to WeChat's SDK to pay (4012365340); signed with the key of the prepay, over the bare
 * `prepay_id`. Ends in `AppError` `account_invalid` when the account's private key cannot be read.
 */
export function signAppPayment(account: Signer, payment: Payment, stamp: Stamp): AppPayParameters {
  const key = paymentKeyOf(account);
  const { appid, prepay_id } = payment;
  const { timestamp, nonce } = stamp;
  return {
    appid,
    partnerid: account.mchid,
    prepayid: prepay_id,
    package: 'Sign=WXPay',
    noncestr: nonce,
    timestamp,
    sign: signLines(key, [appid, timestamp, nonce, prepay_id]),
  };
}

function paymentKeyOf({ credentials }: Signer): KeyObject {
  const key = signingKeyOf(credentials.v3);
  if (key === undefined) {
    throw new AppError('account_invalid', "The merchant's private key is not an RSA key in PEM.");
  }
  return key;
}

/** RSA PKCS#1 v1.5 with SHA-256 over lines that each end in LF, the last one too (4012365334). */
function signLines(key: KeyObject, lines: readonly string[]): string {
  return sign('sha256', Buffer.from(`${lines.join('\n')}\n`), key).toString('base64');
}
