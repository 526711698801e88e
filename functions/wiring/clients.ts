import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const maxAttempts = 3;
/** Connection and answer of one try; three of them end well within a function's 30 s. */
const tryTimeoutMs = 3_000;

export function dynamodbClient(): DynamoDBClient {
  return new DynamoDBClient({ maxAttempts, requestHandler: boundedHandler() });
}

export function sqsClient(): SQSClient {
  return new SQSClient({ maxAttempts, requestHandler: boundedHandler() });
}

export function secretsClient(): SecretsManagerClient {
  return new SecretsManagerClient({ maxAttempts, requestHandler: boundedHandler() });
}

/**
 * The SDK's own handler with one bound over a whole try. Its own timeouts are several, some only warn,
 * and they follow a clock that may be scaled, which a socket does not.
 */
function boundedHandler(): NodeHttpHandler {
  const handler = new NodeHttpHandler();
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const timeout = AbortSignal.timeout(tryTimeoutMs);
    try {
      return await handle(request, { ...options, abortSignal: timeout });
    } catch (cause) {
      throw timeout.aborted ? timedOut(cause) : cause;
    }
  };
  return handler;
}

/** By this name the SDK knows a failure that it may try again. */
function timedOut(cause: unknown): Error {
  const error = new Error(`No answer within ${tryTimeoutMs} ms.`, { cause });
  error.name = 'TimeoutError';
  return error;
}
