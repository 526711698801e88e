import type { StoredRecord } from '../../record.ts';
import { fail, type Result } from '../../result.ts';
import {
  isOutOrderNo,
  isOutTradeNo,
  isRefundId,
  isTransactionId,
  type OutOrderNo,
  type OutTradeNo,
  type RefundId,
  type TransactionId,
} from '../../values/ids.ts';
import { fieldsOf, isText, oneOf } from '../../values/json.ts';
import { type Fen, isFen } from '../../values/money.ts';
import { type Instant, isInstant } from '../../values/time.ts';

/**
 * CREATED: noted, not known at WeChat for certain · PROCESSING: accepted there · SUCCESS: the money is
 * back · CLOSED: WeChat gave it up, no money moved · ABNORMAL: the payer's card could not be credited, it
 * can still succeed · REFUSED: WeChat refused it, and knows nothing of it.
 */
export const refundStatuses = [
  'CREATED',
  'PROCESSING',
  'SUCCESS',
  'CLOSED',
  'ABNORMAL',
  'REFUSED',
] as const;
export type RefundStatus = (typeof refundStatuses)[number];

/**
 * Why there is a refund: the merchant's `request`, a `late` or `duplicate` payment, a person who resolved
 * a review, or made outside this system (`console`).
 */
export const refundOrigins = ['request', 'late', 'duplicate', 'resolve', 'console'] as const;
export type RefundOrigin = (typeof refundOrigins)[number];

export const fundsAccounts = ['AVAILABLE', 'UNSETTLED'] as const;
export type FundsAccount = (typeof fundsAccounts)[number];

/** What applying needs to be repeated identically, and what an answer is compared with. */
export type RefundTerms = {
  /** Of the order; a service order's payment has one that WeChat made, which is never asked for. */
  readonly out_trade_no: OutTradeNo | undefined;
  /** Of the service order whose payment it gives back. */
  readonly out_order_no: OutOrderNo | undefined;
  readonly transaction_id: TransactionId;
  readonly refundFen: Fen;
  /** What the order had been paid with. */
  readonly totalFen: Fen;
  readonly reason: string | undefined;
  readonly funds_account: FundsAccount | undefined;
  readonly notify_url: string | undefined;
};

/** A refund's own data, as it is kept in its record. */
export type Refund = {
  readonly status: RefundStatus;
  readonly terms: RefundTerms;
  readonly origin: RefundOrigin;
  readonly createdAt: Instant;
  /** Not applied for before: parts of one order go a minute apart (4013071036). */
  readonly startAt: Instant;
  /** SHA-256 of the request body as received, base64url; of a merchant's request only. */
  readonly bodySha256: string | undefined;
  readonly refund_id: RefundId | undefined;
  readonly successAt: Instant | undefined;
  /** WeChat's code of the last definite refusal, and when it was seen. */
  readonly refusal: string | undefined;
  readonly refusedAt: Instant | undefined;
};

const isStatus = oneOf(refundStatuses);
const isOrigin = oneOf(refundOrigins);
const isFundsAccount = oneOf(fundsAccounts);

/** Reads the refund out of its record; fails with the name of the first field that is not right. */
export function decodeRefund(record: StoredRecord): Result<Refund> {
  const { status } = record;
  if (!isStatus(status)) {
    return fail('status');
  }
  const fields = fieldsOf(record.data);
  const out_order_no = fields.optional('out_order_no', isOutOrderNo);
  const refund: Refund = {
    status,
    terms: {
      // It names one of the two.
      out_trade_no:
        out_order_no === undefined
          ? fields.required('out_trade_no', isOutTradeNo)
          : fields.optional('out_trade_no', isOutTradeNo),
      out_order_no,
      transaction_id: fields.required('transaction_id', isTransactionId),
      refundFen: fields.required('refundFen', isFen),
      totalFen: fields.required('totalFen', isFen),
      reason: fields.optional('reason', isText),
      funds_account: fields.optional('funds_account', isFundsAccount),
      notify_url: fields.optional('notify_url', isText),
    },
    origin: fields.required('origin', isOrigin),
    createdAt: fields.required('createdAt', isInstant),
    startAt: fields.required('startAt', isInstant),
    bodySha256: fields.optional('bodySha256', isText),
    refund_id: fields.optional('refund_id', isRefundId),
    successAt: fields.optional('successAt', isInstant),
    refusal: fields.optional('refusal', isText),
    refusedAt: fields.optional('refusedAt', isInstant),
  };
  return fields.result(() => refund);
}

/** No wake has to look at it any more. ABNORMAL can still become SUCCESS. */
export function isRefundSettled({ status }: Pick<Refund, 'status'>): boolean {
  return status === 'SUCCESS' || status === 'CLOSED' || status === 'REFUSED';
}

/** Ended, and no money moved: its amount can be refunded again. */
export function isWithoutMoney(status: RefundStatus): boolean {
  return status === 'CLOSED' || status === 'REFUSED';
}
