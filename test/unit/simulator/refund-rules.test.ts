import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonObject, JsonValue } from '../../../simulator/json.ts';
import { checkRefund } from '../../../simulator/refund-rules.ts';

const smallest: JsonObject = {
  out_trade_no: 'order-0001',
  out_refund_no: 'refund-0001',
  amount: { refund: 1, total: 100, currency: 'CNY' },
};

const accepted = (body: JsonObject) => {
  const result = checkRefund(body);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.application;
};

const refusedField = (body: JsonObject) => {
  const result = checkRefund(body);
  if (result.ok) return 'accepted';
  assert.equal(result.refusal.status, 400);
  assert.equal(result.refusal.code, 'PARAM_ERROR');
  return result.refusal.detail?.['field'];
};

const without = (body: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));

const amount = (change: JsonObject) => ({ refund: 1, total: 100, currency: 'CNY', ...change });

describe('fields of a refund', () => {
  test('the smallest body is accepted, by either number of the order', () => {
    assert.deepEqual(accepted(smallest), {
      wish: {
        outRefundNo: 'refund-0001',
        refund: 1,
        total: 100,
        notifyUrl: undefined,
        fundsAccount: 'UNSETTLED',
        fingerprint:
          '{"amount":{"currency":"CNY","refund":1,"total":100},"out_refund_no":"refund-0001","out_trade_no":"order-0001"}',
        origin: 'api',
      },
      transactionId: undefined,
      outTradeNo: 'order-0001',
    });
    const byId = { ...without(smallest, 'out_trade_no'), transaction_id: '42000001' };
    assert.equal(accepted(byId).transactionId, '42000001');
  });

  test('all documented fields are accepted', () => {
    const full: JsonObject = {
      ...smallest,
      transaction_id: '42000001',
      out_refund_no: 'aZ09_-|*@'.padEnd(64, 'x'),
      reason: `${'茶'.repeat(26)}xx`,
      notify_url: 'https://pay.example.com/refunds',
      funds_account: 'AVAILABLE',
      amount: amount({ from: [{ account: 'AVAILABLE', amount: 1 }] }),
      goods_detail: [
        {
          merchant_goods_id: '1',
          wechatpay_goods_id: '2',
          goods_name: 'tea',
          unit_price: 100,
          refund_amount: 1,
          refund_quantity: 1,
        },
      ],
    };
    assert.equal(accepted(full).wish.fundsAccount, 'AVAILABLE');
    assert.equal(accepted(full).wish.notifyUrl, 'https://pay.example.com/refunds');
  });

  for (const name of ['out_trade_no', 'out_refund_no', 'amount']) {
    test(`${name} is required`, () => {
      assert.equal(refusedField(without(smallest, name)), `/body/${name}`);
    });
  }

  const wrong: readonly (readonly [string, JsonValue, string])[] = [
    ['transaction_id', 'abc', '/body/transaction_id'],
    ['transaction_id', '4'.repeat(33), '/body/transaction_id'],
    ['out_trade_no', 'order#0001', '/body/out_trade_no'],
    ['out_trade_no', 'x'.repeat(33), '/body/out_trade_no'],
    ['out_refund_no', 'short', '/body/out_refund_no'],
    ['out_refund_no', 'x'.repeat(65), '/body/out_refund_no'],
    ['out_refund_no', 'refund.0001', '/body/out_refund_no'],
    ['out_refund_no', 'refund-0001\n', '/body/out_refund_no'],
    ['reason', '', '/body/reason'],
    ['reason', '茶'.repeat(27), '/body/reason'],
    ['reason', 'x'.repeat(81), '/body/reason'],
    ['reason', 'tea 🍵', '/body/reason'],
    ['reason', null, '/body/reason'],
    ['notify_url', 'http://pay.example.com/refunds', '/body/notify_url'],
    ['notify_url', 'https://pay.example.com/refunds?a=1', '/body/notify_url'],
    ['notify_url', `https://pay.example.com/${'x'.repeat(233)}`, '/body/notify_url'],
    ['funds_account', 'UNAVAILABLE', '/body/funds_account'],
    ['amount', { refund: 1, total: 100 }, '/body/amount/currency'],
    ['amount', { refund: 1, currency: 'CNY' }, '/body/amount/total'],
    ['amount', { total: 100, currency: 'CNY' }, '/body/amount/refund'],
    ['amount', amount({ refund: 0 }), '/body/amount/refund'],
    ['amount', amount({ refund: -1 }), '/body/amount/refund'],
    ['amount', amount({ refund: 1.5 }), '/body/amount/refund'],
    ['amount', amount({ refund: '1' }), '/body/amount/refund'],
    ['amount', amount({ currency: 'USD' }), '/body/amount/currency'],
    ['amount', amount({ payer_refund: 1 }), '/body/amount/payer_refund'],
    ['amount', amount({ from: [{ account: 'AVAILABLE' }] }), '/body/amount/from/0/amount'],
    ['amount', amount({ from: [{ account: 'BASIC', amount: 1 }] }), '/body/amount/from/0/account'],
    ['goods_detail', {}, '/body/goods_detail'],
    ['goods_detail', [{}], '/body/goods_detail/0/merchant_goods_id'],
    ['mchid', '1900000109', '/body/mchid'],
    ['sub_mchid', '1900000109', '/body/sub_mchid'],
  ];
  for (const [name, value, field] of wrong) {
    test(`${name} ${JSON.stringify(value).slice(0, 60)} is refused at ${field}`, () => {
      assert.equal(refusedField({ ...smallest, [name]: value }), field);
    });
  }

  test('an unknown field has the number 270924358', () => {
    const result = checkRefund({ ...smallest, refund_desc: 'x' });
    assert.equal(!result.ok && result.refusal.number, 270924358);
  });

  test('80 bytes are a reason, in characters of one byte or of three', () => {
    accepted({ ...smallest, reason: 'x'.repeat(80) });
    accepted({ ...smallest, reason: '茶'.repeat(26) });
  });

  test('the order of the fields does not make another refund, any value does', () => {
    const { fingerprint } = accepted(smallest).wish;
    const turned = Object.fromEntries(Object.entries(smallest).reverse());
    assert.equal(accepted(turned).wish.fingerprint, fingerprint);
    for (const change of [{ reason: 'x' }, { amount: amount({ refund: 2 }) }]) {
      assert.notEqual(accepted({ ...smallest, ...change }).wish.fingerprint, fingerprint);
    }
  });
});
