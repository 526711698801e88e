import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { secureContextOf } from '#adapters/wechat/v2/certificate.ts';
import { createTransport } from '#adapters/wechat/v2/transport.ts';
import type { ClientCertificate } from '#core/account.ts';
import { deadOrigin, listen, serve } from '../loopback.ts';
import { accountOf } from './account-support.ts';
import { type Pair, p12Of, selfSigned, serveAskingForCertificate, trust } from './certificates.ts';

const server = selfSigned('WeChat');
const merchant = selfSigned('merchant');
const other = selfSigned('another merchant');
const request = {
  method: 'POST',
  target: '/secapi/pay/refund',
  headers: {},
  body: '<xml/>',
} as const;

const pem = ({ key, cert }: Pair): ClientCertificate => ({ certificate: cert, privateKey: key });

function contextOf(certificate: ClientCertificate) {
  return secureContextOf(accountOf({ certificate }));
}

async function served(context: TestContext) {
  trust(context, server);
  return await serveAskingForCertificate(context, server);
}

suite("the merchant's certificate", () => {
  for (const [kind, certificate] of [
    ['PEM', pem(merchant)],
    ['PKCS#12', { p12: p12Of(merchant, '1900007291') }],
  ] as const) {
    test(`is shown from ${kind} where a call asks for it, and by no other call`, async (context) => {
      const { origin, seen } = await served(context);
      const transport = createTransport({ origins: [origin] });
      const secureContext = contextOf(certificate);
      assert.ok(secureContext !== undefined);
      await transport.send(request);
      await transport.send(request, secureContext);
      await transport.send(request);
      await transport.send(request, secureContext);
      const names = seen.map(({ name }) => name);
      assert.deepEqual(names, ['nobody', 'merchant', 'nobody', 'merchant']);
      assert.equal(new Set(seen.map(({ port }) => port)).size, 2);
    });
  }

  test('of one merchant is not shown for another', async (context) => {
    const { origin, seen } = await served(context);
    const transport = createTransport({ origins: [origin] });
    for (const each of [merchant, other, merchant]) {
      await transport.send(request, contextOf(pem(each)));
    }
    const names = seen.map(({ name }) => name);
    assert.deepEqual(names, ['merchant', 'another merchant', 'merchant']);
  });

  test('goes along to the backup', async (context) => {
    const { origin, seen } = await served(context);
    const transport = createTransport({ origins: [await deadOrigin(), origin] });
    await transport.send(request, contextOf(pem(merchant)));
    assert.deepEqual(
      seen.map(({ name }) => name),
      ['merchant'],
    );
  });

  test('is of no use over plain HTTP, where the server answers as it likes', async (context) => {
    const origin = await serve(context, (_request, response) => response.writeHead(403).end());
    const transport = createTransport({ origins: [origin] });
    const answer = await transport.send(request, contextOf(pem(merchant)));
    assert.equal(answer.type === 'response' && answer.status, 403);
  });
});

suite('a certificate is read', () => {
  test('once for the object that the secret brought, anew for a renewed one', () => {
    const certificate = pem(merchant);
    assert.equal(contextOf(certificate), contextOf(certificate));
    assert.notEqual(contextOf(certificate), contextOf(pem(merchant)));
  });

  const p12 = p12Of(merchant, '1900007291');
  for (const [name, certificate] of Object.entries({
    'no PEM': { certificate: 'no PEM', privateKey: merchant.key },
    'no key': { certificate: merchant.cert, privateKey: 'no PEM' },
    "another's key": { certificate: merchant.cert, privateKey: other.key },
    'no PKCS#12': { p12: 'bm8gUEtDUyMxMg==' },
    'a PKCS#12 that was cut': { p12: p12.slice(0, 400) },
    'a PKCS#12 of another password': { p12: p12Of(merchant, '1900009999') },
  })) {
    test(`not at all from ${name}`, () => {
      assert.equal(contextOf(certificate), undefined);
      assert.equal(contextOf(certificate), undefined);
    });
  }

  test('not at all where there are no credentials', () => {
    assert.equal(secureContextOf({ ...accountOf(), credentials: {} }), undefined);
  });
});

suite('TLS', () => {
  test('refuses a server that nobody trusts, with or without a certificate', async (context) => {
    const { origin, seen } = await serveAskingForCertificate(context, server);
    const transport = createTransport({ origins: [origin] });
    const network = { type: 'failure', failure: 'network' };
    for (const secureContext of [undefined, contextOf(pem(merchant))]) {
      const { type, ...rest } = await transport.send(request, secureContext);
      assert.deepEqual({ type, failure: 'failure' in rest && rest.failure }, network);
    }
    assert.equal(seen.length, 0);
  });

  test('that does not come about in time counts as not connected: the backup is asked', async (context) => {
    const port = await listen(context, createServer());
    const backup = await serve(context, (_request, response) => response.end());
    const origins = [`https://127.0.0.1:${port}`, backup];
    const transport = createTransport({ origins, limits: { connectTimeoutMs: 100 } });
    const answer = await transport.send(request);
    assert.equal(answer.type === 'response' && answer.status, 200);
  });
});
