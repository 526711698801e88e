import assert from 'node:assert/strict';
import type { Amendment } from '#core/ports.ts';
import { orderKey } from '../support/order-builder.ts';
import {
  awaitingOrder,
  type ContractTest,
  given,
  later,
  now,
  paidEvent,
  payingCommit,
  row,
  stands,
} from './record-store-harness.ts';

const waiting = ['CREATED', 'AWAITING'];
const closeNow: Amendment = {
  key: orderKey,
  statusIn: waiting,
  absent: ['closeReason'],
  patch: { set: { closeAt: now, closeReason: 'requested' } },
  dueAt: later,
};

export function amendContract(contractTest: ContractTest): void {
  whatItWrites(contractTest);
  whatItAsks(contractTest);
  besideACommit(contractTest);
}

function whatItWrites(contractTest: ContractTest): void {
  contractTest('an amendment patches the data and never raises the version', async (store) => {
    const before = await given(store, awaitingOrder());
    assert.equal(await store.amend(closeNow), 'done');
    const data = { ...before.data, closeAt: now, closeReason: 'requested' };
    assert.deepEqual(await store.load(orderKey), { ...before, data, dueAt: later });
  });

  contractTest('an amendment may move the status and add a row', async (store) => {
    const before = await given(store, awaitingOrder({ history: [row], historyCount: 40 }));
    const amendment = { key: orderKey, statusIn: waiting, status: 'REFUSED', patch: {}, row };
    assert.equal(await store.amend(amendment), 'done');
    const after = { ...before, status: 'REFUSED', history: [row, row], historyCount: 41 };
    assert.deepEqual(await store.load(orderKey), after);
  });

  contractTest('an amendment with a dueAt of null removes it', async (store) => {
    const before = await given(store, awaitingOrder());
    await store.amend({
      key: orderKey,
      statusIn: waiting,
      status: 'REFUSED',
      patch: {},
      dueAt: null,
    });
    const { dueAt: _, ...rest } = before;
    assert.deepEqual(await store.load(orderKey), { ...rest, status: 'REFUSED' });
  });

  contractTest('an amendment that names no dueAt leaves it', async (store) => {
    const before = await given(store, awaitingOrder());
    await store.amend({ key: orderKey, statusIn: waiting, patch: { set: { attempts: 2 } } });
    assert.equal((await stands(store, orderKey)).dueAt, before.dueAt);
  });

  contractTest('an amendment removes names', async (store) => {
    await given(store, awaitingOrder());
    await store.amend({ key: orderKey, statusIn: waiting, patch: { unset: ['link', 'nothing'] } });
    assert.equal(Object.hasOwn((await stands(store, orderKey)).data, 'link'), false);
  });
}

function whatItAsks(contractTest: ContractTest): void {
  const refusals: Readonly<Record<string, Partial<Amendment>>> = {
    'of another status': { statusIn: ['CREATED', 'PAID'] },
    'when a name that must be absent is there': { absent: ['closeReason', 'link'] },
    'when a number is not the one asked for': { equals: { attempts: 2 } },
    'when a text is not the one asked for': { equals: { trade_type: 'JSAPI' } },
    'when a number stands where a text is asked for': { equals: { attempts: '1' } },
    'when a name that must have a value is absent': { equals: { closeReason: 'requested' } },
  };
  for (const [title, overrides] of Object.entries(refusals)) {
    contractTest(`an amendment ${title} is lost and changes nothing`, async (store) => {
      const before = await given(store, awaitingOrder());
      assert.equal(await store.amend({ ...closeNow, ...overrides }), 'lost');
      assert.deepEqual(await store.load(orderKey), before);
    });
  }

  contractTest('an amendment is done when all it asks for holds', async (store) => {
    await given(store, awaitingOrder());
    const equals = { attempts: 1, trade_type: 'NATIVE' };
    assert.equal(await store.amend({ ...closeNow, equals }), 'done');
  });

  contractTest(
    'an amendment of a record that is not there is lost and makes none',
    async (store) => {
      assert.equal(await store.amend(closeNow), 'lost');
      assert.equal(await store.load(orderKey), undefined);
    },
  );

  contractTest('of many amendments that exclude each other exactly one is done', async (store) => {
    await given(store, awaitingOrder());
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => store.amend(closeNow)));
    assert.deepEqual(outcomes.sort(), ['done', ...Array(7).fill('lost')]);
  });
}

function besideACommit(contractTest: ContractTest): void {
  contractTest(
    'an amendment between a load and its commit is kept by the commit',
    async (store) => {
      const before = await given(store, awaitingOrder());
      await store.amend({ ...closeNow, row });
      assert.equal(await store.commit(payingCommit(before)), 'done');
      const after = await stands(store, orderKey);
      assert.equal(after.data['closeReason'], 'requested');
      assert.deepEqual([after.version, after.status, after.historyCount], [4, 'PAID', 2]);
    },
  );

  contractTest('an amendment does not touch what is owed', async (store) => {
    await given(store, awaitingOrder({ outbox: [paidEvent] }));
    await store.amend(closeNow);
    assert.deepEqual((await stands(store, orderKey)).outbox, [paidEvent]);
  });
}
