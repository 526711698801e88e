import { verify } from 'node:crypto';
import type { V3Credentials } from '#core/account.ts';
import type { NoticeProblem } from '#core/notices.ts';
import { type Instant, minuteMs, secondMs } from '#core/values/time.ts';
import { strictBase64 } from '../base64.ts';
import { verifyingKeyOf } from './keys.ts';

/** An answer or a callback as it arrived. Header names are lower case, repeats joined with commas. */
export type ReceivedMessage = {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
};

/** Why a message does not count as WeChat's. */
export type SignatureProblem = Extract<
  NoticeProblem,
  'header_missing' | 'header_doubled' | 'unknown_serial' | 'clock' | 'signature' | 'probe'
>;

const clockToleranceMs = 5 * minuteMs;
const probePrefix = 'WECHATPAY/SIGNTEST/';
const rsaSignatureType = 'WECHATPAY2-SHA256-RSA2048';
const lineFeed = Buffer.from('\n');

/**
 * Checks that WeChat signed exactly these bytes less than 5 minutes ago (4013053420). Answers the
 * first problem, or undefined when there is none.
 */
export function signatureProblemOf(
  credentials: V3Credentials | undefined,
  message: ReceivedMessage,
  now: Instant,
): SignatureProblem | undefined {
  const { headers } = message;
  const timestamp = headers['wechatpay-timestamp'];
  const nonce = headers['wechatpay-nonce'];
  const serial = headers['wechatpay-serial'];
  const signature = headers['wechatpay-signature'];
  const type = headers['wechatpay-signature-type'] ?? rsaSignatureType;
  if (!timestamp || !nonce || !serial || !signature) {
    return 'header_missing';
  }
  // None of these values can hold a comma, so a comma means that the header came twice.
  if ([timestamp, nonce, serial, signature, type].some((value) => value.includes(','))) {
    return 'header_doubled';
  }
  const key = verifyingKeyOf(credentials, serial);
  if (key === undefined) {
    return 'unknown_serial';
  }
  if (!isRecent(timestamp, now)) {
    return 'clock';
  }
  if (signature.startsWith(probePrefix)) {
    return 'probe';
  }
  const bytes = strictBase64(signature);
  // A line feed inside the nonce would let the same signature cover another body.
  if (type !== rsaSignatureType || !/^[\x21-\x7e]{1,128}$/.test(nonce) || bytes === undefined) {
    return 'signature';
  }
  const lines = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), message.body, lineFeed]);
  return verify('sha256', lines, key, bytes) ? undefined : 'signature';
}

/** "Above 5 minutes" is refused, so exactly 5 minutes is not; the timestamp has whole seconds. */
function isRecent(timestamp: string, now: Instant): boolean {
  return (
    /^[0-9]{1,12}$/.test(timestamp) &&
    Math.abs(now - Number(timestamp) * secondMs) <= clockToleranceMs
  );
}
