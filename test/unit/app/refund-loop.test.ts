import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRefund } from '#app/create-refund.ts';
import type { ApplyOutcome, RefundEvidence } from '#core/evidence.ts';
import { at } from '../../support/clock.ts';
import { account, outTradeNo } from '../../support/order-builder.ts';
import {
  newRefund,
  outRefundNo,
  refundHint,
  refundKey,
  refundWake,
} from '../../support/refund-builder.ts';
import type { TestBed } from '../../support/test-bed.ts';
import { lifeOf } from './living.ts';
import { eventTypesOf, look, paidSeen, standing } from './looking.ts';

const done = { type: 'done' };
const unanswered = { type: 'done', unanswered: true };
const notFound: RefundEvidence = { type: 'not-found', code: 'RESOURCE_NOT_EXISTS' };
const timeout = { type: 'unknown', code: 'TIMEOUT' } as const;

/** A refund that was asked for at 04:00:20 and that nobody has applied for yet. */
async function started(): Promise<TestBed> {
  const bed = await paidSeen();
  assert.ok((await createRefund(bed, account, newRefund())).ok);
  return bed;
}

/** The same, accepted by WeChat in its first look. */
async function processing(): Promise<TestBed> {
  const bed = await started();
  assert.deepEqual(await look(bed, refundWake()), done);
  assert.equal(standing(bed, refundKey).status, 'PROCESSING');
  return bed;
}

function notesOf(bed: TestBed): unknown {
  return standing(bed).data['refunds'];
}

function noted(status: string) {
  return [
    { out_refund_no: 'R-1001', refundFen: 3000, startAt: at('2026-11-21T04:00:20Z'), status },
  ];
}

test('a refund is started, applied for once, looked at and announced; then all rests', async () => {
  const bed = await started();
  const life = lifeOf(bed);
  await life.until(at('2026-11-21T04:00:30Z'));
  assert.equal(standing(bed, refundKey).status, 'PROCESSING');
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
  bed.world.refunds.settle(outRefundNo, 'SUCCESS');
  await life.untilRest();
  const { status, dueAt, outbox } = standing(bed, refundKey);
  assert.deepEqual([status, dueAt, outbox], ['SUCCESS', undefined, []]);
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'refund.succeeded']);
  assert.deepEqual([notesOf(bed), standing(bed).status], [noted('SUCCESS'), 'PAID']);
  assert.equal(bed.world.callsOf('apply'), 1);
});

test('the event of a refund says what went back, and nothing of the payer', async () => {
  const bed = await processing();
  bed.clock.advanceTo(at('2026-11-21T04:01:00Z'));
  bed.world.refunds.settle(outRefundNo, 'SUCCESS');
  await look(bed, refundWake());
  const { refund_id } = standing(bed, refundKey).data;
  assert.deepEqual(bed.events.published().at(-1), {
    specversion: '1.0',
    id: 'refund#1900000001#R-1001/refund.succeeded/1',
    source: '/accounts/shop',
    type: 'refund.succeeded',
    subject: 'refund#1900000001#R-1001',
    time: '2026-11-21T04:01:00.000Z',
    datacontenttype: 'application/json',
    sequence: '0000000003',
    data: {
      mchid: '1900000001',
      out_refund_no: 'R-1001',
      status: 'SUCCESS',
      out_trade_no: 'A-1001',
      transaction_id: '4200A1001',
      amount: { refund: 3000, total: 8800, currency: 'CNY' },
      origin: 'request',
      refund_id,
      success_time: '2026-11-21T04:01:00.000Z',
    },
  });
});

test('what is applied for is what was asked for, with the number and the total of the order', async () => {
  const bed = await paidSeen();
  const request = newRefund({ reason: '少发一件', funds_account: 'AVAILABLE' });
  await createRefund(bed, account, request);
  await look(bed, refundWake());
  assert.deepEqual(bed.world.refunds.refund(outRefundNo)?.request, {
    out_refund_no: 'R-1001',
    transaction_id: '4200A1001',
    refundFen: 3000,
    totalFen: 8800,
    currency: 'CNY',
    reason: '少发一件',
    funds_account: 'AVAILABLE',
    notify_url: 'https://pay.example.com/notify/shop',
  });
});

test('an apply whose answer is lost is found by the query of the same look', async () => {
  const bed = await started();
  bed.world.plan('apply', (honest) => {
    honest();
    return timeout;
  });
  assert.deepEqual(await look(bed, refundWake()), done);
  assert.equal(standing(bed, refundKey).status, 'PROCESSING');
});

test('an apply of which nobody knows is looked for first, and not repeated when it is there', async () => {
  const bed = await started();
  bed.world.plan('apply', (honest) => {
    honest();
    return timeout;
  });
  bed.world.plan('refund-query', 'honest', timeout);
  assert.deepEqual(await look(bed, refundWake()), unanswered);
  assert.equal(standing(bed, refundKey).status, 'CREATED');
  await lifeOf(bed).until(at('2026-11-21T04:03:00Z'));
  assert.equal(standing(bed, refundKey).status, 'PROCESSING');
  assert.equal(bed.world.callsOf('apply'), 1);
});

test('an apply that did not arrive is repeated with the same number and parameters', async () => {
  const bed = await started();
  bed.world.plan('apply', timeout, { type: 'unknown', code: 'SYSTEM_ERROR' });
  await lifeOf(bed).until(at('2026-11-21T04:10:00Z'));
  assert.equal(standing(bed, refundKey).status, 'PROCESSING');
  assert.deepEqual(
    [bed.world.callsOf('apply'), bed.world.refunds.refundsOf(outTradeNo).length],
    [3, 1],
  );
});

test('a balance that does not suffice holds the refund up until it is topped up', async () => {
  const bed = await started();
  const life = lifeOf(bed);
  bed.world.refunds.limitBalance(2999);
  await life.until(at('2026-11-21T04:59:00Z'));
  assert.equal(bed.telemetry.countOf('overdue'), 0);
  await life.until(at('2026-11-21T07:00:00Z'));
  assert.deepEqual(
    [standing(bed, refundKey).status, eventTypesOf(bed)],
    ['CREATED', ['order.paid']],
  );
  assert.ok(bed.telemetry.countOf('overdue', 'NOT_ENOUGH') >= 1, 'a human is told');
  bed.world.refunds.limitBalance(3000);
  await life.until(at('2026-11-21T08:30:00Z'));
  assert.equal(standing(bed, refundKey).status, 'PROCESSING');
  assert.equal(bed.world.refunds.refundsOf(outTradeNo).length, 1);
});

test('a refusal is believed only when two queries a minute apart find nothing', async () => {
  const bed = await started();
  bed.world.plan('apply', { type: 'refused', code: 'USER_ACCOUNT_ABNORMAL' });
  assert.deepEqual(await look(bed, refundWake()), done);
  const first = standing(bed, refundKey);
  assert.deepEqual([first.status, first.dueAt], ['CREATED', at('2026-11-21T04:01:20Z')]);
  assert.deepEqual([notesOf(bed), eventTypesOf(bed)], [noted('CREATED'), ['order.paid']]);
  bed.clock.advanceTo(at('2026-11-21T04:01:19Z'));
  assert.deepEqual(await look(bed, refundWake()), done);
  assert.equal(standing(bed, refundKey).status, 'CREATED');
  await lifeOf(bed).untilRest();
  assert.equal(standing(bed, refundKey).status, 'REFUSED');
  assert.deepEqual([notesOf(bed), standing(bed).status], [noted('REFUSED'), 'PAID']);
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'refund.refused']);
  assert.equal(bed.events.published().at(-1)?.data['reason'], 'USER_ACCOUNT_ABNORMAL');
  assert.equal(bed.world.callsOf('apply'), 1);
});

test('a refusal of what WeChat accepted after all is not believed', async () => {
  const bed = await started();
  bed.world.plan('apply', (honest): ApplyOutcome => {
    honest();
    return { type: 'refused', code: 'INVALID_REQUEST' };
  });
  bed.world.plan('refund-query', 'honest', notFound);
  await look(bed, refundWake());
  assert.equal(standing(bed, refundKey).data['refusal'], 'INVALID_REQUEST');
  await lifeOf(bed).until(at('2026-11-21T04:02:00Z'));
  const { status, data } = standing(bed, refundKey);
  assert.deepEqual(
    [status, data['refusal'], data['refusedAt']],
    ['PROCESSING', undefined, undefined],
  );
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

test('a refund that was given up and succeeded after all says so', async () => {
  const bed = await started();
  bed.world.plan('apply', (honest): ApplyOutcome => {
    honest();
    return { type: 'refused', code: 'INVALID_REQUEST' };
  });
  bed.world.plan('refund-query', 'honest', notFound, notFound);
  await lifeOf(bed).untilRest();
  assert.equal(standing(bed, refundKey).status, 'REFUSED');
  bed.world.refunds.settle(outRefundNo, 'SUCCESS');
  assert.deepEqual(await look(bed, refundHint({ says: 'SUCCESS' })), done);
  assert.deepEqual([standing(bed, refundKey).status, notesOf(bed)], ['SUCCESS', noted('SUCCESS')]);
  const types = eventTypesOf(bed);
  assert.deepEqual(types, ['order.paid', 'refund.refused', 'refund.succeeded']);
});

test('a number that WeChat knows as another refund is refused, and the other left alone', async () => {
  const bed = await started();
  const { transaction_id = '' } = bed.world.order(outTradeNo)?.payment ?? {};
  const { refundFen } = newRefund();
  bed.world.refunds.makeByHand(transaction_id, { out_refund_no: outRefundNo, refundFen });
  const asHand = await bed.world.refundGateway.query(account, outRefundNo);
  assert.ok(asHand.type === 'state');
  const facts = { ...asHand.facts, refundFen: asHand.facts.totalFen };
  bed.world.plan('refund-query', { ...asHand, facts });
  await lifeOf(bed).untilRest();
  assert.equal(standing(bed, refundKey).status, 'REFUSED');
  assert.equal(bed.world.callsOf('apply'), 0);
});

test('notices ahead of the query are repeated after 5, 15 and 45 s; then the plan goes on', async () => {
  const bed = await processing();
  const before = standing(bed, refundKey);
  for (const [receiveCount, afterMs] of [
    [1, 5_000],
    [2, 15_000],
    [3, 45_000],
  ] as const) {
    const ending = await look(bed, refundHint({ says: 'SUCCESS' }), receiveCount);
    assert.deepEqual(ending, { type: 'retry', reason: 'notice_ahead', afterMs });
  }
  assert.deepEqual(await look(bed, refundHint({ says: 'SUCCESS' }), 4), done);
  assert.deepEqual(standing(bed, refundKey), before);
});
