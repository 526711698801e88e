import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { closeCall, prepayCall, queryCall } from '#adapters/wechat/v3/order-calls.ts';
import type { PrepayRequest } from '#core/ports.ts';
import { isAppid, isOutTradeNo, isTransactionId } from '#core/values/ids.ts';
import { plus } from '#core/values/time.ts';
import { accountOf, known, noon } from './support.ts';

const account = accountOf();
const out_trade_no = known('order_000001', isOutTradeNo);
const oddNumber = known('a|b*c-d_e', isOutTradeNo);

const native: PrepayRequest = {
  trade_type: 'NATIVE',
  appid: known('wxd678efh567hg6787', isAppid),
  out_trade_no,
  description: '深圳腾大-QQ公仔',
  amountFen: 100,
  currency: 'CNY',
  notify_url: 'https://pay.example.com/notify/main',
  createdAt: noon,
  expiresAt: plus(noon, 7_200_000),
  details: {},
};

function bodyOf(request: PrepayRequest): Record<string, unknown> {
  return JSON.parse(prepayCall(account, request).body ?? '');
}

suite('prepay', () => {
  test('NATIVE sends its fields, the expiry in Beijing time', () => {
    const call = prepayCall(account, native);
    assert.equal(call.method, 'POST');
    assert.equal(call.target, '/v3/pay/transactions/native');
    assert.deepEqual(JSON.parse(call.body ?? ''), {
      appid: 'wxd678efh567hg6787',
      mchid: '1900007291',
      description: '深圳腾大-QQ公仔',
      out_trade_no: 'order_000001',
      time_expire: '2026-11-21T14:00:00+08:00',
      notify_url: 'https://pay.example.com/notify/main',
      amount: { total: 100, currency: 'CNY' },
    });
  });

  for (const [trade_type, target] of [
    ['JSAPI', '/v3/pay/transactions/jsapi'],
    ['APP', '/v3/pay/transactions/app'],
    ['H5', '/v3/pay/transactions/h5'],
  ] as const) {
    test(`${trade_type} sends the same to its own product`, () => {
      const call = prepayCall(account, { ...native, trade_type });
      assert.equal(call.method, 'POST');
      assert.equal(call.target, target);
      assert.equal(call.body, prepayCall(account, native).body);
    });
  }

  test('JSAPI names the payer', () => {
    const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
    const body = bodyOf({ ...native, trade_type: 'JSAPI', openid });
    assert.deepEqual(body['payer'], { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' });
  });

  test('the details go along as they are', () => {
    const details = {
      attach: 'desk 7',
      goods_tag: 'WXG',
      support_fapiao: false,
      detail: {
        cost_price: 608800,
        goods_detail: [{ merchant_goods_id: '1246464644', quantity: 1 }],
      },
      scene_info: { payer_client_ip: '14.23.150.211', h5_info: { type: 'Wap' } },
      settle_info: { profit_sharing: false },
    };
    assert.deepEqual(bodyOf({ ...native, details }), { ...bodyOf(native), ...details });
  });

  test('what is no detail does not go along', () => {
    const details = { attach: 'desk 7', amount: { total: 1 }, payer: { openid: 'other' } };
    assert.deepEqual(bodyOf({ ...native, details }), { ...bodyOf(native), attach: 'desk 7' });
  });

  test('absent fields are left out, never null', () => {
    assert.deepEqual(Object.keys(bodyOf(native)), [
      'appid',
      'mchid',
      'description',
      'out_trade_no',
      'time_expire',
      'notify_url',
      'amount',
    ]);
  });

  test('the same request gives the same bytes, however its fields are ordered', () => {
    const { out_trade_no: number, appid, ...rest } = native;
    const reordered: PrepayRequest = { ...rest, out_trade_no: number, appid };
    assert.equal(prepayCall(account, reordered).body, prepayCall(account, native).body);
    const [attach, goods_tag] = ['desk 7', 'WXG'];
    const [one, other] = [
      { attach, goods_tag },
      { goods_tag, attach },
    ].map((details) => prepayCall(account, { ...native, details }).body);
    assert.equal(one, other);
  });

  test('another detail gives other bytes', () => {
    const bodies = [
      {},
      { attach: '' },
      { goods_tag: '' },
      { support_fapiao: false },
      { support_fapiao: true },
      { detail: {} },
      { scene_info: {} },
      { settle_info: {} },
    ].map((details) => prepayCall(account, { ...native, details }).body);
    assert.equal(new Set(bodies).size, 8);
  });
});

suite('query', () => {
  test('asks by out_trade_no while that is all we know', () => {
    assert.deepEqual(queryCall(account, { out_trade_no }), {
      method: 'GET',
      target: '/v3/pay/transactions/out-trade-no/order_000001?mchid=1900007291',
    });
  });

  test('asks by transaction_id once it is known', () => {
    const transaction_id = known('4200002345202611211234567890', isTransactionId);
    assert.deepEqual(queryCall(account, { out_trade_no, transaction_id }), {
      method: 'GET',
      target: '/v3/pay/transactions/id/4200002345202611211234567890?mchid=1900007291',
    });
  });

  test('writes a number that a URL cannot hold percent-encoded', () => {
    const { target } = queryCall(account, { out_trade_no: oddNumber });
    assert.equal(target, '/v3/pay/transactions/out-trade-no/a%7Cb*c-d_e?mchid=1900007291');
  });
});

suite('close', () => {
  test('posts the mchid and nothing else', () => {
    assert.deepEqual(closeCall(account, oddNumber), {
      method: 'POST',
      target: '/v3/pay/transactions/out-trade-no/a%7Cb*c-d_e/close',
      body: '{"mchid":"1900007291"}',
    });
  });
});
