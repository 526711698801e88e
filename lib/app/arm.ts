import type { Message, Wake } from '#core/messages.ts';
import { isNoticeAhead } from '#core/notices.ts';
import type { Clock, RecordStore, TimerQueue } from '#core/ports.ts';
import { type StoredRecord, subjectId } from '#core/record.ts';
import type { Telemetry } from '#core/telemetry.ts';
import {
  carriesChain,
  nextChainWake,
  pauseAfterUnknown,
  pauseForNoticeAhead,
  settledLookLimit,
} from '#core/timing.ts';
import { earliest, type Instant, plus } from '#core/values/time.ts';
import { done, type Ending, type Receipt } from './ending.ts';
import type { Finding, OpenSubject } from './subject-kind.ts';

export type ArmPorts = {
  readonly store: RecordStore;
  readonly timers: TimerQueue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
};

export type Looked = {
  readonly record: StoredRecord;
  readonly subject: OpenSubject;
  readonly message: Message;
  readonly receipt: Receipt;
  /** Absent when the message was not worth a look. */
  readonly finding?: Finding;
};

type Known = Extract<Finding['decision'], { readonly type: 'quiet' | 'wait' }>;
type Unknown = Extract<Finding['decision'], { readonly type: 'unknown' }>;

/**
 * Plans the next look after one that committed nothing. Only the one chain sends messages; every other
 * wake writes `dueAt`, where chains meet and become one; a hint plans nothing, unless its look had no
 * answer: that look stays owed, with growing pauses, so that an outage fills no dead-letter queue.
 */
export function arm(ports: ArmPorts, looked: Looked): Ending | Promise<Ending> {
  const { record, subject, message, finding } = looked;
  if (finding === undefined) {
    // Nothing to look for, yet somebody was to look by then: the record may rest.
    const isOwedNothing = message.type === 'wake' && subject.settled && record.dueAt !== undefined;
    return isOwedNothing ? write(ports, looked, null, 0) : done;
  }
  const { decision } = finding;
  if (decision.type === 'commit' || decision.type === 'command') {
    throw new Error('A commit or a command is not armed.');
  }
  // What a notice says is only in its message: while our query does not say it yet, or did not answer at
  // all, the message comes again, three times and soon.
  const isAhead = isNoticeAhead(record.key.kind, saysOf(message), finding.answer);
  const again = isAhead ? againForNotice(looked) : undefined;
  if (decision.type === 'unknown') {
    reportUnknown(ports, record, decision);
  }
  if (again !== undefined) {
    return again;
  }
  if (decision.type === 'unknown') {
    return armUnknown(ports, looked, decision);
  }
  if (isAhead && subject.settled) {
    // An open record goes on by its plan; here nobody would look again.
    reportUnknown(ports, record, noticeAhead);
    return armUnknown(ports, looked, noticeAhead);
  }
  return armKnown(ports, looked, decision);
}

/**
 * What a notice says is only in its message: where a look decided on an answer that does not say it yet,
 * the message comes again, too.
 */
export function endingOfDecided(looked: Looked & { readonly finding: Finding }): Ending {
  const { record, message, finding } = looked;
  const isAhead = isNoticeAhead(record.key.kind, saysOf(message), finding.answer);
  return (isAhead ? againForNotice(looked) : undefined) ?? done;
}

/** Three times and soon; then undefined. */
function againForNotice({ receipt }: Looked): Ending | undefined {
  const afterMs = pauseForNoticeAhead(receipt.receiveCount);
  return afterMs === undefined ? undefined : { type: 'retry', reason: 'notice_ahead', afterMs };
}

const noticeAhead: Unknown = { type: 'unknown', code: 'NOTICE_AHEAD', isFault: false };

function reportUnknown({ telemetry }: ArmPorts, record: StoredRecord, decision: Unknown): void {
  telemetry.count(decision.isFault ? 'wechat_fault' : 'wechat_unknown', decision.code);
  if (decision.isOverdue === true) {
    telemetry.count('overdue', decision.code);
  }
  telemetry.log(decision.isFault ? 'error' : 'warn', 'look without an answer', {
    account: record.account,
    subject: subjectId(record.key),
    code: decision.code,
  });
}

function saysOf(message: Message): string | undefined {
  return message.type === 'hint' && message.reason === 'notice' ? message.says : undefined;
}

function armKnown(ports: ArmPorts, looked: Looked, decision: Known): Ending | Promise<Ending> {
  const { subject, message } = looked;
  const at = decision.type === 'wait' ? decision.at : undefined;
  if (subject.settled) {
    return write(ports, looked, at ?? null, 0);
  }
  if (message.type !== 'wake') {
    return done;
  }
  const now = ports.clock.now();
  const next = at === undefined ? chainWake(looked, message, now) : undefined;
  if (next !== undefined) {
    return send(ports, next, now);
  }
  const slot = subject.nextLook(now);
  return write(ports, looked, at === undefined ? slot : earliest(slot, at), 0);
}

async function armUnknown(ports: ArmPorts, looked: Looked, decision: Unknown): Promise<Ending> {
  const { record, subject, message } = looked;
  const now = ports.clock.now();
  if (message.type === 'wake') {
    const next = chainWake(looked, message, now);
    if (next !== undefined) {
      return send(ports, next, now);
    }
  }
  const looks = record.unknownLooks + 1;
  if (subject.settled && looks > settledLookLimit) {
    ports.telemetry.count('stuck');
    return write(ports, looked, null, 0);
  }
  const pausedUntil = plus(now, pauseAfterUnknown(looks, decision.isFault));
  const stands = message.type === 'wake' ? undefined : record.dueAt;
  const dueAt = stands !== undefined && stands > now ? earliest(stands, pausedUntil) : pausedUntil;
  const ending = await write(ports, looked, dueAt, looks);
  return ending.type === 'done' ? { type: 'done', unanswered: true } : ending;
}

function chainWake(looked: Looked, wake: Wake, now: Instant): Wake | undefined {
  const { plan, settled } = looked.subject;
  return plan !== undefined &&
    !settled &&
    carriesChain(wake, looked.receipt.receiveCount, plan, now)
    ? nextChainWake(wake, plan, now)
    : undefined;
}

async function send(ports: ArmPorts, wake: Wake, now: Instant): Promise<Ending> {
  await ports.timers.send(wake, wake.slot - now);
  return done;
}

async function write(
  ports: ArmPorts,
  looked: Looked,
  dueAt: Instant | null,
  unknownLooks: number,
): Promise<Ending> {
  const { key, version, unknownLooks: had, leases } = looked.record;
  const seenDueAt = looked.record.dueAt ?? null;
  if (seenDueAt === dueAt && had === unknownLooks && leases === 0) {
    return done;
  }
  const outcome = await ports.store.arm({ key, version, seenDueAt, dueAt, unknownLooks });
  return outcome === 'done' ? done : { type: 'retry', reason: 'arm_lost' };
}
