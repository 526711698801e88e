import type { MerchantEvent } from '#core/events.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import type { Instant } from '#core/values/time.ts';
import { type CodePromises, createCodePromises } from './code-promises.ts';
import type { CallListener } from './gateways.ts';
import { createOrderPromises, type OrderPromises } from './order-promises.ts';
import { createOutboxPromises, type OutboxPromises } from './outbox-promises.ts';
import { createPayscorePromises, type PayscorePromises } from './payscore-promises.ts';
import { isPayscore, keyIn } from './records.ts';
import { createReferencePromises, type ReferencePromises } from './reference-promises.ts';
import { createRefundPromises, type RefundPromises } from './refund-promises.ts';
import { createTold, type Watching } from './told.ts';
import { createWakePromises, type WakePromises } from './wake-promises.ts';

/** Watches every record, event, call and answer of one schedule, and reports the first broken promise. */
export type Watch = CallListener &
  Pick<WakePromises, 'onWakeSent' | 'mostWakes'> &
  Pick<OrderPromises, 'onLink' | 'onResolve'> &
  Pick<CodePromises, 'onReversed'> &
  Pick<OutboxPromises, 'received' | 'hasReceived'> &
  Pick<PayscorePromises, 'onRequest' | 'onAcknowledged'> & {
    onRecord(after: StoredRecord, before: StoredRecord | undefined): void;
    onEvent(event: MerchantEvent): void;
    /** WeChat has told a query since that it knows no such order. */
    wasDeniedSince(key: SubjectKey, since: Instant): boolean;
    readonly onPut: ReferencePromises['onPut'];
    readonly onRefundAnswered: RefundPromises['onAnswered'];
  };

export type Watched = Omit<Watching, 'told'> & {
  readonly extraWakes: Parameters<typeof createWakePromises>[1];
};

export function createWatch({ extraWakes, ...watched }: Watched): Watch {
  const { site } = watched;
  const told = createTold(watched);
  const watching: Watching = { ...watched, told };
  const wakes = createWakePromises(watching, extraWakes);
  const outbox = createOutboxPromises(watching);
  const orders = createOrderPromises(watching);
  const refunds = createRefundPromises(watching);
  const references = createReferencePromises(watching);
  const codes = createCodePromises(watching);
  const payscore = createPayscorePromises(watching, wakes.onRequest);
  return {
    onRecord: (after, before) => {
      site.tell?.(() => `table: ${describe(after)}`);
      wakes.onRecord(after, before);
      if (after.key.kind === 'order') {
        orders.onRecord(after, before);
        refunds.onOrder(after, before);
        references.onOrder(after, before);
      }
      if (after.key.kind === 'refund') {
        refunds.onRecord(after, before);
      }
      if (isPayscore(after.key)) {
        payscore.onRecord(after, before);
      }
      if (after.key.kind === 'service-order') {
        refunds.onOrder(after, before);
      }
      outbox.onRecord(after, before);
    },
    onEvent: (event) => {
      site.tell?.(() => `receiver: ${event.id}`);
      if (!outbox.onEvent(event)) {
        return;
      }
      if (event.subject.startsWith('order#')) {
        orders.onEvent(event);
        references.onEvent(event);
        codes.onEvent(event);
        refunds.onOrderEvent(event);
      }
      if (event.subject.startsWith('refund#')) {
        refunds.onEvent(event);
      }
      if (isPayscore(keyIn(event.subject))) {
        payscore.onEvent(event);
      }
    },
    onAnswer: told.onAnswer,
    onRefundAnswer: told.onRefundAnswer,
    onApplied: told.onApplied,
    onApply: refunds.onApply,
    onRefundAnswered: refunds.onAnswered,
    onPlacing: (key) => {
      orders.onPlacing(key);
      codes.onPlacing(key);
    },
    onClose: codes.onClose,
    onCharge: codes.onCharge,
    onReverse: codes.onReverse,
    onReversed: codes.onReversed,
    onReverseAnswer: told.onReverseAnswer,
    onLink: orders.onLink,
    onResolve: orders.onResolve,
    onPut: references.onPut,
    onPayscoreAnswer: payscore.onPayscoreAnswer,
    onCommand: payscore.onCommand,
    onCommandAnswer: payscore.onCommandAnswer,
    onRequest: payscore.onRequest,
    onAcknowledged: payscore.onAcknowledged,
    onWakeSent: wakes.onWakeSent,
    wasDeniedSince: (key, since) => told.order(key).notFoundAt.some((at) => at >= since),
    mostWakes: wakes.mostWakes,
    received: outbox.received,
    hasReceived: outbox.hasReceived,
  };
}

function describe(record: StoredRecord): string {
  const { key, status, version, outbox, dueAt, leases, unknownLooks } = record;
  const due = dueAt === undefined ? 'at rest' : `due ${new Date(dueAt).toISOString()}`;
  const owed = outbox.map((entry) => (entry.type === 'event' ? entry.event : entry.type)).join(' ');
  return `${key.number} ${status} v${version} ${due} leases ${leases} unknown ${unknownLooks} owes [${owed}]`;
}
