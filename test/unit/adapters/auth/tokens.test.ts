import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { createTokenVerifier } from '#adapters/auth/tokens.ts';
import { isAppError } from '#core/errors.ts';
import { createClock } from '../../../support/clock.ts';
import { serve } from '../wechat/loopback.ts';
import {
  edDsa,
  es256,
  hs256,
  ps256,
  rs256,
  type Signer,
  tokenOf,
  unsigned,
} from './token-maker.ts';

const now = 1_795_233_600; // 2026-11-21T04:00:00Z
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = generateKeyPairSync('ed25519');
const forger = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const jwkOf = (key: typeof ec.publicKey, kid: string) => ({
  ...key.export({ format: 'jwk' }),
  kid,
});
const ecJwk = jwkOf(ec.publicKey, 'ec');
const keySet = { keys: [ecJwk, jwkOf(rsa.publicKey, 'rsa'), jwkOf(ed.publicKey, 'ed')] };

const header = { alg: 'ES256', kid: 'ec' };
const claims = {
  iss: 'https://login.example.com',
  aud: 'wechatpay-serverless',
  exp: now + 60,
  tenant: 'acme',
  scope: 'orders:read refunds:read',
};

const verify = createTokenVerifier({
  keys: { jwks: JSON.stringify(keySet) },
  issuer: 'https://login.example.com',
  audience: 'wechatpay-serverless',
  clock: createClock('2026-11-21T04:00:00Z'),
});

const signed = (change: object = {}): string =>
  tokenOf(header, { ...claims, ...change }, es256(ec.privateKey));
const without = (name: keyof typeof claims): string => {
  const { [name]: _gone, ...others } = claims;
  return tokenOf(header, others, es256(ec.privateKey));
};
const headed = (given: object | string, sign: Signer = es256(ec.privateKey)): string =>
  tokenOf(given, claims, sign);

async function refused(authorization: string | undefined): Promise<void> {
  await assert.rejects(verify(authorization), (error) => {
    assert.ok(isAppError(error));
    assert.equal(error.code, 'token_invalid');
    const said = (authorization ?? '').split('.').filter(({ length }) => length > 8);
    assert.ok(![...said, 'acme'].some((part) => error.message.includes(part)), error.message);
    return true;
  });
}

describe('a token of the issuer', () => {
  it('says whose it is and what it may do', async () => {
    assert.deepEqual(await verify(`Bearer ${signed()}`), {
      tenant: 'acme',
      scopes: new Set(['orders:read', 'refunds:read']),
    });
  });

  for (const [alg, kid, sign] of [
    ['RS256', 'rsa', rs256(rsa.privateKey)],
    ['PS256', 'rsa', ps256(rsa.privateKey)],
    ['EdDSA', 'ed', edDsa(ed.privateKey)],
  ] as const) {
    it(`may be signed by ${alg}`, async () => {
      assert.equal((await verify(`Bearer ${headed({ alg, kid }, sign)}`)).tenant, 'acme');
    });
  }

  it('may name several audiences, and some of the accounts', async () => {
    const aud = ['shop', 'wechatpay-serverless'];
    const { accounts } = await verify(`bearer ${signed({ aud, accounts: ['web', 'app'] })}`);
    assert.deepEqual(accounts, ['web', 'app']);
  });

  it('with an empty list of accounts is narrowed to none', async () => {
    assert.deepEqual((await verify(`Bearer ${signed({ accounts: [] })}`)).accounts, []);
  });

  it('is good from its nbf and until its exp', async () => {
    await verify(`Bearer ${signed({ nbf: now, exp: now + 1 })}`);
    await refused(`Bearer ${signed({ nbf: now + 1 })}`);
    await refused(`Bearer ${signed({ exp: now })}`);
  });
});

describe('a token is refused', () => {
  const spki = ec.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const rsaPem = rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const [first = '', second = '', third = ''] = signed().split('.');
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const secp256k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  const none = (alg: string): string => headed({ alg, kid: 'ec' }, unsigned);

  const forged: Readonly<Record<string, string>> = {
    'without a signature, alg none': none('none'),
    'without a signature, alg NONE': none('NONE'),
    'alg none with the signature of another': `${none('none')}${third}`,
    'with an empty signature': headed(header, unsigned),
    'HS256 with the public key as PEM': headed({ alg: 'HS256', kid: 'ec' }, hs256(spki)),
    'HS256 with the PEM, trimmed': headed({ alg: 'HS256', kid: 'ec' }, hs256(spki.trim())),
    'HS256 with the RSA key as PEM': headed({ alg: 'HS256', kid: 'rsa' }, hs256(rsaPem)),
    'HS256 with the JWK': headed({ alg: 'HS256', kid: 'ec' }, hs256(JSON.stringify(ecJwk))),
    'HS256 with the key set': headed({ alg: 'HS256' }, hs256(JSON.stringify(keySet))),
    'HS256 with nothing': headed({ alg: 'HS256', kid: 'ec' }, hs256('')),
    'of an algorithm that does not fit the key': headed({ alg: 'ES384', kid: 'ec' }),
    'ES256 by the key of a forger': headed(header, es256(forger.privateKey)),
    'ES256 on P-384': headed(header, es256(p384.privateKey)),
    'ES256 on secp256k1': headed(header, es256(secp256k1.privateKey)),
    'ES256 as DER': headed(header, rs256(ec.privateKey)),
    'ES256 of zeros': headed(header, () => Buffer.alloc(64)),
    'RS256 under the kid of the EC key': headed({ alg: 'RS256', kid: 'ec' }, rs256(rsa.privateKey)),
    'of a kid that nobody knows': headed({ alg: 'ES256', kid: 'old' }),
    'whose kid is a path': headed({ alg: 'ES256', kid: '../../dev/null' }),
    'whose kid is no text': headed({ alg: 'ES256', kid: 1 }),
    'whose crit names what nobody knows': headed({ ...header, crit: ['exp'], exp: now + 60 }),
    'whose crit is empty': headed({ ...header, crit: [] }),
    'whose payload is not encoded': headed({ ...header, crit: ['b64'], b64: false }),
    'with claims changed': `${first}.${second.slice(0, -1)}A.${third}`,
    'with the header of another': `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.${second}.${third}`,
    'whose header is no JSON': headed('alg: ES256'),
    'whose header is a list': headed('[]'),
    'whose claims are no JSON': tokenOf(header, 'tenant=acme', es256(ec.privateKey)),
    'whose claims are a list': tokenOf(header, '[]', es256(ec.privateKey)),
    'with a header of 100 KB': headed({ ...header, pad: 'x'.repeat(102_400) }),
  };
  for (const [what, token] of Object.entries(forged)) {
    it(`${what}`, () => refused(`Bearer ${token}`));
  }

  const wrong: readonly (readonly [string, string])[] = [
    ['for another audience', signed({ aud: 'shop' })],
    ['for no audience', without('aud')],
    ['for an empty list of audiences', signed({ aud: [] })],
    ['of another issuer', signed({ iss: 'https://login.example.com.evil.example' })],
    ['of no issuer', without('iss')],
    ['of a list of issuers', signed({ iss: ['https://login.example.com'] })],
    ['that expired', signed({ exp: now - 1 })],
    ['that never expires', without('exp')],
    ['whose exp is text', signed({ exp: String(now + 60) })],
    ['whose exp is null', signed({ exp: null })],
    ['that begins later', signed({ nbf: now + 60 })],
    ['whose nbf is text', signed({ nbf: String(now) })],
    ['of no tenant', without('tenant')],
    ['of an empty tenant', signed({ tenant: '' })],
    ['of a tenant that is a number', signed({ tenant: 7 })],
    ['of a tenant that is a list', signed({ tenant: ['acme'] })],
    ['of a tenant that is null', signed({ tenant: null })],
    ['of no scope', without('scope')],
    ['whose scope is a list', signed({ scope: ['orders:read'] })],
    ['whose scope is null', signed({ scope: null })],
    ['whose accounts are a text', signed({ accounts: 'web' })],
    ['whose accounts are an object', signed({ accounts: { 0: 'web', length: 1 } })],
    ['whose accounts are null', signed({ accounts: null })],
    ['whose accounts hold a number', signed({ accounts: ['web', 1] })],
    ['whose accounts hold a list', signed({ accounts: [['web']] })],
  ];
  for (const [what, token] of wrong) {
    it(`${what}`, () => refused(`Bearer ${token}`));
  }

  it('that a key of the forger beside it, or named by it, would prove', async (context) => {
    let asked = 0;
    const jwk = forger.publicKey.export({ format: 'jwk' });
    const origin = await serve(context, (_request, response) => {
      asked += 1;
      response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'ec' }] }));
    });
    const x5c = [forger.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')];
    for (const more of [{ jwk }, { jku: `${origin}/jwks` }, { x5u: `${origin}/chain` }, { x5c }]) {
      for (const known of [header, { alg: 'ES256' }]) {
        await refused(`Bearer ${headed({ ...known, ...more }, es256(forger.privateKey))}`);
      }
    }
    assert.equal(asked, 0);
  });

  it('but what it says of its key is passed over when the issuer signed it', async () => {
    const jwk = createPublicKey(forger.privateKey).export({ format: 'jwk' });
    assert.equal((await verify(`Bearer ${headed({ ...header, jwk })}`)).tenant, 'acme');
    await refused(`Bearer ${headed({ ...header, jwk }, es256(forger.privateKey))}`);
  });
});

describe('the Authorization header', () => {
  const token = signed();
  const malformed: readonly (readonly [string, string | undefined])[] = [
    ['is absent', undefined],
    ['is empty', ''],
    ['is a scheme alone', 'Bearer'],
    ['has an empty token', 'Bearer '],
    ['has a token without a scheme', token],
    ['is of the scheme Basic', `Basic ${token}`],
    ['is of the scheme Bearer2', `Bearer2 ${token}`],
    ['has two spaces', `Bearer  ${token}`],
    ['has a tab', `Bearer\t${token}`],
    ['begins with a space', ` Bearer ${token}`],
    ['ends with a space', `Bearer ${token} `],
    ['ends with a line feed', `Bearer ${token}\n`],
    ['has two tokens', `Bearer ${token}, Bearer ${token}`],
    ['has a token of four parts', `Bearer ${token}.x`],
    ['has a token of two parts', `Bearer ${token.slice(0, token.lastIndexOf('.'))}`],
    ['has a token with padding', `Bearer ${token}=`],
    ['is 3 MB long', `Bearer ${'x'.repeat(3_145_728)}`],
    ['is 3 MB of dots', `Bearer ${'a.'.repeat(1_572_864)}`],
    ['is 3 MB after a true token', `Bearer ${token}${'A'.repeat(3_145_728)}`],
  ];
  for (const [what, authorization] of malformed) {
    it(`is refused when it ${what}`, () => refused(authorization));
  }

  it('is not cut into a token that is valid', async () => {
    const longest = `Bearer ${tokenOfLength(8_192 - 'Bearer '.length)}`;
    assert.equal(longest.length, 8_192);
    assert.equal((await verify(longest)).tenant, 'acme');
    for (const more of ['A', '.', '.x', ' ', '\n', ', Bearer x']) {
      await refused(`${longest}${more}`);
    }
  });
});

/** A valid token of just this many characters. */
function tokenOfLength(length: number): string {
  const padded = (inHeader: number, inClaims: number): string =>
    tokenOf(
      { ...header, pad: 'x'.repeat(inHeader) },
      { ...claims, pad: 'x'.repeat(inClaims) },
      es256(ec.privateKey),
    );
  const roughly = Math.floor(((length - padded(0, 0).length) * 3) / 4) - 3;
  const tries = [0, 1, 2].flatMap((inHeader) =>
    [...Array(8).keys()].map((more) => padded(inHeader, roughly + more)),
  );
  return tries.find((token) => token.length === length) ?? assert.fail('no such length');
}
