import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '#core/errors.ts';
import { plus } from '#core/values/time.ts';
import { at } from '../../support/clock.ts';
import { hint, paidEvidence, storedOrder, wake } from '../../support/order-builder.ts';
import { createTestBed } from '../../support/test-bed.ts';
import {
  assertFaultsCame,
  dyingLook,
  eventTypesOf,
  look,
  paidUnseen,
  standing,
} from './looking.ts';

const done = { type: 'done' };
const anyMessage = {
  'the same notice again': hint({ says: 'SUCCESS' }),
  'a late wake': wake(),
  'a wake of the sweep': wake({ origin: 'sweep' }),
};

for (const [title, message] of Object.entries(anyMessage)) {
  test(`a crash after the commit is healed by ${title}`, async () => {
    const bed = await paidUnseen();
    bed.faults.store.plan('commit', 'crash-after');
    await dyingLook(bed);
    assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['PAID', []]);
    assert.deepEqual(await look(bed, message), done);
    assert.deepEqual([standing(bed).outbox, eventTypesOf(bed)], [[], ['order.paid']]);
    assert.equal(standing(bed).dueAt, undefined);
    assertFaultsCame(bed);
  });
}

test('a crash after the send costs the receiver no second event', async () => {
  const bed = await paidUnseen();
  bed.faults.events.plan('send', 'crash-after');
  await dyingLook(bed);
  assert.equal(standing(bed).outbox.length, 1);
  assert.deepEqual(await look(bed), done);
  assert.deepEqual([bed.events.sends(), eventTypesOf(bed)], [2, ['order.paid']]);
});

test('an event that is sent again much later has the same id and the same content', async () => {
  const bed = await paidUnseen();
  bed.faults.store.plan('clear', 'crash-before');
  await dyingLook(bed);
  bed.clock.advance(3_600_000);
  await look(bed, wake({ origin: 'sweep' }));
  const [first, second] = bed.events.published();
  assert.equal(bed.events.published().length, 2);
  assert.deepEqual(second, first);
});

for (const fault of ['unknown-done', 'unknown-not-done', 'lost-done'] as const) {
  test(`a clear that ends ${fault} after the commit ends the message all the same`, async () => {
    const bed = await paidUnseen();
    bed.faults.store.plan('clear', fault);
    assert.deepEqual(await look(bed), done);
    assert.deepEqual(await look(bed, wake({ origin: 'sweep' })), done);
    assert.deepEqual([standing(bed).outbox, eventTypesOf(bed)], [[], ['order.paid']]);
    assert.equal(standing(bed).dueAt, undefined);
  });
}

test('a record that owes its event has a dueAt until it is cleared', async () => {
  const bed = await paidUnseen();
  bed.faults.events.plan('send', 'fail');
  await assert.rejects(() => look(bed), isAppError);
  assert.equal(standing(bed).outbox.length, 1);
  assert.ok(standing(bed).dueAt !== undefined, 'somebody looks by then');
  assert.deepEqual(await look(bed), done);
  assert.equal(standing(bed).dueAt, undefined);
});

test('the commit leaves a dueAt that stands within 35 minutes, else looks in 2 minutes', async () => {
  for (const [stands, expected] of [
    [at('2026-11-21T04:31:00Z'), at('2026-11-21T04:31:00Z')],
    [at('2026-11-21T06:00:00Z'), at('2026-11-21T04:02:20Z')],
  ] as const) {
    const bed = await paidUnseen();
    bed.store.put({ ...standing(bed), dueAt: stands });
    bed.faults.events.plan('send', 'crash-before');
    await dyingLook(bed);
    assert.equal(standing(bed).dueAt, expected);
  }
});

test('what an earlier version owes is out before the next version is decided', async () => {
  const bed = createTestBed();
  const owed = {
    type: 'event',
    event: 'order.closed',
    n: 1,
    at: at('2026-11-21T06:01:00Z'),
  } as const;
  const record = storedOrder('CLOSED', {
    outbox: [owed],
    eventCounts: { 'order.closed': 1 },
    dueAt: at('2026-11-21T06:03:00Z'),
  });
  bed.store.put(record);
  bed.clock.advanceTo(at('2026-11-21T06:02:00Z'));
  bed.world.plan('query', paidEvidence());
  assert.deepEqual(await look(bed), done);
  assert.deepEqual(eventTypesOf(bed), ['order.closed', 'order.paid_late']);
  assert.deepEqual(
    bed.events.published().map(({ sequence }) => sequence),
    ['0000000002', '0000000003'],
  );
});

test('an event that the queue refuses stays owed, and nothing new is decided over it', async () => {
  const bed = await paidUnseen();
  bed.faults.events.plan('send', 'fail', 'fail');
  await assert.rejects(() => look(bed), isAppError);
  const calls = bed.world.callsOf();
  await assert.rejects(() => look(bed, hint({ reason: 'request' })), isAppError);
  assert.deepEqual([bed.world.callsOf(), standing(bed).version], [calls, 2]);
});

test('two functions that carry out the same outbox send one event to the receiver', async () => {
  const bed = await paidUnseen();
  bed.faults.store.plan('commit', 'crash-after');
  await dyingLook(bed);
  assert.deepEqual(await Promise.all([look(bed), look(bed), look(bed)]), [done, done, done]);
  assert.deepEqual([standing(bed).outbox, eventTypesOf(bed)], [[], ['order.paid']]);
});

test('a table that fails ends the look with its error and loses nothing', async () => {
  for (const operation of ['load', 'commit', 'clear'] as const) {
    const bed = await paidUnseen();
    bed.faults.store.plan(operation, 'fail');
    await assert.rejects(
      () => look(bed),
      (error) => isAppError(error) && error.code === 'store_unavailable',
    );
    assert.deepEqual(await look(bed), done);
    assert.deepEqual(eventTypesOf(bed), ['order.paid'], operation);
  }
});

test('the after-close look is planned ten minutes after the close', async () => {
  const bed = createTestBed();
  const closedAt = at('2026-11-21T06:01:00Z');
  const record = storedOrder('CLOSED', {
    outbox: [{ type: 'look', at: plus(closedAt, 600_000) }],
    dueAt: at('2026-11-21T06:03:00Z'),
  });
  bed.store.put(record);
  bed.clock.advanceTo(closedAt);
  await look(bed, wake({ origin: 'sweep' }));
  const [queued] = bed.timers.queued();
  assert.equal(queued?.availableAt, at('2026-11-21T06:11:00Z'));
  assert.deepEqual(bed.timers.messages(), [
    wake({ origin: 'after-close', slot: at('2026-11-21T06:11:00Z'), hop: 0 }),
  ]);
});
