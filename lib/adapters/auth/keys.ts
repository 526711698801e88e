import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { AppError } from '#core/errors.ts';
import { isObject, parseObject } from '#core/values/json.ts';

/** Where the issuer's public keys are (RFC 7517): at a URL, or here, as the JSON text of a key set. */
export type KeySource = { readonly jwksUrl: string } | { readonly jwks: string };

const timeoutMs = 3_000;
/**
 * A key that the set does not name is looked for at most this often in each function instance: made-up
 * `kid`s must not become a flood at the issuer. A new key is unknown here for no longer.
 */
const cooldownMs = 30_000;
/** How long a key is trusted that the issuer took away, and how long the issuer may be down unnoticed. */
const cacheMs = 600_000;

/**
 * Finds the public key for a token. Keys from a URL are fetched when they are first needed, again when
 * they are old, and when a token names one that is not among them. A lookup ends in jose's own errors
 * when no single key fits the token, else in `keys_unavailable`. Throws `internal` at once when `jwks`
 * is no set of public keys.
 */
export function openKeys(source: KeySource): JWTVerifyGetKey {
  const find = 'jwks' in source ? localKeys(source.jwks) : remoteKeys(source.jwksUrl);
  return async (header, token) => {
    try {
      return await find(header, token);
    } catch (cause) {
      if (isFaultOfToken(cause)) {
        throw cause;
      }
      const message = 'The keys of the token issuer cannot be read.';
      throw new AppError('keys_unavailable', message, { cause });
    }
  };
}

function remoteKeys(jwksUrl: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: timeoutMs,
    cooldownDuration: cooldownMs,
    cacheMaxAge: cacheMs,
  });
}

function localKeys(jwks: string): JWTVerifyGetKey {
  const parsed = parseObject(jwks);
  if (!parsed.ok || !isPublicKeySet(parsed.value)) {
    throw new AppError('internal', 'The inline key set is not a JSON Web Key Set of public keys.');
  }
  return createLocalJWKSet(parsed.value);
}

/** Private and symmetric keys have no business in a setting that everybody in the account can read. */
function isPublicKeySet(value: object): value is JSONWebKeySet {
  const keys: unknown = 'keys' in value ? value.keys : undefined;
  return Array.isArray(keys) && keys.length > 0 && keys.every(isPublicKey);
}

function isPublicKey(key: unknown): boolean {
  return isObject(key) && ['RSA', 'EC', 'OKP'].includes(String(key['kty'])) && !('d' in key);
}

function isFaultOfToken(cause: unknown): boolean {
  return (
    cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys
  );
}
