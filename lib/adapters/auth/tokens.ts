import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { AppError } from '#core/errors.ts';
import type { Clock } from '#core/ports.ts';
import type { Principal } from '#core/principal.ts';

export type TokenOptions = {
  /** Where the issuer publishes its public keys (RFC 7517). */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
};

/** Asymmetric ones only: `none` and shared secrets are no proof of the issuer (RFC 8725 §3.1). */
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const bearer = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i;
const longestToken = 8_192;
const keysTimeoutMs = 3_000;
const keyErrors: readonly string[] = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'];

/**
 * Checks the bearer token of a request: signature, issuer, audience and times. Ends in `token_invalid`,
 * or `keys_unavailable` when the issuer's keys cannot be fetched.
 */
export function createTokenVerifier(
  options: TokenOptions,
): (authorization: string | undefined) => Promise<Principal> {
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), { timeoutDuration: keysTimeoutMs });
  return async (authorization) => {
    const [, token] = bearer.exec((authorization ?? '').slice(0, longestToken)) ?? [];
    if (token === undefined) {
      throw new AppError('token_invalid', 'No bearer token in the Authorization header.');
    }
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: options.issuer,
        audience: options.audience,
        algorithms,
        requiredClaims: ['exp', 'tenant', 'scope'],
        currentDate: new Date(options.clock.now()),
      });
      return principalOf(payload);
    } catch (cause) {
      throw failureOf(cause);
    }
  };
}

function principalOf(claims: Readonly<Record<string, unknown>>): Principal {
  const { tenant, scope, accounts } = claims;
  const isNarrowed = Array.isArray(accounts) && accounts.every((name) => typeof name === 'string');
  if (typeof tenant !== 'string' || typeof scope !== 'string') {
    throw new AppError('token_invalid', 'The token names no tenant or no scope.');
  }
  if (accounts !== undefined && !isNarrowed) {
    throw new AppError('token_invalid', 'The accounts claim is not a list of names.');
  }
  const scopes = new Set(scope.split(' ').filter((one) => one !== ''));
  return { tenant, scopes, ...(isNarrowed && { accounts }) };
}

function failureOf(cause: unknown): AppError {
  if (cause instanceof AppError) {
    return cause;
  }
  const isJose = cause instanceof errors.JOSEError;
  return isJose && !keyErrors.includes(cause.code)
    ? new AppError('token_invalid', `The token was refused: ${cause.code}.`, { cause })
    : new AppError('keys_unavailable', 'The keys of the token issuer cannot be read.', { cause });
}
