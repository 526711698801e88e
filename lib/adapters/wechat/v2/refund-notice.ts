import { createDecipheriv, hash } from 'node:crypto';
import type { V2Credentials } from '#core/account.ts';
import { fail, ok, type Result } from '#core/result.ts';
import { strictBase64 } from '../base64.ts';
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
  const sealed = strictBase64(req_info);
  const opened = sealed && decrypted(sealed, hash('md5', apiKey, 'hex'));
  const fields = opened && readXml(opened, 'root');
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
