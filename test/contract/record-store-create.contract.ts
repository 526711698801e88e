import assert from 'node:assert/strict';
import type { StoredRecord } from '#core/record.ts';
import { at } from '../support/clock.ts';
import { orderKey, storedOrder } from '../support/order-builder.ts';
import { type ContractTest, given, orderOf, stands } from './record-store-harness.ts';

/** An order under every field that a record can have. */
const full: StoredRecord = storedOrder('REVIEW', {
  key: orderOf('A-1002'),
  version: 7,
  data: { text: '咖啡 ☕', empty: '', yes: true, no: false, nothing: null, list: [1, ['two'], {}] },
  history: [
    { at: at('2026-11-21T04:00:00Z'), from: 'CREATED', to: 'AWAITING', because: 'request' },
    {
      at: at('2026-11-21T04:00:20.123Z'),
      from: 'AWAITING',
      to: 'REVIEW',
      because: 'notice',
      evidence: 'SUCCESS',
    },
  ],
  historyCount: 40,
  outbox: [
    {
      type: 'start',
      kind: 'refund',
      number: 'back-A|1002*@',
      startAt: at('2026-11-21T04:01:20Z'),
      data: { refundFen: 8800, reason: '重复支付，款项原路退回', list: [1, ['two'], {}] },
      at: at('2026-11-21T04:00:20Z'),
    },
    { type: 'tell', at: at('2026-11-21T04:00:20.123Z') },
    { type: 'event', event: 'order.review', n: 2, at: at('2026-11-21T04:00:20.123Z') },
    { type: 'look', at: at('2026-11-21T04:10:20Z') },
  ],
  eventCounts: { 'order.review': 2, 'order.paid_late': 1 },
  dueAt: at('2026-11-21T04:31:00Z'),
  leases: 3,
  unknownLooks: 5,
});

export function createContract(contractTest: ContractTest): void {
  roundTrips(contractTest);
  lostCreates(contractTest);
  reusedNumbers(contractTest);
}

function roundTrips(contractTest: ContractTest): void {
  contractTest('a key that was never written loads as nothing', async (store) => {
    assert.equal(await store.load(orderKey), undefined);
  });

  contractTest('a record under every field loads back exactly', async (store) => {
    await given(store, full);
    assert.deepEqual(await store.load(full.key), full);
  });

  contractTest('a record with nothing but its terms loads back exactly', async (store) => {
    const bare = await given(store, storedOrder('CREATED', { dueAt: null }));
    assert.deepEqual(await store.load(bare.key), bare);
    assert.equal(Object.hasOwn(await stands(store, bare.key), 'dueAt'), false);
  });

  for (const number of ['A|1001*x', '******', '||||||', '-_-_-_', `${'9'.repeat(32)}`]) {
    contractTest(`the order number ${number} is kept as it is`, async (store) => {
      const record = await given(store, storedOrder('CREATED', { key: orderOf(number) }));
      assert.deepEqual(await store.load(record.key), record);
    });
  }

  contractTest('a number that holds the separator of keys is kept as it is', async (store) => {
    const key = { ...orderOf('EV#2018|x#y'), kind: 'notice' } as const;
    const record = await given(store, storedOrder('CREATED', { key }));
    assert.deepEqual((await stands(store, key)).key, record.key);
  });

  contractTest('the same number under another kind is another record', async (store) => {
    await given(store, storedOrder('CREATED'));
    assert.equal(await store.load({ ...orderKey, kind: 'notice' }), undefined);
  });

  contractTest('an ordinary order, paid, stays under 1 KB', async (store, { itemBytes }) => {
    const reference = 'R'.repeat(64);
    const record = await given(store, storedOrder('PAID', { data: { reference } }));
    const bytes = await (itemBytes?.(record.key) ?? JSON.stringify(record).length);
    assert.ok(bytes < 1024, `${bytes} bytes`);
  });
}

function lostCreates(contractTest: ContractTest): void {
  contractTest('a second create is lost and answers the record that stands', async (store) => {
    const first = await given(store, full);
    const second = storedOrder('CREATED', { key: full.key });
    assert.deepEqual(await store.create(second), { outcome: 'lost', current: first });
    assert.deepEqual(await store.load(full.key), first);
  });

  contractTest('of many creates at once exactly one is done', async (store) => {
    const records = Array.from({ length: 8 }, (_, number) =>
      storedOrder('CREATED', { data: { number } }),
    );
    const outcomes = await Promise.all(records.map((record) => store.create(record)));
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'done').length, 1);
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'lost').length, 7);
    const winner = records[outcomes.findIndex(({ outcome }) => outcome === 'done')];
    assert.deepEqual(await store.load(orderKey), winner);
  });
}

function reusedNumbers(contractTest: ContractTest): void {
  const refused = storedOrder('REFUSED', {
    data: { old: 'value' },
    history: [
      { at: at('2026-11-21T04:00:01Z'), from: 'CREATED', to: 'REFUSED', because: 'request' },
    ],
    historyCount: 1,
  });
  const next = storedOrder('CREATED', { version: 2, data: { amountFen: 9900 } });

  contractTest('a create over a status replaces that whole record', async (store) => {
    await given(store, refused);
    assert.deepEqual(await store.create(next, 'REFUSED'), { outcome: 'done' });
    assert.deepEqual(await store.load(orderKey), next);
  });

  contractTest('a create over a status writes where nothing stands', async (store) => {
    const first = storedOrder('CREATED');
    assert.deepEqual(await store.create(first, 'REFUSED'), { outcome: 'done' });
    assert.deepEqual(await store.load(orderKey), first);
  });

  contractTest('a create over a status is lost on any other status', async (store) => {
    const standing = await given(store, storedOrder('CREATED'));
    assert.deepEqual(await store.create(next, 'REFUSED'), { outcome: 'lost', current: standing });
    assert.deepEqual(await store.load(orderKey), standing);
  });

  for (const version of [1, 3]) {
    contractTest(`a create over version 1 is lost at version ${version}`, async (store) => {
      await given(store, refused);
      const outcome = await store.create({ ...next, version }, 'REFUSED');
      assert.deepEqual(outcome, { outcome: 'lost', current: refused });
      assert.deepEqual(await store.load(orderKey), refused);
    });
  }

  contractTest('a create that names no status is lost on every record', async (store) => {
    await given(store, refused);
    assert.deepEqual(await store.create(next), { outcome: 'lost', current: refused });
  });

  contractTest('of two creates over one record exactly one is done', async (store) => {
    await given(store, refused);
    const outcomes = await Promise.all([1, 2].map(() => store.create(next, 'REFUSED')));
    assert.deepEqual(outcomes.map(({ outcome }) => outcome).sort(), ['done', 'lost']);
  });
}
