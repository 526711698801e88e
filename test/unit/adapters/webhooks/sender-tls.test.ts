import assert from 'node:assert/strict';
import { createServer as createHttpsServer } from 'node:https';
import { suite, type TestContext, test } from 'node:test';
import { createWebhookSender, type Lookup } from '#adapters/webhooks/sender.ts';
import { deadOrigin, listen, serve } from '../wechat/loopback.ts';
import { type Certificate, selfSigned, trust } from './certificates.ts';
import { delivery, sentAt, webhookAt } from './deliveries.ts';

const shop = selfSigned('shop.example');
const toLoopback: Lookup = (_name, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }]);
const untrusted = { type: 'failed', reason: 'tls' };

async function serveTls(context: TestContext, certificate: Certificate, settings = {}) {
  const seen: string[] = [];
  const server = createHttpsServer({ ...certificate, ...settings }, (request, response) => {
    seen.push(`${request.headers.host} ${request.url}`);
    response.end();
  });
  return { port: await listen(context, server), seen };
}

function send(port: number | string, lookup = toLoopback) {
  const options = { allowsLoopback: true, timeoutMs: 60_000, userAgent: 'test', lookup };
  const url = `https://shop.example:${port}/hook`;
  return createWebhookSender(options).send(webhookAt(url), delivery, sentAt);
}

suite('HTTPS', () => {
  test('reaches a name whose certificate is trusted', async (context) => {
    trust(context, shop);
    const { port, seen } = await serveTls(context, shop);
    assert.deepEqual(await send(port), { type: 'delivered' });
    assert.deepEqual(seen, [`shop.example:${port} /hook`]);
  });

  test('refuses a certificate that nobody trusts', async (context) => {
    const { port, seen } = await serveTls(context, shop);
    assert.deepEqual(await send(port), untrusted);
    assert.deepEqual(seen, []);
  });

  test('refuses it, too, where the environment says that none is verified', async (context) => {
    const name = 'NODE_TLS_REJECT_UNAUTHORIZED';
    process.env[name] = '0';
    context.after(() => {
      delete process.env[name];
    });
    const { port, seen } = await serveTls(context, shop);
    assert.deepEqual(await send(port), untrusted);
    assert.deepEqual(seen, []);
  });

  test('refuses a trusted certificate of another name', async (context) => {
    const other = selfSigned('other.example');
    trust(context, other);
    const { port, seen } = await serveTls(context, other);
    assert.deepEqual(await send(port), untrusted);
    assert.deepEqual(seen, []);
  });

  test('refuses a trusted certificate that has expired', async (context) => {
    const old = selfSigned('shop.example', '2024-02-01T00:00:00Z');
    trust(context, old);
    const { port, seen } = await serveTls(context, old);
    assert.deepEqual(await send(port), untrusted);
    assert.deepEqual(seen, []);
  });

  test('refuses TLS 1.1', async (context) => {
    trust(context, shop);
    const settings = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };
    const { port, seen } = await serveTls(context, shop, settings);
    assert.deepEqual(await send(port), untrusted);
    assert.deepEqual(seen, []);
  });

  test('is not given up for a server that speaks HTTP', async (context) => {
    let calls = 0;
    const origin = await serve(context, (_request, response) => {
      calls += 1;
      response.end();
    });
    assert.deepEqual(await send(new URL(origin).port), untrusted);
    assert.equal(calls, 0);
  });

  test('that nobody speaks is a network failure', async () => {
    const { port } = new URL(await deadOrigin());
    assert.deepEqual(await send(port), { type: 'failed', reason: 'network' });
  });
});

suite('a name that stands for another address a moment later', () => {
  test('is looked up once, and what was checked is what is called', async (context) => {
    trust(context, shop);
    const { port, seen } = await serveTls(context, shop);
    const asked: string[] = [];
    const rebinding: Lookup = (name, answer) => {
      asked.push(name);
      const address = asked.length === 1 ? '127.0.0.1' : '10.0.0.1';
      answer(null, [{ address, family: 4 }]);
    };
    assert.deepEqual(await send(port, rebinding), { type: 'delivered' });
    assert.deepEqual(asked, ['shop.example']);
    assert.equal(seen.length, 1);
    const again = await send(port, rebinding);
    assert.deepEqual(again, { type: 'failed', reason: 'address_refused' });
    assert.equal(seen.length, 1);
  });

  test('has its certificate verified anew', async (context) => {
    const sender = createWebhookSender({
      allowsLoopback: true,
      timeoutMs: 60_000,
      userAgent: 'test',
      lookup: toLoopback,
    });
    const { port, seen } = await serveTls(context, shop);
    const webhook = webhookAt(`https://shop.example:${port}/hook`);
    await context.test('trusted', async (inner) => {
      trust(inner, shop);
      assert.deepEqual(await sender.send(webhook, delivery, sentAt), { type: 'delivered' });
    });
    assert.deepEqual(await sender.send(webhook, delivery, sentAt), untrusted);
    assert.equal(seen.length, 1);
  });
});

test('an address where nobody listens leaves the turn to the next one', async (context) => {
  trust(context, shop);
  const { port, seen } = await serveTls(context, shop);
  const both: Lookup = (_name, answer) =>
    answer(null, [
      { address: '127.0.0.2', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
  assert.deepEqual(await send(port, both), { type: 'delivered' });
  assert.equal(seen.length, 1);
});
