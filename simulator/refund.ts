import type { Order, Payment } from './order.ts';
import type { SignType } from './v2/signing.ts';

export type RefundEnd = 'SUCCESS' | 'ABNORMAL' | 'CLOSED';
type RefundStatus = 'PROCESSING' | RefundEnd;

/** How a refund ends, and how long after it was accepted; `PROCESSING` never does by itself. */
export type RefundPlan =
  | { readonly status: RefundEnd; readonly delayMs: number }
  | { readonly status: 'PROCESSING' };

/** How a refund ends unless told otherwise. */
export const USUAL_END = { status: 'SUCCESS', delayMs: 5_000 } as const satisfies RefundPlan;

/** What a refund call, or the merchant console, asked for. Amounts in fen. */
export type RefundWish = {
  readonly outRefundNo: string;
  readonly refund: number;
  /** What the caller says that the order cost. */
  readonly total: number;
  readonly notifyUrl: string | undefined;
  readonly fundsAccount: string;
  /** One text for all parameters. */
  readonly fingerprint: string;
  readonly origin: 'api' | 'console';
  /** Asked for through APIv2, and how the call was signed; absent: through APIv3. */
  readonly v2?: { readonly signType: SignType };
};

export type Refund = RefundWish & {
  readonly mchid: string;
  readonly outTradeNo: string;
  readonly transactionId: string;
  readonly refundId: string;
  readonly payerTotal: number;
  readonly payerRefund: number;
  readonly createdAtMs: number;
  readonly status: RefundStatus;
  /** When the status was reached, and the id of the notice that says so; undefined while PROCESSING. */
  readonly ended: { readonly atMs: number; readonly noticeId: string } | undefined;
};

export type RefundRefusal =
  | 'unpaid'
  | 'closed'
  | 'too-old'
  | 'amounts-differ'
  | 'fully-refunded'
  | 'too-much'
  | 'too-many';

type Accepted =
  | { readonly ok: true; readonly order: Order; readonly refund: Refund }
  | { readonly ok: false; readonly because: RefundRefusal };

const REFUNDABLE_MS = 365 * 86_400_000;
const MAX_REFUNDS = 50;

/** A refund under a new number (document 4013071036); `earlier` are all the order's refunds. Accepted is not done. */
export const acceptRefund = (
  order: Order,
  earlier: readonly Refund[],
  wish: RefundWish,
  facts: { readonly refundId: string; readonly nowMs: number },
): Accepted => {
  const { payment } = order;
  if (order.reversed === true) return { ok: false, because: 'closed' };
  if (payment === undefined) {
    return { ok: false, because: order.state === 'CLOSED' ? 'closed' : 'unpaid' };
  }
  const because = refusalOf(payment, earlier, wish, facts.nowMs);
  if (because !== undefined) return { ok: false, because };
  const refund: Refund = {
    ...wish,
    mchid: order.mchid,
    outTradeNo: order.outTradeNo,
    transactionId: payment.transactionId,
    refundId: facts.refundId,
    payerTotal: payment.payerTotal,
    payerRefund: payerShare(payment, earlier, wish.refund),
    createdAtMs: facts.nowMs,
    status: 'PROCESSING',
    ended: undefined,
  };
  return { ok: true, order: { ...order, state: 'REFUND' }, refund };
};

const refusalOf = (
  payment: Payment,
  earlier: readonly Refund[],
  wish: RefundWish,
  nowMs: number,
): RefundRefusal | undefined => {
  if (nowMs > payment.paidAtMs + REFUNDABLE_MS) return 'too-old';
  if (wish.total !== payment.total) return 'amounts-differ';
  const rest = refundableOf(payment, earlier);
  if (rest === 0) return 'fully-refunded';
  if (wish.refund > rest) return 'too-much';
  return earlier.length >= MAX_REFUNDS ? 'too-many' : undefined;
};

/** Fen of a payment that can still be refunded: a refund that was closed gave its part back. */
export const refundableOf = (payment: Payment, refunds: readonly Refund[]): number =>
  payment.total - sumOf(refunds, ({ refund }) => refund);

/** What the payer gets of a refund when a coupon paid its part: in proportion, the last fen with the last refund. */
const payerShare = (payment: Payment, earlier: readonly Refund[], refund: number): number => {
  const after = sumOf(earlier, (one) => one.refund) + refund;
  const dueToPayer = Math.floor((after * payment.payerTotal) / payment.total);
  const share = dueToPayer - sumOf(earlier, (one) => one.payerRefund);
  return Math.min(refund, Math.max(0, share));
};

const sumOf = (refunds: readonly Refund[], part: (refund: Refund) => number): number =>
  refunds.reduce((sum, refund) => (refund.status === 'CLOSED' ? sum : sum + part(refund)), 0);

const MIN_GAP_MS = 60_000;

/** Whether a call for another refund of the same order came less than a minute ago (document 4013071036). */
export const isTooFast = (earlier: readonly Refund[], nowMs: number): boolean =>
  earlier.some(({ origin, createdAtMs }) => origin === 'api' && nowMs - createdAtMs < MIN_GAP_MS);

type Ended =
  | { readonly ok: true; readonly refund: Refund }
  | { readonly ok: false; readonly because: RefundStatus };

/** The refund ends; an abnormal one can still succeed, the other two ends are final (document 4014959631). */
export const endRefund = (
  refund: Refund,
  status: RefundEnd,
  ended: { readonly atMs: number; readonly noticeId: string },
): Ended => {
  const open = refund.status === 'PROCESSING';
  const recovers = refund.status === 'ABNORMAL' && status === 'SUCCESS';
  return open || recovers
    ? { ok: true, refund: { ...refund, status, ended } }
    : { ok: false, because: refund.status };
};

/** The refund as it stood when it was accepted, for an answer that lags behind. */
export const beforeEnd = (refund: Refund): Refund => ({
  ...refund,
  status: 'PROCESSING',
  ended: undefined,
});
