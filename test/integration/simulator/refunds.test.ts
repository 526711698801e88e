import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { virtualTimers } from '../../unit/simulator/virtual-timers.ts';
import { openShop } from './outside-client.ts';

// Calls may be five minutes off either way; the tests move the clock by four and a half in all.
const clock = virtualTimers(Date.now() - 135_000);
const shop = await openShop('public-key', { timers: clock.timers });
after(() => shop.simulator.close());

const statusOf = async (outRefundNo: string) => {
  const { data, failure } = await shop.queryRefund(outRefundNo);
  assert.equal(failure, undefined);
  return data['status'];
};
const stateOf = async (outTradeNo: string) => (await shop.query(outTradeNo)).data['trade_state'];

describe('refunds of an outside client that verifies every answer', () => {
  test('a refund is accepted, under way, and done five seconds later', async () => {
    await shop.placeAndPay('order-0001');
    const { data, failure, status } = await shop.refund('order-0001', 'refund-0001', 30);
    assert.deepEqual([failure, status], [undefined, 200]);
    const { refund_id: id, transaction_id: transactionId, create_time: createdAt, ...rest } = data;
    assert.match(String(id), /^5030000200\d{19}$/);
    assert.equal(transactionId, (await shop.query('order-0001')).data['transaction_id']);
    assert.match(String(createdAt), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
    assert.deepEqual(rest, {
      out_refund_no: 'refund-0001',
      out_trade_no: 'order-0001',
      channel: 'ORIGINAL',
      user_received_account: '支付用户零钱',
      status: 'PROCESSING',
      funds_account: 'UNSETTLED',
      amount: {
        total: 100,
        refund: 30,
        payer_total: 100,
        payer_refund: 30,
        settlement_total: 100,
        settlement_refund: 30,
        discount_refund: 0,
        currency: 'CNY',
        refund_fee: 0,
      },
      promotion_detail: [],
    });
    await clock.advance(4_999);
    assert.deepEqual((await shop.queryRefund('refund-0001')).data, data);
    await clock.advance(1);
    const done = (await shop.queryRefund('refund-0001')).data;
    assert.match(String(done['success_time']), /\+08:00$/);
    assert.deepEqual(done, { ...data, status: 'SUCCESS', success_time: done['success_time'] });
  });

  test('a part is enough for an order to be in REFUND, with everything about its payment', async () => {
    await shop.placeAndPay('order-0002');
    const before = (await shop.query('order-0002')).data;
    await shop.refund('order-0002', 'refund-0002', 1);
    const { data, failure } = await shop.query('order-0002');
    assert.equal(failure, undefined);
    assert.deepEqual(data, { ...before, trade_state: 'REFUND', trade_state_desc: '转入退款' });
    assert.equal((await shop.close('order-0002')).data['code'], 'INVALID_REQUEST');
    assert.equal((await shop.place('order-0002')).data['code'], 'OUT_TRADE_NO_USED');
  });

  test('an order is named by either number, or by both', async () => {
    await shop.placeAndPay('order-0003');
    const transaction_id = (await shop.query('order-0003')).data['transaction_id'];
    const byId = { transaction_id, out_trade_no: undefined };
    assert.equal((await shop.refund('', 'refund-0003', 1, byId)).status, 200);
    await clock.advance(60_000);
    const both = await shop.refund('order-0003', 'refund-0004', 1, { transaction_id });
    assert.equal(both.data['out_trade_no'], 'order-0003');
  });

  test('the same number and parameters are the same refund, whatever became of it', async () => {
    await shop.placeAndPay('order-0004');
    const first = await shop.refund('order-0004', 'refund-0005', 30);
    const again = await shop.refund('order-0004', 'refund-0005', 30);
    assert.deepEqual([again.status, again.data], [200, first.data]);
    await clock.advance(5_000);
    const done = await shop.refund('order-0004', 'refund-0005', 30);
    assert.deepEqual([done.status, done.data['status']], [200, 'SUCCESS']);
    assert.equal(done.data['refund_id'], first.data['refund_id']);
    const { refunds } = await shop.read('refunds?out_trade_no=order-0004');
    assert.equal((refunds as unknown[]).length, 1);
  });

  test('a closed number stays closed; its money can be refunded under a new one', async () => {
    await shop.placeAndPay('order-0005');
    await shop.control('refunds', { status: 'CLOSED', times: 1 });
    await shop.refund('order-0005', 'refund-0006', 100);
    await clock.advance(5_000);
    assert.equal(await statusOf('refund-0006'), 'CLOSED');
    const again = await shop.refund('order-0005', 'refund-0006', 100);
    assert.deepEqual([again.status, again.data['status']], [200, 'CLOSED']);
    await clock.advance(55_000);
    assert.equal(await statusOf('refund-0006'), 'CLOSED');
    assert.equal((await shop.refund('order-0005', 'refund-0007', 100)).status, 200);
    assert.equal(await stateOf('order-0005'), 'REFUND');
  });

  test('a second refund within a minute is answered 429 and goes through', async () => {
    await shop.placeAndPay('order-0006');
    await shop.refund('order-0006', 'refund-0008', 10);
    await clock.advance(59_999);
    const fast = await shop.refund('order-0006', 'refund-0009', 20);
    assert.deepEqual([fast.status, fast.data['code']], [429, 'FREQUENCY_LIMITED']);
    assert.match(String(fast.headers['request-id']), /-268448746$/);
    assert.equal(await statusOf('refund-0009'), 'PROCESSING');
    assert.equal((await shop.refund('order-0006', 'refund-0009', 20)).status, 200);
    await clock.advance(60_000);
    assert.equal(await statusOf('refund-0009'), 'SUCCESS');
    assert.equal((await shop.refund('order-0006', 'refund-0010', 70)).status, 200);
  });

  test('orders are refunded side by side without a minute between them', async () => {
    await shop.placeAndPay('order-0007');
    await shop.placeAndPay('order-0008');
    assert.equal((await shop.refund('order-0007', 'refund-0011', 10)).status, 200);
    assert.equal((await shop.refund('order-0008', 'refund-0012', 10)).status, 200);
  });

  test('what a coupon paid does not go to the payer', async () => {
    await shop.place('order-0009');
    await shop.control('pay', { out_trade_no: 'order-0009', coupon: 10, notice: 'lost' });
    const { data } = await shop.refund('order-0009', 'refund-0013', 50);
    assert.deepEqual(data['amount'], {
      total: 100,
      refund: 50,
      payer_total: 90,
      payer_refund: 45,
      settlement_total: 100,
      settlement_refund: 50,
      discount_refund: 5,
      currency: 'CNY',
      refund_fee: 0,
    });
    const [promotion] = data['promotion_detail'] as { refund_amount: number }[];
    assert.equal(promotion?.refund_amount, 5);
  });
});

describe('the balance of the merchant', () => {
  test('a refund that it does not cover is NOT_ENOUGH and leaves nothing; the same number works later', async () => {
    await shop.placeAndPay('order-1001');
    await shop.control('balance', { available: 49 });
    const short = await shop.refund('order-1001', 'refund-1001', 50);
    assert.deepEqual([short.status, short.data['code']], [403, 'NOT_ENOUGH']);
    assert.equal((await shop.queryRefund('refund-1001')).data['code'], 'RESOURCE_NOT_EXISTS');
    assert.equal(await stateOf('order-1001'), 'SUCCESS');
    await shop.control('balance', { available: 50 });
    assert.equal((await shop.refund('order-1001', 'refund-1001', 50)).status, 200);
    await shop.control('balance');
  });

  test('refunds use it up, and a closed one gives back', async () => {
    const left = async () =>
      ((await shop.read('state'))['merchants'] as { available_balance: number }[])[0]
        ?.available_balance;
    await shop.placeAndPay('order-1002');
    await shop.control('balance', { available: 100 });
    await shop.refund('order-1002', 'refund-1002', 60);
    assert.equal(await left(), 40);
    await shop.control('refund-status', { out_refund_no: 'refund-1002', status: 'CLOSED' });
    assert.equal(await left(), 100);
    await shop.control('console-refund', { out_trade_no: 'order-1002', amount: 70 });
    assert.equal(await left(), 30);
    const more = await shop.control('console-refund', { out_trade_no: 'order-1002' });
    assert.equal(more.status, 200);
    assert.equal(await left(), 0);
    await shop.control('balance');
    assert.equal(await left(), null);
  });
});

describe('how refunds end', () => {
  const ends = (outRefundNo: string, status: string) =>
    shop.control('refund-status', { out_refund_no: outRefundNo, status });

  test('an abnormal refund stays so until it succeeds after all', async () => {
    await shop.placeAndPay('order-2001');
    await shop.control('refunds', { status: 'ABNORMAL', delay_s: 1, times: 1 });
    await shop.refund('order-2001', 'refund-2001', 10);
    await clock.advance(1_000);
    assert.equal(await statusOf('refund-2001'), 'ABNORMAL');
    assert.equal('success_time' in (await shop.queryRefund('refund-2001')).data, false);
    assert.deepEqual((await ends('refund-2001', 'CLOSED')).status, 409);
    const { data } = await ends('refund-2001', 'SUCCESS');
    assert.equal(data['status'], 'SUCCESS');
    assert.equal(await statusOf('refund-2001'), 'SUCCESS');
  });

  test('a refund stays under way until told otherwise, and what was said of it holds', async () => {
    await shop.placeAndPay('order-2002');
    await shop.control('refunds', { status: 'PROCESSING', times: 1 });
    await shop.refund('order-2002', 'refund-2002', 10);
    await clock.advance(10_000);
    assert.equal(await statusOf('refund-2002'), 'PROCESSING');
    await ends('refund-2002', 'SUCCESS');
    assert.equal(await statusOf('refund-2002'), 'SUCCESS');
    assert.match(String((await ends('refund-2002', 'CLOSED')).data['error']), /is SUCCESS/);
  });

  test('an end by hand calls the planned one off', async () => {
    await shop.placeAndPay('order-2003');
    await shop.refund('order-2003', 'refund-2003', 10);
    await ends('refund-2003', 'ABNORMAL');
    await clock.advance(10_000);
    assert.equal(await statusOf('refund-2003'), 'ABNORMAL');
  });

  test('a repeated call does not use the plan of the next refund up', async () => {
    await shop.placeAndPay('order-2004');
    await shop.placeAndPay('order-2005');
    await shop.refund('order-2004', 'refund-2004', 10);
    await shop.control('refunds', { status: 'CLOSED', delay_s: 0, times: 1 });
    await shop.refund('order-2004', 'refund-2004', 10);
    await shop.refund('order-2004', 'refund-2005', 999);
    await shop.refund('order-2005', 'refund-2006', 10);
    await clock.advance(5_000);
    assert.equal(await statusOf('refund-2004'), 'SUCCESS');
    assert.equal(await statusOf('refund-2006'), 'CLOSED');
  });
});

test('a stopped simulator owes no end of a refund', async () => {
  const other = virtualTimers(Date.now());
  const brief = await openShop('public-key', { timers: other.timers });
  await brief.placeAndPay('order-0001');
  await brief.refund('order-0001', 'refund-0001', 10);
  assert.equal(other.waiting(), 1);
  await brief.simulator.close();
  assert.equal(other.waiting(), 0);
});
