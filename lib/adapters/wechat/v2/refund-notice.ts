import { createDecipheriv, hash } from 'node:crypto';
import type { V2Credentials } from '#core/account.ts';
import { fail, ok, type Result } from '#core/result.ts';
import { type Fields, readXml } from './xml.ts';

/**
 * Opens the `req_info` of a refund notice: strict Base64 of AES-256-ECB with PKCS#7 padding,
 * its key the lower-case hex MD5 of the API key, and in it XML with the root `root`. ECB has no tag and its
 * blocks can be put together anew, so what opens is still no more than a hint. Fails as a whole: a sender
 * does not learn whether the padding or the XML was wrong.
 */
export function openRefundNotice(
  { apiKey }: V2Credentials,
  req_info: string,
): Result<Fields, 'ciphertext'> {
  const sealed = Buffer.from(req_info, 'base64');
  // Node skips what is no Base64, so that many texts would mean the same bytes.
  if (sealed.toString('base64') !== req_info) {
    return fail('ciphertext');
  }
  const opened = decrypted(sealed, hash('md5', apiKey, 'hex'));
  const fields = opened === undefined ? undefined : readXml(opened, 'root');
  return fields === undefined ? fail('ciphertext') : ok(fields);
}

function decrypted(sealed: Buffer, key: string): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-ecb', key, null);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    return undefined;
  }
}
