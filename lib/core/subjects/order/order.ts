import type { StoredRecord } from '../../record.ts';
import { fail, type Result } from '../../result.ts';
import type { WakePlan } from '../../timing.ts';
import {
  type AccountName,
  type Appid,
  isAccountName,
  isAppid,
  isMchid,
  isOpenid,
  isOutTradeNo,
  isReference,
  isTransactionId,
  type Mchid,
  type Openid,
  type OutTradeNo,
  type Reference,
  type TransactionId,
} from '../../values/ids.ts';
import { fieldsOf, isCount, isText, oneOf } from '../../values/json.ts';
import { type Fen, isFen } from '../../values/money.ts';
import { type Instant, isInstant } from '../../values/time.ts';
import { isRefundNotes, type RefundNote } from '../refund/note.ts';

/**
 * CREATED: written, not yet placed for certain · AWAITING: placed, we hold the link · PAID · CLOSED ·
 * REVIEW: a person must decide · REFUSED: WeChat refused the first placing, the number may be used
 * again · UNMATCHED: paid at WeChat, never ordered here.
 */
export const orderStatuses = [
  'CREATED',
  'AWAITING',
  'PAID',
  'CLOSED',
  'REVIEW',
  'REFUSED',
  'UNMATCHED',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const reviewReasons = [
  'amount',
  'currency',
  'mchid',
  'appid',
  'payer',
  'refund',
  'late',
  'duplicate',
  'refund-failed',
  'reverse',
  'not-found',
  'user-paying',
] as const;
export type ReviewReason = (typeof reviewReasons)[number];

/**
 * `requested` by the merchant, `replaced` by a newer order of its `reference`, `expired`, `wechat`: it was
 * closed there before its time, or `resolved` by a person.
 */
export const closeReasons = ['requested', 'replaced', 'expired', 'wechat', 'resolved'] as const;
export type CloseReason = (typeof closeReasons)[number];

/** The payer opens a link; or, with MICROPAY, shows a code that the merchant scans. */
export const linkTradeTypes = ['NATIVE', 'JSAPI', 'APP', 'H5'] as const;
export type LinkTradeType = (typeof linkTradeTypes)[number];
export const tradeTypes = [...linkTradeTypes, 'MICROPAY'] as const;
export type TradeType = (typeof tradeTypes)[number];

/** What a placing needs to be repeated identically, and what a payment is compared with. */
export type OrderTerms = {
  readonly trade_type: TradeType;
  readonly amountFen: Fen;
  readonly currency: 'CNY';
  readonly appid: Appid;
  readonly openid: Openid | undefined;
  readonly reference: Reference | undefined;
  readonly notify_url: string;
  /** SHA-256 of the request body as received, base64url. */
  readonly bodySha256: string;
  /** Of the request that made the order. */
  readonly requestId: string;
  readonly expiresAt: Instant;
};

export const resolveActions = ['accept', 'refund', 'close'] as const;
export type ResolveAction = (typeof resolveActions)[number];

/** What a person decided about a REVIEW, and why. */
export type Resolution = {
  readonly action: ResolveAction;
  readonly by: string;
  readonly why: string;
  readonly at: Instant;
};

/** A resolution that was looked at: carried out, or not possible by what WeChat said then. */
export type Resolved = Resolution & { readonly outcome: 'done' | 'impossible' };

/** An order of another account of the tenant may pay the same `reference`. */
export type OrderName = {
  readonly account: AccountName;
  readonly mchid: Mchid;
  readonly out_trade_no: OutTradeNo;
};

/** An order's own data, as it is kept in its record. */
export type Order = {
  readonly status: OrderStatus;
  /** Absent on an UNMATCHED order. */
  readonly terms: OrderTerms | undefined;
  readonly createdAt: Instant;
  readonly closeAt: Instant;
  /** Before this WeChat does not let it be closed, or reversed; absent: at any time. */
  readonly closableAt: Instant | undefined;
  /**
   * Since when a code payment is being reversed. From then on it may have been, or may be at any moment,
   * so it is announced as paid no more.
   */
  readonly reversedAt: Instant | undefined;
  /** How often a placing was begun. */
  readonly attempts: number;
  /** Every placing was refused because the number lives at WeChat: what lives there is not ours to close. */
  readonly unplaced: boolean;
  /** The link of the last placing that answered, and when it did. */
  readonly link: string | undefined;
  readonly linkAt: Instant | undefined;
  readonly closeReason: CloseReason | undefined;
  readonly transaction_id: TransactionId | undefined;
  readonly successAt: Instant | undefined;
  readonly paidFen: Fen | undefined;
  readonly payerTotalFen: Fen | undefined;
  readonly late: boolean;
  /** The order that paid this one's `reference` before it. */
  readonly duplicateOf: OrderName | undefined;
  readonly refunds: readonly RefundNote[];
  /** What a person decided and nobody has carried out yet; then the last that was. */
  readonly resolution: Resolution | undefined;
  readonly resolved: Resolved | undefined;
  readonly reviewReason: ReviewReason | undefined;
  /** First look at which WeChat knew no such order although our close was answered definitely. */
  readonly notFoundAt: Instant | undefined;
  /** First signed answer that contradicts PAID; repeated after 10 min it becomes `contradiction`. */
  readonly contradictedAt: Instant | undefined;
  readonly contradiction: boolean;
  /** The answer that was noted on a record which it does not move. */
  readonly noted: string | undefined;
  readonly dueAt: Instant | undefined;
  readonly unknownLooks: number;
};

const isStatus = oneOf(orderStatuses);
const isCloseReason = oneOf(closeReasons);
const isReviewReason = oneOf(reviewReasons);
const isTradeType = oneOf(tradeTypes);
const isCurrency = oneOf(['CNY']);
const isResolveAction = oneOf(resolveActions);

/** Reads the order out of its record; fails with the name of the first field that is not right. */
export function decodeOrder(record: StoredRecord): Result<Order> {
  const { status } = record;
  if (!isStatus(status)) {
    return fail('status');
  }
  const fields = fieldsOf(record.data);
  const order: Order = {
    status,
    createdAt: fields.required('createdAt', isInstant),
    closeAt: fields.required('closeAt', isInstant),
    closableAt: fields.optional('closableAt', isInstant),
    reversedAt: fields.optional('reversedAt', isInstant),
    attempts: fields.required('attempts', isCount),
    unplaced: fields.optional('unplaced', isTrue) ?? false,
    link: fields.optional('link', isText),
    linkAt: fields.optional('linkAt', isInstant),
    closeReason: fields.optional('closeReason', isCloseReason),
    transaction_id: fields.optional('transaction_id', isTransactionId),
    successAt: fields.optional('successAt', isInstant),
    paidFen: fields.optional('paidFen', isFen),
    payerTotalFen: fields.optional('payerTotalFen', isFen),
    late: fields.optional('late', isTrue) ?? false,
    duplicateOf: fields.optional('duplicateOf', isOrderName),
    refunds: fields.optional('refunds', isRefundNotes) ?? [],
    resolution: fields.optional('resolution', isResolution),
    resolved: fields.optional('resolved', isResolved),
    reviewReason: fields.optional('reviewReason', isReviewReason),
    notFoundAt: fields.optional('notFoundAt', isInstant),
    contradictedAt: fields.optional('contradictedAt', isInstant),
    contradiction: fields.optional('contradiction', isTrue) ?? false,
    noted: fields.optional('noted', isText),
    dueAt: record.dueAt,
    unknownLooks: record.unknownLooks,
    terms: status === 'UNMATCHED' ? undefined : readTerms(fields),
  };
  return fields.result(() => order);
}

function readTerms(fields: ReturnType<typeof fieldsOf>): OrderTerms {
  return {
    trade_type: fields.required('trade_type', isTradeType),
    amountFen: fields.required('amountFen', isFen),
    currency: fields.required('currency', isCurrency),
    appid: fields.required('appid', isAppid),
    openid: fields.optional('openid', isOpenid),
    reference: fields.optional('reference', isReference),
    notify_url: fields.required('notify_url', isText),
    bodySha256: fields.required('bodySha256', isText),
    requestId: fields.required('requestId', isText),
    expiresAt: fields.required('expiresAt', isInstant),
  };
}

function isOrderName(value: unknown): value is OrderName {
  const fields = fieldsOf(value);
  fields.required('account', isAccountName);
  fields.required('mchid', isMchid);
  fields.required('out_trade_no', isOutTradeNo);
  return fields.result(() => true).ok;
}

function isResolution(value: unknown): value is Resolution {
  const fields = fieldsOf(value);
  fields.required('action', isResolveAction);
  fields.required('by', isText);
  fields.required('why', isText);
  fields.required('at', isInstant);
  return fields.result(() => true).ok;
}

function isResolved(value: unknown): value is Resolved {
  const fields = fieldsOf(value);
  fields.required('outcome', oneOf(['done', 'impossible']));
  return isResolution(value) && fields.result(() => true).ok;
}

function isTrue(value: unknown): value is true {
  return value === true;
}

/** Waiting for its payer: may be placed, paid or closed. */
export function isWaiting(order: Order): boolean {
  return order.status === 'CREATED' || order.status === 'AWAITING';
}

/** Its payer's code was charged: there is no link, and what ends it unpaid is a reversal, not a close. */
export function isCodePayment(order: Order): boolean {
  return order.terms?.trade_type === 'MICROPAY';
}

/**
 * No wake has to look at it any more. A REVIEW that was opened while somebody was still paying waits on:
 * WeChat has not decided yet; and so does one that a person has resolved, until that is carried out.
 */
export function isSettled(order: Order): boolean {
  if (order.status === 'REVIEW') {
    return order.reviewReason !== 'user-paying' && order.resolution === undefined;
  }
  return !isWaiting(order);
}

/** A review that was opened without an answer about money ends by itself once WeChat says paid. */
export function reopens(order: Order): boolean {
  return order.reviewReason === 'not-found' || order.reviewReason === 'user-paying';
}

/** A look that had no answer, or a contradiction that must repeat: settled or not, somebody looks again. */
export function owesLook(order: Order): boolean {
  const isInDoubt = order.contradictedAt !== undefined && !order.contradiction;
  return isInDoubt || order.unknownLooks > 0;
}

export function planOf(order: Order): WakePlan {
  const { createdAt, closeAt } = order;
  const expiresAt = order.terms?.expiresAt ?? closeAt;
  return { createdAt, closeAt, expiresAt, ...(isCodePayment(order) && { isCodePayment: true }) };
}
