import type { Change } from '../../decision.ts';
import type { DataPatch } from '../../record.ts';
import { fail, ok, type Result } from '../../result.ts';
import { isOutRefundNo } from '../../values/ids.ts';
import type { Instant } from '../../values/time.ts';
import { noteOfPart, notesWith, notesWithout } from '../refund/note.ts';
import type { Refund } from '../refund/refund.ts';
import { type NewRefund, refundToStart } from '../refund/start.ts';
import type { ServiceOrder } from './service-order.ts';

/**
 * The change that notes a refund in its service order's record and starts it, by the transaction of the
 * charge: WeChat knows that payment by a number of its own (payscore-plan §5). Also of one in REVIEW.
 */
export function startServiceRefund(
  order: ServiceOrder,
  request: NewRefund,
  now: Instant,
): Result<Change, 'order_unpaid' | 'refund_exceeds' | 'refund_limit' | 'refund_too_late'> {
  const { status, transaction_id, paidFen, successAt, refunds } = order;
  const hasMoney = status === 'PAID' || status === 'REVIEW' || status === 'UNMATCHED';
  if (!hasMoney || transaction_id === undefined || paidFen === undefined) {
    return fail('order_unpaid');
  }
  const note = noteOfPart({ transaction_id, paidFen, successAt, refunds }, request, now);
  if (!note.ok) {
    return note;
  }
  const { out_refund_no, startAt } = note.value;
  const start = {
    ...request,
    transaction_id,
    totalFen: paidFen,
    origin: 'request',
    startAt,
  } as const;
  return ok({
    patch: { set: { refunds: [...refunds, note.value] } },
    events: [],
    isAside: true,
    starts: [refundToStart(start)],
    evidence: `refund ${out_refund_no}`,
  });
}

/** What a service order's record learns from a refund of it; undefined when it is known already. */
export function learnServiceRefund(
  order: ServiceOrder,
  told: { readonly out_refund_no: string; readonly refund: Refund },
): Change | undefined {
  const { out_refund_no, refund } = told;
  const { terms, startAt, status } = refund;
  if (!isOutRefundNo(out_refund_no)) {
    return undefined;
  }
  const note = { out_refund_no, refundFen: terms.refundFen, startAt, status };
  const refunds = notesWith(order.refunds, note);
  return (
    refunds && {
      patch: { set: { refunds } },
      events: [],
      isAside: true,
      evidence: `refund ${out_refund_no} ${status}`,
    }
  );
}

/** The number of a refund that was noted belongs to another payment's. */
export function refuseServiceRefund(order: ServiceOrder, out_refund_no: string): DataPatch {
  return { set: { refunds: notesWithout(order.refunds, out_refund_no) } };
}
