import {
  type Ended,
  isEnded,
  isPending,
  type Pending,
  readEnded,
  readPending,
} from '../../payscore/pending.ts';
import type { StoredRecord } from '../../record.ts';
import { fail, type Result } from '../../result.ts';
import {
  type Appid,
  isAppid,
  isMerchantSignPlanNo,
  isOpenid,
  isPayscoreId,
  isServiceId,
  isTransactionId,
  type MerchantSignPlanNo,
  type Openid,
  type PayscoreId,
  type ServiceId,
  type TransactionId,
} from '../../values/ids.ts';
import { fieldsOf, isText, oneOf } from '../../values/json.ts';
import { type Fen, isFen } from '../../values/money.ts';
import { type Instant, isInstant } from '../../values/time.ts';
import { isRefundNotes, type RefundNote } from '../refund/note.ts';

/**
 * CREATED: noted, or not usable at WeChat yet · DOING: the service runs · COMPLETED: WeChat is charging ·
 * PAID · DONE: finished with nothing to pay · REVOKED: cancelled · EXPIRED · REVIEW: the money contradicts
 * what was agreed, a person must see to it · REFUSED: WeChat refused it, the detail is free again ·
 * UNMATCHED: known at WeChat, never made here.
 */
export const serviceOrderStatuses = [
  'CREATED',
  'DOING',
  'COMPLETED',
  'PAID',
  'DONE',
  'REVOKED',
  'EXPIRED',
  'REVIEW',
  'REFUSED',
  'UNMATCHED',
] as const;
export type ServiceOrderStatus = (typeof serviceOrderStatuses)[number];

export const serviceReviewReasons = ['amount', 'payer', 'revoked'] as const;
/** Why a person must see to it: another amount or payer than agreed, or paid although it was over. */
export type ServiceReviewReason = (typeof serviceReviewReasons)[number];

/** A service order's own data, as it is kept in its record. */
export type ServiceOrder = {
  readonly status: ServiceOrderStatus;
  readonly merchant_sign_plan_no: MerchantSignPlanNo | undefined;
  readonly service_id: ServiceId;
  readonly appid: Appid;
  readonly openid: Openid | undefined;
  /** The most that may be charged: the detail's price as it was signed. */
  readonly priceFen: Fen | undefined;
  readonly startTime: Instant | undefined;
  /** As it was given with the creation. */
  readonly endTime: Instant | undefined;
  readonly createdAt: Instant;
  readonly bodySha256: string | undefined;
  /** What we completed it with, or lowered it to since. */
  readonly totalFen: Fen | undefined;
  readonly completedAt: Instant | undefined;
  readonly order_id: PayscoreId | undefined;
  readonly transaction_id: TransactionId | undefined;
  readonly paidFen: Fen | undefined;
  readonly paid_type: string | undefined;
  readonly successAt: Instant | undefined;
  readonly reviewReason: ServiceReviewReason | undefined;
  readonly refunds: readonly RefundNote[];
  readonly pending: Pending | undefined;
  readonly ended: Ended | undefined;
};

const isStatus = oneOf(serviceOrderStatuses);

/** Reads the service order out of its record; fails with the name of the first field that is not right. */
export function decodeServiceOrder(record: StoredRecord): Result<ServiceOrder> {
  const { status } = record;
  if (!isStatus(status)) {
    return fail('status');
  }
  const fields = fieldsOf(record.data);
  const order: ServiceOrder = {
    status,
    merchant_sign_plan_no: fields.optional('merchant_sign_plan_no', isMerchantSignPlanNo),
    service_id: fields.required('service_id', isServiceId),
    appid: fields.required('appid', isAppid),
    openid: fields.optional('openid', isOpenid),
    priceFen: fields.optional('priceFen', isFen),
    startTime: fields.optional('startTime', isInstant),
    endTime: fields.optional('endTime', isInstant),
    createdAt: fields.required('createdAt', isInstant),
    bodySha256: fields.optional('bodySha256', isText),
    totalFen: fields.optional('totalFen', isFen),
    completedAt: fields.optional('completedAt', isInstant),
    order_id: fields.optional('order_id', isPayscoreId),
    transaction_id: fields.optional('transaction_id', isTransactionId),
    paidFen: fields.optional('paidFen', isFen),
    paid_type: fields.optional('paid_type', isText),
    successAt: fields.optional('successAt', isInstant),
    reviewReason: fields.optional('reviewReason', oneOf(serviceReviewReasons)),
    refunds: fields.optional('refunds', isRefundNotes) ?? [],
    pending: readPending(fields.optional('pending', isPending)),
    ended: readEnded(fields.optional('ended', isEnded)),
  };
  return fields.result(() => order);
}

const runs: readonly ServiceOrderStatus[] = ['CREATED', 'DOING', 'COMPLETED'];

/** The service is not over, or not paid for. */
export function isRunning({ status }: Pick<ServiceOrder, 'status'>): boolean {
  return runs.includes(status);
}

/** No wake has to look at it any more. */
export function isServiceOrderSettled(order: Pick<ServiceOrder, 'status' | 'pending'>): boolean {
  return !isRunning(order) && order.pending === undefined;
}
