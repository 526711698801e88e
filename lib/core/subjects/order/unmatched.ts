import type { OrderEvidence } from '../../evidence.ts';
import type { Hint } from '../../messages.ts';
import type { StoredRecord } from '../../record.ts';
import { dueAtOfOwed } from '../../timing.ts';
import type { Instant } from '../../values/time.ts';

/**
 * The record of a payment that nobody ordered here: kept and announced, never fulfilled. Undefined when
 * WeChat knows of no payment.
 */
export function unmatchedOrderRecord(
  hint: Hint,
  evidence: OrderEvidence,
  now: Instant,
): StoredRecord | undefined {
  if (evidence.type !== 'state' || evidence.payment === undefined) {
    return undefined;
  }
  const wasPaid = evidence.state === 'SUCCESS' || evidence.state === 'REFUND';
  if (!wasPaid || evidence.mchid !== hint.subject.mchid) {
    return undefined;
  }
  const { transaction_id, amountFen, payerTotalFen, successAt } = evidence.payment;
  return {
    key: hint.subject,
    account: hint.account,
    status: 'UNMATCHED',
    version: 1,
    data: {
      createdAt: now,
      closeAt: now,
      attempts: 0,
      transaction_id,
      paidFen: amountFen,
      ...(payerTotalFen !== undefined && { payerTotalFen }),
      ...(successAt !== undefined && { successAt }),
    },
    history: [
      { at: now, from: '-', to: 'UNMATCHED', because: hint.reason, evidence: evidence.state },
    ],
    historyCount: 1,
    outbox: [{ type: 'event', event: 'order.unmatched', n: 1, at: now }],
    eventCounts: { 'order.unmatched': 1 },
    dueAt: dueAtOfOwed(undefined, now),
    leases: 0,
    unknownLooks: 0,
  };
}
