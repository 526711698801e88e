import assert from 'node:assert/strict';
import type { Commit, DueRow, RecordStore } from '#core/ports.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { isMchid } from '#core/values/ids.ts';
import type { Instant } from '#core/values/time.ts';
import { at } from '../support/clock.ts';
import { storedOrder, valid } from '../support/order-builder.ts';

/** A store for one test. */
export type StoreHarness = {
  readonly store: RecordStore;
  readonly shards: number;
  /** How many bytes the table bills for this item; absent where nothing is billed. */
  readonly itemBytes?: (key: SubjectKey) => Promise<number>;
};

export type ContractTest = (
  title: string,
  body: (store: RecordStore, harness: StoreHarness) => Promise<void>,
) => void;

export const now = at('2026-11-21T04:10:00Z');
export const later = at('2026-11-21T05:00:00Z');
export const row = { at: now, from: 'AWAITING', to: 'PAID', because: 'notice' } as const;
export const paidEvent = { type: 'event', event: 'order.paid', n: 1, at: now } as const;

export function orderOf(number: string): SubjectKey {
  return { kind: 'order', mchid: valid('1900000001', isMchid), number };
}

/** Puts a record there and answers it. */
export async function given(store: RecordStore, record: StoredRecord): Promise<StoredRecord> {
  assert.deepEqual(await store.create(record), { outcome: 'done' });
  return record;
}

export async function stands(store: RecordStore, key: SubjectKey): Promise<StoredRecord> {
  const record = await store.load(key);
  assert.ok(record !== undefined, 'a record stands');
  return record;
}

/** An open order with leases and unanswered looks behind it. */
export function awaitingOrder(overrides: Parameters<typeof storedOrder>[1] = {}): StoredRecord {
  return storedOrder('AWAITING', { version: 3, leases: 2, unknownLooks: 4, ...overrides });
}

/** A commit that takes `record` to PAID and owes its event. */
export function payingCommit(record: StoredRecord, overrides: Partial<Commit> = {}): Commit {
  return {
    key: record.key,
    version: record.version,
    status: 'PAID',
    patch: { set: { transaction_id: '4200A1001', paidFen: 8800 } },
    row,
    outbox: [paidEvent],
    eventCounts: { 'order.paid': 1 },
    dueAt: later,
    ...overrides,
  };
}

/** What is due in all shards; each shard's rows as it gave them. */
export function dueByShard(
  { store, shards }: StoreHarness,
  moment: Instant,
  limit = 100,
): Promise<readonly (readonly DueRow[])[]> {
  return Promise.all(Array.from({ length: shards }, (_, shard) => store.due(shard, moment, limit)));
}
