import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

// Stands for `confirm`: does what each message says: `write`, `keep` on its first receive, `throw`.
const sqs = new SQSClient();
const dynamodb = new DynamoDBClient();

type Order = { readonly id: string; readonly does: 'write' | 'keep' | 'throw' };

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const kept: string[] = [];
  for (const record of event.Records) {
    const order = JSON.parse(record.body) as Order;
    if (order.does === 'throw') {
      throw new Error(`Told to throw by ${order.id}`);
    }
    if (order.does === 'keep' && record.attributes.ApproximateReceiveCount === '1') {
      kept.push(record.messageId);
    } else {
      await write(order, record);
    }
  }
  return { batchItemFailures: kept.map((itemIdentifier) => ({ itemIdentifier })) };
}

async function write({ id }: Order, record: SQSRecord): Promise<void> {
  const { ApproximateReceiveCount } = record.attributes;
  await dynamodb.send(
    new PutItemCommand({
      TableName: process.env['TABLE_NAME'],
      Item: {
        pk: { S: id },
        receives: { N: ApproximateReceiveCount },
        route: { S: record.messageAttributes['route']?.stringValue ?? 'none' },
        atMs: { N: String(Date.now()) },
      },
    }),
  );
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: process.env['EVENTS_QUEUE_URL'],
      MessageGroupId: id,
      MessageDeduplicationId: id,
      MessageBody: JSON.stringify({ id, type: 'written', subject: id }),
    }),
  );
}
