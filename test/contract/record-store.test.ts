import { after, before, describe } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createRecordStore } from '#adapters/dynamodb/record-store.ts';
import { clientSettings, type Emulator, startDynamodb } from '../../local/emulators.ts';
import { startDynamodbLocal, whyNoDynamodbLocal } from '../support/dynamodb-local.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { createTable, itemBytes } from '../support/tables.ts';
import { runRecordStoreContract } from './record-store.contract.ts';

const shards = 16;

runRecordStoreContract('the fake', () =>
  Promise.resolve({ store: createMemoryStore({ shards }), shards }),
);

describe('dynalite', () => {
  runOnTables('DynamoDB over dynalite', startDynamodb);
});

describe('DynamoDB Local', { skip: whyNoDynamodbLocal() }, () => {
  runOnTables('DynamoDB Local', startDynamodbLocal);
});

/** Each test has a table of its own in one emulator. */
function runOnTables(name: string, start: () => Promise<Emulator>): void {
  let emulator: Emulator;
  let client: DynamoDBClient;
  let tables = 0;
  before(async () => {
    emulator = await start();
    client = new DynamoDBClient(clientSettings(emulator.origin, 'test'));
  });
  after(async () => {
    client.destroy();
    await emulator.stop();
  });
  runRecordStoreContract(name, async () => {
    tables += 1;
    const tableName = `orders-${tables}`;
    await createTable(client, tableName);
    const store = createRecordStore({ client, tableName, shards, indexName: 'due' });
    return { store, shards, itemBytes: (key) => itemBytes(client, tableName, key) };
  });
}
