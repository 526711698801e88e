import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClaimKey, ClaimStore } from '#core/claims.ts';
import type { RecordStore, WriteOutcome } from '#core/ports.ts';
import type { OrderName } from '#core/subjects/order/order.ts';
import { isAccountName, isMchid, isOutTradeNo, isReference } from '#core/values/ids.ts';
import { at } from '../support/clock.ts';
import { storedOrder, valid } from '../support/order-builder.ts';

/** A store for one test, and the records that lie beside its claims. */
export type ClaimHarness = {
  readonly claims: ClaimStore;
  readonly records: RecordStore;
  readonly shards: number;
};

const key: ClaimKey = { tenant: 'tenant-1', reference: valid('shop-4711', isReference) };

function orderOf(number: string, account = 'shop', mchid = '1900000001'): OrderName {
  return {
    account: valid(account, isAccountName),
    mchid: valid(mchid, isMchid),
    out_trade_no: valid(number, isOutTradeNo),
  };
}

const [first, second] = [orderOf('A-1001'), orderOf('B-1001', 'app', '1900000002')];

/** The two sides of a claim, which know nothing of each other. */
type Side = {
  readonly name: 'owner' | 'placed';
  /** Writes it where nobody stands. */
  begin(claims: ClaimStore, order: OrderName, of?: ClaimKey): Promise<WriteOutcome>;
};
const sides: readonly Side[] = [
  { name: 'owner', begin: (claims, order, of = key) => claims.take(of, order) },
  { name: 'placed', begin: (claims, order, of = key) => claims.place(of, order, undefined) },
];

type ContractTest = (
  title: string,
  body: (claims: ClaimStore, harness: ClaimHarness) => Promise<void>,
) => void;

/**
 * Every promise of `ClaimStore` (core/ports.ts), on the fake and on the real table alike. `open` gives
 * each test an empty store.
 */
export function runClaimStoreContract(name: string, open: () => Promise<ClaimHarness>): void {
  const contractTest: ContractTest = (title, body) => {
    test(title, async () => {
      const harness = await open();
      await body(harness.claims, harness);
    });
  };
  describe(`claim store contract: ${name}`, () => {
    for (const side of sides) {
      whoComesFirst(contractTest, side);
    }
    whoIsPlaced(contractTest);
    besideEachOther(contractTest);
  });
}

function whoComesFirst(contractTest: ContractTest, { name, begin }: Side): void {
  contractTest(`${name}: the first to come is written whole`, async (claims) => {
    assert.equal(await begin(claims, first), 'done');
    assert.deepEqual(await claims.load(key), { [name]: first });
  });

  contractTest(`${name}: who saw nobody is lost where somebody stands`, async (claims) => {
    await begin(claims, first);
    assert.equal(await begin(claims, second), 'lost');
    assert.equal(await begin(claims, first), 'lost');
    assert.deepEqual(await claims.load(key), { [name]: first });
  });

  for (const number of ['A|1001*x', '******', '-_-_-_', 'z'.repeat(32)]) {
    contractTest(`${name}: the order number ${number} is kept as it is`, async (claims) => {
      const order = orderOf(number);
      await begin(claims, order);
      assert.deepEqual(await claims.load(key), { [name]: order });
    });
  }

  contractTest(`${name}: of many who saw nobody exactly one is written`, async (claims) => {
    await oneOfMany(claims, name, (order) => begin(claims, order));
  });
}

function whoIsPlaced(contractTest: ContractTest): void {
  contractTest('placed: who saw the one that stands takes its place', async (claims) => {
    await claims.place(key, first, undefined);
    assert.equal(await claims.place(key, second, first), 'done');
    assert.deepEqual(await claims.load(key), { placed: second });
  });

  contractTest('placed: who stands there and saw itself is written again', async (claims) => {
    await claims.place(key, first, undefined);
    assert.equal(await claims.place(key, first, first), 'done');
    assert.deepEqual(await claims.load(key), { placed: first });
  });

  const others: Readonly<Record<string, OrderName>> = {
    'another order': orderOf('A-1002'),
    'the same number of another merchant': orderOf('A-1001', 'shop', '1900000009'),
    'the same number of another account': orderOf('A-1001', 'app'),
  };
  for (const [what, seen] of Object.entries(others)) {
    contractTest(`placed: who saw ${what} is lost`, async (claims) => {
      await claims.place(key, first, undefined);
      assert.equal(await claims.place(key, second, seen), 'lost');
      assert.deepEqual(await claims.load(key), { placed: first });
    });
  }

  contractTest('placed: who saw somebody is lost where nobody stands', async (claims) => {
    assert.equal(await claims.place(key, second, first), 'lost');
    assert.equal(await claims.load(key), undefined);
  });

  contractTest('placed: of many who saw the same exactly one is written', async (claims) => {
    const seen = orderOf('A-1009');
    await claims.place(key, seen, undefined);
    await oneOfMany(claims, 'placed', (order) => claims.place(key, order, seen));
  });
}

async function oneOfMany(
  claims: ClaimStore,
  name: Side['name'],
  write: (order: OrderName) => Promise<WriteOutcome>,
): Promise<void> {
  const orders = Array.from({ length: 8 }, (_, number) => orderOf(`A-100${number}`));
  const outcomes = await Promise.all(orders.map(write));
  assert.deepEqual([...outcomes].sort(), ['done', ...Array(7).fill('lost')]);
  assert.deepEqual(await claims.load(key), { [name]: orders[outcomes.indexOf('done')] });
}

function besideEachOther(contractTest: ContractTest): void {
  contractTest('a claim that was never written loads as nothing', async (claims) => {
    assert.equal(await claims.load(key), undefined);
  });

  contractTest('the owner and the one last placed stand beside each other', async (claims) => {
    assert.equal(await claims.place(key, first, undefined), 'done');
    assert.equal(await claims.take(key, second), 'done');
    assert.deepEqual(await claims.load(key), { owner: second, placed: first });
    assert.equal(await claims.place(key, second, first), 'done');
    assert.deepEqual(await claims.load(key), { owner: second, placed: second });
  });

  contractTest('another tenant or another reference is another claim', async (claims) => {
    const others: readonly ClaimKey[] = [
      { ...key, tenant: 'tenant-2' },
      { ...key, reference: valid('shop-4712', isReference) },
      { ...key, reference: valid('SHOP-4711', isReference) },
    ];
    await claims.take(key, first);
    for (const other of others) {
      assert.equal(await claims.load(other), undefined);
      assert.equal(await claims.take(other, second), 'done');
    }
    assert.deepEqual(await claims.load(key), { owner: first });
  });

  contractTest('a reference of any allowed characters is kept apart', async (claims) => {
    const texts = ['a/b:c.d|e*f_g', 'a/b:c.d|e*f-g', 'r'.repeat(64), 'r'.repeat(63)];
    for (const [number, text] of texts.entries()) {
      const of = { ...key, reference: valid(text, isReference) };
      assert.equal(await claims.take(of, orderOf(`A-100${number}`)), 'done');
      assert.deepEqual(await claims.load(of), { owner: orderOf(`A-100${number}`) });
    }
  });

  contractTest('nobody is to look at a claim', async (claims, { records, shards }) => {
    const { key: order, dueAt } = storedOrder('AWAITING');
    await records.create(storedOrder('AWAITING'));
    await claims.take(key, first);
    await claims.place(key, first, undefined);
    const later = at('9999-01-01T00:00:00Z');
    const rows = await Promise.all(
      Array.from({ length: shards }, (_, shard) => records.due(shard, later, 10)),
    );
    assert.deepEqual(rows.flat(), [{ key: order, dueAt }]);
  });
}
