import type { StoredRecord } from '../../record.ts';
import type { JsonObject } from '../../values/json.ts';
import { formatUtc } from '../../values/time.ts';
import type { RefundNote } from '../refund/note.ts';
import type { Order, Resolution } from './order.ts';

/** The `data` of an order's event: what happened, in WeChat's names; nothing about the payer. */
export function orderEventData(record: StoredRecord, order: Order, event: string): JsonObject {
  const reason = reasonOf(order, event);
  return {
    mchid: record.key.mchid,
    out_trade_no: record.key.number,
    status: order.status,
    ...(reason !== undefined && { reason }),
    ...(order.late && { late: true }),
    ...duplicateOf(order),
    ...(event === 'order.paid' && acceptedBy(order)),
    ...moneyOf(order),
  };
}

function duplicateOf({ duplicateOf: owner }: Order): JsonObject {
  return owner === undefined
    ? {}
    : { duplicate_of: { mchid: owner.mchid, out_trade_no: owner.out_trade_no } };
}

/** A person took it as paid although it was not paid as ordered. */
function acceptedBy({ resolved }: Order): JsonObject {
  const isAccepted = resolved?.action === 'accept' && resolved.outcome === 'done';
  return isAccepted ? { accepted_by: resolved.by } : {};
}

function reasonOf(order: Order, event: string): string | undefined {
  if (event === 'order.closed') {
    return order.closeReason;
  }
  if (event !== 'order.review') {
    return undefined;
  }
  return order.contradiction ? 'contradiction' : order.reviewReason;
}

/** What `GET` shows of an order. */
export function orderView(record: StoredRecord, order: Order): JsonObject {
  const { terms } = order;
  return {
    out_trade_no: record.key.number,
    mchid: record.key.mchid,
    status: order.status,
    ...(terms !== undefined && {
      trade_type: terms.trade_type,
      appid: terms.appid,
      time_expire: formatUtc(terms.expiresAt),
    }),
    created_at: formatUtc(order.createdAt),
    ...moneyOf(order),
    ...(order.late && { late: true }),
    ...(order.reviewReason !== undefined && { review_reason: order.reviewReason }),
    ...duplicateOf(order),
    ...(order.contradiction && { contradiction: true }),
    // A close that was only asked for is no reason yet.
    ...(order.status === 'CLOSED' &&
      order.closeReason !== undefined && { close_reason: order.closeReason }),
    ...(order.refunds.length > 0 && { refunds: order.refunds.map(refundOf) }),
    ...(order.resolution !== undefined && { resolution: resolutionOf(order.resolution) }),
    ...(order.resolved !== undefined && {
      resolved: { ...resolutionOf(order.resolved), outcome: order.resolved.outcome },
    }),
    history: record.history.map((row) => ({ ...row, at: formatUtc(row.at) })),
    history_count: record.historyCount,
  };
}

function refundOf({ out_refund_no, refundFen, status }: RefundNote): JsonObject {
  return { out_refund_no, amount: { refund: refundFen, currency: 'CNY' }, status };
}

function resolutionOf({ action, by, why, at }: Resolution): JsonObject {
  return { action, by, why, at: formatUtc(at) };
}

function moneyOf(order: Order): JsonObject {
  const { terms } = order;
  return {
    ...(terms?.reference !== undefined && { reference: terms.reference }),
    ...(terms !== undefined && { amount: { total: terms.amountFen, currency: terms.currency } }),
    ...(order.transaction_id !== undefined && { transaction_id: order.transaction_id }),
    ...(order.paidFen !== undefined && { paid_total: order.paidFen }),
    ...(order.payerTotalFen !== undefined && { payer_total: order.payerTotalFen }),
    ...(order.successAt !== undefined && { success_time: formatUtc(order.successAt) }),
  };
}
