import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { openTill } from './v2-till.ts';

const till = await openTill();
after(() => till.simulator.close());

const DEAR = { total_fee: '100001' };
const DONE = { recall: 'N' };

/** A code payment, old enough to be reversed. */
const scanned = async (outTradeNo: string, more = {}) => {
  await till.micropay(outTradeNo, more);
  await till.clock.advance(15_000);
};
const plan = async (input: object) => {
  assert.equal((await till.control('reverse', { times: 1, ...input })).status, 200);
};

describe('reversing a code payment', () => {
  test('what waits for a password is revoked for good', async () => {
    await scanned('revoked-0001', DEAR);
    assert.deepEqual(till.succeeded(await till.reverse('revoked-0001')), DONE);
    assert.deepEqual(till.succeeded(await till.queryV2('revoked-0001')), {
      out_trade_no: 'revoked-0001',
      trade_state: 'REVOKED',
      trade_state_desc: '订单已撤销',
    });
    assert.equal((await till.query('revoked-0001')).data['trade_state'], 'REVOKED');
    assert.equal((await till.control('pay', { out_trade_no: 'revoked-0001' })).status, 409);
    assert.equal((await till.control('decline', { out_trade_no: 'revoked-0001' })).status, 409);
    till.refused(await till.closeV2('revoked-0001'), 'ORDERCLOSED');
    assert.equal((await till.close('revoked-0001')).status, 204);
    assert.equal(await till.stateOf('revoked-0001'), 'REVOKED');
  });

  test('what was paid is revoked, by either number, and can not be refunded', async () => {
    await till.micropay('revoked-0002');
    const { transaction_id } = till.succeeded(await till.queryV2('revoked-0002'));
    await till.clock.advance(15_000);
    const answer = await till.v2('/secapi/pay/reverse', {
      transaction_id,
      out_trade_no: 'another',
    });
    assert.deepEqual(till.succeeded(answer), DONE);
    const seen = till.succeeded(await till.v2('/pay/orderquery', { transaction_id }));
    assert.deepEqual([seen['trade_state'], seen['total_fee']], ['REVOKED', undefined]);
    till.refused(await till.refundV2('revoked-0002', 'refund-0001', 100), 'ERROR');
    const v3 = await till.refund('revoked-0002', 'refund-0001', 100);
    assert.deepEqual([v3.status, v3.data['code']], [400, 'INVALID_REQUEST']);
    const byHand = await till.control('console-refund', { out_trade_no: 'revoked-0002' });
    assert.equal(byHand.status, 409);
  });

  test('what failed is revoked too; again and again is the same', async () => {
    await scanned('revoked-0003', DEAR);
    await till.control('decline', { out_trade_no: 'revoked-0003' });
    for (let count = 0; count < 3; count += 1) {
      assert.deepEqual(till.succeeded(await till.reverse('revoked-0003')), DONE);
    }
    assert.equal(await till.stateOf('revoked-0003'), 'REVOKED');
  });

  test('not before 15 s, and not after 7 days', async () => {
    await till.micropay('age-0001', DEAR);
    await till.clock.advance(14_999);
    till.refused(await till.reverse('age-0001'), 'INVALID_REQUEST');
    assert.equal(await till.stateOf('age-0001'), 'USERPAYING');
    await till.clock.advance(1);
    till.succeeded(await till.reverse('age-0001'));
    const other = await openTill();
    await other.micropay('age-0002');
    await other.micropay('age-0003');
    await other.clock.advance(7 * 86_400_000);
    other.succeeded(await other.reverse('age-0002'));
    await other.clock.advance(1);
    other.refused(await other.reverse('age-0003'), 'REVERSE_EXPIRE');
    other.succeeded(await other.reverse('age-0002'));
    await other.simulator.close();
  });

  test('only a payment by code, one that is known, and one that is not refunded', async () => {
    await till.placeV2('not-a-code');
    await till.clock.advance(15_000);
    till.refused(await till.reverse('not-a-code'), 'INVALID_REQUEST');
    assert.equal(await till.stateOf('not-a-code'), 'NOTPAY');
    till.refused(await till.reverse('nobody-0001'), 'INVALID_REQUEST');
    const unknown = await till.v2('/secapi/pay/reverse', { transaction_id: '4200' });
    till.refused(unknown, 'INVALID_TRANSACTIONID');
    const noNumber = await till.v2('/secapi/pay/reverse', { transaction_id: 'abc' });
    till.refused(noNumber, 'INVALID_TRANSACTIONID');
    till.refused(await till.v2('/secapi/pay/reverse', {}), 'LACK_PARAMS');
    await scanned('refunded-0001');
    till.succeeded(await till.refundV2('refunded-0001', 'refund-0002', 1));
    till.refused(await till.reverse('refunded-0001'), 'TRADE_ERROR');
    assert.equal(await till.stateOf('refunded-0001'), 'REFUND');
  });

  test('a closed one is done with and stays closed', async () => {
    await scanned('closed-0001', DEAR);
    await till.control('decline', { out_trade_no: 'closed-0001' });
    await till.close('closed-0001');
    assert.deepEqual(till.succeeded(await till.reverse('closed-0001')), DONE);
    assert.equal(await till.stateOf('closed-0001'), 'CLOSED');
  });

  test('one who pays as the call arrives gets the money back', async () => {
    await scanned('race-0001', DEAR);
    await till.control('pay-during-close', { out_trade_no: 'race-0001' });
    assert.deepEqual(till.succeeded(await till.reverse('race-0001')), DONE);
    assert.equal(await till.stateOf('race-0001'), 'REVOKED');
    assert.match(String((await till.query('race-0001')).data['transaction_id']), /^42\d+$/);
  });

  test('a declined payer may come late, when forced', async () => {
    await scanned('forced-0001', DEAR);
    await till.control('decline', { out_trade_no: 'forced-0001' });
    const forced = await till.control('pay', { out_trade_no: 'forced-0001', force: true });
    assert.equal(forced.data['trade_state'], 'SUCCESS');
  });

  test('money that comes after an unpaid one was reversed can go back', async () => {
    await scanned('forced-0002', DEAR);
    till.succeeded(await till.reverse('forced-0002'));
    await till.control('pay', { out_trade_no: 'forced-0002', force: true });
    assert.equal(await till.stateOf('forced-0002'), 'SUCCESS');
    const whole = { total_fee: '100001' };
    till.succeeded(await till.refundV2('forced-0002', 'refund-0004', 100_001, whole));
  });
});

describe('what becomes of a reverse', () => {
  test('recall, without effect and with it, until it is done', async () => {
    await scanned('recall-0001');
    await plan({ outcome: 'recall' });
    assert.deepEqual(till.succeeded(await till.reverse('recall-0001')), { recall: 'Y' });
    assert.equal(await till.stateOf('recall-0001'), 'SUCCESS');
    await plan({ outcome: 'recall', effect: true, times: 2 });
    assert.deepEqual(till.succeeded(await till.reverse('recall-0001')), { recall: 'Y' });
    assert.equal(await till.stateOf('recall-0001'), 'REVOKED');
    assert.deepEqual(till.succeeded(await till.reverse('recall-0001')), { recall: 'Y' });
    assert.deepEqual(till.succeeded(await till.reverse('recall-0001')), DONE);
  });

  for (const outcome of ['SYSTEMERROR', 'TRADE_ERROR', 'INVALID_REQUEST', 'REVERSE_EXPIRE']) {
    test(`${outcome}, without effect and with it`, async () => {
      const number = `fails-${outcome}`;
      await scanned(number, DEAR);
      await plan({ outcome });
      till.refused(await till.reverse(number), outcome);
      assert.equal(await till.stateOf(number), 'USERPAYING');
      await plan({ outcome, effect: true });
      till.refused(await till.reverse(number), outcome);
      assert.equal(await till.stateOf(number), 'REVOKED');
    });
  }

  test('a paid one may show REFUND, and is reversed all the same', async () => {
    await scanned('shows-0001');
    await plan({ outcome: 'done', shows: 'REFUND' });
    till.succeeded(await till.reverse('shows-0001'));
    const seen = till.succeeded(await till.queryV2('shows-0001'));
    assert.deepEqual([seen['trade_state'], seen['total_fee']], ['REFUND', '100']);
    till.refused(await till.refundV2('shows-0001', 'refund-0003', 100), 'ERROR');
    await scanned('shows-0002', DEAR);
    await plan({ outcome: 'done', shows: 'REFUND' });
    till.succeeded(await till.reverse('shows-0002'));
    assert.equal(await till.stateOf('shows-0002'), 'REVOKED');
  });

  test('what is refused by rule uses nothing up', async () => {
    await plan({ outcome: 'recall' });
    till.refused(await till.reverse('nobody-0002'), 'INVALID_REQUEST');
    const { standing_reverses } = await till.read('state');
    assert.deepEqual(standing_reverses, { outcome: 'recall', effect: false, remaining: 1 });
    await plan({ outcome: 'done' });
  });

  const wrong: Readonly<Record<string, object>> = {
    'no outcome': {},
    'an unknown outcome': { outcome: 'ORDERNOTEXIST' },
    'done without effect': { outcome: 'done', effect: false },
    'an unknown state': { outcome: 'done', shows: 'CLOSED' },
  };
  for (const [what, input] of Object.entries(wrong)) {
    test(`${what} is no plan`, async () => {
      assert.equal((await till.control('reverse', input)).status, 400);
    });
  }
});
