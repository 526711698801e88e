import type { Account } from '#core/account.ts';
import type { Message } from '#core/messages.ts';
import type { Accounts } from '#core/ports.ts';
import type { StoredRecord } from '#core/record.ts';
import { noticeRecord } from '#core/subjects/notice/notice.ts';
import { leaseMs } from '#core/timing.ts';
import { plus } from '#core/values/time.ts';
import { arm, endingOfDecided } from './arm.ts';
import {
  type CarryOutPorts,
  carryOut,
  commitChange,
  openRecord,
  withoutDebts,
} from './carry-out.ts';
import { done, type Ending, type Receipt } from './ending.ts';
import type { Look } from './subject-kind.ts';

export type LoopPorts = CarryOutPorts & {
  readonly accounts: Accounts;
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
  receipt: Receipt,
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
        : await lookAt(ports, record, { account, message, receipt });
    if (ending !== undefined && ending !== 'looks-on') {
      return ending;
    }
    if (ending === undefined) {
      ports.telemetry.count('commit_lost');
    }
  }
  return { type: 'retry', reason: 'commit_lost' };
}

type Visit = { readonly account: Account; readonly message: Message; readonly receipt: Receipt };

/** One round over a loaded record; undefined asks to load again, `looks-on` to look again at what it wrote. */
async function lookAt(
  ports: LoopPorts,
  loaded: StoredRecord,
  visit: Visit,
): Promise<Ending | 'looks-on' | undefined> {
  const opened = ports.kinds[loaded.key.kind].open(loaded);
  if (!opened.ok) {
    return park(ports, loaded);
  }
  const subject = opened.value;
  const record = await withoutDebts(ports, loaded, subject);
  if (record === undefined) {
    return undefined;
  }
  if (!subject.looksFor(visit.message)) {
    return arm(ports, { record, subject, ...visit });
  }
  const finding = await subject.consider(lookOf(ports, visit.account));
  if (finding.decision.type !== 'commit') {
    return arm(ports, { record, subject, ...visit, finding });
  }
  const { change } = finding.decision;
  const outcome = await commitChange(ports, record, change, becauseOf(visit.message));
  if (outcome !== 'done') {
    return undefined;
  }
  return change.looksOn === true
    ? 'looks-on'
    : endingOfDecided({ record, subject, ...visit, finding });
}

/** No look can help; and the sweep must not send the next one at once. */
async function park(ports: LoopPorts, record: StoredRecord): Promise<Ending> {
  const { key, dueAt, leases } = record;
  if (dueAt !== undefined) {
    await ports.store.lease({ key, dueAt }, plus(ports.clock.now(), leaseMs(leases + 1)));
  }
  return { type: 'parked', reason: 'record_undecodable' };
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
  if (created.outcome !== 'done') {
    return undefined;
  }
  await carryOut(ports, record, openRecord(ports, record));
  return done;
}

function lookOf(ports: LoopPorts, account: Account): Look {
  return { account, now: () => ports.clock.now(), hasTime: ports.hasTime };
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
