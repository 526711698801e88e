import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createClaimStore } from '#adapters/dynamodb/claim-store.ts';
import { createRecordStore } from '#adapters/dynamodb/record-store.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import type { ClaimStore } from '#core/claims.ts';
import type { RecordStore } from '#core/ports.ts';
import { dynamodbClient } from './clients.ts';

export function recordStore(client: DynamoDBClient = dynamodbClient()): RecordStore {
  return createRecordStore({
    client,
    ...readConfig('tableName'),
    shards: limits.dueShards,
    indexName: limits.dueIndexName,
  });
}

/** Records and claims lie in one table and share a client. */
export function stores(): { readonly store: RecordStore; readonly claims: ClaimStore } {
  const client = dynamodbClient();
  return {
    store: recordStore(client),
    claims: createClaimStore({ client, ...readConfig('tableName') }),
  };
}
