import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRefund } from '#app/create-refund.ts';
import type { RefundEvidence } from '#core/evidence.ts';
import {
  account,
  hint,
  orderKey,
  outTradeNo,
  storedOrder,
  wake,
} from '../../support/order-builder.ts';
import {
  newRefund,
  outRefundNo,
  refundHint,
  refundKey,
  refundNamed,
} from '../../support/refund-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { lifeOf } from './living.ts';
import {
  assertFaultsCame,
  eventTypesOf,
  look,
  paidSeen,
  paidUnseen,
  placed,
  standing,
} from './looking.ts';

const done = { type: 'done' };
const missing = { type: 'retry', reason: 'record_missing' };
const notice = refundHint({ says: 'SUCCESS' });

/** The merchant refunds 30 yuan in the console, and the money is back. */
function refundByHand({ world }: TestBed): void {
  const { transaction_id } = world.order(outTradeNo)?.payment ?? assert.fail('not paid');
  world.refunds.makeByHand(transaction_id, {
    out_refund_no: outRefundNo,
    refundFen: newRefund().refundFen,
  });
  world.refunds.settle(outRefundNo, 'SUCCESS');
}

function statusNoted(bed: TestBed): unknown {
  const { refunds } = standing(bed).data;
  return Array.isArray(refunds) && refunds.map(({ status }) => status);
}

test('a refund made in the console is kept, noted in its order, and announced', async () => {
  const bed = await paidSeen();
  refundByHand(bed);
  assert.deepEqual(await look(bed, notice), done);
  const { status, outbox, dueAt, data } = standing(bed, refundKey);
  assert.deepEqual([status, outbox, dueAt, data['origin']], ['SUCCESS', [], undefined, 'console']);
  assert.deepEqual([standing(bed).status, statusNoted(bed)], ['PAID', ['SUCCESS']]);
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'refund.succeeded']);
  assert.equal(bed.events.published().at(-1)?.data['origin'], 'console');
  assert.equal(bed.world.callsOf('apply'), 0);
});

test('it counts for the sum of its order', async () => {
  const bed = await paidSeen();
  refundByHand(bed);
  await look(bed, notice);
  const tooMuch = await createRefund(bed, account, refundNamed('R-1002', 5801));
  assert.equal(tooMuch.ok || tooMuch.refusal.code, 'refund_exceeds');
  assert.ok((await createRefund(bed, account, refundNamed('R-1002', 5800))).ok);
});

test('one that is not over yet is looked at until it is, and then announced', async () => {
  const bed = await paidSeen();
  const { transaction_id } = bed.world.order(outTradeNo)?.payment ?? assert.fail('not paid');
  const { refundFen } = newRefund();
  bed.world.refunds.makeByHand(transaction_id, { out_refund_no: outRefundNo, refundFen });
  assert.deepEqual(await look(bed, notice), done);
  assert.deepEqual(
    [standing(bed, refundKey).status, eventTypesOf(bed)],
    ['PROCESSING', ['order.paid']],
  );
  bed.world.refunds.settle(outRefundNo, 'SUCCESS');
  await lifeOf(bed).untilRest();
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'refund.succeeded']);
  assert.deepEqual(statusNoted(bed), ['SUCCESS']);
});

test('a notice that comes fifteen times, and twice at once, adopts one refund', async () => {
  const bed = await paidSeen();
  refundByHand(bed);
  assert.deepEqual(await Promise.all([look(bed, notice), look(bed, notice)]), [done, done]);
  for (let copy = 0; copy < 13; copy += 1) {
    assert.deepEqual(await look(bed, notice), done);
  }
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'refund.succeeded']);
  assert.deepEqual(statusNoted(bed), ['SUCCESS']);
});

test('a refund of an order that nobody recorded is kept and announced, and makes no order', async () => {
  const bed = await paidUnseen();
  refundByHand(bed);
  bed.store.drop(orderKey);
  assert.deepEqual(await look(bed, notice), done);
  assert.deepEqual(eventTypesOf(bed), ['refund.succeeded']);
  assert.equal(bed.store.peek(orderKey), undefined);
});

test('a refund of an order that still waits tells us that it was paid: for a person', async () => {
  const bed = await paidUnseen();
  refundByHand(bed);
  assert.deepEqual(await look(bed, notice), done);
  const { status, data, dueAt } = standing(bed);
  assert.deepEqual([status, data['reviewReason'], data['late']], ['REVIEW', 'refund', undefined]);
  assert.deepEqual(
    [data['paidFen'], data['transaction_id'], dueAt],
    [8800, '4200A1001', undefined],
  );
  assert.deepEqual(eventTypesOf(bed), ['order.review', 'refund.succeeded']);
});

test('the notice of that payment then changes nothing any more', async () => {
  const bed = await paidUnseen();
  refundByHand(bed);
  await look(bed, notice);
  assert.deepEqual(await look(bed, hint({ says: 'SUCCESS' })), done);
  assert.equal(standing(bed).status, 'REVIEW');
  assert.deepEqual(eventTypesOf(bed), ['order.review', 'refund.succeeded']);
});

for (const status of ['CLOSED', 'REFUSED']) {
  test(`a refund of an order that is ${status} here goes to a person, as a late payment`, async () => {
    const bed = await paidUnseen();
    refundByHand(bed);
    bed.store.put(storedOrder(status));
    assert.deepEqual(await look(bed, notice), done);
    const { data } = standing(bed);
    assert.deepEqual(
      [standing(bed).status, data['reviewReason'], data['late']],
      ['REVIEW', 'refund', true],
    );
    assert.deepEqual(eventTypesOf(bed), ['order.review', 'refund.succeeded']);
    assert.equal(bed.world.callsOf('apply'), 0);
  });
}

test('a refund of a payment that nobody ordered is noted there', async () => {
  const bed = await paidUnseen();
  bed.store.drop(orderKey);
  await look(bed);
  refundByHand(bed);
  await look(bed, notice);
  assert.deepEqual([standing(bed).status, statusNoted(bed)], ['UNMATCHED', ['SUCCESS']]);
  assert.deepEqual(eventTypesOf(bed), ['order.unmatched', 'refund.succeeded']);
});

const nothing: Readonly<Record<string, RefundEvidence>> = {
  'that WeChat does not know': { type: 'not-found', code: 'RESOURCE_NOT_EXISTS' },
  'without an answer': { type: 'unknown', code: 'TIMEOUT' },
  'that WeChat refuses to tell': { type: 'fault', code: 'NO_AUTH' },
};
for (const [what, evidence] of Object.entries(nothing)) {
  test(`a notice about a refund ${what} stays in its queue and leaves no record`, async () => {
    const bed = await placed();
    const before = bed.store.records();
    bed.world.plan('refund-query', evidence);
    assert.deepEqual(await look(bed, notice), missing);
    assert.deepEqual([bed.store.records(), bed.events.sends()], [before, 0]);
  });
}

test('without time for a call a notice stays in its queue', async () => {
  const bed = createTestBed();
  bed.timeFor(0);
  assert.deepEqual(await look(bed, notice), missing);
  assert.equal(bed.world.callsOf(), 0);
});

test('neither a request nor a wake adopts a refund', async () => {
  const bed = await paidUnseen();
  refundByHand(bed);
  const calls = bed.world.callsOf();
  assert.deepEqual(await look(bed, refundHint({ reason: 'request' })), done);
  assert.deepEqual(await look(bed, wake({ subject: refundKey, origin: 'sweep' })), done);
  assert.deepEqual([bed.store.peek(refundKey), bed.world.callsOf()], [undefined, calls]);
});

test('a refund that is asked for here while it is adopted is one refund', async () => {
  const bed = await paidSeen();
  refundByHand(bed);
  bed.faults.store.plan('create', async () => {
    assert.ok((await createRefund(bed, account, newRefund())).ok);
  });
  assert.deepEqual(await look(bed, notice), done);
  assert.deepEqual([statusNoted(bed), bed.world.callsOf('apply')], [['SUCCESS'], 0]);
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'refund.succeeded']);
  assertFaultsCame(bed);
});

test('a number that was adopted cannot be asked for again', async () => {
  const bed = await paidSeen();
  refundByHand(bed);
  await look(bed, notice);
  const answer = await createRefund(bed, account, newRefund());
  assert.deepEqual(answer, { ok: false, refusal: { code: 'refund_conflict' } });
});
