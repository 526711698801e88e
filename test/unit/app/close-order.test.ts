import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeOrder } from '#app/close-order.ts';
import { isAppError } from '#core/errors.ts';
import { at } from '../../support/clock.ts';
import { hint, orderKey, outTradeNo, storedOrder, wake } from '../../support/order-builder.ts';
import { createTestBed } from '../../support/test-bed.ts';
import { assertFaultsCame, eventTypesOf, look, placed, standing } from './looking.ts';

test('a close writes that it is wanted now, hints, and closes nothing itself', async () => {
  const bed = await placed();
  bed.clock.advanceTo(at('2026-11-21T04:10:00Z'));
  const calls = bed.world.callsOf();
  assert.deepEqual(await closeOrder(bed, orderKey), { ok: true, value: { status: 'AWAITING' } });
  const { data, dueAt, status, version } = standing(bed);
  assert.deepEqual(
    [data['closeAt'], data['closeReason']],
    [at('2026-11-21T04:10:00Z'), 'requested'],
  );
  assert.deepEqual([status, version, dueAt], ['AWAITING', 1, at('2026-11-21T04:12:00Z')]);
  assert.deepEqual(bed.hints.messages(), [hint({ reason: 'request' })]);
  assert.equal(bed.world.callsOf(), calls);
});

test('the look that was hinted closes the order and says on whose wish', async () => {
  const bed = await placed();
  bed.clock.advance(60_000);
  await closeOrder(bed, orderKey);
  await look(bed, hint({ reason: 'request' }));
  assert.equal(bed.world.order(outTradeNo)?.state, 'CLOSED');
  assert.deepEqual(eventTypesOf(bed), ['order.closed']);
  assert.equal(bed.events.published()[0]?.data['reason'], 'requested');
});

test('a close of an order that its payer just paid ends as paid', async () => {
  const bed = await placed();
  bed.clock.advance(60_000);
  await closeOrder(bed, orderKey);
  bed.world.pay(outTradeNo);
  await look(bed, hint({ reason: 'request' }));
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

test('a close whose hint is lost is found by the sweep within two minutes', async () => {
  const bed = await placed();
  bed.clock.advance(60_000);
  bed.faults.hints.plan('send', 'fail');
  assert.ok((await closeOrder(bed, orderKey)).ok);
  assert.equal(standing(bed).dueAt, at('2026-11-21T04:03:00Z'));
  bed.clock.advance(120_000);
  await look(bed, wake({ origin: 'sweep' }));
  assert.equal(standing(bed).status, 'CLOSED');
});

test('a look that was under way does not put off a close whose hint is lost', async () => {
  const bed = await placed();
  const slot = at('2026-11-21T04:30:00Z');
  bed.clock.advanceTo(slot);
  bed.faults.hints.plan('send', 'fail');
  bed.world.plan('query', async (honest) => {
    const evidence = honest();
    assert.ok((await closeOrder(bed, orderKey)).ok);
    return evidence;
  });
  const ending = await look(bed, wake({ slot, hop: 6 }));
  const isRetried = ending.type === 'retry';
  assert.ok(isRetried || standing(bed).dueAt === at('2026-11-21T04:32:00Z'), 'within two minutes');
});

test('a close that is asked again keeps its first time and hints again', async () => {
  const bed = await placed();
  bed.clock.advance(60_000);
  await closeOrder(bed, orderKey);
  const before = standing(bed);
  bed.clock.advance(60_000);
  assert.ok((await closeOrder(bed, orderKey)).ok);
  assert.deepEqual(standing(bed), before);
  assert.equal(bed.hints.messages().length, 2);
});

test('a close of an order whose time is over only hints', async () => {
  const bed = await placed();
  bed.clock.advanceTo(at('2026-11-21T06:00:30Z'));
  const before = standing(bed);
  assert.ok((await closeOrder(bed, orderKey)).ok);
  assert.deepEqual([standing(bed), bed.hints.messages().length], [before, 1]);
});

test('a close of a closed order is answered and does nothing', async () => {
  const bed = createTestBed();
  bed.store.put(storedOrder('CLOSED'));
  assert.deepEqual(await closeOrder(bed, orderKey), { ok: true, value: { status: 'CLOSED' } });
  assert.deepEqual([bed.store.counts.amend, bed.hints.sends()], [0, 0]);
});

for (const status of ['PAID', 'REVIEW', 'REFUSED']) {
  test(`a close of ${status} is refused and changes nothing`, async () => {
    const bed = createTestBed();
    bed.store.put(storedOrder(status));
    const answer = await closeOrder(bed, orderKey);
    assert.deepEqual(answer, { ok: false, refusal: { code: 'order_settled' } });
    assert.deepEqual([bed.store.counts.amend, bed.hints.sends()], [0, 0]);
  });
}

test('a close of an order that nobody placed is refused', async () => {
  const bed = createTestBed();
  const answer = await closeOrder(bed, orderKey);
  assert.deepEqual(answer, { ok: false, refusal: { code: 'order_unknown' } });
  assert.deepEqual(bed.store.records(), []);
});

test('a close of a record that cannot be read is refused', async () => {
  const bed = createTestBed();
  bed.store.put(storedOrder('AWAITING', { data: { closeAt: 'soon' } }));
  const answer = await closeOrder(bed, orderKey);
  assert.deepEqual(answer, { ok: false, refusal: { code: 'record_undecodable' } });
});

test('a close that meets the payment refuses', async () => {
  const bed = await placed();
  bed.clock.advance(60_000);
  bed.faults.store.plan('amend', async () => {
    bed.world.pay(outTradeNo);
    await look(bed);
  });
  const answer = await closeOrder(bed, orderKey);
  assert.deepEqual(answer, { ok: false, refusal: { code: 'order_settled' } });
  assertFaultsCame(bed);
});

for (const fault of ['unknown-done', 'unknown-not-done', 'lost-done'] as const) {
  test(`a close whose write ends ${fault} is written and hinted`, async () => {
    const bed = await placed();
    bed.clock.advance(60_000);
    bed.faults.store.plan('amend', fault);
    assert.ok((await closeOrder(bed, orderKey)).ok);
    assert.equal(standing(bed).data['closeReason'], 'requested');
    assert.equal(bed.hints.messages().length, 1);
  });
}

test('a close that cannot be written says so', async () => {
  const bed = await placed();
  bed.clock.advance(60_000);
  const faults = ['unknown-not-done', 'unknown-not-done', 'unknown-not-done'] as const;
  bed.faults.store.plan('amend', ...faults, 'fail');
  const answer = await closeOrder(bed, orderKey);
  assert.deepEqual(answer, { ok: false, refusal: { code: 'store_unavailable' } });
  await assert.rejects(() => closeOrder(bed, orderKey), isAppError);
  assert.equal(bed.hints.sends(), 0);
});
