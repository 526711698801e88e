import type { Change } from '../../decision.ts';
import type { DataPatch, NewSubject, StoredRecord } from '../../record.ts';
import { fail, ok, type Result } from '../../result.ts';
import { isOutRefundNo, type OutRefundNo } from '../../values/ids.ts';
import { withoutUndefined } from '../../values/optional.ts';
import type { Instant } from '../../values/time.ts';
import {
  countsForSum,
  noteOfPart,
  notesWith,
  notesWithout,
  type RefundNote,
} from '../refund/note.ts';
import { isWithoutMoney, type Refund, type RefundOrigin } from '../refund/refund.ts';
import { type NewRefund, refundToStart } from '../refund/start.ts';
import type { StateEvidence } from './compare.ts';
import { isWaiting, type Order, reopens } from './order.ts';

/** Of the numbers of automatic refunds; merchants cannot use it. */
export const backPrefix = 'back-';

/** The one automatic refund of an order, whatever the reason. */
export function backNumber(out_trade_no: string): OutRefundNo {
  const number = `${backPrefix}${out_trade_no}`;
  if (!isOutRefundNo(number)) {
    throw new Error(`${out_trade_no} is no number of an order.`);
  }
  return number;
}

/** What a payer reads of a refund that they did not ask for (80 bytes at most). */
const backReasons = {
  late: '订单已关闭，款项原路退回',
  duplicate: '重复支付，款项原路退回',
  resolve: '订单已取消，款项原路退回',
} as const satisfies Partial<Record<RefundOrigin, string>>;

export const refundProblems = [
  'order_conflict',
  'order_unpaid',
  'refund_exceeds',
  'refund_limit',
  'refund_too_late',
] as const;
export type RefundProblem = (typeof refundProblems)[number];

/**
 * The change that notes a merchant's refund in its order's record and starts it. The order's record is
 * where all its refunds meet: two requests at once cannot both pass the sum check, for one write wins.
 */
export function startRefund(
  order: Order,
  request: NewRefund,
  now: Instant,
): Result<Change, RefundProblem> {
  if (order.status === 'REVIEW' && order.resolution !== undefined) {
    return fail('order_conflict');
  }
  const { status, transaction_id, paidFen } = order;
  // Of a REVIEW we may know the payment: giving it back needs no decision about the order.
  const hasMoney = status === 'PAID' || status === 'UNMATCHED' || status === 'REVIEW';
  if (!hasMoney || transaction_id === undefined || paidFen === undefined) {
    return fail('order_unpaid');
  }
  const { successAt, refunds } = order;
  const note = noteOfPart({ transaction_id, paidFen, successAt, refunds }, request, now);
  if (!note.ok) {
    return note;
  }
  const { out_refund_no, startAt } = note.value;
  return ok({
    patch: { set: { refunds: [...refunds, note.value] } },
    events: [],
    isAside: true,
    starts: [
      refundToStart({
        ...request,
        transaction_id,
        totalFen: paidFen,
        origin: 'request',
        startAt,
      }),
    ],
    evidence: `refund ${out_refund_no}`,
  });
}

/**
 * What a change must add to give all of a payment back: as much as WeChat says was paid. Undefined where
 * a refund was begun already; then a person must see to it.
 */
export function giveBack(
  order: Order,
  evidence: StateEvidence,
  origin: keyof typeof backReasons,
  now: Instant,
): { readonly refunds: readonly RefundNote[]; readonly start: NewSubject } | undefined {
  const { out_trade_no, payment } = evidence;
  const out_refund_no = backNumber(out_trade_no);
  const isBegun = order.refunds.some(
    (note) => note.out_refund_no === out_refund_no || countsForSum(note),
  );
  if (isBegun || payment === undefined) {
    return undefined;
  }
  const { transaction_id, amountFen: refundFen } = payment;
  const note: RefundNote = { out_refund_no, refundFen, startAt: now, status: 'CREATED' };
  return {
    refunds: [...order.refunds, note],
    start: refundToStart(
      withoutUndefined({
        out_refund_no,
        of: { out_trade_no },
        transaction_id,
        refundFen,
        totalFen: refundFen,
        origin,
        startAt: now,
        reason: backReasons[origin],
        notify_url: order.terms?.notify_url,
      }),
    ),
  };
}

/**
 * What an order's record learns from a refund of it: where it stands, one made elsewhere included. A
 * refund of an order that we hold for unpaid is for a person, and so is one that came to nothing although
 * the order relies on it: an automatic one, or any on an order that a person closed as given back.
 * Undefined when it is known already.
 */
export function learnRefund(
  record: StoredRecord,
  order: Order,
  told: { readonly out_refund_no: string; readonly refund: Refund },
): Change | undefined {
  const { out_refund_no, refund } = told;
  if (!isOutRefundNo(out_refund_no)) {
    return undefined;
  }
  const { terms, startAt, status } = refund;
  const note = { out_refund_no, refundFen: terms.refundFen, startAt, status };
  const refunds = notesWith(order.refunds, note);
  if (refunds === undefined) {
    return undefined;
  }
  const evidence = `refund ${out_refund_no} ${refund.status}`;
  const learned = { events: [], isAside: true, evidence } as const;
  const { transaction_id, totalFen: paidFen } = refund.terms;
  const payment = { transaction_id, paidFen, reviewReason: 'refund' };
  if (hasFailed(record, order, told)) {
    return {
      ...learned,
      status: 'REVIEW',
      patch: {
        set: { refunds, reviewReason: 'refund-failed' },
        unset: ['contradictedAt', 'contradiction'],
      },
      events: ['order.review'],
    };
  }
  const isNews = order.transaction_id === undefined && refund.status !== 'REFUSED';
  if (isNews && (isWaiting(order) || order.status === 'CLOSED' || order.status === 'REFUSED')) {
    const late = isWaiting(order) ? {} : { late: true };
    return {
      ...learned,
      status: 'REVIEW',
      patch: { set: { refunds, ...payment, ...late } },
      events: ['order.review'],
    };
  }
  const isOpen = reopens(order) || order.reviewReason === 'reverse';
  const explains = isNews && order.status === 'REVIEW' && isOpen;
  return { ...learned, patch: { set: { refunds, ...(explains && payment) } } };
}

/** It came to nothing, and this order relies on it: nothing else was ever said of its payment. */
function hasFailed(
  record: StoredRecord,
  order: Order,
  { out_refund_no, refund }: { readonly out_refund_no: string; readonly refund: Refund },
): boolean {
  const isBack =
    out_refund_no === backNumber(record.key.number) &&
    record.eventCounts['order.paid'] === undefined;
  const wasGivenBack = order.status === 'CLOSED' && order.transaction_id !== undefined;
  const reliesOnIt = wasGivenBack || (order.status === 'PAID' && isBack);
  return reliesOnIt && isWithoutMoney(refund.status);
}

/** The number of a refund that was noted belongs to another order's: this one will never be applied for. */
export function refuseNote(order: Order, out_refund_no: string): DataPatch {
  return { set: { refunds: notesWithout(order.refunds, out_refund_no) } };
}
