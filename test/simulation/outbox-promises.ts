import type { MerchantEvent } from '#core/events.ts';
import { type OutboxEntry, type StoredRecord, subjectId } from '#core/record.ts';
import { isBegun, isOrderTold, isServiceBegun, isSignPlanTold } from './records.ts';
import type { Watching } from './told.ts';

/**
 * What a commit owes is done before the next one, and events come in order, only after their commit, and
 * always with the same content (I2).
 */
export type OutboxPromises = {
  onRecord(after: StoredRecord, before: StoredRecord | undefined): void;
  /** Answers whether the receiver has it for the first time. */
  onEvent(event: MerchantEvent): boolean;
  /** What the receiver has, in the order in which it came first. */
  received(): readonly MerchantEvent[];
  /** Whether the receiver has the event of this id. */
  hasReceived(id: string): boolean;
};

export function createOutboxPromises({ site, table }: Watching): OutboxPromises {
  const committed = new Set<string>();
  const received = new Map<string, MerchantEvent>();
  const inOrder: MerchantEvent[] = [];
  const lastSequence = new Map<string, string>();

  function checkCleared(record: StoredRecord, entry: OutboxEntry, after: StoredRecord): void {
    const id = subjectId(record.key);
    if (entry.type === 'event' && !received.has(eventId(record, entry))) {
      site.report(`${eventId(record, entry)} was cleared before it was sent (I3)`);
    }
    if (entry.type === 'start') {
      const { kind, number } = entry;
      const has = kind === 'service-order' ? isServiceBegun : isBegun;
      if (!has(table(), after, number)) {
        site.report(`${id}: the ${kind} ${number} was cleared before it was begun`);
      }
    }
    const isTold = record.key.kind === 'service-order' ? isSignPlanTold : isOrderTold;
    if (entry.type === 'tell' && !isTold(table(), record)) {
      site.report(`${id}: the order was not told when that was cleared`);
    }
  }

  return {
    onRecord: (after, before) => {
      for (const entry of after.outbox) {
        if (entry.type === 'event') {
          committed.add(eventId(after, entry));
        }
      }
      if (before === undefined || before.outbox.length === 0) {
        return;
      }
      if (after.version > before.version) {
        site.report(`${subjectId(after.key)} went on before it had done what it owed`);
      }
      if (after.outbox !== before.outbox) {
        for (const entry of before.outbox) {
          checkCleared(before, entry, after);
        }
      }
    },
    onEvent: (event) => {
      const first = received.get(event.id);
      if (first !== undefined) {
        if (JSON.stringify(first) !== JSON.stringify(event)) {
          site.report(`${event.id} came again with another content (I2)`);
        }
        return false;
      }
      received.set(event.id, event);
      inOrder.push(event);
      site.mark(event.type);
      if (!committed.has(event.id)) {
        site.report(`${event.id} was sent before it was committed`);
      }
      if (event.sequence < (lastSequence.get(event.subject) ?? '')) {
        site.report(`${event.id} came after a newer one`);
      }
      lastSequence.set(event.subject, event.sequence);
      return true;
    },
    received: () => inOrder,
    hasReceived: (id) => received.has(id),
  };
}

function eventId(record: StoredRecord, { event, n }: { event: string; n: number }): string {
  return `${subjectId(record.key)}/${event}/${n}`;
}
