import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRefund } from '#app/create-refund.ts';
import { resolveOrder } from '#app/resolve-order.ts';
import { isAppError } from '#core/errors.ts';
import type { ResolveAction } from '#core/subjects/order/order.ts';
import { isObject } from '#core/values/json.ts';
import { at } from '../../support/clock.ts';
import {
  account,
  hint,
  orderKey,
  outTradeNo,
  storedOrder,
  wake,
} from '../../support/order-builder.ts';
import { backRefundNo, newRefund, refundKeyOf } from '../../support/refund-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { dieEverywhere, handledTypesOf } from './dying.ts';
import { lifeOf } from './living.ts';
import { assertFaultsCame, eventTypesOf, look, placed, standing } from './looking.ts';

const done = { type: 'done' };
const requested = hint({ reason: 'request' });
const inReview = { ok: true, value: { status: 'REVIEW' } };
const backKey = refundKeyOf(backRefundNo);

function decided(action: ResolveAction, changes: { by?: string; why?: string } = {}) {
  return { action, by: 'lin', why: 'called the payer', ...changes };
}

function resolve(bed: TestBed, action: ResolveAction) {
  return resolveOrder(bed, orderKey, decided(action));
}

async function codeOf(bed: TestBed, asked = decided('accept')): Promise<string> {
  const answer = await resolveOrder(bed, orderKey, asked);
  return answer.ok ? answer.value.status : answer.refusal.code;
}

/** Paid with 1 yuan instead of 88, and so with a person; it is 04:00:20. */
async function underpaid(): Promise<TestBed> {
  const bed = await placed();
  bed.clock.advance(20_000);
  bed.world.pay(outTradeNo, { amountFen: 100 });
  await look(bed);
  assert.equal(standing(bed).status, 'REVIEW');
  return bed;
}

/** WeChat did not know it although we hold its link, so it is with a person; it is 06:02. */
function notFound(): TestBed {
  const bed = createTestBed();
  const data = { reviewReason: 'not-found', closeReason: 'expired' };
  const { transaction_id: _, paidFen: __, ...rest } = storedOrder('REVIEW', { data }).data;
  bed.store.put({ ...storedOrder('REVIEW'), data: rest });
  bed.clock.advanceTo(at('2026-11-21T06:02:00Z'));
  return bed;
}

/** How the last resolution ended; none is left to carry out. */
function outcomeOf(bed: TestBed): unknown {
  const { resolved, resolution } = standing(bed).data;
  assert.equal(resolution, undefined);
  return isObject(resolved) ? resolved['outcome'] : undefined;
}

test('a resolution is noted and hinted, and decides nothing itself', async () => {
  const bed = await underpaid();
  const calls = bed.world.callsOf();
  assert.deepEqual(await resolve(bed, 'accept'), inReview);
  const { data, status, dueAt } = standing(bed);
  assert.deepEqual(data['resolution'], { ...decided('accept'), at: at('2026-11-21T04:00:20Z') });
  assert.deepEqual([status, dueAt], ['REVIEW', at('2026-11-21T04:02:20Z')]);
  assert.deepEqual(bed.hints.messages(), [requested]);
  assert.deepEqual([bed.world.callsOf(), eventTypesOf(bed)], [calls, ['order.review']]);
});

test('an accepted payment is announced as paid, and by whom it was accepted', async () => {
  const bed = await underpaid();
  await resolve(bed, 'accept');
  assert.deepEqual(await look(bed, requested), done);
  const { status, data, dueAt } = standing(bed);
  assert.deepEqual([status, data['reviewReason'], dueAt], ['PAID', undefined, undefined]);
  assert.equal(outcomeOf(bed), 'done');
  assert.deepEqual(eventTypesOf(bed), ['order.review', 'order.paid']);
  const told = bed.events.published().at(-1)?.data ?? {};
  assert.deepEqual(
    [told['accepted_by'], told['paid_total'], told['amount']],
    ['lin', 100, { total: 8800, currency: 'CNY' }],
  );
});

test('what was accepted is no contradiction afterwards', async () => {
  const bed = await underpaid();
  await resolve(bed, 'accept');
  await look(bed, requested);
  const before = standing(bed);
  assert.deepEqual(await look(bed, hint({ reason: 'bill' })), done);
  assert.deepEqual(standing(bed), before);
});

test('a payment that a person gives back is refunded whole, and never announced as paid', async () => {
  const bed = await underpaid();
  await resolve(bed, 'refund');
  const life = lifeOf(bed);
  await life.until(at('2026-11-21T04:05:00Z'));
  assert.deepEqual([standing(bed).status, outcomeOf(bed)], ['PAID', 'done']);
  const { request } = bed.world.refunds.refund(backRefundNo) ?? assert.fail('a refund');
  assert.deepEqual([request.refundFen, request.totalFen], [100, 100]);
  bed.world.refunds.settle(backRefundNo, 'SUCCESS');
  await life.untilRest();
  assert.deepEqual(eventTypesOf(bed), ['order.review', 'refund.succeeded']);
  assert.equal(bed.events.published().at(-1)?.data['origin'], 'resolve');
});

test('an order without money is closed at WeChat and here', async () => {
  const bed = notFound();
  assert.deepEqual(await resolve(bed, 'close'), inReview);
  assert.deepEqual(await look(bed, requested), done);
  assert.deepEqual([standing(bed).status, outcomeOf(bed)], ['CLOSED', 'done']);
  assert.equal(bed.world.callsOf('close'), 1);
  assert.deepEqual(eventTypesOf(bed), ['order.closed']);
  assert.equal(bed.events.published()[0]?.data['reason'], 'resolved');
  assert.equal(bed.timers.queued()[0]?.availableAt, at('2026-11-21T06:12:00Z'));
});

test('an order whose money went back can be closed', async () => {
  const bed = await underpaid();
  const { out_refund_no } = newRefund();
  const refundFen = bed.world.order(outTradeNo)?.payment?.amountFen ?? assert.fail();
  bed.world.refunds.makeByHand('4200A1001', { out_refund_no, refundFen });
  await resolve(bed, 'close');
  await look(bed, requested);
  assert.deepEqual([standing(bed).status, bed.world.callsOf('close')], ['CLOSED', 0]);
});

test('a close that WeChat does not answer stays owed until it does', async () => {
  const bed = notFound();
  await resolve(bed, 'close');
  bed.world.plan('close', { type: 'unknown', code: 'TIMEOUT' });
  assert.deepEqual(await look(bed, requested), { type: 'done', unanswered: true });
  assert.equal(standing(bed).status, 'REVIEW');
  await lifeOf(bed).untilRest();
  assert.deepEqual([standing(bed).status, outcomeOf(bed)], ['CLOSED', 'done']);
});

test('what WeChat does not allow is noted as impossible, and something else may be decided', async () => {
  const bed = await underpaid();
  await resolve(bed, 'close');
  assert.deepEqual(await look(bed, requested), done);
  const { status, data, dueAt } = standing(bed);
  assert.deepEqual([status, data['reviewReason'], dueAt], ['REVIEW', 'amount', undefined]);
  assert.equal(outcomeOf(bed), 'impossible');
  assert.deepEqual([eventTypesOf(bed), bed.world.callsOf('close')], [['order.review'], 0]);
  assert.equal(await codeOf(bed, decided('refund')), 'REVIEW');
  await look(bed, requested);
  assert.deepEqual([standing(bed).status, outcomeOf(bed)], ['PAID', 'done']);
});

for (const action of ['accept', 'refund'] as const) {
  test(`to ${action} what nobody paid is impossible, be it unknown at WeChat or not`, async () => {
    const unpaid = await placed();
    const bare = standing(unpaid);
    const data = { ...bare.data, reviewReason: 'not-found' };
    unpaid.store.put({ ...bare, status: 'REVIEW', data });
    for (const bed of [notFound(), unpaid]) {
      await resolve(bed, action);
      await look(bed, requested);
      assert.deepEqual([standing(bed).status, outcomeOf(bed)], ['REVIEW', 'impossible']);
      assert.deepEqual([eventTypesOf(bed), bed.store.peek(backKey)], [[], undefined]);
    }
  });
}

test('to refund what is being refunded is impossible', async () => {
  const bed = await underpaid();
  const refundFen = bed.world.order(outTradeNo)?.payment?.amountFen ?? assert.fail();
  assert.ok((await createRefund(bed, account, newRefund({ refundFen }))).ok);
  await resolve(bed, 'refund');
  await look(bed, requested);
  assert.deepEqual([outcomeOf(bed), bed.store.peek(backKey)], ['impossible', undefined]);
});

test('the same decision again is answered and hinted again, and noted once', async () => {
  const bed = await underpaid();
  await resolve(bed, 'accept');
  const before = standing(bed);
  bed.clock.advance(60_000);
  assert.deepEqual(await resolve(bed, 'accept'), inReview);
  assert.deepEqual([standing(bed), bed.hints.messages().length], [before, 2]);
});

for (const other of [
  decided('refund'),
  decided('accept', { by: 'wang' }),
  decided('accept', { why: 'no answer' }),
]) {
  test(`another decision while one is carried out is a conflict: ${JSON.stringify(other)}`, async () => {
    const bed = await underpaid();
    await resolve(bed, 'accept');
    const [before, hints] = [standing(bed), bed.hints.sends()];
    assert.equal(await codeOf(bed, other), 'order_conflict');
    assert.deepEqual([standing(bed), bed.hints.sends()], [before, hints]);
  });
}

test('of two decisions at once one is carried out', async () => {
  const bed = await underpaid();
  const codes = await Promise.all([codeOf(bed), codeOf(bed, decided('refund'))]);
  assert.deepEqual(codes.sort(), ['REVIEW', 'order_conflict']);
});

for (const status of ['CREATED', 'AWAITING', 'PAID', 'CLOSED', 'REFUSED']) {
  test(`an order that is ${status} has nothing to resolve`, async () => {
    const bed = createTestBed();
    bed.store.put(storedOrder(status));
    assert.equal(await codeOf(bed), 'order_not_in_review');
    assert.deepEqual([bed.store.counts.commit, bed.hints.sends()], [0, 0]);
  });
}

test('an order that nobody placed is refused', async () => {
  const bed = createTestBed();
  assert.equal(await codeOf(bed), 'order_unknown');
  assert.deepEqual(bed.store.records(), []);
});

test('a resolution whose hint is lost is found by the sweep within two minutes', async () => {
  const bed = await underpaid();
  bed.faults.hints.plan('send', 'fail');
  assert.deepEqual(await resolve(bed, 'accept'), inReview);
  bed.timers.take();
  await lifeOf(bed).until(at('2026-11-21T04:03:00Z'));
  assert.equal(standing(bed).status, 'PAID');
  assertFaultsCame(bed);
});

for (const fault of ['unknown-done', 'unknown-not-done', 'lost-done'] as const) {
  test(`a resolution whose commit ends ${fault} is noted once`, async () => {
    const bed = await underpaid();
    const { version } = standing(bed);
    bed.faults.store.plan('commit', fault);
    assert.deepEqual(await resolve(bed, 'accept'), inReview);
    assert.equal(standing(bed).version, version + 1);
    assertFaultsCame(bed);
  });
}

test('a resolution that cannot be noted says so', async () => {
  const bed = await underpaid();
  const faults = ['unknown-not-done', 'unknown-not-done', 'unknown-not-done'] as const;
  bed.faults.store.plan('commit', ...faults, 'fail');
  assert.equal(await codeOf(bed), 'store_unavailable');
  await assert.rejects(() => resolve(bed, 'accept'), isAppError);
  assert.equal(bed.hints.sends(), 0);
});

test('looks without an answer leave a resolution open, however it was decided', async () => {
  for (const action of ['accept', 'refund', 'close'] as const) {
    const bed = await underpaid();
    await resolve(bed, action);
    bed.world.plan(
      'query',
      { type: 'unknown', code: 'TIMEOUT' },
      { type: 'fault', code: 'NO_AUTH' },
    );
    await look(bed, requested);
    await look(bed, wake({ origin: 'sweep' }));
    assert.notEqual(standing(bed).data['resolution'], undefined, action);
    assert.ok(standing(bed).dueAt !== undefined, action);
  }
});

for (const action of ['accept', 'refund'] as const) {
  test(`who dies anywhere while a person's ${action} is noted or done does it once`, async () => {
    await dieEverywhere(7, {
      prepare: underpaid,
      job: async (bed) => {
        await resolve(bed, action);
        await look(bed, requested);
      },
      after: async (bed, where) => {
        if (standing(bed).status === 'REVIEW') {
          assert.deepEqual(await resolve(bed, action), inReview, where);
        }
        await lifeOf(bed).until(at('2026-11-21T05:00:00Z'));
        assert.deepEqual([standing(bed).status, outcomeOf(bed)], ['PAID', 'done'], where);
        const isRefund = action === 'refund';
        const types = isRefund ? ['order.review'] : ['order.review', 'order.paid'];
        assert.deepEqual(handledTypesOf(bed), types, where);
        const refunds = bed.world.refunds.refundsOf(outTradeNo).length;
        assert.equal(refunds, isRefund ? 1 : 0, where);
      },
    });
  });
}
