import assert from 'node:assert/strict';
import { minuteMs, plus, secondMs } from '#core/values/time.ts';
import { at } from '../support/clock.ts';
import { orderKey, storedOrder } from '../support/order-builder.ts';
import {
  type ContractTest,
  dueByShard,
  given,
  later,
  orderOf,
  payingCommit,
  type StoreHarness,
  stands,
} from './record-store-harness.ts';

const dueAt = at('2026-11-21T04:31:00Z');

export function dueContract(contractTest: ContractTest): void {
  whatIsDue(contractTest);
  inWhichOrder(contractTest);
  leases(contractTest);
}

function whatIsDue(contractTest: ContractTest): void {
  contractTest(
    'a record is due from its dueAt on, in exactly one shard',
    async (store, harness) => {
      await given(store, storedOrder('AWAITING', { dueAt }));
      assert.deepEqual((await dueByShard(harness, plus(dueAt, -1))).flat(), []);
      assert.deepEqual((await dueByShard(harness, dueAt)).flat(), [{ key: orderKey, dueAt }]);
      assert.deepEqual((await dueByShard(harness, later)).flat(), [{ key: orderKey, dueAt }]);
    },
  );

  contractTest('a record without a dueAt is never due', async (store, harness) => {
    await given(store, storedOrder('PAID'));
    assert.deepEqual((await dueByShard(harness, later)).flat(), []);
  });

  contractTest('a record that lost its dueAt is due no more', async (store, harness) => {
    await given(store, storedOrder('AWAITING', { dueAt }));
    await store.arm({ key: orderKey, version: 1, seenDueAt: dueAt, dueAt: null, unknownLooks: 0 });
    assert.deepEqual((await dueByShard(harness, later)).flat(), []);
  });

  contractTest('a dueAt that moved is due at its new time only', async (store, harness) => {
    await given(store, storedOrder('AWAITING', { dueAt }));
    await store.arm({ key: orderKey, version: 1, seenDueAt: dueAt, dueAt: later, unknownLooks: 0 });
    assert.deepEqual((await dueByShard(harness, dueAt)).flat(), []);
    assert.deepEqual((await dueByShard(harness, later)).flat(), [{ key: orderKey, dueAt: later }]);
  });

  contractTest('keys come back whole', async (store, harness) => {
    const notice = { ...orderOf('EV-1#a|*'), kind: 'notice' } as const;
    await given(store, storedOrder('AWAITING', { key: notice, dueAt }));
    assert.deepEqual((await dueByShard(harness, later)).flat(), [{ key: notice, dueAt }]);
  });
}

async function givenMany(harness: StoreHarness, count: number): Promise<void> {
  // Written in an order that is not their order in time.
  const positions = Array.from({ length: count }, (_, position) => (position * 7) % count);
  for (const position of positions) {
    const key = orderOf(`A-${position}-many`);
    await given(
      harness.store,
      storedOrder('AWAITING', { key, dueAt: plus(dueAt, position * secondMs) }),
    );
  }
}

function inWhichOrder(contractTest: ContractTest): void {
  contractTest('every shard answers its own rows, oldest first', async (_, harness) => {
    await givenMany(harness, 48);
    const shards = await dueByShard(harness, later);
    assert.equal(shards.flat().length, 48);
    assert.ok(shards.filter((rows) => rows.length > 0).length > harness.shards / 2, 'spread');
    for (const rows of shards) {
      const times = rows.map((row) => row.dueAt);
      assert.deepEqual(
        times,
        times.toSorted((one, other) => one - other),
      );
    }
  });

  contractTest('a limit keeps the oldest', async (_, harness) => {
    await givenMany(harness, 48);
    const all = await dueByShard(harness, later);
    const limited = await dueByShard(harness, later, 2);
    assert.deepEqual(
      limited,
      all.map((rows) => rows.slice(0, 2)),
    );
    assert.ok(
      all.some((rows) => rows.length > 2),
      'the limit cut something off',
    );
  });
}

function leases(contractTest: ContractTest): void {
  const until = plus(dueAt, 5 * minuteMs);

  contractTest('a lease moves the dueAt, counts itself and leaves the rest', async (store) => {
    const before = await given(store, storedOrder('AWAITING', { dueAt, unknownLooks: 2 }));
    assert.equal(await store.lease({ key: orderKey, dueAt }, until), 'done');
    assert.deepEqual(await store.load(orderKey), { ...before, dueAt: until, leases: 1 });
    assert.equal(await store.lease({ key: orderKey, dueAt: until }, later), 'done');
    assert.deepEqual(await store.load(orderKey), { ...before, dueAt: later, leases: 2 });
  });

  contractTest('a lease on a dueAt that moved is lost', async (store) => {
    const before = await given(store, storedOrder('AWAITING', { dueAt }));
    for (const seen of [plus(dueAt, -1), plus(dueAt, 1)]) {
      assert.equal(await store.lease({ key: orderKey, dueAt: seen }, until), 'lost');
    }
    assert.deepEqual(await store.load(orderKey), before);
  });

  contractTest('a lease on a record that rests is lost and wakes nothing', async (store) => {
    const before = await given(store, storedOrder('PAID'));
    assert.equal(await store.lease({ key: orderKey, dueAt }, until), 'lost');
    assert.deepEqual(await store.load(orderKey), before);
  });

  contractTest('a lease on a record that is not there is lost and makes none', async (store) => {
    assert.equal(await store.lease({ key: orderKey, dueAt }, until), 'lost');
    assert.equal(await store.load(orderKey), undefined);
  });

  contractTest('of many leases on one dueAt exactly one is done', async (store) => {
    await given(store, storedOrder('AWAITING', { dueAt }));
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => store.lease({ key: orderKey, dueAt }, until)),
    );
    assert.deepEqual(outcomes.sort(), ['done', ...Array(7).fill('lost')]);
    assert.equal((await stands(store, orderKey)).leases, 1);
  });

  contractTest('a lease does not stop a commit', async (store) => {
    const before = await given(store, storedOrder('AWAITING', { dueAt }));
    await store.lease({ key: orderKey, dueAt }, until);
    assert.equal(await store.commit(payingCommit(before)), 'done');
    assert.equal((await stands(store, orderKey)).leases, 0);
  });
}
