import { once } from 'node:events';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { type SubjectKey, subjectId } from '#core/record.ts';

export type DynaliteTables = {
  readonly client: DynamoDBClient;
  /** Creates an empty table with the sparse index `due` and answers its name. */
  create(): Promise<string>;
  /** About what DynamoDB bills for the item: names and values. */
  itemBytes(tableName: string, key: SubjectKey): Promise<number>;
  stop(): Promise<void>;
};

/** DynamoDB in this process, on a free loopback port. */
export async function startDynalite(): Promise<DynaliteTables> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'cn-north-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  let tables = 0;
  return {
    client,
    create: async () => {
      tables += 1;
      const TableName = `orders-${tables}`;
      await client.send(createTable(TableName));
      await untilActive(client, TableName);
      return TableName;
    },
    itemBytes: async (TableName, key) => {
      const Key = { pk: { S: subjectId(key) } };
      const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
      return billedBytes({ M: Item ?? {} });
    },
    stop: async () => {
      client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function untilActive(client: DynamoDBClient, TableName: string): Promise<void> {
  for (let look = 0; look < 1000; look += 1) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') {
      return;
    }
  }
  throw new Error(`The table ${TableName} never became active.`);
}

function createTable(TableName: string): CreateTableCommand {
  return new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'dueShard', AttributeType: 'N' },
      { AttributeName: 'dueAt', AttributeType: 'N' },
    ],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'due',
        KeySchema: [
          { AttributeName: 'dueShard', KeyType: 'HASH' },
          { AttributeName: 'dueAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
}

/** By the rules of the page "DynamoDB item sizes and formats": names, text in UTF-8, 1 byte a member. */
function billedBytes(value: unknown): number {
  const [type, content] = Object.entries(Object(value))[0] ?? ['NULL', true];
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return Math.ceil(String(content).replace(/\D/g, '').length / 2) + 1;
    case 'M':
      return Object.entries(Object(content)).reduce(
        (bytes, [name, member]) => bytes + Buffer.byteLength(name) + billedBytes(member) + 1,
        3,
      );
    case 'L':
      return Array.from(Object.values(Object(content))).reduce<number>(
        (bytes, member) => bytes + billedBytes(member) + 1,
        3,
      );
    default:
      return 1;
  }
}
