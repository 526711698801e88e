import { after, before } from 'node:test';
import { createRecordStore } from '#adapters/dynamodb/record-store.ts';
import { type DynaliteTables, startDynalite } from '../support/dynalite-table.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { runRecordStoreContract } from './record-store.contract.ts';

const shards = 16;

runRecordStoreContract('the fake', () =>
  Promise.resolve({ store: createMemoryStore({ shards }), shards }),
);

let tables: DynaliteTables;
before(async () => {
  tables = await startDynalite();
});
after(() => tables.stop());

runRecordStoreContract('DynamoDB over dynalite', async () => {
  const { client } = tables;
  const tableName = await tables.create();
  const store = createRecordStore({ client, tableName, shards, indexName: 'due' });
  return { store, shards, itemBytes: (key) => tables.itemBytes(tableName, key) };
});
