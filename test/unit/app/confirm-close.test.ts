import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '#core/errors.ts';
import { at } from '../../support/clock.ts';
import { hint, outTradeNo, paidEvidence, storedOrder, wake } from '../../support/order-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { eventTypesOf, look, placed, standing } from './looking.ts';

const done = { type: 'done' };
const swept = wake({ origin: 'sweep' });
const afterExpiry = at('2026-11-21T06:00:30Z');

async function expired(): Promise<TestBed> {
  const bed = await placed();
  bed.clock.advanceTo(afterExpiry);
  bed.timers.take();
  return bed;
}

test('an order that nobody paid is closed at WeChat, looked at, and closed here', async () => {
  const bed = await expired();
  const queries = bed.world.callsOf('query');
  assert.deepEqual(await look(bed, swept), done);
  assert.equal(bed.world.order(outTradeNo)?.state, 'CLOSED');
  assert.equal(bed.world.callsOf('query'), queries + 2);
  assert.deepEqual([standing(bed).status, standing(bed).dueAt], ['CLOSED', undefined]);
  assert.deepEqual(eventTypesOf(bed), ['order.closed']);
  assert.equal(bed.events.published()[0]?.data['reason'], 'expired');
});

test('a closed order is looked at once more ten minutes later, and then rests', async () => {
  const bed = await expired();
  await look(bed, swept);
  const [queued] = bed.timers.queued();
  assert.equal(queued?.availableAt, at('2026-11-21T06:10:30Z'));
  const [message] = bed.timers.messages();
  bed.clock.advanceTo(at('2026-11-21T06:10:30Z'));
  bed.timers.take();
  const queries = bed.world.callsOf('query');
  assert.deepEqual(await look(bed, message), done);
  assert.deepEqual([bed.world.callsOf('query'), bed.timers.queued()], [queries + 1, []]);
  assert.equal(standing(bed).version, 2);
});

test('a payment that the after-close look finds is announced as late', async () => {
  const bed = await expired();
  await look(bed, swept);
  bed.world.plan('query', paidEvidence());
  await look(bed, wake({ origin: 'after-close' }));
  assert.deepEqual(eventTypesOf(bed), ['order.closed', 'order.paid_late']);
});

test('an order closed here that is payable at WeChat never rests', async () => {
  const bed = await expired();
  await look(bed, swept);
  bed.world.force(outTradeNo, 'NOTPAY');
  bed.world.plan('close', { type: 'unknown', code: 'TIMEOUT' });
  await look(bed, wake({ origin: 'after-close' }));
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['CLOSED', ['order.closed']]);
  assert.ok(standing(bed).dueAt !== undefined);
});

test('a close that WeChat refuses is tried again by the plan, without an event', async () => {
  const bed = await expired();
  bed.world.force(outTradeNo, 'NOTPAY');
  bed.world.plan('close', { type: 'unknown', code: 'FREQUENCY_LIMITED' });
  assert.deepEqual(await look(bed, swept), done);
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['AWAITING', []]);
  assert.equal(standing(bed).dueAt, at('2026-11-21T06:01:00Z'));
});

test('a close without an answer that did happen closes the order', async () => {
  const bed = await expired();
  bed.world.plan('close', (honest) => {
    honest();
    return { type: 'unknown', code: 'TIMEOUT' };
  });
  await look(bed, swept);
  assert.equal(standing(bed).status, 'CLOSED');
});

test('a payer who is faster than the close is announced as paid', async () => {
  const bed = await placed();
  bed.store.put({
    ...standing(bed),
    data: { ...standing(bed).data, closeAt: bed.clock.now(), closeReason: 'requested' },
  });
  bed.world.plan('close', () => {
    bed.world.pay(outTradeNo);
    return { type: 'refused', code: 'TRADE_ERROR' };
  });
  await look(bed, hint({ reason: 'request' }));
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['PAID', ['order.paid']]);
});

test('one look sends one close at most', async () => {
  const bed = await expired();
  bed.world.plan('close', { type: 'unknown', code: 'TIMEOUT' });
  await look(bed, swept);
  assert.equal(bed.world.callsOf('close'), 1);
});

test('an account that WeChat refuses to close for is a fault, looked at hourly', async () => {
  const bed = await expired();
  bed.world.plan('close', { type: 'fault', code: 'NO_AUTH' });
  await look(bed, swept);
  assert.equal(bed.telemetry.countOf('wechat_fault', 'NO_AUTH'), 1);
  assert.equal(standing(bed).dueAt, at('2026-11-21T07:00:30Z'));
});

test('an order that WeChat never knew is closed only after two looks 90 s apart', async () => {
  const bed = createTestBed();
  bed.store.put(storedOrder('CREATED'));
  bed.clock.advanceTo(afterExpiry);
  await look(bed, swept);
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['CREATED', []]);
  assert.equal(standing(bed).dueAt, at('2026-11-21T06:02:00Z'));
  await look(bed, swept);
  assert.equal(standing(bed).status, 'CREATED');
  bed.clock.advanceTo(at('2026-11-21T06:02:00Z'));
  await look(bed, swept);
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['CLOSED', ['order.closed']]);
});

test('an order whose link we hold and WeChat does not know goes to a person', async () => {
  const bed = createTestBed();
  bed.store.put(storedOrder('AWAITING'));
  bed.clock.advanceTo(afterExpiry);
  await look(bed, swept);
  bed.clock.advanceTo(at('2026-11-21T06:02:00Z'));
  await look(bed, swept);
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['REVIEW', ['order.review']]);
});

test('a timer queue that is down keeps the close owed, announced once', async () => {
  const bed = await expired();
  bed.faults.timers.plan('send', 'fail');
  await assert.rejects(() => look(bed, swept), isAppError);
  assert.deepEqual([standing(bed).status, standing(bed).outbox.length], ['CLOSED', 2]);
  assert.deepEqual(await look(bed, swept), done);
  assert.deepEqual([standing(bed).outbox, eventTypesOf(bed)], [[], ['order.closed']]);
});

test('a close asked for in the moment of the commit changes nothing of the event that is out', async () => {
  const bed = await expired();
  bed.faults.store.plan('commit', () => {
    const record = standing(bed);
    bed.store.put({ ...record, data: { ...record.data, closeReason: 'requested' } });
  });
  await look(bed, swept);
  const [event] = bed.events.published();
  assert.deepEqual(
    [event?.type, event?.data['reason'], standing(bed).data['closeReason']],
    ['order.closed', 'expired', 'expired'],
  );
});
