/** The two kinds of signature of Standard Webhooks: `v1` is HMAC-SHA256, `v1a` Ed25519. */
export type SignatureVersion = 'v1' | 'v1a';

export type VerifyingKey = {
  readonly version: SignatureVersion;
  /** Never throws; compares in constant time (Web Crypto §31.4.2 for HMAC). */
  readonly verify: (
    signature: Uint8Array<ArrayBuffer>,
    signed: Uint8Array<ArrayBuffer>,
  ) => Promise<boolean>;
};

const algorithms = {
  v1: { name: 'HMAC', hash: 'SHA-256' },
  v1a: { name: 'Ed25519' },
} as const;

/** Bytes of a signature. */
export const signatureBytes: Readonly<Record<SignatureVersion, number>> = { v1: 32, v1a: 64 };

/**
 * Reads `whsec_…` (the shared secret, 24 to 64 bytes) or `whpk_…` (the public key, 32 bytes), in base64. Throws
 * `TypeError`, which does not quote it.
 */
export function readKey(text: string): VerifyingKey {
  const [prefix = ''] = /^[a-z]+_/.exec(text) ?? [];
  const bytes = base64Bytes(text.slice(prefix.length));
  const size = bytes?.byteLength ?? 0;
  if (bytes !== undefined && prefix === 'whsec_' && size >= 24 && size <= 64) {
    return keyOf('v1', bytes);
  }
  if (bytes !== undefined && prefix === 'whpk_' && size === 32) {
    return keyOf('v1a', bytes);
  }
  throw new TypeError(
    'A key is neither `whsec_…` of 24 to 64 bytes nor `whpk_…` of 32, in base64.',
  );
}

/** Bytes of canonical base64 (RFC 4648 §4), which has one text for them. */
export function base64Bytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[0-9A-Za-z+/]*={0,2}$/.test(text) || text.length % 4 !== 0) {
    return undefined;
  }
  const binary = atob(text);
  return btoa(binary) === text
    ? Uint8Array.from(binary, (character) => character.charCodeAt(0))
    : undefined;
}

function keyOf(version: SignatureVersion, bytes: Uint8Array<ArrayBuffer>): VerifyingKey {
  const algorithm = algorithms[version];
  const importOnce = once(() =>
    crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify']),
  );
  return {
    version,
    verify: async (signature, signed) =>
      crypto.subtle.verify(algorithm, await importOnce(), signature, signed),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
