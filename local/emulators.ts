import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';
import type { QueuePlan, TablePlan } from './deployment.ts';
import { closeServer, listenOnLoopback } from './listen.ts';
import { region } from './places.ts';

export type Emulator = { readonly origin: string; readonly stop: () => Promise<void> };

/** DynamoDB in memory (dynalite). */
export async function startDynamodb(): Promise<Emulator> {
  const server = dynalite({ createTableMs: 0 });
  const origin = await listenOnLoopback(server);
  return { origin, stop: () => closeServer(server) };
}

/** SQS in memory (fauxqs). */
export async function startSqs(): Promise<Emulator> {
  const app = buildApp({ logger: false, defaultRegion: region });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    origin,
    stop: async () => {
      await app.close();
    },
  };
}

/** Clients that call an emulator, or a gate in front of it, as `caller`. */
export function clientSettings(endpoint: string, caller: string) {
  return { endpoint, region, credentials: { accessKeyId: caller, secretAccessKey: 'local' } };
}

export async function createTables(endpoint: string, tables: readonly TablePlan[]): Promise<void> {
  const client = new DynamoDBClient(clientSettings(endpoint, 'deployment'));
  for (const { tableName, properties } of tables) {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = properties;
    // The template's own words: CloudFormation and the API call these alike.
    const wanted = { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes };
    await client.send(
      new CreateTableCommand({
        ...(wanted as Pick<CreateTableCommandInput, keyof typeof wanted>),
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  }
  client.destroy();
}

/** In the given order, so that a dead-letter queue is there before the queue that names it. */
export async function createQueues(endpoint: string, queues: readonly QueuePlan[]): Promise<void> {
  const client = new SQSClient(clientSettings(endpoint, 'deployment'));
  for (const { queueName, attributes } of queues) {
    await client.send(new CreateQueueCommand({ QueueName: queueName, Attributes: attributes }));
  }
  client.destroy();
}
