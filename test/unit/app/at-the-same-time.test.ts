import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrder } from '#app/create-order.ts';
import { createRefund } from '#app/create-refund.ts';
import { resolveOrder } from '#app/resolve-order.ts';
import { at } from '../../support/clock.ts';
import { account, hint, newOrder, orderKey, outTradeNo } from '../../support/order-builder.ts';
import { newRefund, secondKey, secondNumber } from '../../support/refund-builder.ts';
import { createTestBed } from '../../support/test-bed.ts';
import { lifeOf } from './living.ts';
import { eventTypesOf, look, paidSeen, placed, standing } from './looking.ts';
import { firstRequest, paidBoth, secondHint, secondRequest } from './paying-twice.ts';

test('an order keeps no note of a refund whose number another order got', async () => {
  const bed = await paidSeen();
  await createOrder(bed, account, newOrder({ out_trade_no: secondNumber }));
  bed.world.pay(secondNumber);
  await look(bed, hint({ subject: secondKey }));
  const other = newRefund({ of: { out_trade_no: secondNumber }, bodySha256: 'other' });
  await Promise.all([createRefund(bed, account, newRefund()), createRefund(bed, account, other)]);
  const life = lifeOf(bed);
  await life.until(at('2026-11-21T05:00:00Z'));
  bed.world.refunds.settle('R-1001', 'SUCCESS');
  await life.untilRest();
  const { refunds } = standing(bed, secondKey).data;
  const counted = Array.isArray(refunds)
    ? refunds.filter(({ status }) => status !== 'REFUSED')
    : [];
  assert.deepEqual(counted, []);
});

test('a change aside keeps a look that was planned since it loaded', async () => {
  const bed = await paidSeen();
  bed.faults.store.plan('commit', async () => {
    bed.world.plan('query', { type: 'unknown', code: 'TIMEOUT' });
    await look(bed, hint({ reason: 'bill' }));
  });
  await createRefund(bed, account, newRefund());
  assert.equal(standing(bed).unknownLooks, 1);
  assert.ok(standing(bed).dueAt !== undefined, 'the look is owed');
});

test('a renewal that is replaced meanwhile does not replace the newer order', async () => {
  const bed = createTestBed();
  await createOrder(bed, account, firstRequest());
  bed.clock.advanceTo(at('2026-11-21T05:52:00Z'));
  bed.faults.claims.plan('claim-load', async () => {
    assert.ok((await createOrder(bed, account, secondRequest())).ok);
  });
  await createOrder(bed, account, firstRequest());
  assert.equal(standing(bed, secondKey).data['closeReason'], undefined);
});

test('an order that a person gives back claims nothing', async () => {
  const bed = await paidBoth(createTestBed());
  const order = standing(bed);
  const resolution = { action: 'refund', by: 'lin', why: 'x', at: bed.clock.now() };
  const data = { ...order.data, reviewReason: 'not-found', resolution };
  bed.store.put({ ...order, status: 'REVIEW', data });
  await look(bed, hint({ reason: 'request' }));
  await look(bed, secondHint());
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

test('two unsigned answers do not close an order whose payment we know', async () => {
  const bed = await placed();
  bed.world.pay(outTradeNo, { amountFen: 100 });
  await look(bed);
  await resolveOrder(bed, orderKey, { action: 'close', by: 'lin', why: 'x' });
  const notFound = { type: 'not-found', code: 'ORDER_NOT_EXIST' } as const;
  bed.world.plan('query', notFound, notFound);
  bed.world.plan('close', { type: 'no-such-order', code: 'ORDER_NOT_EXIST' });
  await look(bed, hint({ reason: 'request' }));
  assert.equal(standing(bed).status, 'REVIEW');
});

test('a tell that comes late does not overwrite a newer one', async () => {
  const bed = await paidSeen();
  assert.ok((await createRefund(bed, account, newRefund())).ok);
  const number = newRefund().out_refund_no;
  const subject = { kind: 'refund', mchid: account.mchid, number } as const;
  await look(bed, hint({ subject, reason: 'request' }));
  bed.world.refunds.settle(number, 'ABNORMAL');
  // Who sees ABNORMAL stops before it loads the order: meanwhile another carries that out, and sees SUCCESS.
  bed.faults.store.plan('load', 'pass', async () => {
    await look(bed, hint({ subject, reason: 'request' }));
    bed.world.refunds.settle(number, 'SUCCESS');
    await look(bed, hint({ subject, reason: 'request' }));
  });
  await look(bed, hint({ subject, reason: 'request' }));
  const { refunds } = standing(bed).data;
  const statuses = Array.isArray(refunds) ? refunds.map(({ status }) => status) : [];
  assert.deepEqual(statuses, ['SUCCESS']);
});
