import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type SubjectKey, subjectId } from '#core/record.ts';

/** Creates an empty table with the sparse index `due`. */
export async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  await client.send(tableNamed(TableName));
  for (let look = 0; look < 1000; look += 1) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') {
      return;
    }
  }
  throw new Error(`The table ${TableName} never became active.`);
}

/** About what DynamoDB bills for the item: names and values. */
export async function itemBytes(
  client: DynamoDBClient,
  TableName: string,
  key: SubjectKey,
): Promise<number> {
  const Key = { pk: { S: subjectId(key) } };
  const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
  return billedBytes({ M: Item ?? {} });
}

function tableNamed(TableName: string): CreateTableCommand {
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
