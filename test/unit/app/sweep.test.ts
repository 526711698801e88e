import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SweepPorts, sweep } from '#app/sweep.ts';
import { AppError } from '#core/errors.ts';
import type { RecordStore } from '#core/ports.ts';
import type { SubjectKey } from '#core/record.ts';
import { minuteMs, plus, secondMs } from '#core/values/time.ts';
import { at } from '../../support/clock.ts';
import { Crash } from '../../support/faults.ts';
import { account, orderKey, storedOrder, wake } from '../../support/order-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { assertFaultsCame, look, placed, standing } from './looking.ts';

const dueAt = at('2026-11-21T04:31:00Z');

function run(bed: TestBed, overrides: Partial<SweepPorts> = {}): Promise<number> {
  return sweep({ ...bed, shards: 16, rowsPerShard: 100, ...overrides });
}

/** A bed in which one order is due. */
function oneDue(): TestBed {
  const bed = createTestBed();
  bed.store.put(storedOrder('AWAITING', { dueAt }));
  bed.clock.advanceTo(dueAt);
  return bed;
}

function manyDue(count: number): { readonly bed: TestBed; readonly keys: readonly SubjectKey[] } {
  const bed = createTestBed();
  const keys = Array.from({ length: count }, (_, number) => ({
    ...orderKey,
    number: `A-${1000 + number}`,
  }));
  for (const [position, key] of keys.entries()) {
    bed.store.put(storedOrder('AWAITING', { key, dueAt: plus(dueAt, position * secondMs) }));
  }
  bed.clock.advanceTo(plus(dueAt, 60 * minuteMs));
  return { bed, keys };
}

test('a record that is due is leased and its wake sent at once', async () => {
  const bed = oneDue();
  assert.equal(await run(bed), 1);
  assert.deepEqual([standing(bed).leases, standing(bed).dueAt], [1, plus(dueAt, 5 * minuteMs)]);
  assert.deepEqual(bed.timers.messages(), [wake({ origin: 'sweep', slot: dueAt })]);
  assert.equal(bed.timers.queued()[0]?.availableAt, dueAt);
});

test('what is not due yet, or rests, is left alone', async () => {
  const bed = createTestBed();
  bed.store.put(storedOrder('AWAITING', { dueAt }));
  bed.store.put(storedOrder('PAID', { key: { ...orderKey, number: 'A-1002' } }));
  bed.clock.advanceTo(plus(dueAt, -1));
  assert.equal(await run(bed), 0);
  assert.deepEqual([bed.timers.sends(), bed.store.counts.lease], [0, 0]);
});

test('the lease is written before the wake is sent', async () => {
  const bed = oneDue();
  bed.faults.timers.plan('send', () => {
    assert.equal(standing(bed).leases, 1);
  });
  await run(bed);
  assertFaultsCame(bed);
});

test('two sweeps at once send one wake', async () => {
  const bed = oneDue();
  const sent = await Promise.all([run(bed), run(bed)]);
  assert.deepEqual(sent.toSorted(), [0, 1]);
  assert.deepEqual([bed.timers.sends(), standing(bed).leases], [1, 1]);
});

for (const fault of ['unknown-done', 'unknown-not-done', 'lost-done'] as const) {
  test(`a lease that ends ${fault} sends no wake; a later run does`, async () => {
    const bed = oneDue();
    bed.faults.store.plan('lease', fault);
    assert.equal(await run(bed), 0);
    assert.equal(bed.timers.sends(), 0);
    bed.clock.advance(5 * minuteMs);
    assert.equal(await run(bed), 1);
  });
}

test('a wake that is lost comes again when its lease ends, each time later', async () => {
  const bed = oneDue();
  const pauses: number[] = [];
  for (let lease = 1; lease <= 9; lease += 1) {
    assert.equal(await run(bed), 1);
    bed.timers.take();
    const until = standing(bed).dueAt ?? dueAt;
    pauses.push((until - bed.clock.now()) / minuteMs);
    bed.clock.advanceTo(plus(until, -1));
    assert.equal(await run(bed), 0, 'still leased');
    bed.clock.advanceTo(until);
  }
  assert.deepEqual(pauses, [5, 10, 20, 40, 80, 160, 320, 360, 360]);
});

test('a record is called stuck from its sixth lease on', async () => {
  const bed = oneDue();
  for (let lease = 1; lease <= 7; lease += 1) {
    await run(bed);
    assert.equal(bed.telemetry.countOf('stuck'), Math.max(0, lease - 5), `lease ${lease}`);
    bed.clock.advanceTo(standing(bed).dueAt ?? dueAt);
  }
  assert.equal(bed.telemetry.countOf('lease'), 7);
});

test('a record that is looked at each time is never stuck', async () => {
  const bed = await placed();
  bed.clock.advanceTo(dueAt);
  for (let round = 0; round < 12; round += 1) {
    await run(bed);
    for (const message of bed.timers.messages().slice(-1)) {
      bed.world.plan('query', { type: 'unknown', code: 'TIMEOUT' });
      await look(bed, message);
    }
    bed.timers.take();
    bed.clock.advanceTo(standing(bed).dueAt ?? dueAt);
  }
  assert.equal(bed.telemetry.countOf('stuck'), 0);
});

test('a row of a lagging index that is due no more sends nothing', async () => {
  const bed = oneDue();
  const [row] = (
    await Promise.all(Array.from({ length: 16 }, (_, shard) => bed.store.due(shard, dueAt, 1)))
  ).flat();
  assert.ok(row !== undefined);
  await bed.store.arm({
    key: orderKey,
    version: 1,
    seenDueAt: dueAt,
    dueAt: null,
    unknownLooks: 0,
  });
  const due: RecordStore['due'] = (shard) => Promise.resolve(shard === 3 ? [row] : []);
  assert.equal(await run({ ...bed, store: { ...bed.store, due } }), 0);
  bed.store.drop(orderKey);
  assert.equal(await run({ ...bed, store: { ...bed.store, due } }), 0);
  assert.deepEqual([bed.timers.sends(), bed.store.records()], [0, []]);
  assert.equal(bed.store.counts.lease, 0, 'a look costs less than a refused write');
});

test('every record that is due is woken, batches and shards included', async () => {
  const { bed, keys } = manyDue(250);
  assert.equal(await run(bed), 250);
  const woken = new Set(bed.timers.messages().map(({ subject }) => subject.number));
  assert.equal(woken.size, keys.length);
});

test('a shard that fails does not stop the others, and is reported', async () => {
  const { bed } = manyDue(64);
  bed.faults.store.plan('due', 'fail');
  const sent = await run(bed);
  assert.ok(sent > 0 && sent < 64);
  assert.ok(bed.telemetry.lines.some(({ level }) => level === 'error'));
  assert.equal(await run(bed), 64 - sent, 'the next run takes the rest');
});

test('a record that cannot be read does not keep its neighbours from their looks', async () => {
  const { bed, keys } = manyDue(64);
  const poisoned = keys[0];
  const load: RecordStore['load'] = (key) =>
    key.number === poisoned?.number
      ? Promise.reject(new AppError('record_undecodable', 'The item has no readable envelope.'))
      : bed.store.load(key);
  const sent = await run({ ...bed, store: { ...bed.store, load } });
  assert.equal(sent, 63);
  const leased = bed.store.records().filter(({ leases }) => leases > 0).length;
  assert.equal(leased, bed.timers.sends() + 1, 'the one that cannot be read is set aside');
});

test('a lease that the table refuses does not keep its neighbours from their looks', async () => {
  const { bed } = manyDue(64);
  bed.faults.store.plan('lease', 'fail');
  assert.equal(await run(bed), 63);
});

test('a wake that the queue refuses is not counted as sent and comes again', async () => {
  const bed = oneDue();
  bed.faults.timers.plan('send', 'fail');
  assert.equal(await run(bed), 0);
  bed.clock.advance(5 * minuteMs);
  assert.equal(await run(bed), 1);
  assert.equal(standing(bed).leases, 2);
});

test('a sweep that dies between lease and wake loses nothing', async () => {
  const bed = oneDue();
  bed.faults.timers.plan('send', 'crash-before');
  await run(bed).catch((error: unknown) => assert.ok(error instanceof Crash));
  assert.equal(bed.timers.sends(), 0);
  bed.clock.advance(5 * minuteMs);
  assert.equal(await run(bed), 1);
});

test('each minute begins at another shard, and each run sees all of them', async () => {
  const bed = createTestBed();
  const seen: number[][] = [];
  const due: RecordStore['due'] = (shard) => {
    seen.at(-1)?.push(shard);
    return Promise.resolve([]);
  };
  for (let minute = 0; minute < 16; minute += 1) {
    seen.push([]);
    await run({ ...bed, store: { ...bed.store, due } });
    bed.clock.advance(minuteMs);
  }
  assert.equal(new Set(seen.map(([first]) => first)).size, 16);
  assert.ok(seen.every((shards) => new Set(shards).size === 16));
});

test('a sweep without time begins no shard, and one that runs out of it stops', async () => {
  const { bed } = manyDue(64);
  assert.equal(await run(bed, { hasTime: () => false }), 0);
  assert.equal(bed.store.counts.due, 0);
  bed.timeFor(3);
  await run(bed);
  assert.ok(bed.store.counts.due <= 3);
});

test('a shard gives at most its bound of rows in one run, the oldest first', async () => {
  const { bed } = manyDue(250);
  const sent = await run(bed, { rowsPerShard: 2 });
  assert.equal(sent, 32);
  assert.equal(bed.timers.messages()[0]?.account, account.name);
});
