import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createOrderGateway } from '#adapters/wechat/v3/order-gateway.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import { deadOrigin, serve } from '../unit/adapters/wechat/loopback.ts';
import {
  accountOf,
  known,
  merchantPrivatePem,
  noon,
  paidTransaction,
  signedHeaders,
} from '../unit/adapters/wechat/v3/support.ts';

// Answers that the simulator never gives, from a server that says what it is told.

const account = accountOf();
const out_trade_no = known('order_000001', isOutTradeNo);
const paid = JSON.stringify(paidTransaction);

type Answer = { status: number; body?: string; headers?: Record<string, string> };

function gatewayAt(...origins: string[]) {
  return createOrderGateway({ origins, now: () => noon, userAgent: 'test/1' });
}

async function answering(context: TestContext, answer: Answer) {
  const origin = await serve(context, (_request, response) => {
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  return gatewayAt(origin);
}

suite('a query', () => {
  test('that WeChat answers and signs is believed, whichever origin answers', async (context) => {
    const origin = await serve(context, (_request, response) => {
      response.writeHead(200, signedHeaders(paid)).end(paid);
    });
    const evidence = await gatewayAt(await deadOrigin(), origin).query(account, { out_trade_no });
    assert.equal(evidence.type === 'state' && evidence.state, 'SUCCESS');
  });

  const pages = ['', '<html>404 Not Found</html>', '{"code":"NOT_FOUND"}', '{"code":404}', '[]'];
  for (const body of pages) {
    test(`answered 404 with ${body || 'nothing'} is unknown, never not found`, async (context) => {
      const gateway = await answering(context, { status: 404, body });
      assert.equal((await gateway.query(account, { out_trade_no })).type, 'unknown');
      assert.equal((await gateway.close(account, out_trade_no)).type, 'unknown');
    });
  }

  test('answered with another status than 200 is unknown, though signed', async (context) => {
    const answer = { status: 202, body: paid, headers: signedHeaders(paid) };
    const gateway = await answering(context, answer);
    const evidence = await gateway.query(account, { out_trade_no });
    assert.deepEqual(evidence, { type: 'unknown', code: 'HTTP_202' });
  });

  test('answered with one changed byte is unknown', async (context) => {
    const body = paid.replace('"total":100', '"total":900');
    const gateway = await answering(context, { status: 200, body, headers: signedHeaders(paid) });
    const evidence = await gateway.query(account, { out_trade_no });
    assert.deepEqual(evidence, { type: 'unknown', code: 'BAD_SIGNATURE' });
  });

  test('answered with more than 2 MiB is unknown', async (context) => {
    const body = paid + ' '.repeat(2 * 1024 * 1024);
    const gateway = await answering(context, { status: 200, body, headers: signedHeaders(body) });
    const evidence = await gateway.query(account, { out_trade_no });
    assert.deepEqual(evidence, { type: 'unknown', code: 'TOO_LARGE' });
  });

  test('answered with a redirect is unknown', async (context) => {
    const gateway = await answering(context, { status: 302, headers: { location: '/elsewhere' } });
    const evidence = await gateway.query(account, { out_trade_no });
    assert.deepEqual(evidence, { type: 'unknown', code: 'HTTP_302' });
  });

  test('that nobody answers is unknown', async () => {
    const gateway = gatewayAt(await deadOrigin(), await deadOrigin());
    const evidence = await gateway.query(account, { out_trade_no });
    assert.deepEqual(evidence, { type: 'unknown', code: 'NETWORK' });
  });
});

suite('a close', () => {
  test('is done by a signed 204', async (context) => {
    const gateway = await answering(context, { status: 204, headers: signedHeaders('') });
    assert.deepEqual(await gateway.close(account, out_trade_no), { type: 'done' });
  });

  test('is not done by an unsigned 204', async (context) => {
    const gateway = await answering(context, { status: 204 });
    const outcome = await gateway.close(account, out_trade_no);
    assert.deepEqual(outcome, { type: 'unknown', code: 'UNSIGNED' });
  });

  test('is not done by a 204 whose signature covers another body', async (context) => {
    const gateway = await answering(context, { status: 204, headers: signedHeaders('{}') });
    const outcome = await gateway.close(account, out_trade_no);
    assert.deepEqual(outcome, { type: 'unknown', code: 'BAD_SIGNATURE' });
  });

  test('is not done by a signed 200', async (context) => {
    const answer = { status: 200, body: '{}', headers: signedHeaders('{}') };
    const gateway = await answering(context, answer);
    const outcome = await gateway.close(account, out_trade_no);
    assert.deepEqual(outcome, { type: 'unknown', code: 'HTTP_200' });
  });
});

suite("a merchant's key that cannot be read", () => {
  test('sends nothing and is a fault, a refusal for a prepay', async () => {
    const broken = accountOf({ merchantPrivateKey: merchantPrivatePem.slice(0, 300) });
    const gateway = gatewayAt(await deadOrigin());
    const fault = { type: 'fault', code: 'KEY_INVALID' };
    assert.deepEqual(await gateway.query(broken, { out_trade_no }), fault);
    assert.deepEqual(await gateway.close(broken, out_trade_no), fault);
    const outcome = await gateway.prepay(broken, {
      trade_type: 'NATIVE',
      appid: broken.appids[0],
      out_trade_no,
      description: 'a cup',
      amountFen: 100,
      currency: 'CNY',
      notify_url: 'https://pay.example.com/notify/main',
      createdAt: noon,
      expiresAt: noon,
      details: {},
    });
    assert.deepEqual(outcome, { type: 'refused', code: 'KEY_INVALID' });
  });
});
