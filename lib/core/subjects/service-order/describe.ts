import { commandsView } from '../../payscore/describe.ts';
import type { StoredRecord } from '../../record.ts';
import type { JsonObject } from '../../values/json.ts';
import { formatUtc } from '../../values/time.ts';
import type { ServiceOrder } from './service-order.ts';

/** The `data` of a service order's event: what happened, in WeChat's names; nothing about the payer. */
export function serviceOrderEventData(record: StoredRecord, order: ServiceOrder): JsonObject {
  return { mchid: record.key.mchid, out_order_no: record.key.number, ...factsOf(order) };
}

/** What `GET` shows of a service order. */
export function serviceOrderView(record: StoredRecord, order: ServiceOrder): JsonObject {
  return {
    out_order_no: record.key.number,
    mchid: record.key.mchid,
    ...factsOf(order),
    appid: order.appid,
    service_id: order.service_id,
    created_at: formatUtc(order.createdAt),
    ...(order.refunds.length > 0 && {
      refunds: order.refunds.map(({ out_refund_no, refundFen, status }) => ({
        out_refund_no,
        amount: { refund: refundFen, currency: 'CNY' },
        status,
      })),
    }),
    history: record.history.map((row) => ({ ...row, at: formatUtc(row.at) })),
    history_count: record.historyCount,
  };
}

function factsOf(order: ServiceOrder): JsonObject {
  const { merchant_sign_plan_no, order_id, totalFen, paidFen, paid_type, transaction_id } = order;
  return {
    status: order.status,
    ...(merchant_sign_plan_no !== undefined && { merchant_sign_plan_no }),
    ...(order_id !== undefined && { order_id }),
    ...(totalFen !== undefined && { total_amount: totalFen }),
    ...(paidFen !== undefined && { paid_amount: paidFen }),
    ...(paid_type !== undefined && { paid_type }),
    ...(transaction_id !== undefined && { transaction_id }),
    ...(order.successAt !== undefined && { success_time: formatUtc(order.successAt) }),
    ...(order.reviewReason !== undefined && { reason: order.reviewReason }),
    ...commandsView(order),
  };
}
