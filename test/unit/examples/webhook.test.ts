import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { createWebhookVerifier } from '../../../client/src/index.ts';
import { createWebhookServer } from '../../../examples/shop/webhook.ts';
import { eventText } from '../client/events.ts';
import { openShopOfTest } from './books.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const nowSeconds = 1_795_233_621;
const paid = eventText('order.paid');

/** A running shop; nothing that it logs is shown. */
async function openWebhook(context: TestContext) {
  const books = openShopOfTest();
  const verifier = createWebhookVerifier({ keys: [secret], now: () => nowSeconds * 1_000 });
  const log = context.mock.method(console, 'error', () => undefined);
  const server = createWebhookServer(books.shop, verifier);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : assert.fail();
  context.after(() => {
    server.closeAllConnections();
    server.close();
    books.remove();
  });
  const post = async (headers: Readonly<Record<string, string>>, body: string): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });
    assert.equal(await response.text(), '');
    return response.status;
  };
  return { ...books, log, port, post, deliver: (text = paid) => post(headersOf(text), text) };
}

function headersOf(body: string, signedAtSeconds = nowSeconds, key = secret) {
  const { id = '' } = JSON.parse(body);
  const webhookId = String(id).replaceAll('.', '_');
  return {
    'webhook-id': webhookId,
    'webhook-timestamp': String(signedAtSeconds),
    'webhook-signature': new Webhook(key).sign(webhookId, new Date(signedAtSeconds * 1_000), body),
  };
}

describe('the webhook of the shop', () => {
  it('answers 204 to each delivery of an event, and ships once', async (context) => {
    const { deliver, shipped } = await openWebhook(context);
    assert.deepEqual([await deliver(), await deliver(), await deliver()], [204, 204, 204]);
    assert.deepEqual(shipped(), ['A-1001']);
  });

  it('answers 204 to what it ignores', async (context) => {
    const { deliver, shipped } = await openWebhook(context);
    assert.equal(await deliver(eventText('order.frozen')), 204);
    assert.equal(await deliver(eventText('order.closed', { sequence: 1 })), 204);
    assert.deepEqual(shipped(), []);
  });

  it('ships once when an event is delivered ten times at once', async (context) => {
    const { deliver, shipped } = await openWebhook(context);
    const statuses = await Promise.all(Array.from({ length: 10 }, () => deliver()));
    assert.deepEqual(new Set(statuses), new Set([204]));
    assert.deepEqual(shipped(), ['A-1001']);
  });

  it('ships once when the sender went away before it was answered', async (context) => {
    const { deliver, port, shipped } = await openWebhook(context);
    const socket = connect(port, '127.0.0.1');
    const headers = Object.entries({
      ...headersOf(paid),
      'content-length': Buffer.byteLength(paid),
    })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    socket.end(`POST / HTTP/1.1\r\nhost: shop\r\n${headers}\r\n${paid}`);
    await once(socket, 'finish');
    socket.destroy();
    assert.equal(await deliver(), 204);
    assert.deepEqual(shipped(), ['A-1001']);
  });

  it('ships each order once although it fails every other time', async (context) => {
    const { deliver, jamWarehouse, shipped } = await openWebhook(context);
    const numbers = ['A-1001', 'A-1002', 'A-1003', 'A-1004'];
    const statuses: number[] = [];
    for (const number of numbers) {
      const text = eventText('order.paid', { number });
      jamWarehouse(true);
      statuses.push(await deliver(text));
      jamWarehouse(false);
      statuses.push(await deliver(text), await deliver(text));
    }
    assert.deepEqual(
      statuses,
      numbers.flatMap(() => [500, 204, 204]),
    );
    assert.deepEqual(shipped(), numbers);
  });

  it('says no more than that it failed', async (context) => {
    const { deliver, jamWarehouse, log } = await openWebhook(context);
    jamWarehouse(true);
    assert.equal(await deliver(), 500);
    assert.match(String(log.mock.calls[0]?.arguments[0]), /jammed/);
  });
});

describe('a request that is no event of ours', () => {
  const frozen = eventText('order.paid', { number: 'A-1002' });
  const refusals: readonly (readonly [string, Readonly<Record<string, string>>, string, string])[] =
    [
      ['is not signed', {}, paid, 'missing_header'],
      [
        'is signed by another',
        headersOf(paid, nowSeconds, `whsec_${Buffer.alloc(24, 1).toString('base64')}`),
        paid,
        'no_match',
      ],
      ['is replayed after 5 min', headersOf(paid, nowSeconds - 301), paid, 'too_old'],
      ['is of a time to come', headersOf(paid, nowSeconds + 301), paid, 'too_new'],
      ['has the signature of another event', headersOf(frozen), paid, 'no_match'],
      ['was written anew', headersOf(paid), `${paid} `, 'no_match'],
      ['is empty', headersOf(paid), '', 'no_match'],
      ['is signed but says nothing', headersOf('{}'), '{}', 'missing_header'],
    ];
  for (const [what, headers, body, code] of refusals) {
    it(`is answered 401 and does nothing: it ${what}`, async (context) => {
      const { post, shipped, idCount, log } = await openWebhook(context);
      assert.equal(await post(headers, body), 401);
      assert.deepEqual([shipped(), idCount()], [[], 0]);
      assert.deepEqual(
        log.mock.calls.map(({ arguments: words }) => words),
        [[`refused: ${code}`]],
      );
    });
  }

  it('is answered 400: it is signed under an id of its own', async (context) => {
    const { post, shipped, idCount } = await openWebhook(context);
    const at = new Date(nowSeconds * 1_000);
    const headers = {
      ...headersOf(paid),
      'webhook-id': 'msg_1',
      'webhook-signature': new Webhook(secret).sign('msg_1', at, paid),
    };
    assert.equal(await post(headers, paid), 400);
    assert.deepEqual([shipped(), idCount()], [[], 0]);
  });

  for (const method of ['GET', 'PUT', 'DELETE']) {
    it(`is answered 405: it is a ${method}`, async (context) => {
      const { port, idCount } = await openWebhook(context);
      const headers = headersOf(paid);
      const body = method === 'GET' ? {} : { body: paid };
      const answer = await fetch(`http://127.0.0.1:${port}/`, { method, headers, ...body });
      assert.deepEqual([answer.status, idCount()], [405, 0]);
    });
  }

  it('is answered 413: it is larger than 64 KiB', async (context) => {
    const { port, post, idCount } = await openWebhook(context);
    const large = eventText('order.paid', { data: { reference: 'x'.repeat(65_536) } });
    assert.equal(await post(headersOf(large), large), 413);
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: shop\r\ntransfer-encoding: chunked\r\n\r\n');
    socket.write(`${(70_000).toString(16)}\r\n${'x'.repeat(70_000)}`);
    const [answer] = await once(socket.setEncoding('utf8'), 'data');
    assert.match(answer, /^HTTP\/1.1 413 .*connection: close/is);
    await once(socket, 'close');
    assert.equal(idCount(), 0);
  });
});
