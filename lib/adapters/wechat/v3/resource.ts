import { createDecipheriv } from 'node:crypto';
import type { V3Credentials } from '#core/account.ts';
import { fail, ok, type Result } from '#core/result.ts';
import { strictBase64 } from '../base64.ts';
import { openingKeyOf } from './keys.ts';

/** An encrypted resource as WeChat writes it: a notice's `resource`, a certificate (4013071196). */
export type SealedResource = {
  readonly algorithm: string;
  /** Base64 of the ciphertext and, in its last 16 bytes, the tag. */
  readonly ciphertext: string;
  readonly nonce: string;
  /** May be absent or empty. */
  readonly associated_data?: string | undefined;
};

/** The parts that AES-GCM works on. */
export type SealedLayout = {
  readonly iv: Buffer;
  readonly associatedData: Buffer;
  readonly encrypted: Buffer;
  readonly tag: Buffer;
};

const tagBytes = 16;

/**
 * Opens AEAD_AES_256_GCM with the account's APIv3 key, which must be 32 bytes. Fails as a whole: wrong
 * key, changed ciphertext, other associated data and a shortened tag all look the same.
 */
export function openResource(
  credentials: V3Credentials | undefined,
  resource: SealedResource,
): Result<Buffer, 'ciphertext'> {
  const key = openingKeyOf(credentials);
  const layout = layoutOf(resource);
  if (resource.algorithm !== 'AEAD_AES_256_GCM' || key === undefined || layout === undefined) {
    return fail('ciphertext');
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, layout.iv, { authTagLength: tagBytes });
    decipher.setAAD(layout.associatedData);
    decipher.setAuthTag(layout.tag);
    const plaintext = decipher.update(layout.encrypted);
    // Gives no more bytes, but is what compares the tag: without it a changed ciphertext would pass.
    decipher.final();
    return ok(plaintext);
  } catch {
    return fail('ciphertext');
  }
}

/** Where IV, associated data, ciphertext and tag lie; undefined when there is no room for a tag. */
export function layoutOf(resource: SealedResource): SealedLayout | undefined {
  const sealed = strictBase64(resource.ciphertext);
  if (sealed === undefined || sealed.length < tagBytes || resource.nonce === '') {
    return undefined;
  }
  return {
    iv: Buffer.from(resource.nonce),
    associatedData: Buffer.from(resource.associated_data ?? ''),
    encrypted: sealed.subarray(0, -tagBytes),
    tag: sealed.subarray(-tagBytes),
  };
}
