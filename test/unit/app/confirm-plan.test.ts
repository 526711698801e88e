import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Wake } from '#core/messages.ts';
import { at } from '../../support/clock.ts';
import {
  account,
  createdAt,
  hint,
  orderKey,
  outTradeNo,
  storedOrder,
  wake,
} from '../../support/order-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { assertFaultsCame, look, placed, standing } from './looking.ts';

const done = { type: 'done' };
const firstSlot = at('2026-11-21T04:00:30Z');

/** Delivers the wakes of the chain as they fall due, until none waits; answers how many there were. */
async function runChain(bed: TestBed): Promise<readonly Wake[]> {
  const delivered: Wake[] = [];
  for (let next = bed.timers.queued()[0]; next !== undefined; next = bed.timers.queued()[0]) {
    const [message] = bed.timers.messages();
    bed.clock.advanceTo(next.availableAt);
    bed.timers.take();
    assert.ok(message?.type === 'wake');
    delivered.push(message);
    assert.deepEqual(await look(bed, message), done);
    assert.ok(bed.timers.queued().length <= 1, 'one live wake');
    assert.ok(standing(bed).dueAt !== undefined, 'an open record has a dueAt');
  }
  return delivered;
}

test('the chain looks at its fixed slots and then leaves the rest to dueAt', async () => {
  const bed = await placed();
  const wakes = await runChain(bed);
  const secondsAfter = wakes.map(({ slot }) => (slot - createdAt) / 1000);
  assert.deepEqual(secondsAfter, [30, 60, 180, 300, 600, 1200, 1800]);
  assert.deepEqual(
    wakes.map(({ hop }) => hop),
    [0, 1, 2, 3, 4, 5, 6],
  );
  assert.equal(standing(bed).dueAt, at('2026-11-21T06:00:30Z'));
});

test('the first half hour of an unpaid order writes nothing but its last look', async () => {
  const bed = await placed();
  const { amend } = bed.store.counts;
  await runChain(bed);
  assert.deepEqual([bed.store.counts.arm, bed.store.counts.commit], [1, 0]);
  assert.equal(bed.store.counts.amend, amend);
});

test('a wake of the chain that is received again sends nothing and writes its look down', async () => {
  const bed = await placed();
  bed.clock.advanceTo(firstSlot);
  const sends = bed.timers.sends();
  assert.deepEqual(await look(bed, wake(), 2), done);
  assert.equal(bed.timers.sends(), sends);
  assert.equal(standing(bed).dueAt, at('2026-11-21T04:01:00Z'));
});

const noLongerTheChain: Readonly<Record<string, Partial<Wake>>> = {
  'that the sweep sent': { origin: 'sweep' },
  'after the tenth hop': { hop: 10 },
  'of no slot of the plan': { slot: at('2026-11-21T04:00:31Z') },
  'of the look after a close': { origin: 'after-close' },
};
for (const [title, overrides] of Object.entries(noLongerTheChain)) {
  test(`a wake ${title} looks, sends nothing and writes its look down`, async () => {
    const bed = await placed();
    bed.clock.advanceTo(firstSlot);
    const [sends, calls] = [bed.timers.sends(), bed.world.callsOf('query')];
    assert.deepEqual(await look(bed, wake(overrides)), done);
    assert.deepEqual([bed.timers.sends(), bed.world.callsOf('query')], [sends, calls + 1]);
    assert.equal(standing(bed).dueAt, at('2026-11-21T04:01:00Z'));
  });
}

test('a wake within a minute of its slot goes on with the chain, a later one does not', async () => {
  for (const [now, sent] of [
    ['2026-11-21T04:01:30Z', 1],
    ['2026-11-21T04:01:30.001Z', 0],
  ] as const) {
    const bed = await placed();
    const sends = bed.timers.sends();
    bed.clock.advanceTo(at(now));
    await look(bed, wake());
    assert.equal(bed.timers.sends() - sends, sent, now);
  }
});

test('a wake that comes a little early speaks for its slot all the same', async () => {
  const bed = await placed();
  bed.clock.advanceTo(at('2026-11-21T04:00:29Z'));
  await look(bed, wake());
  assert.deepEqual(
    bed.timers.messages().at(-1),
    wake({ slot: at('2026-11-21T04:01:00Z'), hop: 1 }),
  );
});

for (const reason of ['notice', 'request', 'bill', 'timer'] as const) {
  test(`a ${reason} hint on an unpaid order arms nothing`, async () => {
    const bed = await placed();
    const [sends, before] = [bed.timers.sends(), standing(bed)];
    assert.deepEqual(await look(bed, hint({ reason })), done);
    assert.equal(bed.timers.sends(), sends);
    assert.deepEqual(standing(bed), before);
  });
}

test('a chain that cannot send its next wake is retried and then continues by dueAt', async () => {
  const bed = await placed();
  bed.clock.advanceTo(firstSlot);
  bed.faults.timers.plan('send', 'fail');
  await assert.rejects(() => look(bed, wake()));
  assert.deepEqual(await look(bed, wake(), 2), done);
  assert.equal(standing(bed).dueAt, at('2026-11-21T04:01:00Z'));
});

test('an arm that lost its race goes back to the queue', async () => {
  for (const fault of ['lost-done', 'unknown-done', 'unknown-not-done'] as const) {
    const bed = await placed();
    bed.faults.store.plan('arm', fault);
    const ending = await look(bed, wake({ origin: 'sweep' }));
    assert.deepEqual(ending, { type: 'retry', reason: 'arm_lost' });
    assertFaultsCame(bed);
  }
});

for (const status of ['PAID', 'REFUSED', 'REVIEW']) {
  test(`a wake that finds ${status} with a dueAt left over lets it rest, without a call`, async () => {
    const bed = createTestBed();
    bed.store.put(storedOrder(status, { dueAt: firstSlot, leases: 1 }));
    assert.deepEqual(await look(bed, wake({ origin: 'sweep' })), done);
    assert.deepEqual([standing(bed).dueAt, bed.world.callsOf()], [undefined, 0]);
  });
}

test('a look ends the leases of the sweep', async () => {
  const bed = await placed();
  bed.store.put({ ...standing(bed), leases: 4 });
  await look(bed, wake({ origin: 'sweep' }));
  assert.equal(standing(bed).leases, 0);
});

test('a payer in the middle of paying is looked at again after 30 s, by dueAt', async () => {
  const bed = await placed();
  bed.clock.advanceTo(at('2026-11-21T04:10:00Z'));
  bed.world.force(outTradeNo, 'USERPAYING');
  const sends = bed.timers.sends();
  assert.deepEqual(await look(bed, wake({ slot: at('2026-11-21T04:10:00Z'), hop: 4 })), done);
  assert.deepEqual([bed.timers.sends(), bed.store.counts.arm], [sends, 1]);
  assert.equal(standing(bed).dueAt, at('2026-11-21T04:10:30Z'));
});

test('notices ahead of the query are repeated after 5, 15 and 45 s; then the plan goes on', async () => {
  const bed = await placed();
  const before = bed.store.peek(orderKey);
  const notice = hint({ says: 'SUCCESS' });
  for (const [receiveCount, afterMs] of [
    [1, 5_000],
    [2, 15_000],
    [3, 45_000],
  ] as const) {
    const ending = await look(bed, notice, receiveCount);
    assert.deepEqual(ending, { type: 'retry', reason: 'notice_ahead', afterMs });
  }
  assert.deepEqual(await look(bed, notice, 4), done);
  assert.deepEqual(bed.store.peek(orderKey), before);
});

test('a notice ahead of the query is repeated although the look decided something', async () => {
  const bed = createTestBed();
  bed.store.put(storedOrder('CREATED', { data: { unplaced: true } }));
  bed.clock.advanceTo(at('2026-11-21T06:00:30Z'));
  const { mchid, appids } = account;
  const unpaid = { mchid, appid: appids[0], out_trade_no: outTradeNo };
  bed.world.plan('query', { type: 'state', state: 'NOTPAY', ...unpaid });
  const ending = await look(bed, hint({ says: 'SUCCESS' }));
  assert.deepEqual(ending, { type: 'retry', reason: 'notice_ahead', afterMs: 5_000 });
  assert.equal(standing(bed).status, 'REFUSED');
});

test('a notice that says what the query says, or nothing, is not repeated', async () => {
  const bed = await placed();
  assert.deepEqual(await look(bed, hint({ says: 'NOTPAY' })), done);
  assert.deepEqual(await look(bed, hint()), done);
  assert.deepEqual(await look(bed, hint({ reason: 'request', says: 'SUCCESS' })), done);
});
