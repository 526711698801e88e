import type { Account } from '#core/account.ts';
import type { Change, Decision } from '#core/decision.ts';
import type { Hint, Message } from '#core/messages.ts';
import type { DataPatch, OutboxEntry, StoredRecord, SubjectKey } from '#core/record.ts';
import type { Result } from '#core/result.ts';
import type { WakePlan } from '#core/timing.ts';
import type { JsonObject } from '#core/values/json.ts';
import type { Instant } from '#core/values/time.ts';

/** What a look may use. A call to WeChat is begun only while `hasTime` says that it can end in time. */
export type Look = {
  readonly account: Account;
  readonly now: () => Instant;
  readonly hasTime: () => boolean;
};

/** What a look found: the decision, and in one word what WeChat answered. */
export type Finding = { readonly decision: Decision; readonly answer: string };

/** Another subject that must hear what became of this one. */
export type Told = {
  readonly key: SubjectKey;
  /** What it learns; undefined when it knows already. */
  learn(record: StoredRecord, now: Instant): Result<Change | undefined>;
};

/** A record, read and understood by its kind. */
export type OpenSubject = {
  /** No wake has to look any more. */
  readonly settled: boolean;
  /** Settled, and no look is owed for another reason either. */
  readonly rests: boolean;
  /** When the looks are that the one chain of messages is for; a kind without a chain has none. */
  readonly plan?: WakePlan;
  /** The next planned look after `now`. */
  nextLook(now: Instant): Instant;
  /** Whether this message is worth a call to WeChat. */
  looksFor(message: Message): boolean;
  /** Observes and decides; runs the decision's one command and then observes and decides once more. */
  consider(look: Look): Promise<Finding>;
  /** The `data` of an event that the record owes. */
  eventData(event: string): JsonObject;
  readonly tells?: Told;
  /** What this subject keeps of a start whose number belongs to another subject. */
  refuseStart?(number: string): DataPatch;
};

/** A kind of subject, plugged into the one loop. */
export type SubjectKind = {
  open(record: StoredRecord): Result<OpenSubject>;
  /**
   * The record to keep for a hint about a subject that nobody recorded, if WeChat knows it; undefined
   * leaves the hint in its queue.
   */
  adopt(hint: Hint, look: Look): Promise<StoredRecord | undefined>;
  /** The record of a subject that another one's outbox starts. */
  begin?(parent: StoredRecord, entry: StartEntry): StoredRecord;
  /** Whether the record that stands has given its number up, so that this start may take it. */
  begunAnew?(standing: StoredRecord, entry: StartEntry): boolean;
};

export type StartEntry = Extract<OutboxEntry, { readonly type: 'start' }>;
