import { after, before, describe } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings, type Emulator, startDynamodb } from '../../local/emulators.ts';
import { startDynamodbLocal, whyNoDynamodbLocal } from '../support/dynamodb-local.ts';
import { createTable } from '../support/tables.ts';

export const shards = 16;

type Table = { readonly client: DynamoDBClient; readonly tableName: string };

/** Runs a contract on each emulator of DynamoDB; `open` answers another empty table each time. */
export function onTables(run: (name: string, open: () => Promise<Table>) => void): void {
  describe('dynalite', () => {
    onEmulator(startDynamodb, (open) => run('DynamoDB over dynalite', open));
  });
  describe('DynamoDB Local', { skip: whyNoDynamodbLocal() }, () => {
    onEmulator(startDynamodbLocal, (open) => run('DynamoDB Local', open));
  });
}

function onEmulator(
  start: () => Promise<Emulator>,
  run: (open: () => Promise<Table>) => void,
): void {
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
  run(async () => {
    tables += 1;
    const tableName = `orders-${tables}`;
    await createTable(client, tableName);
    return { client, tableName };
  });
}
