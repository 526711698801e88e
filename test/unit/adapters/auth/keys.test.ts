import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import type { KeySource } from '#adapters/auth/keys.ts';
import { createTokenVerifier } from '#adapters/auth/tokens.ts';
import { isAppError } from '#core/errors.ts';
import { instant } from '#core/values/time.ts';
import { deadOrigin, serve } from '../wechat/loopback.ts';
import { es256, hs256, rs256, type Signer, tokenOf } from './token-maker.ts';

const startsAtMs = Date.parse('2026-11-21T04:00:00Z');
const first = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const second = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwkOf = (key: KeyObject, kid?: string): object => ({
  ...key.export({ format: 'jwk' }),
  ...(kid !== undefined && { kid }),
});
const firstJwk = jwkOf(first.publicKey, 'first');
const secondJwk = jwkOf(second.publicKey, 'second');

const headed = (header: object, sign: Signer): string => {
  const claims = { iss: 'https://login.example.com', aud: 'shop', tenant: 'acme', scope: '' };
  return `Bearer ${tokenOf(header, { ...claims, exp: startsAtMs / 1000 + 86_400 }, sign)}`;
};
const byFirst = headed({ alg: 'ES256', kid: 'first' }, es256(first.privateKey));
const bySecond = headed({ alg: 'ES256', kid: 'second' }, es256(second.privateKey));

type Verify = ReturnType<typeof createTokenVerifier>;

const verifierOf = (keys: KeySource): Verify =>
  createTokenVerifier({
    keys,
    issuer: 'https://login.example.com',
    audience: 'shop',
    clock: { now: () => instant(Date.now()) },
  });
const inline = (...keys: readonly object[]): Verify =>
  verifierOf({ jwks: JSON.stringify({ keys }) });

async function endsIn(code: string, verifying: Promise<unknown>): Promise<void> {
  await assert.rejects(verifying, (error) => isAppError(error) && error.code === code);
}

type Issuer = {
  readonly verify: Verify;
  /** How often the keys were fetched. */
  readonly fetches: () => number;
  /** From now on. */
  readonly publish: (...keys: readonly object[]) => void;
  readonly answer: (listener: RequestListener) => void;
};

function standStill(context: TestContext): void {
  context.mock.timers.enable({ apis: ['Date'], now: startsAtMs });
}

/** An issuer that publishes the first key, in time that stands still. */
async function startIssuer(context: TestContext): Promise<Issuer> {
  standStill(context);
  let fetches = 0;
  let listener: RequestListener = () => undefined;
  const publish: Issuer['publish'] = (...keys) => {
    listener = (_request, response) => response.end(JSON.stringify({ keys }));
  };
  publish(firstJwk);
  const origin = await serve(context, (request, response) => {
    fetches += 1;
    listener(request, response);
  });
  return {
    verify: verifierOf({ jwksUrl: `${origin}/jwks.json` }),
    fetches: () => fetches,
    publish,
    answer: (given) => {
      listener = given;
    },
  };
}

const isDown: RequestListener = (request) => request.socket.destroy();

describe('keys from a URL', () => {
  it('are fetched once for many tokens, also when all come at once', async (context) => {
    const { verify, fetches } = await startIssuer(context);
    assert.equal(fetches(), 0);
    await Promise.all(Array.from({ length: 20 }, () => verify(byFirst)));
    context.mock.timers.tick(599_999);
    await verify(byFirst);
    assert.equal(fetches(), 1);
  });

  it('are fetched again for a key that is new, half a minute after the last time', async (context) => {
    const { verify, fetches, publish } = await startIssuer(context);
    await verify(byFirst);
    publish(firstJwk, secondJwk);
    context.mock.timers.tick(29_999);
    await endsIn('token_invalid', verify(bySecond));
    assert.equal(fetches(), 1);
    context.mock.timers.tick(1);
    await verify(bySecond);
    await verify(byFirst);
    assert.equal(fetches(), 2);
  });

  it('cost the issuer one request in half a minute, whatever kids are made up', async (context) => {
    const { verify, fetches } = await startIssuer(context);
    await verify(byFirst);
    context.mock.timers.tick(30_000);
    for (const kid of ['a', 'b', 'c', 'd']) {
      const token = headed({ alg: 'ES256', kid }, es256(second.privateKey));
      await endsIn('token_invalid', verify(token));
    }
    assert.equal(fetches(), 2);
  });

  it('no longer count ten minutes after the issuer took them away', async (context) => {
    const { verify, publish } = await startIssuer(context);
    await verify(byFirst);
    publish(secondJwk);
    context.mock.timers.tick(599_999);
    await verify(byFirst);
    context.mock.timers.tick(1);
    await endsIn('token_invalid', verify(byFirst));
    await verify(bySecond);
  });

  it('count while the issuer is down, for ten minutes, and again when it is back', async (context) => {
    const { verify, answer, publish } = await startIssuer(context);
    await verify(byFirst);
    answer(isDown);
    context.mock.timers.tick(599_999);
    await verify(byFirst);
    await endsIn('keys_unavailable', verify(bySecond));
    await verify(byFirst);
    context.mock.timers.tick(1);
    await endsIn('keys_unavailable', verify(byFirst));
    publish(firstJwk);
    await verify(byFirst);
  });

  it('that nobody serves are no reason to refuse a token', async () => {
    const verify = verifierOf({ jwksUrl: `${await deadOrigin()}/jwks.json` });
    await endsIn('keys_unavailable', verify(byFirst));
  });

  const unusable: Readonly<Record<string, RequestListener>> = {
    'a broken connection': isDown,
    'an error': (_request, response) => response.writeHead(500).end('{"keys":[]}'),
    'a redirect': (_request, response) => response.writeHead(302, { location: '/else' }).end(),
    'a page': (_request, response) => response.end('<html>'),
    'no keys': (_request, response) => response.end('{}'),
    'keys that are no list': (_request, response) => response.end('{"keys":{}}'),
    'a key that does not read': (_request, response) =>
      response.end(JSON.stringify({ keys: [{ ...firstJwk, x: 'AA' }] })),
    'its private key': (_request, response) =>
      response.end(JSON.stringify({ keys: [jwkOf(first.privateKey, 'first')] })),
  };
  for (const [what, listener] of Object.entries(unusable)) {
    it(`for which there is ${what} can be tried again`, async (context) => {
      const { verify, answer } = await startIssuer(context);
      answer(listener);
      await endsIn('keys_unavailable', verify(byFirst));
    });
  }

  it('are not asked for what is no token of an allowed algorithm', async (context) => {
    const { verify, fetches } = await startIssuer(context);
    await endsIn('token_invalid', verify('Bearer a.b.c'));
    await endsIn('token_invalid', verify(headed({ alg: 'HS256' }, hs256('guess'))));
    await endsIn('token_invalid', verify(headed({ alg: 'none' }, () => Buffer.alloc(0))));
    assert.equal(fetches(), 0);
  });
});

describe('a set of keys', () => {
  const secret = Buffer.alloc(32, 7);
  const octJwk = { kty: 'oct', k: secret.toString('base64url') };
  const byOct = headed({ alg: 'HS256', kid: 'shared' }, hs256(secret));
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const other = generateKeyPairSync('ec', { namedCurve: 'P-384' });

  it('that is published with a shared secret helps nobody who knows it', async (context) => {
    const { verify, publish } = await startIssuer(context);
    for (const more of [{}, { alg: 'HS256' }, { alg: 'ES256' }, { use: 'sig' }]) {
      publish({ ...octJwk, ...more, kid: 'shared' }, firstJwk);
      context.mock.timers.tick(600_000);
      await endsIn('token_invalid', verify(byOct));
      const disguised = headed({ alg: 'ES256', kid: 'shared' }, hs256(secret));
      await endsIn('token_invalid', verify(disguised));
      await verify(byFirst);
    }
  });

  it('with an RSA key of 1,024 bits helps nobody who broke it', async (context) => {
    const { verify, publish } = await startIssuer(context);
    publish(jwkOf(weak.publicKey, 'weak'), firstJwk);
    const broken = headed({ alg: 'RS256', kid: 'weak' }, rs256(weak.privateKey));
    await endsIn('token_invalid', verify(broken));
    await verify(byFirst);
    await endsIn('token_invalid', inline(jwkOf(weak.publicKey, 'weak'))(broken));
  });

  it('proves nothing by a key on another curve, or for another use', async () => {
    const onOther = headed({ alg: 'ES256', kid: 'first' }, es256(other.privateKey));
    await endsIn('token_invalid', inline(jwkOf(other.publicKey, 'first'))(onOther));
    for (const more of [{ use: 'enc' }, { key_ops: ['sign'] }, { alg: 'ES384' }]) {
      await endsIn('token_invalid', inline({ ...firstJwk, ...more })(byFirst));
    }
  });

  it('proves nothing by an algorithm that is not allowed, however true the signature', async (context) => {
    standStill(context);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const verify = inline(jwkOf(other.publicKey, 'p384'), jwkOf(rsa.publicKey, 'rsa'));
    const es384: Signer = (input) =>
      sign('sha384', Buffer.from(input), { key: other.privateKey, dsaEncoding: 'ieee-p1363' });
    await endsIn('token_invalid', verify(headed({ alg: 'ES384', kid: 'p384' }, es384)));
    const rs512: Signer = (input) => sign('sha512', Buffer.from(input), rsa.privateKey);
    await endsIn('token_invalid', verify(headed({ alg: 'RS512', kid: 'rsa' }, rs512)));
    await verify(headed({ alg: 'RS256', kid: 'rsa' }, rs256(rsa.privateKey)));
  });

  it('with one key needs no kid in the token, with two it does', async (context) => {
    standStill(context);
    const nameless = headed({ alg: 'ES256' }, es256(first.privateKey));
    assert.equal((await inline(firstJwk)(nameless)).tenant, 'acme');
    await endsIn('token_invalid', inline(firstJwk, secondJwk)(nameless));
    await endsIn(
      'token_invalid',
      inline(jwkOf(first.publicKey), jwkOf(second.publicKey))(nameless),
    );
  });

  it('may be given inline, and then nothing is fetched', async (context) => {
    const { fetches } = await startIssuer(context);
    const verify = inline(firstJwk, secondJwk);
    await verify(byFirst);
    await verify(bySecond);
    context.mock.timers.tick(3_600_000);
    await verify(byFirst);
    assert.equal(fetches(), 0);
  });

  const wrong: Readonly<Record<string, string>> = {
    'no text': '',
    'no JSON': 'https://login.example.com/jwks.json',
    'a list': JSON.stringify([firstJwk]),
    'a key alone': JSON.stringify(firstJwk),
    'no keys': '{"keys":[]}',
    'keys that are no list': '{"keys":{"first":{}}}',
    'a key that is null': '{"keys":[null]}',
    'a key without a type': JSON.stringify({ keys: [{ ...firstJwk, kty: undefined }] }),
    'a key of an unknown type': JSON.stringify({ keys: [{ ...firstJwk, kty: 'ec' }] }),
    'a shared secret': JSON.stringify({ keys: [firstJwk, octJwk] }),
    'a private key': JSON.stringify({ keys: [firstJwk, jwkOf(second.privateKey)] }),
    'a private RSA key': JSON.stringify({ keys: [jwkOf(weak.privateKey)] }),
  };
  for (const [what, jwks] of Object.entries(wrong)) {
    it(`given inline stops the start when it is ${what}, and is not told`, () => {
      assert.throws(
        () => verifierOf({ jwks }),
        (error) => {
          assert.ok(isAppError(error));
          assert.equal(error.code, 'internal');
          const text = 'The inline key set is not a JSON Web Key Set of public keys.';
          assert.equal(error.message, text);
          return true;
        },
      );
    });
  }
});
