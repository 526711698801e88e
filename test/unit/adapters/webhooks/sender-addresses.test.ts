import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { createWebhookSender, type Lookup } from '#adapters/webhooks/sender.ts';
import { serve } from '../wechat/loopback.ts';
import { delivery, sentAt, webhookAt } from './deliveries.ts';

const root = join(import.meta.dirname, '../../../..');

type Setting = { readonly allowsLoopback: boolean; readonly lookup?: Lookup };

function send(url: string, setting: Setting) {
  const sender = createWebhookSender({ timeoutMs: 60_000, userAgent: 'test', ...setting });
  return sender.send(webhookAt(url), delivery, sentAt);
}

/** A name server that finds these, and counts how often it is asked. */
function finding(...answers: readonly (readonly string[])[]) {
  const names: string[] = [];
  const lookup: Lookup = (name, answer) => {
    const addresses = answers[names.length] ?? answers.at(-1) ?? [];
    names.push(name);
    const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
    setImmediate(() => answer(null, found));
  };
  return { lookup, names };
}

async function counting(context: TestContext) {
  const seen: string[] = [];
  const origin = await serve(context, ({ headers }, response) => {
    seen.push(headers.host ?? '');
    response.end();
  });
  return { seen, port: new URL(origin).port, origin };
}

const refused = { type: 'failed', reason: 'address_refused' };
const urlRefused = { type: 'failed', reason: 'url_refused' };

suite('a URL', () => {
  const notCalled = [
    'http://example.com',
    'http://shop.example:8080/hook',
    'http://127.0.0.1:8080/hook',
    'http://localhost:8080/hook',
    'http://[::1]:8080/hook',
    'https://user:password@shop.example/',
    'https://shop.example/#',
    'https://shop.example\\@127.0.0.1/',
    'https://1.2.3.400/',
    'https://0x100000000/',
    'https://shop.example:65536/',
    'https://[:::]/',
    'ftp://shop.example/',
    '',
    `https://shop.example/${'a'.repeat(2_028)}`,
  ];
  for (const url of notCalled) {
    test(`that may not be called is refused before any name is asked for: ${url.slice(0, 50)}`, async () => {
      const { lookup, names } = finding(['10.0.0.1']);
      assert.deepEqual(await send(url, { allowsLoopback: false, lookup }), urlRefused);
      assert.deepEqual(names, []);
    });
  }

  test('of plain HTTP is refused on a laptop too, but for 127.0.0.1', async () => {
    for (const url of ['http://example.com', 'http://10.0.0.1:80/', 'http://localhost:80/']) {
      assert.deepEqual(await send(url, { allowsLoopback: true }), urlRefused, url);
    }
  });
});

suite('a host that is an address', () => {
  const closed = [
    'https://127.0.0.1',
    'https://127.0.0.1:8443/hook',
    'https://169.254.169.254/latest',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[fd00:ec2::254]/latest',
    'https://2130706433',
    'https://0x7f.1/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://0/',
    'https://10.0.0.1/',
    'https://100.64.0.1/',
    'https://255.255.255.255/',
  ];
  for (const url of closed) {
    test(`that is not public is refused: ${url}`, async () => {
      assert.deepEqual(await send(url, { allowsLoopback: false }), refused);
    });
  }

  test('of 127.0.0.0/8 may be called on a laptop, and no other that is not public', async (context) => {
    const { origin, seen } = await counting(context);
    assert.deepEqual(await send(origin, { allowsLoopback: true }), { type: 'delivered' });
    assert.equal(seen.length, 1);
    for (const url of ['https://10.0.0.1/', 'https://[::1]/', 'https://169.254.169.254/']) {
      assert.deepEqual(await send(url, { allowsLoopback: true }), refused, url);
    }
  });
});

suite('a name', () => {
  const closed = [
    '127.0.0.1',
    '169.254.169.254',
    '::1',
    'fd00::1',
    '10.0.0.1',
    '100.64.0.1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '0.0.0.0',
    'not an address',
  ];
  for (const address of closed) {
    test(`that stands for ${address} is refused`, async () => {
      const { lookup } = finding([address]);
      const outcome = await send('https://shop.example/hook', { allowsLoopback: false, lookup });
      assert.deepEqual(outcome, refused);
    });
  }

  for (const addresses of [
    ['8.8.8.8', '10.0.0.1'],
    ['10.0.0.1', '8.8.8.8'],
    ['2606:4700:4700::1111', '8.8.8.8', '::1'],
  ]) {
    test(`that stands for ${addresses.join(' and ')} is refused`, async () => {
      const { lookup } = finding(addresses);
      const outcome = await send('https://shop.example/hook', { allowsLoopback: false, lookup });
      assert.deepEqual(outcome, refused);
    });
  }

  test('with one address that is allowed and one that is not meets no connection', async (context) => {
    const { port, seen } = await counting(context);
    for (const addresses of [
      ['127.0.0.1', '10.0.0.1'],
      ['169.254.169.254', '127.0.0.1'],
    ]) {
      const { lookup } = finding(addresses);
      const url = `https://shop.example:${port}/`;
      assert.deepEqual(await send(url, { allowsLoopback: true, lookup }), refused);
    }
    assert.deepEqual(seen, []);
  });

  test('that nobody knows is told apart', async () => {
    const unknown: Lookup = (_name, answer) => answer(new Error('getaddrinfo ENOTFOUND'), []);
    for (const lookup of [unknown, finding([]).lookup]) {
      const outcome = await send('https://shop.example/', { allowsLoopback: true, lookup });
      assert.deepEqual(outcome, { type: 'failed', reason: 'name_unknown' });
    }
  });

  test('is asked of the machine when nobody else is named', async () => {
    assert.deepEqual(await send('https://localhost/', { allowsLoopback: false }), refused);
  });
});

test('a proxy of the environment is not used', async (context) => {
  const proxy = await counting(context);
  const target = await counting(context);
  const script = `
    import { createWebhookSender } from '#adapters/webhooks/sender.ts';
    import { delivery, sentAt, webhookAt } from './test/unit/adapters/webhooks/deliveries.ts';
    const options = { allowsLoopback: true, timeoutMs: 60_000, userAgent: 'test' };
    const sender = createWebhookSender(options);
    const outcome = await sender.send(webhookAt('${target.origin}'), delivery, sentAt);
    process.stdout.write(JSON.stringify(outcome));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module-typescript', '--eval', script],
    {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        NODE_USE_ENV_PROXY: '1',
        HTTP_PROXY: proxy.origin,
        HTTPS_PROXY: proxy.origin,
        NO_PROXY: '',
      },
    },
  );
  assert.equal(stdout, '{"type":"delivered"}');
  assert.deepEqual(proxy.seen, []);
  assert.equal(target.seen.length, 1);
});
