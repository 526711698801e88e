import { createServer } from 'node:http';
import { exportJWK, exportPKCS8, generateKeyPair, importPKCS8, SignJWT } from 'jose';
import { closeServer, listenOnLoopback } from './listen.ts';

/** Who issues the tokens of the merchant's API on a laptop. */
export type Issuer = {
  readonly jwksUrl: string;
  /** What is served there. */
  readonly jwks: string;
  readonly signer: TokenSigner;
  readonly stop: () => Promise<void>;
};

/** All that is needed to issue tokens. */
export type TokenSigner = {
  /** The `iss` claim: also the origin under which the keys are published. */
  readonly issuer: string;
  readonly audience: string;
  readonly kid: string;
  /** PKCS#8 PEM, on P-256. */
  readonly privateKey: string;
};

export type TokenClaims = {
  readonly tenant: string;
  /** Separated by spaces. */
  readonly scope: string;
  /** All of the tenant when absent. */
  readonly accounts?: readonly string[];
  readonly lifetimeSeconds: number;
};

/** All that a token can allow. */
export const everyScope =
  'orders:read orders:write orders:resolve payscore:read payscore:write refunds:read refunds:write';

const jwksPath = '/.well-known/jwks.json';
const alg = 'ES256';

/** Starts an issuer with a fresh key. */
export async function startIssuer(audience: string): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const kid = 'local';
  const jwks = JSON.stringify({
    keys: [{ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }],
  });
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== jwksPath) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(jwks);
  });
  const issuer = await listenOnLoopback(server);
  return {
    jwksUrl: `${issuer}${jwksPath}`,
    jwks,
    signer: { issuer, audience, kid, privateKey: await exportPKCS8(privateKey) },
    stop: () => closeServer(server),
  };
}

/** Issues a token that begins at `nowMs`. */
export async function issueToken(
  { issuer, audience, kid, privateKey }: TokenSigner,
  { lifetimeSeconds, ...claims }: TokenClaims,
  nowMs: number,
): Promise<string> {
  const nowSeconds = Math.floor(nowMs / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg, kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + lifetimeSeconds)
    .sign(await importPKCS8(privateKey, alg));
}
