import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { DueRow, RecordStore, WriteOutcome } from '#core/ports.ts';
import type { DataPatch, StoredRecord, SubjectKey } from '#core/record.ts';
import { type Instant, isInstant } from '#core/values/time.ts';
import { type UpdateBuilder, updateBuilder } from './expression.ts';
import {
  isConditionFailure,
  itemOfConditionFailure,
  outcomeOf,
  refusing,
  withoutAnswer,
} from './failures.ts';
import { assertDataNames, fromItem, keyItem, keyOf, toItem } from './item.ts';

export type RecordStoreOptions = {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Shards of the due index; never fewer than there ever were. */
  readonly shards: number;
  readonly indexName: string;
};

/** `RecordStore` on one DynamoDB table: a `GetItem` or one conditional write each, no transactions. */
export function createRecordStore(options: RecordStoreOptions): RecordStore {
  const { client, tableName: TableName } = options;

  function update(key: SubjectKey, fill: (builder: UpdateBuilder) => void): Promise<WriteOutcome> {
    const builder = updateBuilder();
    builder.requireExists('pk');
    fill(builder);
    return outcomeOf(() =>
      client.send(new UpdateItemCommand({ TableName, Key: keyItem(key), ...builder.build() })),
    );
  }

  async function load(key: SubjectKey): Promise<StoredRecord | undefined> {
    const read = new GetItemCommand({ TableName, Key: keyItem(key), ConsistentRead: true });
    const { Item } = await refusing(() => client.send(read));
    return Item === undefined ? undefined : fromItem(Item);
  }

  return {
    load,
    create: async (record, over) => {
      const command = putNew(TableName, record, options.shards, over);
      try {
        await client.send(command);
        return { outcome: 'done' };
      } catch (error) {
        if (isConditionFailure(error)) {
          // DynamoDB sends the item along for nothing; an emulator may not.
          const item = itemOfConditionFailure(error);
          const current = item === undefined ? await load(record.key) : fromItem(item);
          return current === undefined ? { outcome: 'unknown' } : { outcome: 'lost', current };
        }
        return { outcome: withoutAnswer(error) };
      }
    },
    commit: (commit) =>
      update(commit.key, (builder) => {
        builder.requireEquals('version', commit.version);
        builder.requireEquals('status', commit.row.from);
        builder.requireAbsent('outbox');
        builder.set('version', commit.version + 1);
        if (commit.status !== undefined) {
          builder.set('status', commit.status);
        }
        applyPatch(builder, commit.patch);
        if (commit.history === undefined) {
          builder.append('history', commit.row);
        } else {
          builder.set('history', commit.history);
        }
        builder.add('historyCount', 1);
        builder.setOrRemove('outbox', commit.outbox.length > 0 ? commit.outbox : undefined);
        if (commit.outbox.length > 0) {
          builder.set('eventCounts', commit.eventCounts);
        }
        builder.setOrRemove('dueAt', commit.dueAt);
        if (commit.keepsLooks === undefined) {
          builder.remove('leases', 'unknownLooks');
        } else {
          requireDueAt(builder, commit.keepsLooks.seenDueAt);
        }
      }),
    clear: (key, version, rests, patch = {}) =>
      update(key, (builder) => {
        builder.requireEquals('version', version);
        builder.requireExists('outbox');
        applyPatch(builder, patch);
        builder.remove('outbox', ...(rests ? ['dueAt', 'leases'] : []));
      }),
    amend: (amendment) =>
      update(amendment.key, (builder) => {
        builder.requireOneOf('status', amendment.statusIn);
        for (const name of amendment.absent ?? []) {
          builder.requireAbsent(name);
        }
        for (const [name, value] of Object.entries(amendment.equals ?? {})) {
          builder.requireEquals(name, value);
        }
        if (amendment.status !== undefined) {
          builder.set('status', amendment.status);
        }
        applyPatch(builder, amendment.patch);
        if (amendment.row !== undefined) {
          builder.append('history', amendment.row);
          builder.add('historyCount', 1);
        }
        if (amendment.dueAt !== undefined) {
          builder.setOrRemove('dueAt', amendment.dueAt ?? undefined);
        }
      }),
    arm: ({ key, version, seenDueAt, dueAt, unknownLooks }) =>
      update(key, (builder) => {
        builder.requireEquals('version', version);
        requireDueAt(builder, seenDueAt);
        builder.setOrRemove('dueAt', dueAt ?? undefined);
        builder.setOrRemove('unknownLooks', unknownLooks > 0 ? unknownLooks : undefined);
        builder.remove('leases');
      }),
    due: async (shard, now, limit) => {
      const query = new QueryCommand({
        TableName,
        IndexName: options.indexName,
        KeyConditionExpression: 'dueShard = :shard AND dueAt <= :now',
        ExpressionAttributeValues: { ':shard': { N: String(shard) }, ':now': { N: String(now) } },
        Limit: limit,
      });
      const { Items = [] } = await refusing(() => client.send(query));
      return Items.flatMap((item) => dueRow(item['pk']?.S, Number(item['dueAt']?.N)));
    },
    lease: ({ key, dueAt }, until) =>
      update(key, (builder) => {
        builder.requireEquals('dueAt', dueAt);
        builder.set('dueAt', until);
        builder.add('leases', 1);
      }),
  };
}

function putNew(
  TableName: string,
  record: StoredRecord,
  shards: number,
  over: string | undefined,
): PutItemCommand {
  const isOver = over !== undefined && record.version > 1;
  return new PutItemCommand({
    TableName,
    Item: toItem(record, shards),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...(isOver
      ? {
          ConditionExpression: '#status = :over AND #version = :before',
          ExpressionAttributeNames: { '#status': 'status', '#version': 'version' },
          ExpressionAttributeValues: {
            ':over': { S: over },
            ':before': { N: String(record.version - 1) },
          },
        }
      : { ConditionExpression: 'attribute_not_exists(pk)' }),
  });
}

function requireDueAt(builder: UpdateBuilder, seen: Instant | null): void {
  if (seen === null) {
    builder.requireAbsent('dueAt');
  } else {
    builder.requireEquals('dueAt', seen);
  }
}

function applyPatch(builder: UpdateBuilder, patch: DataPatch): void {
  const set = Object.entries(patch.set ?? {});
  const unset = patch.unset ?? [];
  assertDataNames([...set.map(([name]) => name), ...unset]);
  for (const [name, value] of set) {
    builder.set(name, value);
  }
  builder.remove(...unset);
}

function dueRow(pk: string | undefined, dueAt: number): readonly DueRow[] {
  const key = pk === undefined ? undefined : keyOf(pk);
  return key !== undefined && isInstant(dueAt) ? [{ key, dueAt }] : [];
}
