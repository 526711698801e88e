import { createCipheriv, randomBytes } from 'node:crypto';

/** An AES-256-GCM box as WeChat Pay writes it; the tag is the last 16 bytes of `ciphertext`. */
export type SealedBox = {
  readonly algorithm: 'AEAD_AES_256_GCM';
  readonly associated_data: string;
  readonly ciphertext: string;
  readonly nonce: string;
};

type SealOptions = {
  readonly plaintext: string;
  /** 32 ASCII characters. */
  readonly apiV3Key: string;
  readonly associatedData: string;
  /** 12 characters; fresh when absent. */
  readonly nonce?: string;
};

/** Encrypts with the merchant's APIv3 key (documents 4013071196 and 4012551764). Throws unless the key has 32 bytes. */
export const seal = (options: SealOptions): SealedBox => {
  const nonce = options.nonce ?? randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(options.apiV3Key, 'utf8'), nonce);
  cipher.setAAD(Buffer.from(options.associatedData, 'utf8'));
  const sealed = [cipher.update(options.plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return {
    algorithm: 'AEAD_AES_256_GCM',
    associated_data: options.associatedData,
    ciphertext: Buffer.concat(sealed).toString('base64'),
    nonce,
  };
};
