import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRefund } from '#app/create-refund.ts';
import { isAppError } from '#core/errors.ts';
import { at } from '../../support/clock.ts';
import { account, orderKey } from '../../support/order-builder.ts';
import {
  newRefund,
  outRefundNo,
  refundHint,
  refundKey,
  refundNamed,
  refundWake,
} from '../../support/refund-builder.ts';
import type { TestBed } from '../../support/test-bed.ts';
import { lifeOf } from './living.ts';
import { assertFaultsCame, eventTypesOf, look, paidSeen, standing } from './looking.ts';

const done = { type: 'done' };
const unanswered = { type: 'done', unanswered: true };
const timeout = { type: 'unknown', code: 'TIMEOUT' } as const;

async function started(): Promise<TestBed> {
  const bed = await paidSeen();
  assert.ok((await createRefund(bed, account, newRefund())).ok);
  return bed;
}

async function processing(): Promise<TestBed> {
  const bed = await started();
  await look(bed, refundWake());
  assert.equal(standing(bed, refundKey).status, 'PROCESSING');
  return bed;
}

function statusNoted(bed: TestBed): unknown {
  const { refunds } = standing(bed).data;
  return Array.isArray(refunds) && refunds[0]?.status;
}

test('an ABNORMAL refund is announced, looked at daily, and can still succeed', async () => {
  const bed = await processing();
  const life = lifeOf(bed);
  bed.world.refunds.settle(outRefundNo, 'ABNORMAL');
  await life.until(at('2026-11-21T04:05:00Z'));
  assert.deepEqual([standing(bed, refundKey).status, statusNoted(bed)], ['ABNORMAL', 'ABNORMAL']);
  const queries = bed.world.callsOf('refund-query');
  await life.until(at('2026-11-24T05:00:00Z'));
  assert.equal(bed.world.callsOf('refund-query'), queries + 3);
  bed.world.refunds.settle(outRefundNo, 'SUCCESS');
  await life.untilRest();
  assert.deepEqual([standing(bed, refundKey).status, statusNoted(bed)], ['SUCCESS', 'SUCCESS']);
  const types = eventTypesOf(bed);
  assert.deepEqual(types, ['order.paid', 'refund.abnormal', 'refund.succeeded']);
});

test('a refund that WeChat closed is announced, and its amount can be refunded again', async () => {
  const bed = await processing();
  bed.world.refunds.settle(outRefundNo, 'CLOSED');
  await lifeOf(bed).untilRest();
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'refund.closed']);
  assert.deepEqual([statusNoted(bed), standing(bed).status], ['CLOSED', 'PAID']);
  assert.ok((await createRefund(bed, account, refundNamed('R-1002', 8800))).ok);
});

for (const state of ['SUCCESS', 'CLOSED'] as const) {
  test(`notices and wakes about a refund that is ${state} cost no call to WeChat`, async () => {
    const bed = await processing();
    bed.world.refunds.settle(outRefundNo, state);
    await look(bed, refundWake());
    const [calls, sends] = [bed.world.callsOf(), bed.timers.sends()];
    const before = standing(bed, refundKey);
    for (const message of [refundHint({ says: 'SUCCESS' }), refundHint(), refundWake()]) {
      assert.deepEqual(await look(bed, message), done);
    }
    assert.deepEqual([bed.world.callsOf(), bed.timers.sends()], [calls, sends]);
    assert.deepEqual(standing(bed, refundKey), before);
  });
}

test('a look by request is made even at the end, and changes nothing there', async () => {
  const bed = await processing();
  bed.world.refunds.settle(outRefundNo, 'SUCCESS');
  await look(bed, refundWake());
  const queries = bed.world.callsOf('refund-query');
  assert.deepEqual(await look(bed, refundHint({ reason: 'request' })), done);
  assert.deepEqual([bed.world.callsOf('refund-query'), bed.events.sends()], [queries + 1, 2]);
});

test('an account that WeChat refuses is a fault, looked at hourly', async () => {
  const bed = await started();
  bed.world.plan('apply', { type: 'fault', code: 'NO_AUTH' });
  assert.deepEqual(await look(bed, refundWake()), unanswered);
  assert.equal(bed.telemetry.countOf('wechat_fault', 'NO_AUTH'), 1);
  assert.equal(standing(bed, refundKey).dueAt, at('2026-11-21T05:00:20Z'));
});

test('a refund is not let go, however long WeChat does not answer', async () => {
  const bed = await started();
  bed.world.plan('refund-query', ...Array.from({ length: 500 }, () => timeout));
  const life = lifeOf(bed);
  await life.until(at('2026-12-05T04:00:00Z'));
  bed.world.unplan();
  await life.until(at('2026-12-05T06:00:00Z'));
  assert.equal(standing(bed, refundKey).status, 'PROCESSING');
});

test('an answered look that finds no refund which was accepted is owed again', async () => {
  const bed = await processing();
  bed.world.plan('refund-query', { type: 'not-found', code: 'RESOURCE_NOT_EXISTS' });
  assert.deepEqual(await look(bed, refundWake()), unanswered);
  assert.deepEqual(
    [standing(bed, refundKey).status, bed.world.callsOf('apply')],
    ['PROCESSING', 1],
  );
});

for (const [title, calls, made] of [
  ['no call nothing is asked', 0, ['query', 0, 'apply', 0]],
  ['the query alone no apply is begun', 1, ['query', 1, 'apply', 0]],
  ['the apply but not for the query after it nothing is concluded', 2, ['query', 1, 'apply', 1]],
] as const) {
  test(`with time for ${title}`, async () => {
    const bed = await started();
    bed.timeFor(calls);
    assert.deepEqual(await look(bed, refundWake()), unanswered);
    const { world } = bed;
    assert.deepEqual(
      ['query', world.callsOf('refund-query'), 'apply', world.callsOf('apply')],
      made,
    );
    assert.equal(standing(bed, refundKey).status, 'CREATED');
  });
}

test('an order that is busy is told of its refund in the end, and the event comes after', async () => {
  const bed = await processing();
  bed.world.refunds.settle(outRefundNo, 'SUCCESS');
  bed.faults.store.plan(
    'commit',
    'pass',
    'unknown-not-done',
    'unknown-not-done',
    'unknown-not-done',
  );
  await assert.rejects(
    () => look(bed, refundWake()),
    (error) => isAppError(error) && error.code === 'store_unavailable',
  );
  const owing = standing(bed, refundKey);
  assert.deepEqual(
    [owing.status, owing.outbox.map(({ type }) => type), statusNoted(bed)],
    ['SUCCESS', ['tell', 'event'], 'CREATED'],
  );
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
  await lifeOf(bed).untilRest();
  assert.deepEqual([statusNoted(bed), eventTypesOf(bed).length], ['SUCCESS', 2]);
  assertFaultsCame(bed);
});

for (const fault of ['unknown-done', 'lost-done'] as const) {
  test(`an order whose commit ends ${fault} learns of its refund once`, async () => {
    const bed = await processing();
    const { version } = standing(bed);
    bed.world.refunds.settle(outRefundNo, 'SUCCESS');
    bed.faults.store.plan('commit', 'pass', fault);
    assert.deepEqual(await look(bed, refundWake()), done);
    assert.deepEqual([statusNoted(bed), standing(bed).version], ['SUCCESS', version + 1]);
    assertFaultsCame(bed);
  });
}

test('an order that cannot be read keeps its refund owing, and nothing of it is announced', async () => {
  const bed = await processing();
  const order = standing(bed);
  bed.store.put({ ...order, data: { ...order.data, amountFen: 'many' } });
  bed.world.refunds.settle(outRefundNo, 'SUCCESS');
  await assert.rejects(
    () => look(bed, refundWake()),
    (error) => isAppError(error) && error.code === 'record_undecodable',
  );
  assert.deepEqual(
    [standing(bed, refundKey).outbox.length, eventTypesOf(bed)],
    [2, ['order.paid']],
  );
});

test('a refund whose order is gone is announced all the same', async () => {
  const bed = await processing();
  bed.store.drop(orderKey);
  bed.world.refunds.settle(outRefundNo, 'SUCCESS');
  assert.deepEqual(await look(bed, refundWake()), done);
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'refund.succeeded']);
  assert.equal(bed.store.peek(orderKey), undefined);
});

test('what the order owes itself is out before it learns of a refund', async () => {
  const bed = await processing();
  const order = standing(bed);
  const owed = { type: 'event', event: 'order.review', n: 1, at: bed.clock.now() } as const;
  bed.store.put({ ...order, outbox: [owed], eventCounts: { 'order.review': 1 } });
  bed.world.refunds.settle(outRefundNo, 'SUCCESS');
  await look(bed, refundWake());
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'order.review', 'refund.succeeded']);
});
