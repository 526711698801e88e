import assert from 'node:assert/strict';
import { plus } from '#core/values/time.ts';
import { at } from '../support/clock.ts';
import { orderKey } from '../support/order-builder.ts';
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

const dueAt = at('2026-11-21T04:31:00Z');

export function outboxContract(contractTest: ContractTest): void {
  clears(contractTest);
  arms(contractTest);
}

function clears(contractTest: ContractTest): void {
  const owing = awaitingOrder({ outbox: [paidEvent], history: [row], historyCount: 1 });

  contractTest('a clear empties the outbox and leaves the rest', async (store) => {
    await given(store, owing);
    assert.equal(await store.clear(orderKey, 3, false), 'done');
    assert.deepEqual(await store.load(orderKey), { ...owing, outbox: [] });
  });

  contractTest('a clear of a record that rests removes its dueAt and its leases', async (store) => {
    await given(store, owing);
    assert.equal(await store.clear(orderKey, 3, true), 'done');
    const { dueAt: _, ...rest } = owing;
    assert.deepEqual(await store.load(orderKey), { ...rest, outbox: [], leases: 0 });
  });

  contractTest('a clear keeps what carrying it out has taught', async (store) => {
    await given(store, owing);
    const patch = { set: { refunds: [] }, unset: ['link'] };
    assert.equal(await store.clear(orderKey, 3, false, patch), 'done');
    const { link: _, ...data } = owing.data;
    assert.deepEqual(await store.load(orderKey), {
      ...owing,
      data: { ...data, refunds: [] },
      outbox: [],
    });
  });

  contractTest('a clear that is lost teaches nothing', async (store) => {
    await given(store, owing);
    assert.equal(await store.clear(orderKey, 2, false, { set: { refunds: [] } }), 'lost');
    assert.deepEqual(await store.load(orderKey), owing);
  });

  for (const version of [2, 4]) {
    contractTest(`a clear of version ${version} is lost at version 3`, async (store) => {
      await given(store, owing);
      assert.equal(await store.clear(orderKey, version, true), 'lost');
      assert.deepEqual(await store.load(orderKey), owing);
    });
  }

  contractTest('a second clear is lost, and a look planned meanwhile stands', async (store) => {
    await given(store, owing);
    await store.clear(orderKey, 3, true);
    await store.arm({
      key: orderKey,
      version: 3,
      seenDueAt: null,
      dueAt: later,
      unknownLooks: 1,
    });
    assert.equal(await store.clear(orderKey, 3, true), 'lost');
    assert.equal((await stands(store, orderKey)).dueAt, later);
  });

  contractTest('a clear of a record that is not there is lost and makes none', async (store) => {
    assert.equal(await store.clear(orderKey, 1, true), 'lost');
    assert.equal(await store.load(orderKey), undefined);
  });
}

function arms(contractTest: ContractTest): void {
  contractTest('an arm plans a look, ends the leases and leaves the rest', async (store) => {
    const before = await given(store, awaitingOrder({ outbox: [paidEvent] }));
    const arm = { key: orderKey, version: 3, seenDueAt: dueAt, dueAt: later, unknownLooks: 5 };
    assert.equal(await store.arm(arm), 'done');
    const after = { ...before, dueAt: later, unknownLooks: 5, leases: 0 };
    assert.deepEqual(await store.load(orderKey), after);
  });

  contractTest('an arm with null ends the looks', async (store) => {
    const before = await given(store, awaitingOrder());
    const arm = { key: orderKey, version: 3, seenDueAt: dueAt, dueAt: null, unknownLooks: 0 };
    assert.equal(await store.arm(arm), 'done');
    const { dueAt: _, ...rest } = before;
    assert.deepEqual(await store.load(orderKey), { ...rest, leases: 0, unknownLooks: 0 });
  });

  contractTest('an arm gives a dueAt to a record that had none', async (store) => {
    await given(store, awaitingOrder({ dueAt: null }));
    await store.arm({
      key: orderKey,
      version: 3,
      seenDueAt: null,
      dueAt: later,
      unknownLooks: 1,
    });
    assert.equal((await stands(store, orderKey)).dueAt, later);
  });

  for (const version of [2, 4]) {
    contractTest(`an arm of version ${version} is lost at version 3`, async (store) => {
      const before = await given(store, awaitingOrder());
      const arm = { key: orderKey, version, seenDueAt: dueAt, dueAt: null, unknownLooks: 0 };
      assert.equal(await store.arm(arm), 'lost');
      assert.deepEqual(await store.load(orderKey), before);
    });
  }

  contractTest(
    'an arm that saw another dueAt is lost: somebody planned a look since',
    async (store) => {
      const before = await given(store, awaitingOrder());
      for (const seenDueAt of [null, plus(dueAt, 1), later]) {
        const arm = { key: orderKey, version: 3, seenDueAt, dueAt: later, unknownLooks: 0 };
        assert.equal(await store.arm(arm), 'lost');
      }
      assert.deepEqual(await store.load(orderKey), before);
    },
  );

  contractTest('an arm that saw no dueAt is lost where there is one now', async (store) => {
    await given(store, awaitingOrder({ dueAt: null }));
    const arm = { key: orderKey, version: 3, seenDueAt: dueAt, dueAt: later, unknownLooks: 0 };
    assert.equal(await store.arm(arm), 'lost');
  });

  contractTest('an arm after a commit is lost: the commit planned the look', async (store) => {
    const before = await given(store, awaitingOrder());
    await store.commit(payingCommit(before));
    const arm = { key: orderKey, version: 3, seenDueAt: dueAt, dueAt: null, unknownLooks: 0 };
    assert.equal(await store.arm(arm), 'lost');
    assert.equal((await stands(store, orderKey)).dueAt, later);
  });

  contractTest('an arm of a record that is not there is lost and makes none', async (store) => {
    const arm = { key: orderKey, version: 1, seenDueAt: null, dueAt: later, unknownLooks: 0 };
    assert.equal(await store.arm(arm), 'lost');
    assert.equal(await store.load(orderKey), undefined);
  });
}
