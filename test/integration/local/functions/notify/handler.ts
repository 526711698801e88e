import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

// Stands for `notify`: reads the account's secret, sends the body on as a hint.
const sqs = new SQSClient();
const secrets = new SecretsManagerClient();

export async function handler(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const SecretId = `${process.env['ACCOUNT_SECRET_PREFIX']}/${event.pathParameters?.['account']}`;
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: process.env['HINTS_QUEUE_URL'],
      MessageBody: event.body,
      MessageAttributes: { route: { DataType: 'String', StringValue: event.routeKey } },
    }),
  );
  const { tenant } = JSON.parse(SecretString ?? '{}') as { readonly tenant?: string };
  return { statusCode: 200, headers: { 'x-tenant': tenant ?? '' }, body: 'taken' };
}
