import { afterCloseLookMs, applyChange, commitOf, withDueAt } from '#core/commit.ts';
import type { Change } from '#core/decision.ts';
import { AppError } from '#core/errors.ts';
import { eventOf } from '#core/events.ts';
import type { Clock, EventQueue, RecordStore, TimerQueue, WriteOutcome } from '#core/ports.ts';
import {
  type DataPatch,
  type Kind,
  type OutboxEntry,
  renewed,
  type StoredRecord,
  subjectId,
} from '#core/record.ts';
import type { MetricName, Telemetry } from '#core/telemetry.ts';
import { isWithinDelay, startWake } from '#core/timing.ts';
import type { Instant } from '#core/values/time.ts';
import type { OpenSubject, StartEntry, SubjectKind } from './subject-kind.ts';

export type CarryOutPorts = {
  readonly store: RecordStore;
  readonly events: EventQueue;
  readonly timers: TimerQueue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly kinds: Readonly<Record<Kind, SubjectKind>>;
};

const tellLimit = 3;

/** The record as its kind reads it; ends in `record_undecodable`. */
export function openRecord(ports: Pick<CarryOutPorts, 'kinds'>, record: StoredRecord): OpenSubject {
  const opened = ports.kinds[record.key.kind].open(record);
  if (!opened.ok) {
    const problem = `The record ${subjectId(record.key)} is wrong at ${opened.error}.`;
    throw new AppError('record_undecodable', problem);
  }
  return opened.value;
}

/**
 * Writes a change in one conditional write and carries out what it owes. Anything but `done` asks to load
 * again. Ends in the ports' `AppError`s and in `record_undecodable`, when the change makes no sense.
 */
export async function commitChange(
  ports: CarryOutPorts,
  record: StoredRecord,
  change: Change,
  because: string,
): Promise<WriteOutcome> {
  const now = ports.clock.now();
  const changed = applyChange(record, change, { now, because });
  const subject = openRecord(ports, changed);
  const nextSlot = subject.nextLook(now);
  const after = withDueAt(changed, change, { now, settled: subject.settled, nextSlot });
  const outcome = await ports.store.commit(commitOf(record, after, change));
  if (outcome === 'done') {
    report(ports.telemetry, record, after);
    if (after.outbox.length > 0) {
      await carryOut(ports, after, subject);
    }
  }
  return outcome;
}

/**
 * The record once nothing is owed any more: as it is, or after what it owes was carried out. Undefined
 * asks to load again.
 */
export async function withoutDebts(
  ports: CarryOutPorts,
  record: StoredRecord,
  subject: OpenSubject,
): Promise<StoredRecord | undefined> {
  if (record.outbox.length === 0) {
    return record;
  }
  const { outcome, patch } = await carryOutAll(ports, record, subject);
  if (outcome !== 'done' || patch !== undefined) {
    return undefined;
  }
  const { dueAt, ...rest } = record;
  const keepsDueAt = dueAt !== undefined && !subject.rests;
  const leases = subject.rests ? 0 : record.leases;
  return { ...rest, leases, outbox: [], ...(keepsDueAt && { dueAt }) };
}

/**
 * Does what the record owes, in order, one by one, and then clears it. When a step fails nothing is
 * cleared: whoever loads the record next starts again, with the same numbers and event ids. Ends in
 * `queue_unavailable` or `store_unavailable`; anything but `done` asks to load again.
 */
export async function carryOut(
  ports: CarryOutPorts,
  record: StoredRecord,
  subject: OpenSubject,
): Promise<WriteOutcome> {
  return (await carryOutAll(ports, record, subject)).outcome;
}

async function carryOutAll(
  ports: CarryOutPorts,
  record: StoredRecord,
  subject: OpenSubject,
): Promise<{ readonly outcome: WriteOutcome; readonly patch: DataPatch | undefined }> {
  let patch: DataPatch | undefined;
  for (const entry of record.outbox) {
    patch = (await carryOutEntry(ports, record, subject, entry)) ?? patch;
  }
  const { key, version } = record;
  return { outcome: await ports.store.clear(key, version, subject.rests, patch), patch };
}

/** Answers what the record must keep of it, if anything. */
async function carryOutEntry(
  ports: CarryOutPorts,
  record: StoredRecord,
  subject: OpenSubject,
  entry: OutboxEntry,
): Promise<DataPatch | undefined> {
  switch (entry.type) {
    case 'start':
      return start(ports, record, subject, entry);
    case 'tell':
      await tell(ports, record, subject);
      return undefined;
    case 'event':
      await announce(ports, record, subject, entry);
      return undefined;
    case 'look': {
      const { account, key } = record;
      const origin = 'after-close';
      const wake = { type: 'wake', account, subject: key, origin, slot: entry.at, hop: 0 } as const;
      await ports.timers.send(wake, afterCloseLookMs);
      return undefined;
    }
  }
}

async function announce(
  ports: CarryOutPorts,
  record: StoredRecord,
  subject: OpenSubject,
  entry: Extract<OutboxEntry, { readonly type: 'event' }>,
): Promise<void> {
  await ports.events.send(eventOf(record, entry, subject.eventData(entry.event)));
  ports.telemetry.count('event_sent', entry.event);
  ports.telemetry.log('info', 'event sent', {
    account: record.account,
    subject: subjectId(record.key),
    event: entry.event,
    version: record.version,
  });
}

/**
 * Whoever writes the new record sends its first wake; should that be lost, its `dueAt` stands. Answers what
 * the record must keep when the number belongs to a subject that another one started.
 */
async function start(
  ports: CarryOutPorts,
  record: StoredRecord,
  subject: OpenSubject,
  entry: StartEntry,
): Promise<DataPatch | undefined> {
  const begun = ports.kinds[entry.kind].begin?.(record, entry);
  if (begun === undefined) {
    throw new Error(`A ${entry.kind} is not begun by another subject.`);
  }
  let created = await ports.store.create(begun);
  if (created.outcome === 'lost' && ports.kinds[entry.kind].begunAnew?.(created.current, entry)) {
    const { current } = created;
    if (current.outbox.length > 0) {
      throw new AppError('store_unavailable', `${subjectId(current.key)} still owes its events.`);
    }
    created = await ports.store.create(renewed(current, begun), current.status);
  }
  if (created.outcome === 'unknown') {
    throw new AppError('store_unavailable', `${subjectId(begun.key)} may not have been written.`);
  }
  if (created.outcome === 'lost') {
    const parent = openRecord(ports, created.current).tells?.key;
    const isOurs = parent !== undefined && subjectId(parent) === subjectId(record.key);
    return isOurs ? undefined : subject.refuseStart?.(entry.number);
  }
  const metric = createdMetrics[entry.kind];
  if (metric !== undefined) {
    ports.telemetry.count(metric);
  }
  await wakeAtStart(ports, begun, entry.startAt);
  return undefined;
}

async function wakeAtStart(
  ports: CarryOutPorts,
  begun: StoredRecord,
  startAt: Instant,
): Promise<void> {
  const { account, key: subject } = begun;
  const now = ports.clock.now();
  if (!isWithinDelay(startAt, now)) {
    return;
  }
  try {
    await ports.timers.send(startWake({ account, subject }, startAt), Math.max(0, startAt - now));
  } catch {
    ports.telemetry.log('warn', 'first wake not sent', { account, subject: subjectId(subject) });
  }
}

/**
 * Another subject learns what became of this one, by a commit of its own. Until it has, this record
 * keeps its debt, and somebody comes back.
 */
async function tell(
  ports: CarryOutPorts,
  teller: StoredRecord,
  { tells }: OpenSubject,
): Promise<void> {
  for (let round = 0; round < tellLimit; round += 1) {
    const loaded = tells === undefined ? undefined : await ports.store.load(tells.key);
    if (tells === undefined || loaded === undefined) {
      return;
    }
    const record = await withoutDebts(ports, loaded, openRecord(ports, loaded));
    if (record === undefined) {
      continue;
    }
    // Who tells of a newer version has loaded the record before us, or its commit makes ours lose.
    if ((await ports.store.load(teller.key))?.version !== teller.version) {
      return;
    }
    const learned = tells.learn(record, ports.clock.now());
    if (!learned.ok) {
      throw new AppError('record_undecodable', `${subjectId(tells.key)} cannot learn.`);
    }
    if (
      learned.value === undefined ||
      (await commitChange(ports, record, learned.value, teller.key.kind)) === 'done'
    ) {
      return;
    }
  }
  throw new AppError('store_unavailable', `${subjectId(teller.key)} could not be told of.`);
}

/** A kept notice never changes; and orders are begun by nobody but their PUT. */
const settledMetrics: Readonly<Partial<Record<Kind, MetricName>>> = {
  order: 'order_settled',
  refund: 'refund_settled',
  'sign-plan': 'sign_plan_settled',
  'service-order': 'service_order_settled',
};
const createdMetrics: Readonly<Partial<Record<Kind, MetricName>>> = {
  refund: 'refund_created',
  'service-order': 'service_order_created',
};

function report(telemetry: Telemetry, before: StoredRecord, after: StoredRecord): void {
  if (before.status === after.status) {
    return;
  }
  const metric = settledMetrics[after.key.kind];
  if (metric !== undefined) {
    telemetry.count(metric, after.status);
  }
  telemetry.log('info', 'status changed', {
    account: after.account,
    subject: subjectId(after.key),
    status: after.status,
    version: after.version,
  });
}
