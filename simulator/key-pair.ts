import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

/** An RSA-2048 pair as PEM texts: PKCS#8 and SPKI, the forms that WeChat Pay hands out. */
export type PemKeyPair = { readonly privateKeyPem: string; readonly publicKeyPem: string };

const generate = promisify(generateKeyPair);

/** Makes a fresh pair; takes a few tenths of a second off the main thread. */
export const createPemKeyPair = async (): Promise<PemKeyPair> => {
  const { privateKey, publicKey } = await generate('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privateKeyPem: privateKey, publicKeyPem: publicKey };
};
