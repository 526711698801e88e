import type { AccountName, Mchid } from './values/ids.ts';
import type { Json, JsonObject } from './values/json.ts';
import type { Instant } from './values/time.ts';

export const kinds = ['order', 'refund', 'plan', 'sign-plan', 'service-order', 'notice'] as const;
/** The kinds of things we track. */
export type Kind = (typeof kinds)[number];

/** Names one subject: kind, mchid and the merchant's own number (of a notice: WeChat's id). */
export type SubjectKey = {
  readonly kind: Kind;
  readonly mchid: Mchid;
  readonly number: string;
};

/** `order#1900000001#A-1001`: the key in the table, the group of its events, the head of their ids. */
export function subjectId(key: SubjectKey): string {
  return `${key.kind}#${key.mchid}#${key.number}`;
}

/** A change that was made, kept on the record: what moved it, and what WeChat had said. */
export type HistoryRow = {
  readonly at: Instant;
  readonly from: string;
  readonly to: string;
  readonly because: string;
  readonly evidence?: string;
};

/** A subject that a commit of another begins: what its record is made of, and when it may be looked at. */
export type NewSubject = {
  readonly kind: Kind;
  readonly number: string;
  readonly startAt: Instant;
  readonly data: JsonObject;
};

/**
 * What a commit still owes, carried out in order: subjects to start, a subject to tell of what became of
 * this one, events to send, one more look to plan.
 */
export type OutboxEntry =
  | ({ readonly type: 'start'; readonly at: Instant } & NewSubject)
  | { readonly type: 'tell'; readonly at: Instant }
  | { readonly type: 'event'; readonly event: string; readonly n: number; readonly at: Instant }
  | { readonly type: 'look'; readonly at: Instant };

/** The subject's item in the table: the same envelope for every kind, and the kind's own `data`. */
export type StoredRecord = {
  readonly key: SubjectKey;
  readonly account: AccountName;
  readonly status: string;
  /** Raised by commits only: version n's events are out before n+1 exists. */
  readonly version: number;
  readonly data: JsonObject;
  readonly history: readonly HistoryRow[];
  readonly historyCount: number;
  readonly outbox: readonly OutboxEntry[];
  /** How many events of a type this record decided; makes their ids. */
  readonly eventCounts: Readonly<Record<string, number>>;
  /** Somebody looks by then even if every message is lost. Absent on a settled record. */
  readonly dueAt?: Instant;
  /** Wakes that the sweep sent since somebody last looked. */
  readonly leases: number;
  /** Looks in a row that ended without an answer. */
  readonly unknownLooks: number;
};

/** Values to set and names to remove in a record's `data`. */
export type DataPatch = {
  readonly set?: Readonly<Record<string, Json>>;
  readonly unset?: readonly string[];
};

/** A new life under a number that was given up: its versions go on, and no id of an event comes twice. */
export function renewed(standing: StoredRecord, fresh: StoredRecord): StoredRecord {
  return { ...fresh, version: standing.version + 1, eventCounts: standing.eventCounts };
}

const firstRows = 4;
const lastRows = 28;

/** The rows to keep: the first 4 and the last 28; `historyCount` tells how many there ever were. */
export function trimHistory(rows: readonly HistoryRow[]): readonly HistoryRow[] {
  return rows.length <= firstRows + lastRows
    ? rows
    : [...rows.slice(0, firstRows), ...rows.slice(-lastRows)];
}
