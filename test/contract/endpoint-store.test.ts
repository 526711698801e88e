import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createEndpointStore } from '#adapters/dynamodb/endpoint-store.ts';
import type { EndpointStore } from '#core/deliveries.ts';
import type { Endpoint } from '#core/endpoint.ts';
import { isAppError } from '#core/errors.ts';
import { isAccountName } from '#core/values/ids.ts';
import { at } from '../support/clock.ts';
import { endpointsOver } from '../support/memory-endpoints.ts';
import { valid } from '../support/order-builder.ts';
import { onTables } from './on-tables.ts';

const shop = valid('shop', isAccountName);
const noon = at('2026-11-21T12:00:00Z');
const failing = { since: noon, attempts: 1, nextTryAt: noon };
const down = { ...failing, attempts: 40, downAt: noon };

/** Every promise of `EndpointStore`, on the fake and on the real table alike. */
function runEndpointStoreContract(name: string, open: () => Promise<EndpointStore>): void {
  describe(`endpoint store contract: ${name}`, () => {
    test('an endpoint that never failed is not there', async () => {
      assert.equal(await (await open()).load(shop), undefined);
    });

    test('what is saved is loaded, each field of it, and no more', async () => {
      const store = await open();
      const lives: readonly Endpoint[] = [
        { version: 1, failing },
        { version: 2, failing: down },
        { version: 3 },
      ];
      for (const endpoint of lives) {
        assert.equal(await store.save(shop, endpoint), 'done');
        assert.deepEqual(await store.load(shop), endpoint);
      }
    });

    test('another account is another endpoint', async () => {
      const store = await open();
      await store.save(shop, { version: 1, failing });
      assert.equal(await store.load(valid('shop-2', isAccountName)), undefined);
    });

    for (const [what, version] of [
      ['the version that stands', 2],
      ['an older one', 1],
      ['one that leaves a gap', 4],
    ] as const) {
      test(`${what} is not written`, async () => {
        const store = await open();
        await store.save(shop, { version: 1, failing });
        await store.save(shop, { version: 2 });
        assert.equal(await store.save(shop, { version, failing: down }), 'lost');
        assert.deepEqual(await store.load(shop), { version: 2 });
      });
    }

    test('a second version without a first is not written', async () => {
      const store = await open();
      assert.equal(await store.save(shop, { version: 2, failing }), 'lost');
      assert.equal(await store.load(shop), undefined);
    });

    test('of many who saw the same exactly one is written', async () => {
      const store = await open();
      const saves = Array.from({ length: 8 }, () => store.save(shop, { version: 1, failing }));
      const outcomes = await Promise.all(saves);
      assert.deepEqual([...outcomes].sort(), ['done', ...Array(7).fill('lost')]);
    });
  });
}

runEndpointStoreContract('the fake', () => Promise.resolve(endpointsOver(new Map(), undefined)));

onTables((name, open) => {
  runEndpointStoreContract(name, async () => createEndpointStore(await open()));

  test(`${name}: an endpoint that cannot be read is not taken for a well one`, async () => {
    const { client, tableName: TableName } = await open();
    const store = createEndpointStore({ client, tableName: TableName });
    const pk = { S: 'endpoint#shop' };
    for (const item of [{}, { version: { N: '1' }, failing: { S: 'yes' } }]) {
      await client.send(new PutItemCommand({ TableName, Item: { pk, ...item } }));
      await assert.rejects(
        () => store.load(shop),
        (error) => isAppError(error) && error.code === 'record_undecodable',
      );
    }
  });
});
