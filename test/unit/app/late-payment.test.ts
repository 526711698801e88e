import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '#core/account.ts';
import { at } from '../../support/clock.ts';
import { account, hint, outTradeNo, storedOrder, wake } from '../../support/order-builder.ts';
import { backRefundNo, newRefund, refundKeyOf } from '../../support/refund-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { dieEverywhere, handledTypesOf } from './dying.ts';
import { lifeOf } from './living.ts';
import { eventTypesOf, look, placed, standing } from './looking.ts';

const done = { type: 'done' };
const refunding: Account = { ...account, latePolicy: 'refund' };
const backKey = refundKeyOf(backRefundNo);
const afterClose = wake({ origin: 'after-close', slot: at('2026-11-21T06:11:30Z') });

/** Closed at 06:01:30 for nobody had paid; paid all the same a minute later. Nobody here knows. */
async function paidLate(bed = createTestBed([refunding])): Promise<TestBed> {
  await placed(bed);
  bed.clock.advanceTo(at('2026-11-21T06:01:30Z'));
  bed.timers.take();
  await look(bed, wake({ origin: 'sweep' }));
  assert.equal(standing(bed).status, 'CLOSED');
  bed.clock.advanceTo(at('2026-11-21T06:02:30Z'));
  bed.world.pay(outTradeNo, { isLate: true });
  return bed;
}

function backRequest(bed: TestBed): unknown {
  return bed.world.refunds.refund(backRefundNo)?.request;
}

async function settled(bed: TestBed): Promise<void> {
  bed.world.refunds.settle(backRefundNo, 'SUCCESS');
  await lifeOf(bed).untilRest();
}

test('a payment after the close goes back whole, though its notice was lost', async () => {
  const bed = await paidLate();
  await lifeOf(bed).until(at('2026-11-21T06:12:00Z'));
  const { status, data } = standing(bed);
  assert.deepEqual([status, data['late'], data['paidFen']], ['PAID', true, 8800]);
  assert.deepEqual(eventTypesOf(bed), ['order.closed', 'order.paid_late']);
  assert.deepEqual(backRequest(bed), {
    out_refund_no: 'back-A-1001',
    transaction_id: '4200A1001',
    refundFen: 8800,
    totalFen: 8800,
    currency: 'CNY',
    reason: '订单已关闭，款项原路退回',
    notify_url: 'https://pay.example.com/notify/shop',
  });
  await settled(bed);
  assert.deepEqual(eventTypesOf(bed), ['order.closed', 'order.paid_late', 'refund.succeeded']);
  assert.equal(bed.events.published().at(-1)?.data['origin'], 'late');
  assert.equal(standing(bed).status, 'PAID');
});

test('the refund exists before the event that speaks of it', async () => {
  const bed = await paidLate();
  bed.faults.events.plan('send', () => {
    assert.equal(standing(bed, backKey).status, 'CREATED');
  });
  await look(bed, hint({ says: 'SUCCESS' }));
  const { data } = bed.events.published().at(-1) ?? assert.fail('an event');
  assert.deepEqual([data['status'], data['late']], ['PAID', true]);
  assert.deepEqual(bed.faults.events.unspent(), []);
});

test('a late payment is refunded once, however often it is hinted at', async () => {
  const bed = await paidLate();
  const looks = [look(bed, hint({ says: 'SUCCESS' })), look(bed, afterClose), look(bed)];
  assert.deepEqual(await Promise.all(looks), [done, done, done]);
  await look(bed, hint({ reason: 'bill' }));
  await lifeOf(bed).until(at('2026-11-21T06:30:00Z'));
  await settled(bed);
  assert.equal(bed.world.refunds.refundsOf(outTradeNo).length, 1);
  assert.deepEqual(eventTypesOf(bed), ['order.closed', 'order.paid_late', 'refund.succeeded']);
});

test('a late payment of a number that was refused to us goes back, too', async () => {
  const bed = await paidLate();
  bed.store.put(storedOrder('REFUSED'));
  assert.deepEqual(await look(bed, hint({ says: 'SUCCESS' })), done);
  assert.deepEqual([standing(bed).status, standing(bed, backKey).status], ['PAID', 'CREATED']);
});

test('a late payment that the merchant refunded meanwhile is for a person, not refunded again', async () => {
  const bed = await paidLate();
  const { refundFen } = newRefund();
  bed.world.refunds.makeByHand('4200A1001', {
    out_refund_no: newRefund().out_refund_no,
    refundFen,
  });
  await lifeOf(bed).untilRest();
  assert.deepEqual(
    [standing(bed).status, standing(bed).data['reviewReason']],
    ['REVIEW', 'refund'],
  );
  assert.deepEqual(eventTypesOf(bed), ['order.closed', 'order.review']);
  assert.equal(bed.world.callsOf('apply'), 0);
});

test('a late payment that the policy holds is for a person, and nothing goes back', async () => {
  const bed = await paidLate(createTestBed([{ ...account, latePolicy: 'hold' }]));
  await lifeOf(bed).untilRest();
  assert.deepEqual([standing(bed).status, standing(bed).data['reviewReason']], ['REVIEW', 'late']);
  assert.deepEqual(eventTypesOf(bed), ['order.closed', 'order.paid_late']);
  assert.equal(bed.world.callsOf('apply'), 0);
});

test('a late payment of another amount is for a person, whatever the policy', async () => {
  const bed = await placed(createTestBed([refunding]));
  bed.clock.advanceTo(at('2026-11-21T06:01:30Z'));
  await look(bed, wake({ origin: 'sweep' }));
  bed.world.pay(outTradeNo, { amountFen: 1, isLate: true });
  await lifeOf(bed).untilRest();
  assert.deepEqual([standing(bed).status, bed.world.callsOf('apply')], ['REVIEW', 0]);
});

for (const state of ['CLOSED', 'REFUSED'] as const) {
  test(`an automatic refund that ends ${state} leaves the order with a person`, async () => {
    const bed = await paidLate();
    if (state === 'REFUSED') {
      bed.world.plan('apply', { type: 'refused', code: 'USER_ACCOUNT_ABNORMAL' });
    }
    const life = lifeOf(bed);
    await life.until(at('2026-11-21T06:12:00Z'));
    if (state === 'CLOSED') {
      bed.world.refunds.settle(backRefundNo, 'CLOSED');
    }
    await life.untilRest();
    const { status, data } = standing(bed);
    assert.deepEqual([status, data['reviewReason']], ['REVIEW', 'refund-failed']);
    const last = state === 'CLOSED' ? 'refund.closed' : 'refund.refused';
    const types = ['order.closed', 'order.paid_late', 'order.review', last];
    assert.deepEqual(eventTypesOf(bed), types);
    assert.equal(bed.world.refunds.refundsOf(outTradeNo).length, state === 'CLOSED' ? 1 : 0);
  });
}

test('an automatic refund that the balance does not cover waits for it under the same number', async () => {
  const bed = await paidLate();
  const life = lifeOf(bed);
  bed.world.refunds.limitBalance(0);
  await life.until(at('2026-11-21T12:00:00Z'));
  assert.equal(bed.world.refunds.refundsOf(outTradeNo).length, 0);
  bed.world.refunds.limitBalance(8800);
  await life.until(at('2026-11-21T14:00:00Z'));
  await settled(bed);
  assert.deepEqual(bed.world.refunds.refundsOf(outTradeNo).length, 1);
  assert.equal(standing(bed).status, 'PAID');
});

test('a look that dies anywhere around a late payment gives it back once', async () => {
  await dieEverywhere(7, {
    prepare: () => paidLate(),
    job: (bed) => look(bed, hint({ says: 'SUCCESS' })),
    after: async (bed, where) => {
      await lifeOf(bed).until(at('2026-11-21T06:40:00Z'));
      assert.equal(bed.world.refunds.refundsOf(outTradeNo).length, 1, where);
      await settled(bed);
      const types = ['order.closed', 'order.paid_late', 'refund.succeeded'];
      assert.deepEqual(handledTypesOf(bed), types, where);
      assert.equal(standing(bed).status, 'PAID', where);
    },
  });
});
