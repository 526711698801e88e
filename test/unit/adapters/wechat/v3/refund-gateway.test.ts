import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createGatewayClient } from '#adapters/wechat/v3/gateway-client.ts';
import { createOrderGateway } from '#adapters/wechat/v3/order-gateway.ts';
import { createRefundGateway } from '#adapters/wechat/v3/refund-gateway.ts';
import type { RefundRequest } from '#core/ports.ts';
import { isOutRefundNo, isOutTradeNo, isTransactionId } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { deadOrigin, serve } from '../loopback.ts';
import { accountOf, known, noon, signedHeaders, succeededRefund } from './support.ts';

const account = accountOf();
const out_refund_no = known('refund|1@desk', isOutRefundNo);
const refund = JSON.stringify(succeededRefund);
const request: RefundRequest = {
  out_refund_no,
  transaction_id: known('4200002345202611211234567890', isTransactionId),
  refundFen: known(40, isFen),
  totalFen: known(100, isFen),
  currency: 'CNY',
};

type Answer = { status: number; body?: string; headers?: Record<string, string> };

function optionsOf(...origins: string[]) {
  return { origins, now: () => noon, userAgent: 'test/1' };
}

/** What the gateway says to a query and to an application that are both answered so. */
async function answered(context: TestContext, { status, body, headers }: Answer) {
  const origin = await serve(context, (_request, response) => {
    response.writeHead(status, headers).end(body);
  });
  const gateway = createRefundGateway(optionsOf(origin));
  const [query, apply] = await Promise.all([
    gateway.query(account, out_refund_no),
    gateway.apply(account, request),
  ]);
  return { query, apply };
}

suite('a refund over a server that says what it is told', () => {
  test('is believed when WeChat signed a 200', async (context) => {
    const answer = { status: 200, body: refund, headers: signedHeaders(refund) };
    const { query, apply } = await answered(context, answer);
    assert.equal(query.type === 'state' && query.state, 'SUCCESS');
    assert.deepEqual(apply, { type: 'accepted' });
  });

  const changed = refund.replace('"refund":40', '"refund":90');
  const other = refund.replace('refund|1@desk', 'refund|2@desk');
  const forgeries: readonly (readonly [string, Answer, string])[] = [
    ['is not signed', { status: 200, body: refund }, 'UNSIGNED'],
    [
      'has one changed byte',
      { status: 200, body: changed, headers: signedHeaders(refund) },
      'BAD_SIGNATURE',
    ],
    [
      'is signed with another status',
      { status: 202, body: refund, headers: signedHeaders(refund) },
      'HTTP_202',
    ],
    ['is a signed 204', { status: 204, headers: signedHeaders('') }, 'HTTP_204'],
    [
      'names another refund',
      { status: 200, body: other, headers: signedHeaders(other) },
      'OTHER_REFUND',
    ],
    ['names no refund', { status: 200, body: '{}', headers: signedHeaders('{}') }, 'MALFORMED'],
    ['is a redirect', { status: 302, headers: { location: '/elsewhere' } }, 'HTTP_302'],
  ];
  for (const [name, answer, code] of forgeries) {
    test(`is open after an answer that ${name}`, async (context) => {
      const unknown = { type: 'unknown', code };
      assert.deepEqual(await answered(context, answer), { query: unknown, apply: unknown });
    });
  }

  const pages = ['', '<html>404 Not Found</html>', '{"code":"not found"}', '{"code":404}', '[]'];
  for (const body of pages) {
    test(`is open after 404 with ${body || 'nothing'}`, async (context) => {
      const unknown = { type: 'unknown', code: 'HTTP_404' };
      const outcomes = await answered(context, { status: 404, body });
      assert.deepEqual(outcomes, { query: unknown, apply: unknown });
    });
  }

  test("is not found, or refused, by WeChat's own 404", async (context) => {
    const answer = { status: 404, body: '{"code":"RESOURCE_NOT_EXISTS"}' };
    assert.deepEqual(await answered(context, answer), {
      query: { type: 'not-found', code: 'RESOURCE_NOT_EXISTS' },
      apply: { type: 'refused', code: 'RESOURCE_NOT_EXISTS' },
    });
  });

  test('is open when nobody answers', async () => {
    const gateway = createRefundGateway(optionsOf(await deadOrigin()));
    const unknown = { type: 'unknown', code: 'NETWORK' };
    assert.deepEqual(await gateway.query(account, out_refund_no), unknown);
    assert.deepEqual(await gateway.apply(account, request), unknown);
  });

  test("sends nothing and is a fault when the merchant's key cannot be read", async (context) => {
    const origin = await serve(context, () => assert.fail('nothing may be sent'));
    const gateway = createRefundGateway(optionsOf(origin));
    const broken = accountOf({ merchantPrivateKey: 'PEM' });
    const fault = { type: 'fault', code: 'KEY_INVALID' };
    assert.deepEqual(await gateway.query(broken, out_refund_no), fault);
    assert.deepEqual(await gateway.apply(broken, request), fault);
  });
});

suite('one client for both gateways', () => {
  test('brings their calls to one place', async (context) => {
    const calls: string[] = [];
    const origin = await serve(context, ({ method, url }, response) => {
      calls.push(`${method} ${url}`);
      response.writeHead(500).end();
    });
    const client = createGatewayClient(optionsOf(origin));
    const options = optionsOf(await deadOrigin());
    const out_trade_no = known('order_000001', isOutTradeNo);
    await createOrderGateway(options, client).query(account, { out_trade_no });
    await createRefundGateway(options, client).query(account, out_refund_no);
    await createRefundGateway(options, client).apply(account, request);
    assert.deepEqual(calls, [
      'GET /v3/pay/transactions/out-trade-no/order_000001?mchid=1900007291',
      'GET /v3/refund/domestic/refunds/refund%7C1%40desk',
      'POST /v3/refund/domestic/refunds',
    ]);
  });
});
