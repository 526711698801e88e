import type { StoredRecord } from '../../record.ts';
import { fail, type Result } from '../../result.ts';
import type { WakePlan } from '../../timing.ts';
import {
  type Appid,
  isAppid,
  isOpenid,
  isReference,
  isTransactionId,
  type Openid,
  type Reference,
  type TransactionId,
} from '../../values/ids.ts';
import { fieldsOf, isCount, isText, oneOf } from '../../values/json.ts';
import { type Fen, isFen } from '../../values/money.ts';
import { type Instant, isInstant } from '../../values/time.ts';

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
  'not-found',
  'user-paying',
] as const;
export type ReviewReason = (typeof reviewReasons)[number];

/** `requested` by the merchant, `expired`, or `wechat`: it was closed there before its time. */
export const closeReasons = ['requested', 'expired', 'wechat'] as const;
export type CloseReason = (typeof closeReasons)[number];

export const tradeTypes = ['NATIVE', 'JSAPI'] as const;
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

/** An order's own data, as it is kept in its record. */
export type Order = {
  readonly status: OrderStatus;
  /** Absent on an UNMATCHED order. */
  readonly terms: OrderTerms | undefined;
  readonly createdAt: Instant;
  readonly closeAt: Instant;
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

function isTrue(value: unknown): value is true {
  return value === true;
}

/** Waiting for its payer: may be placed, paid or closed. */
export function isWaiting(order: Order): boolean {
  return order.status === 'CREATED' || order.status === 'AWAITING';
}

/**
 * No wake has to look at it any more. A REVIEW that was opened while somebody was still paying waits on:
 * WeChat has not decided yet.
 */
export function isSettled(order: Order): boolean {
  if (order.status === 'REVIEW') {
    return order.reviewReason !== 'user-paying';
  }
  return !isWaiting(order);
}

export function planOf(order: Order): WakePlan {
  const { createdAt, closeAt } = order;
  return { createdAt, closeAt, expiresAt: order.terms?.expiresAt ?? closeAt };
}
