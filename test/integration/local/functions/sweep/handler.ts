import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

// Stands for `sweep`: writes down what the schedule told it.
const dynamodb = new DynamoDBClient();

export async function handler(event: { readonly source?: string }): Promise<void> {
  await dynamodb.send(
    new PutItemCommand({
      TableName: process.env['TABLE_NAME'],
      Item: { pk: { S: 'sweep' }, source: { S: event.source ?? 'nobody' } },
    }),
  );
}
