import assert from 'node:assert/strict';
import type { StoredRecord } from '#core/record.ts';
import { at } from '../support/clock.ts';
import { storedOrder } from '../support/order-builder.ts';
import {
  awaitingOrder,
  type ContractTest,
  given,
  later,
  paidEvent,
  payingCommit,
  row,
  stands,
} from './record-store-harness.ts';

export function commitContract(contractTest: ContractTest): void {
  whatItWrites(contractTest);
  whatItKeeps(contractTest);
  whenItIsLost(contractTest);
}

function whatItWrites(contractTest: ContractTest): void {
  contractTest(
    'a commit writes the whole decision and raises the version by one',
    async (store) => {
      const before = await given(store, awaitingOrder({ history: [row], historyCount: 1 }));
      assert.equal(await store.commit(payingCommit(before)), 'done');
      assert.deepEqual(await store.load(before.key), {
        ...before,
        status: 'PAID',
        version: 4,
        data: { ...before.data, transaction_id: '4200A1001', paidFen: 8800 },
        history: [row, row],
        historyCount: 2,
        outbox: [paidEvent],
        eventCounts: { 'order.paid': 1 },
        dueAt: later,
        leases: 0,
        unknownLooks: 0,
      });
    },
  );

  contractTest('the first commit begins the history', async (store) => {
    const before = await given(store, awaitingOrder());
    await store.commit(payingCommit(before));
    const after = await stands(store, before.key);
    assert.deepEqual([after.history, after.historyCount], [[row], 1]);
  });

  contractTest('a history that is given replaces the rows and still counts one', async (store) => {
    const before = await given(
      store,
      awaitingOrder({ history: [row, row, row], historyCount: 50 }),
    );
    const history = [row, { ...row, at: at('2026-11-21T04:20:00Z') }];
    await store.commit(payingCommit(before, { history }));
    const after = await stands(store, before.key);
    assert.deepEqual([after.history, after.historyCount], [history, 51]);
  });

  contractTest('names are set and removed; the others stay', async (store) => {
    const before = await given(store, awaitingOrder({ data: { gone: 1, kept: 2, changed: 3 } }));
    const patch = { set: { changed: 4, added: { deep: [5] } }, unset: ['gone', 'never-there'] };
    await store.commit(payingCommit(before, { patch }));
    const { gone: _, ...rest } = before.data;
    const after = await stands(store, before.key);
    assert.deepEqual(after.data, { ...rest, changed: 4, added: { deep: [5] } });
  });

  contractTest('what a commit owes is kept in its order', async (store) => {
    const before = await given(store, awaitingOrder());
    const start = {
      type: 'start',
      kind: 'refund',
      number: 'R-1001',
      startAt: later,
      data: { refundFen: 3000, nothing: null },
      at: row.at,
    } as const;
    const look = { type: 'look', at: later } as const;
    const outbox = [start, { type: 'tell', at: row.at } as const, paidEvent, look];
    await store.commit(payingCommit(before, { outbox }));
    assert.deepEqual((await stands(store, before.key)).outbox, outbox);
  });

  contractTest('a commit without a dueAt removes it', async (store) => {
    const before = await given(store, awaitingOrder());
    const { dueAt: _, ...commit } = payingCommit(before);
    assert.equal(await store.commit(commit), 'done');
    assert.equal((await stands(store, before.key)).dueAt, undefined);
  });
}

function whatItKeeps(contractTest: ContractTest): void {
  contractTest('a commit that names no status leaves it', async (store) => {
    const before = await given(store, awaitingOrder());
    const { status: _, ...commit } = payingCommit(before);
    await store.commit(commit);
    assert.equal((await stands(store, before.key)).status, 'AWAITING');
  });

  contractTest('a commit beside the looks keeps those that are owed', async (store) => {
    const before = await given(store, awaitingOrder());
    const keepsLooks = { seenDueAt: dueAtOf(before) };
    assert.equal(await store.commit(payingCommit(before, { keepsLooks })), 'done');
    const after = await stands(store, before.key);
    assert.deepEqual([after.leases, after.unknownLooks, after.dueAt], [2, 4, later]);
  });

  contractTest('a commit beside the looks may take the dueAt away all the same', async (store) => {
    const before = await given(store, awaitingOrder());
    const keepsLooks = { seenDueAt: dueAtOf(before) };
    const { dueAt: _, ...commit } = payingCommit(before, { keepsLooks });
    await store.commit(commit);
    const after = await stands(store, before.key);
    assert.deepEqual([after.leases, after.unknownLooks, after.dueAt], [2, 4, undefined]);
  });

  for (const seenDueAt of [null, at('2026-11-21T04:30:59Z')]) {
    contractTest(`a commit beside the looks that saw ${seenDueAt} is lost`, async (store) => {
      const before = await given(store, awaitingOrder());
      const keepsLooks = { seenDueAt };
      assert.equal(await store.commit(payingCommit(before, { keepsLooks })), 'lost');
      assert.deepEqual(await store.load(before.key), before);
    });
  }

  contractTest('a commit beside the looks of a record at rest finds it so', async (store) => {
    const { dueAt: _, ...resting } = awaitingOrder();
    const before = await given(store, resting);
    const keepsLooks = { seenDueAt: null };
    assert.equal(await store.commit(payingCommit(before, { keepsLooks })), 'done');
  });

  contractTest(
    'a commit that owes nothing leaves no outbox and keeps the counts',
    async (store) => {
      const eventCounts = { 'order.review': 1 };
      const before = await given(store, awaitingOrder({ eventCounts }));
      await store.commit(payingCommit(before, { outbox: [], eventCounts }));
      const after = await stands(store, before.key);
      assert.deepEqual([after.outbox, after.eventCounts], [[], eventCounts]);
    },
  );

  contractTest('a commit may follow as soon as the outbox is cleared', async (store) => {
    const before = await given(store, awaitingOrder());
    await store.commit(payingCommit(before));
    assert.equal(await store.clear(before.key, 4, false), 'done');
    const next = payingCommit({ ...before, version: 4 }, { row: { ...row, from: 'PAID' } });
    assert.equal(await store.commit(next), 'done');
    assert.equal((await stands(store, before.key)).version, 5);
  });
}

function whenItIsLost(contractTest: ContractTest): void {
  for (const version of [2, 4]) {
    contractTest(`a commit on version ${version} is lost at version 3`, async (store) => {
      const before = await given(store, awaitingOrder());
      assert.equal(await store.commit(payingCommit(before, { version })), 'lost');
      assert.deepEqual(await store.load(before.key), before);
    });
  }

  contractTest('a commit is lost when a PUT has given the number up meanwhile', async (store) => {
    const before = await given(store, storedOrder('CREATED'));
    const fromCreated = { row: { ...row, from: 'CREATED' } };
    const refused = { key: before.key, statusIn: ['CREATED'], status: 'REFUSED', patch: {} };
    assert.equal(await store.amend(refused), 'done');
    assert.equal(await store.commit(payingCommit(before, fromCreated)), 'lost');
    assert.equal((await stands(store, before.key)).status, 'REFUSED');
  });

  contractTest('a commit is lost while the outbox is not empty', async (store) => {
    const before = await given(store, awaitingOrder({ outbox: [paidEvent] }));
    assert.equal(await store.commit(payingCommit(before)), 'lost');
    assert.deepEqual(await store.load(before.key), before);
  });

  contractTest('a commit on a record that is not there is lost and makes none', async (store) => {
    const missing = storedOrder('AWAITING');
    assert.equal(await store.commit(payingCommit(missing)), 'lost');
    assert.equal(await store.load(missing.key), undefined);
  });

  contractTest('of many commits on one version exactly one is done', async (store) => {
    const before = await given(store, awaitingOrder());
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => store.commit(payingCommit(before))),
    );
    assert.deepEqual(outcomes.sort(), ['done', ...Array(7).fill('lost')]);
    const after = await stands(store, before.key);
    assert.deepEqual([after.version, after.historyCount], [4, 1]);
  });
}

function dueAtOf({ dueAt }: StoredRecord): NonNullable<StoredRecord['dueAt']> | null {
  return dueAt ?? null;
}
