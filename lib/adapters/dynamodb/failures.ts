import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
} from '@aws-sdk/client-dynamodb';
import type { Item } from './item.ts';

export function isConditionFailure(error: unknown): boolean {
  return error instanceof ConditionalCheckFailedException;
}

/** The item as it stood, which DynamoDB returns with a failed condition when asked (ALL_OLD). */
export function itemOfConditionFailure(error: unknown): Item | undefined {
  return error instanceof ConditionalCheckFailedException ? error.Item : undefined;
}

/** No answer, or a server's fault: the write may have happened. A 4xx says that it did not. */
export function isWithoutAnswer(error: unknown): boolean {
  if (!(error instanceof DynamoDBServiceException)) {
    return true;
  }
  const status = error.$metadata.httpStatusCode;
  return status === undefined || status >= 500;
}
