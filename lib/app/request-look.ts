import type { Clock, HintQueue, RecordStore } from '#core/ports.ts';
import { type StoredRecord, subjectId } from '#core/record.ts';
import type { Telemetry } from '#core/telemetry.ts';

export type HintPorts = {
  readonly store: RecordStore;
  readonly hints: HintQueue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
};

/**
 * Asks the loop to look soon. When the queue refuses, the record's `dueAt` still makes somebody look,
 * only later; so this never fails.
 */
export async function sendRequestHint(ports: HintPorts, record: StoredRecord): Promise<void> {
  const { account, key: subject } = record;
  try {
    await ports.hints.send({ type: 'hint', account, subject, reason: 'request' });
  } catch {
    ports.telemetry.log('warn', 'hint not sent', { account, subject: subjectId(subject) });
  }
}
