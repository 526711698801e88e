import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { AppError } from '#core/errors.ts';
import {
  type HistoryRow,
  kinds,
  type OutboxEntry,
  type StoredRecord,
  type SubjectKey,
  subjectId,
} from '#core/record.ts';
import { isAccountName, isMchid } from '#core/values/ids.ts';
import { fieldsOf, isCount, isObject, isText, type JsonObject, oneOf } from '#core/values/json.ts';
import { isInstant } from '#core/values/time.ts';

export type Item = Record<string, AttributeValue>;

/** Attributes of the envelope; a kind's own data lies beside them under other names. */
const envelopeNames = [
  'pk',
  'account',
  'status',
  'version',
  'history',
  'historyCount',
  'outbox',
  'eventCounts',
  'dueAt',
  'dueShard',
  'leases',
  'unknownLooks',
] as const;
const envelope: ReadonlySet<string> = new Set(envelopeNames);

/** The shard of the due index that a key belongs to: FNV-1a, stable for ever. */
function shardOf(key: SubjectKey, shards: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(subjectId(key))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash % shards;
}

export function keyItem(key: SubjectKey): Item {
  return { pk: { S: subjectId(key) } };
}

/** The item of a record. Absent means empty or zero, which keeps an ordinary order under 1 KB. */
export function toItem(record: StoredRecord, shards: number): Item {
  assertDataNames(Object.keys(record.data));
  const { leases, unknownLooks, historyCount } = record;
  return marshall(
    {
      pk: subjectId(record.key),
      account: record.account,
      status: record.status,
      version: record.version,
      ...record.data,
      ...(record.history.length > 0 && { history: record.history, historyCount }),
      ...(record.outbox.length > 0 && { outbox: record.outbox }),
      ...(Object.keys(record.eventCounts).length > 0 && { eventCounts: record.eventCounts }),
      dueShard: shardOf(record.key, shards),
      ...(record.dueAt !== undefined && { dueAt: record.dueAt }),
      ...(leases > 0 && { leases }),
      ...(unknownLooks > 0 && { unknownLooks }),
    },
    { removeUndefinedValues: true },
  );
}

/** Reads an item back; ends in `record_undecodable`. */
export function fromItem(item: Item): StoredRecord {
  const source: unknown = unmarshall(item);
  const fields = fieldsOf(source);
  const pk = fields.required('pk', isText);
  const key = keyOf(pk);
  const envelopeOf = {
    account: fields.required('account', isAccountName),
    status: fields.required('status', isText),
    version: fields.required('version', isCount),
    data: dataOf(source),
    history: fields.optional('history', isHistory) ?? [],
    historyCount: fields.optional('historyCount', isCount) ?? 0,
    outbox: fields.optional('outbox', isOutbox) ?? [],
    eventCounts: fields.optional('eventCounts', isCounts) ?? {},
    dueAt: fields.optional('dueAt', isInstant),
    leases: fields.optional('leases', isCount) ?? 0,
    unknownLooks: fields.optional('unknownLooks', isCount) ?? 0,
  };
  const checked = fields.result(() => envelopeOf);
  if (!checked.ok || key === undefined) {
    throw new AppError('record_undecodable', `The item ${pk} has no readable envelope.`);
  }
  const { dueAt, ...rest } = checked.value;
  return { key, ...rest, ...(dueAt !== undefined && { dueAt }) };
}

/** Splits `kind#mchid#number`; a number may hold anything but the first two parts may not hold `#`. */
export function keyOf(pk: string): SubjectKey | undefined {
  const [kind, mchid, ...rest] = pk.split('#');
  const number = rest.join('#');
  return oneOf(kinds)(kind) && isMchid(mchid) && number !== ''
    ? { kind, mchid, number }
    : undefined;
}

/** A kind's data must not shadow the envelope. */
export function assertDataNames(names: readonly string[]): void {
  const clash = names.find((name) => envelope.has(name));
  if (clash !== undefined) {
    throw new Error(`The name ${clash} belongs to the envelope of a record.`);
  }
}

function dataOf(source: unknown): JsonObject {
  const object = isObject(source) ? source : {};
  return Object.fromEntries(Object.entries(object).filter(([name]) => !envelope.has(name)));
}

function isHistory(value: unknown): value is readonly HistoryRow[] {
  return Array.isArray(value) && value.every(isHistoryRow);
}

function isHistoryRow(value: unknown): value is HistoryRow {
  const fields = fieldsOf(value);
  fields.required('at', isInstant);
  fields.required('from', isText);
  fields.required('to', isText);
  fields.required('because', isText);
  fields.optional('evidence', isText);
  return fields.result(() => true).ok;
}

function isOutbox(value: unknown): value is readonly OutboxEntry[] {
  return Array.isArray(value) && value.every(isOutboxEntry);
}

function isOutboxEntry(value: unknown): value is OutboxEntry {
  const fields = fieldsOf(value);
  fields.required('at', isInstant);
  switch (fields.required('type', oneOf(['start', 'tell', 'event', 'look']))) {
    case 'start':
      fields.required('kind', oneOf(kinds));
      fields.required('number', isText);
      fields.required('startAt', isInstant);
      fields.required('data', isObject);
      break;
    case 'event':
      fields.required('event', isText);
      fields.required('n', isCount);
      break;
  }
  return fields.result(() => true).ok;
}

function isCounts(value: unknown): value is Readonly<Record<string, number>> {
  return isObject(value) && Object.values(value).every(isCount);
}
