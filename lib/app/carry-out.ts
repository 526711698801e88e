import { afterCloseLookMs } from '#core/commit.ts';
import { eventOf } from '#core/events.ts';
import type { EventQueue, RecordStore, Telemetry, TimerQueue, WriteOutcome } from '#core/ports.ts';
import { type OutboxEntry, type StoredRecord, subjectId } from '#core/record.ts';
import type { OpenSubject } from './subject-kind.ts';

export type CarryOutPorts = {
  readonly store: RecordStore;
  readonly events: EventQueue;
  readonly timers: TimerQueue;
  readonly telemetry: Telemetry;
};

/**
 * Does what the record owes, in order, one by one, and then clears it. When a send fails nothing is
 * cleared: whoever loads the record next starts again, with the same event ids. Ends in
 * `queue_unavailable` or `store_unavailable`; anything but `done` asks to load again.
 */
export async function carryOut(
  ports: CarryOutPorts,
  record: StoredRecord,
  subject: OpenSubject,
): Promise<WriteOutcome> {
  for (const entry of record.outbox) {
    await carryOutEntry(ports, record, subject, entry);
  }
  return ports.store.clear(record.key, record.version, subject.settled);
}

async function carryOutEntry(
  ports: CarryOutPorts,
  record: StoredRecord,
  subject: OpenSubject,
  entry: OutboxEntry,
): Promise<void> {
  if (entry.type === 'look') {
    const { account, key } = record;
    await ports.timers.send(
      { type: 'wake', account, subject: key, origin: 'after-close', slot: entry.at, hop: 0 },
      afterCloseLookMs,
    );
    return;
  }
  await ports.events.send(eventOf(record, entry, subject.eventData(entry.event)));
  ports.telemetry.count('event_sent', entry.event);
  ports.telemetry.log('info', 'event sent', {
    account: record.account,
    subject: subjectId(record.key),
    event: entry.event,
    version: record.version,
  });
}
