import { createRecordStore } from '#adapters/dynamodb/record-store.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { itemBytes } from '../support/tables.ts';
import { onTables, shards } from './on-tables.ts';
import { runRecordStoreContract } from './record-store.contract.ts';

runRecordStoreContract('the fake', () =>
  Promise.resolve({ store: createMemoryStore({ shards }), shards }),
);

onTables((name, open) => {
  runRecordStoreContract(name, async () => {
    const { client, tableName } = await open();
    const store = createRecordStore({ client, tableName, shards, indexName: 'due' });
    return { store, shards, itemBytes: (key) => itemBytes(client, tableName, key) };
  });
});
