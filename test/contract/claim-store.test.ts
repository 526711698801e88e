import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createClaimStore } from '#adapters/dynamodb/claim-store.ts';
import { createRecordStore } from '#adapters/dynamodb/record-store.ts';
import { isAppError } from '#core/errors.ts';
import { claimsOver } from '../support/memory-claims.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { reference } from '../support/refund-builder.ts';
import { runClaimStoreContract } from './claim-store.contract.ts';
import { onTables, shards } from './on-tables.ts';

runClaimStoreContract('the fake', () =>
  Promise.resolve({
    claims: claimsOver(new Map(), undefined),
    records: createMemoryStore({ shards }),
    shards,
  }),
);

onTables((name, open) => {
  runClaimStoreContract(name, async () => {
    const table = await open();
    const records = createRecordStore({ ...table, shards, indexName: 'due' });
    return { claims: createClaimStore(table), records, shards };
  });

  test(`${name}: a claim that cannot be read is not taken for none`, async () => {
    const { client, tableName: TableName } = await open();
    const claims = createClaimStore({ client, tableName: TableName });
    const pk = { S: `claim#tenant-1#${reference}` };
    for (const side of ['owner', 'placed']) {
      for (const text of ['', 'A-1001', 'shop#1900000001', 'Shop#1900000001#A-1001']) {
        await client.send(new PutItemCommand({ TableName, Item: { pk, [side]: { S: text } } }));
        await assert.rejects(
          () => claims.load({ tenant: 'tenant-1', reference }),
          (error) => isAppError(error) && error.code === 'record_undecodable',
        );
      }
    }
  });
});
