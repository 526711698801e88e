import type { Account } from '#core/account.ts';
import { applyChange, commitOf, withDueAt } from '#core/commit.ts';
import type { Change } from '#core/decision.ts';
import type { Message } from '#core/messages.ts';
import type {
  Accounts,
  Clock,
  EventQueue,
  RecordStore,
  Telemetry,
  TimerQueue,
} from '#core/ports.ts';
import { type Kind, type StoredRecord, subjectId } from '#core/record.ts';
import { noticeRecord } from '#core/subjects/notice/notice.ts';
import { leaseMs, nextSlot } from '#core/timing.ts';
import { plus } from '#core/values/time.ts';
import { arm } from './arm.ts';
import { carryOut } from './carry-out.ts';
import { type Delivery, done, type Ending } from './ending.ts';
import type { Look, OpenSubject, SubjectKind } from './subject-kind.ts';

export type LoopPorts = {
  readonly store: RecordStore;
  readonly events: EventQueue;
  readonly timers: TimerQueue;
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly kinds: Readonly<Record<Kind, SubjectKind>>;
  /** Whether a call to WeChat that starts now can end within the function's time. */
  readonly hasTime: () => boolean;
};

const roundLimit = 3;

/**
 * The one loop: load, carry out what is owed, observe, decide, commit, carry out, arm. Every hint and
 * every wake of every kind of subject ends here. Safe to run any number of times, at once or never:
 * the record decides. Ends in the ports' `AppError`s, after which the message must be retried.
 */
export async function confirm(
  ports: LoopPorts,
  message: Message,
  delivery: Delivery,
): Promise<Ending> {
  const account = await ports.accounts.get(message.account);
  if (account === undefined) {
    return { type: 'retry', reason: 'account_unknown' };
  }
  // Another merchant's number may be the same: its answer must never decide here.
  if (account.mchid !== message.subject.mchid) {
    return { type: 'parked', reason: 'account_foreign' };
  }
  for (let round = 0; round < roundLimit; round += 1) {
    const record = await ports.store.load(message.subject);
    const ending =
      record === undefined
        ? await withoutRecord(ports, message, account)
        : await lookAt(ports, record, { account, message, delivery });
    if (ending !== undefined) {
      return ending;
    }
    ports.telemetry.count('commit_lost');
  }
  return { type: 'retry', reason: 'commit_lost' };
}

type Visit = { readonly account: Account; readonly message: Message; readonly delivery: Delivery };

/** One round over a loaded record; undefined asks to load again. */
async function lookAt(
  ports: LoopPorts,
  loaded: StoredRecord,
  visit: Visit,
): Promise<Ending | undefined> {
  const kind = ports.kinds[loaded.key.kind];
  const opened = kind.open(loaded);
  if (!opened.ok) {
    return park(ports, loaded);
  }
  const subject = opened.value;
  if (loaded.outbox.length > 0 && (await carryOut(ports, loaded, subject)) !== 'done') {
    return undefined;
  }
  const record = loaded.outbox.length > 0 ? afterClear(loaded, subject) : loaded;
  if (!subject.looksFor(visit.message)) {
    return arm(ports, { record, subject, ...visit });
  }
  const finding = await subject.consider(lookOf(ports, visit.account));
  if (finding.decision.type !== 'commit') {
    return arm(ports, { record, subject, ...visit, finding });
  }
  return commit(ports, record, finding.decision.change, visit);
}

/** No look can help; and the sweep must not send the next one at once. */
async function park(ports: LoopPorts, record: StoredRecord): Promise<Ending> {
  const { key, dueAt, leases } = record;
  if (dueAt !== undefined) {
    await ports.store.lease({ key, dueAt }, plus(ports.clock.now(), leaseMs(leases + 1)));
  }
  return { type: 'parked', reason: 'record_undecodable' };
}

async function commit(
  ports: LoopPorts,
  record: StoredRecord,
  change: Change,
  visit: Visit,
): Promise<Ending | undefined> {
  const now = ports.clock.now();
  const because = becauseOf(visit.message);
  const changed = applyChange(record, change, { now, because });
  const opened = ports.kinds[record.key.kind].open(changed);
  if (!opened.ok) {
    return { type: 'parked', reason: 'record_undecodable' };
  }
  const subject = opened.value;
  const slot = subject.plan === undefined ? now : nextSlot(subject.plan, now);
  const after = withDueAt(changed, change, { now, settled: subject.settled, nextSlot: slot });
  const outcome = await ports.store.commit(commitOf(record, after, change));
  if (outcome !== 'done') {
    return undefined;
  }
  report(ports.telemetry, record, after);
  if (after.outbox.length > 0) {
    await carryOut(ports, after, subject);
  }
  return done;
}

async function withoutRecord(
  ports: LoopPorts,
  message: Message,
  account: Account,
): Promise<Ending | undefined> {
  const now = ports.clock.now();
  if (message.type === 'wake') {
    return done;
  }
  const record =
    message.type === 'unhandled-notice'
      ? noticeRecord(message, now)
      : await ports.kinds[message.subject.kind].adopt(message, lookOf(ports, account));
  if (record === undefined) {
    const isWorthKeeping = message.type === 'hint' && message.reason !== 'request';
    return isWorthKeeping ? { type: 'retry', reason: 'record_missing' } : done;
  }
  const created = await ports.store.create(record);
  const opened = ports.kinds[record.key.kind].open(record);
  if (created.outcome !== 'done' || !opened.ok) {
    return undefined;
  }
  await carryOut(ports, record, opened.value);
  return done;
}

function lookOf(ports: LoopPorts, account: Account): Look {
  return { account, now: () => ports.clock.now(), hasTime: ports.hasTime };
}

function afterClear(record: StoredRecord, subject: OpenSubject): StoredRecord {
  const { dueAt, ...rest } = record;
  const keepsDueAt = dueAt !== undefined && !subject.settled;
  const leases = subject.settled ? 0 : record.leases;
  return { ...rest, leases, outbox: [], ...(keepsDueAt && { dueAt }) };
}

function becauseOf(message: Message): string {
  switch (message.type) {
    case 'hint':
      return message.reason;
    case 'wake':
      return message.origin === 'after-close' ? 'after-close' : 'timer';
    case 'unhandled-notice':
      return 'notice';
  }
}

function report(telemetry: Telemetry, before: StoredRecord, after: StoredRecord): void {
  if (before.status === after.status) {
    return;
  }
  telemetry.count('order_settled', after.status);
  telemetry.log('info', 'status changed', {
    account: after.account,
    subject: subjectId(after.key),
    status: after.status,
    version: after.version,
  });
}
