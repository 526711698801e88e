import type { Change } from './decision.ts';
import type { Commit } from './ports.ts';
import { type OutboxEntry, type StoredRecord, trimHistory } from './record.ts';
import { dueAtOfOwed } from './timing.ts';
import type { Json } from './values/json.ts';
import { type Instant, minuteMs, plus } from './values/time.ts';

/** A closed order, and a code payment that was refused, is looked at once more this long after, by a message of its own. */
export const afterCloseLookMs = 10 * minuteMs;

/** The record as the change leaves it: the version one higher, the outbox filled, a history row more. */
export function applyChange(
  record: StoredRecord,
  change: Change,
  why: { readonly now: Instant; readonly because: string },
): StoredRecord {
  const status = change.status ?? record.status;
  const row = {
    at: why.now,
    from: record.status,
    to: status,
    because: why.because,
    evidence: change.evidence,
  };
  const { outbox, eventCounts } = owe(record, change, why.now);
  return {
    ...record,
    status,
    version: record.version + 1,
    data: patched(record, change),
    history: trimHistory([...record.history, row]),
    historyCount: record.historyCount + 1,
    outbox,
    eventCounts,
    ...(change.isAside !== true && { leases: 0, unknownLooks: 0 }),
  };
}

/** The one conditional write that takes `before` to `after`. */
export function commitOf(before: StoredRecord, after: StoredRecord, change: Change): Commit {
  const row = after.history.at(-1);
  if (row === undefined) {
    throw new Error('A changed record has a history row.');
  }
  const wasTrimmed = after.history.length <= before.history.length;
  return {
    key: before.key,
    version: before.version,
    ...(change.status !== undefined && { status: change.status }),
    patch: change.patch,
    row,
    ...(wasTrimmed && { history: after.history }),
    outbox: after.outbox,
    eventCounts: after.eventCounts,
    ...(after.dueAt !== undefined && { dueAt: after.dueAt }),
    ...(change.isAside === true && { keepsLooks: { seenDueAt: before.dueAt ?? null } }),
  };
}

/**
 * `dueAt` after a commit: the look that the decision plans, else for what is owed by a settled record
 * a moment soon (or the one that stands), else the plan's next slot; nothing on a record at rest. A
 * change aside leaves a look that is owed where it stands.
 */
export function withDueAt(
  after: StoredRecord,
  change: Change,
  next: { readonly now: Instant; readonly settled: boolean; readonly nextSlot: Instant },
): StoredRecord {
  const { dueAt: stood, ...rest } = after;
  if (change.nextLookAt !== undefined) {
    return { ...rest, dueAt: change.nextLookAt };
  }
  if (after.outbox.length > 0) {
    return { ...rest, dueAt: dueAtOfOwed(stood, next.now) };
  }
  if (change.isAside === true) {
    return after;
  }
  return next.settled ? rest : { ...rest, dueAt: next.nextSlot };
}

function patched(record: StoredRecord, change: Change): StoredRecord['data'] {
  const data: Record<string, Json> = { ...record.data, ...change.patch.set };
  for (const name of change.patch.unset ?? []) {
    delete data[name];
  }
  return data;
}

function owe(
  record: StoredRecord,
  change: Change,
  now: Instant,
): Pick<StoredRecord, 'outbox' | 'eventCounts'> {
  const counts: Record<string, number> = { ...record.eventCounts };
  // What an event speaks of must exist before it is heard.
  const outbox: OutboxEntry[] = (change.starts ?? []).map((subject) => ({
    type: 'start',
    at: now,
    ...subject,
  }));
  if (change.tells === true) {
    outbox.push({ type: 'tell', at: now });
  }
  for (const event of change.events) {
    const n = (counts[event] ?? 0) + 1;
    counts[event] = n;
    outbox.push({ type: 'event', event, n, at: now });
  }
  if (change.lookAfterClose === true) {
    outbox.push({ type: 'look', at: plus(now, afterCloseLookMs) });
  }
  return { outbox, eventCounts: counts };
}
