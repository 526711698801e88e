import { createRecordStore } from '#adapters/dynamodb/record-store.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import type { RecordStore } from '#core/ports.ts';
import { dynamodbClient } from './clients.ts';

export function recordStore(): RecordStore {
  return createRecordStore({
    client: dynamodbClient(),
    ...readConfig('tableName'),
    shards: limits.dueShards,
    indexName: limits.dueIndexName,
  });
}
