import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { closeServer, listenOnLoopback } from './listen.ts';

/** Who issues the tokens of the merchant's API on a laptop. */
export type Issuer = {
  /** Its `iss`: also the origin under which its keys are published. */
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly token: (claims: TokenClaims) => Promise<string>;
  readonly stop: () => Promise<void>;
};

export type TokenClaims = {
  readonly tenant: string;
  /** Separated by spaces. */
  readonly scope: string;
  readonly accounts?: readonly string[];
  readonly audience: string;
  readonly lifetimeSeconds: number;
};

const jwksPath = '/.well-known/jwks.json';

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const kid = 'local';
  const keys = [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }];
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== jwksPath) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ keys }));
  });
  const issuer = await listenOnLoopback(server);
  return {
    issuer,
    jwksUrl: `${issuer}${jwksPath}`,
    token: ({ audience, lifetimeSeconds, ...claims }) => {
      const nowSeconds = Math.floor(Date.now() / 1000);
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + lifetimeSeconds)
        .sign(privateKey);
    },
    stop: () => closeServer(server),
  };
}
