import { errors, jwtVerify } from 'jose';
import { AppError } from '#core/errors.ts';
import type { Clock } from '#core/ports.ts';
import type { Principal } from '#core/principal.ts';
import { isText } from '#core/values/json.ts';
import { type KeySource, openKeys } from './keys.ts';

export type TokenOptions = {
  readonly keys: KeySource;
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
};

/** Asymmetric ones only: `none` and shared secrets are no proof of the issuer (RFC 8725 §3.1). */
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const bearer = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i;
const longestAuthorization = 8_192;

/**
 * Checks the bearer token of a request: signature, issuer, audience, times and claims. Ends in
 * `token_invalid`, or in `keys_unavailable` when the issuer's keys cannot be read.
 */
export function createTokenVerifier(
  options: TokenOptions,
): (authorization: string | undefined) => Promise<Principal> {
  const { issuer, audience, clock } = options;
  const keys = openKeys(options.keys);
  return async (authorization) => {
    const token = tokenIn(authorization ?? '');
    if (token === undefined) {
      throw new AppError('token_invalid', 'No bearer token in the Authorization header.');
    }
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ['exp', 'tenant', 'scope'],
        currentDate: new Date(clock.now()),
      });
      return principalOf(payload);
    } catch (cause) {
      throw failureOf(cause);
    }
  };
}

/** A header that is too long is refused whole: cut off, it could end in a token that is valid. */
function tokenIn(authorization: string): string | undefined {
  return authorization.length > longestAuthorization ? undefined : bearer.exec(authorization)?.[1];
}

function principalOf(claims: Readonly<Record<string, unknown>>): Principal {
  const { tenant, scope, accounts } = claims;
  if (!isText(tenant) || tenant === '' || !isText(scope)) {
    throw new AppError('token_invalid', 'The token names no tenant or no scope.');
  }
  if (accounts !== undefined && !isListOfTexts(accounts)) {
    throw new AppError('token_invalid', 'The accounts claim is not a list of names.');
  }
  const scopes = new Set(scope.split(' ').filter((one) => one !== ''));
  return { tenant, scopes, ...(accounts !== undefined && { accounts }) };
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

/** Once its key was found, whatever fails is the token's fault, or it was made with too weak a key. */
function failureOf(cause: unknown): AppError {
  if (cause instanceof AppError) {
    return cause;
  }
  const reason = cause instanceof errors.JOSEError ? cause.code : 'the key does not fit';
  return new AppError('token_invalid', `The token was refused: ${reason}.`, { cause });
}
