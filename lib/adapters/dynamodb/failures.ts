import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
} from '@aws-sdk/client-dynamodb';
import { AppError } from '#core/errors.ts';
import type { WriteOutcome } from '#core/ports.ts';
import type { Item } from './item.ts';

export function isConditionFailure(error: unknown): boolean {
  return error instanceof ConditionalCheckFailedException;
}

/** The item as it stood, which DynamoDB returns with a failed condition when asked (ALL_OLD). */
export function itemOfConditionFailure(error: unknown): Item | undefined {
  return error instanceof ConditionalCheckFailedException ? error.Item : undefined;
}

/** No answer, or a server's fault: the write may have happened. A 4xx says that it did not. */
function isWithoutAnswer(error: unknown): boolean {
  if (!(error instanceof DynamoDBServiceException)) {
    return true;
  }
  const status = error.$metadata.httpStatusCode;
  return status === undefined || status >= 500;
}

/** How a conditional write ended; ends in `store_unavailable` when it was refused for certain. */
export async function outcomeOf(write: () => Promise<unknown>): Promise<WriteOutcome> {
  try {
    await write();
    return 'done';
  } catch (error) {
    return isConditionFailure(error) ? 'lost' : withoutAnswer(error);
  }
}

/** The outcome of a failed write: unknown where no answer came, else it was refused for certain. */
export function withoutAnswer(error: unknown): 'unknown' {
  if (isWithoutAnswer(error)) {
    return 'unknown';
  }
  throw refusal(error);
}

/** A read; ends in `store_unavailable`. */
export async function refusing<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw refusal(error);
  }
}

function refusal(cause: unknown): AppError {
  const name = cause instanceof Error ? cause.name : 'unknown';
  return new AppError('store_unavailable', `The table did not answer as asked: ${name}.`, {
    cause,
  });
}
