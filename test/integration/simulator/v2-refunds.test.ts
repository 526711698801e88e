import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type Fields, openTill } from './v2-till.ts';

const till = await openTill();
after(() => till.simulator.close());

const paidV2 = async (outTradeNo: string, pay: object = {}) => {
  till.succeeded(await till.placeV2(outTradeNo));
  const input = { out_trade_no: outTradeNo, notice: 'lost', ...pay };
  assert.equal((await till.control('pay', input)).status, 200);
};
const queryRefund = async (fields: Fields) => till.v2('/pay/refundquery', fields);

describe('refunds through APIv2', () => {
  test('a refund is accepted, under way, and done five seconds later', async () => {
    await paidV2('order-0001', { coupon: 10 });
    const answer = till.succeeded(await till.refundV2('order-0001', 'r1', 30));
    const { transaction_id = '', refund_id = '', ...rest } = answer;
    assert.match(transaction_id, /^42\d{26}$/);
    assert.match(refund_id, /^5030000200\d{19}$/);
    assert.deepEqual(rest, {
      out_trade_no: 'order-0001',
      out_refund_no: 'r1',
      refund_fee: '30',
      settlement_refund_fee: '30',
      total_fee: '100',
      settlement_total_fee: '100',
      fee_type: 'CNY',
      cash_fee: '90',
      cash_refund_fee: '27',
      coupon_refund_fee: '3',
      coupon_refund_count: '1',
      coupon_type_0: 'CASH',
      coupon_refund_id_0: '109519',
      coupon_refund_fee_0: '3',
    });
    assert.equal(await till.stateOf('order-0001'), 'REFUND');
    const early = till.succeeded(await queryRefund({ out_refund_no: 'r1' }));
    assert.deepEqual(early, {
      transaction_id,
      out_trade_no: 'order-0001',
      total_fee: '100',
      settlement_total_fee: '100',
      fee_type: 'CNY',
      cash_fee: '90',
      refund_count: '1',
      out_refund_no_0: 'r1',
      refund_id_0: refund_id,
      refund_channel_0: 'ORIGINAL',
      refund_fee_0: '30',
      settlement_refund_fee_0: '30',
      refund_status_0: 'PROCESSING',
      refund_account_0: 'REFUND_SOURCE_UNSETTLED_FUNDS',
      refund_recv_accout_0: '支付用户零钱',
      coupon_refund_fee_0: '3',
      coupon_refund_count_0: '1',
      coupon_type_0_0: 'CASH',
      coupon_refund_id_0_0: '109519',
      coupon_refund_fee_0_0: '3',
    });
    await till.clock.advance(5_000);
    const late = till.succeeded(await queryRefund({ refund_id, out_refund_no: 'another' }));
    assert.equal(late['refund_status_0'], 'SUCCESS');
    assert.match(late['refund_success_time_0'] ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  test('the same number and parameters are the same refund; others are refused', async () => {
    await paidV2('order-0002');
    const first = till.succeeded(await till.refundV2('order-0002', 'same-1', 40));
    const more = { nonce_str: 'another' };
    const again = till.succeeded(await till.refundV2('order-0002', 'same-1', 40, more));
    assert.deepEqual(again, first);
    till.refused(await till.refundV2('order-0002', 'same-1', 41), 'ERROR');
    const { transaction_id } = first;
    const byId = { out_trade_no: undefined, transaction_id };
    till.refused(await till.refundV2('', 'same-1', 40, byId), 'ERROR');
    till.refused(await till.refundV2('nobody-0001', 'same-1', 40), 'ERROR');
    const { total_refund_count } = till.succeeded(
      await queryRefund({ out_trade_no: 'order-0002' }),
    );
    assert.equal(total_refund_count, '1');
  });

  test('another part within a minute is rejected and leaves nothing; later it is accepted', async () => {
    await paidV2('order-0003');
    till.succeeded(await till.refundV2('order-0003', 'part-1', 40));
    await till.clock.advance(59_999);
    till.refused(await till.refundV2('order-0003', 'part-2', 60), 'BIZERR_NEED_RETRY');
    till.refused(await queryRefund({ out_refund_no: 'part-2' }), 'REFUNDNOTEXIST');
    await till.clock.advance(1);
    till.succeeded(await till.refundV2('order-0003', 'part-2', 60));
    await till.clock.advance(60_000);
    till.refused(await till.refundV2('order-0003', 'part-3', 1), 'ERROR');
  });

  test('ends are told in the words of APIv2', async () => {
    for (const [status, word] of [
      ['ABNORMAL', 'CHANGE'],
      ['CLOSED', 'REFUNDCLOSE'],
      ['PROCESSING', 'PROCESSING'],
    ] as const) {
      await paidV2(`ends-${status}`);
      await till.control('refunds', { status, times: 1 });
      till.succeeded(await till.refundV2(`ends-${status}`, `end-${status}`, 100));
      await till.clock.advance(5_000);
      const seen = till.succeeded(await queryRefund({ out_refund_no: `end-${status}` }));
      assert.deepEqual([seen['refund_status_0'], seen['refund_success_time_0']], [word, undefined]);
    }
  });

  test('the balance is that of both versions', async () => {
    await paidV2('poor-0001');
    await till.control('balance', { available: 50 });
    till.refused(await till.refundV2('poor-0001', 'poor-1', 51), 'NOTENOUGH');
    till.succeeded(await till.refundV2('poor-0001', 'poor-1', 50));
    await till.control('balance', {});
  });

  test('the account that pays is told', async () => {
    await paidV2('account-0001');
    const more = { refund_account: 'REFUND_SOURCE_RECHARGE_FUNDS' };
    till.succeeded(await till.refundV2('account-0001', 'account-1', 100, more));
    const seen = till.succeeded(await queryRefund({ out_refund_no: 'account-1' }));
    assert.equal(seen['refund_account_0'], 'REFUND_SOURCE_RECHARGE_FUNDS');
    assert.equal((await till.queryRefund('account-1')).data['funds_account'], 'AVAILABLE');
  });

  const refusals: Readonly<
    Record<string, readonly [Readonly<Record<string, string | undefined>>, string]>
  > = {
    'no order named': [{ out_trade_no: undefined }, 'LACK_PARAMS'],
    'an unknown order': [{ out_trade_no: 'nobody-0002' }, 'ORDERNOTEXIST'],
    'an unknown payment': [{ transaction_id: '4200' }, 'ORDERNOTEXIST'],
    'a payment that is no number': [{ transaction_id: 'abc' }, 'INVALID_TRANSACTIONID'],
    'no refund number': [{ out_refund_no: undefined }, 'LACK_PARAMS'],
    'a long refund number': [{ out_refund_no: '1'.repeat(65) }, 'PARAM_ERROR'],
    'no amount': [{ refund_fee: undefined }, 'LACK_PARAMS'],
    'an amount of nothing': [{ refund_fee: '0' }, 'PARAM_ERROR'],
    'an amount with a sign': [{ refund_fee: '+1' }, 'PARAM_ERROR'],
    'more than was paid': [{ refund_fee: '101' }, 'ERROR'],
    'another total': [{ total_fee: '99' }, 'ERROR'],
    'another currency': [{ refund_fee_type: 'USD' }, 'PARAM_ERROR'],
    'a long reason': [{ refund_desc: 'x'.repeat(81) }, 'PARAM_ERROR'],
    'an unknown account': [{ refund_account: 'AVAILABLE' }, 'PARAM_ERROR'],
    'an address with a query': [{ notify_url: 'https://a.example.com/?b' }, 'PARAM_ERROR'],
  };
  for (const [what, [change, code]] of Object.entries(refusals)) {
    test(`${what} is refused`, async () => {
      if (what === 'no order named') await paidV2('refuse-0001');
      till.refused(await till.refundV2('refuse-0001', 'refuse-1', 100, change), code);
    });
  }

  test('an order that nobody paid, a closed one and one of a year ago are refused', async () => {
    await till.placeV2('unpaid-0001');
    till.refused(await till.refundV2('unpaid-0001', 'unpaid-1', 100), 'ORDERNOTEXIST');
    await till.close('unpaid-0001');
    till.refused(await till.refundV2('unpaid-0001', 'unpaid-1', 100), 'ERROR');
    const other = await openTill();
    await other.micropay('old-0001');
    await other.clock.advance(366 * 86_400_000);
    other.refused(await other.refundV2('old-0001', 'old-1', 100), 'TRADE_OVERDUE');
    await other.simulator.close();
  });
});

describe('queries of refunds', () => {
  test('ten at a time, from an offset, oldest first', async () => {
    await paidV2('many-0001');
    for (let count = 0; count < 12; count += 1) {
      const more = { out_trade_no: 'many-0001', amount: 1, out_refund_no: `many-000${count}` };
      assert.equal((await till.control('console-refund', more)).status, 200);
    }
    const page = till.succeeded(await queryRefund({ out_trade_no: 'many-0001' }));
    assert.deepEqual([page['refund_count'], page['total_refund_count']], ['10', '12']);
    assert.equal(page['out_refund_no_0'], 'many-0000');
    assert.equal(page['out_refund_no_9'], 'many-0009');
    assert.equal('out_refund_no_10' in page, false);
    const { transaction_id = '' } = page;
    const rest = till.succeeded(await queryRefund({ transaction_id, offset: '10' }));
    assert.deepEqual([rest['refund_count'], rest['out_refund_no_1']], ['2', 'many-00011']);
    till.refused(await queryRefund({ transaction_id, offset: '12' }), 'PARAM_ERROR');
    till.refused(await queryRefund({ transaction_id, offset: '-1' }), 'PARAM_ERROR');
  });

  test('the best number counts; one that is not known has no refund', async () => {
    const best = { out_refund_no: 'many-0003', out_trade_no: 'nobody-0003' };
    assert.equal(till.succeeded(await queryRefund(best))['out_refund_no_0'], 'many-0003');
    for (const fields of [
      { refund_id: '503', out_refund_no: 'many-0003' },
      { out_refund_no: 'nobody-1' },
      { out_trade_no: 'nobody-0003' },
      { transaction_id: '4200', out_trade_no: 'many-0001' },
    ]) {
      till.refused(await queryRefund(fields as Fields), 'REFUNDNOTEXIST');
    }
    await paidV2('whole-0001');
    till.refused(await queryRefund({ out_trade_no: 'whole-0001' }), 'REFUNDNOTEXIST');
    till.refused(await queryRefund({}), 'LACK_PARAMS');
    till.refused(await queryRefund({ transaction_id: 'x' }), 'INVALID_TRANSACTIONID');
  });
});

describe('one refund behind both versions', () => {
  test('an order of APIv2 is refunded through APIv3, and its query knows', async () => {
    await paidV2('across-0001');
    assert.equal((await till.refund('across-0001', 'across-1', 30)).failure, undefined);
    const seen = till.succeeded(await queryRefund({ out_refund_no: 'across-1' }));
    assert.deepEqual([seen['refund_fee_0'], seen['refund_status_0']], ['30', 'PROCESSING']);
    till.refused(await till.refundV2('across-0001', 'across-1', 30), 'ERROR');
    assert.equal(await till.stateOf('across-0001'), 'REFUND');
  });

  test('an order of APIv3 is refunded through APIv2, as far as anything is left', async () => {
    await till.placeAndPay('across-0002');
    till.succeeded(await till.refundV2('across-0002', 'across-2', 100));
    const { data, failure } = await till.queryRefund('across-2');
    assert.deepEqual([data['status'], failure], ['PROCESSING', undefined]);
    assert.equal(
      (await till.refund('across-0002', 'across-2', 100)).data['code'],
      'INVALID_REQUEST',
    );
    assert.equal((await till.refund('across-0002', 'across-3', 1)).data['code'], 'INVALID_REQUEST');
  });

  test('a code payment is refunded through either', async () => {
    till.succeeded(await till.micropay('across-0003'));
    till.succeeded(await till.refundV2('across-0003', 'across-4', 40));
    assert.equal((await till.refund('across-0003', 'across-5', 60)).status, 429);
    assert.equal((await till.query('across-0003')).data['trade_state'], 'REFUND');
  });
});
