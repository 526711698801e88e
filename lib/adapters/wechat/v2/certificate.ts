import { createSecureContext, type SecureContext } from 'node:tls';
import type { Account, ClientCertificate } from '#core/account.ts';

// By the object in the secret's cache: a renewed secret brings another one.
const cache = new WeakMap<
  ClientCertificate,
  { readonly secureContext: SecureContext | undefined }
>();

/**
 * What `/secapi/` asks for in TLS: the merchant's certificate with its key, from PEM or PKCS#12 (whose
 * password is the mchid). Undefined when there is none, when it cannot be read, or when the key is not
 * the certificate's.
 */
export function secureContextOf({
  mchid,
  credentials,
}: Pick<Account, 'mchid' | 'credentials'>): SecureContext | undefined {
  const certificate = credentials.v2?.certificate;
  if (certificate === undefined) {
    return undefined;
  }
  const known = cache.get(certificate) ?? { secureContext: read(certificate, mchid) };
  cache.set(certificate, known);
  return known.secureContext;
}

function read(certificate: ClientCertificate, mchid: string): SecureContext | undefined {
  try {
    return createSecureContext(
      'p12' in certificate
        ? { pfx: Buffer.from(certificate.p12, 'base64'), passphrase: mchid }
        : { cert: certificate.certificate, key: certificate.privateKey },
    );
  } catch {
    return undefined;
  }
}
