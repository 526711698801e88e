import type { StoredRecord } from '../../record.ts';
import type { JsonObject } from '../../values/json.ts';
import { formatUtc } from '../../values/time.ts';
import type { Refund } from './refund.ts';

/** The `data` of a refund's event: what happened, in WeChat's names; nothing about the payer. */
export function refundEventData(record: StoredRecord, refund: Refund): JsonObject {
  return {
    mchid: record.key.mchid,
    out_refund_no: record.key.number,
    status: refund.status,
    ...factsOf(refund),
  };
}

/** What `GET` shows of a refund. */
export function refundView(record: StoredRecord, refund: Refund): JsonObject {
  const { reason, funds_account } = refund.terms;
  return {
    out_refund_no: record.key.number,
    mchid: record.key.mchid,
    status: refund.status,
    ...factsOf(refund),
    ...(reason !== undefined && { refund_reason: reason }),
    ...(funds_account !== undefined && { funds_account }),
    created_at: formatUtc(refund.createdAt),
    start_at: formatUtc(refund.startAt),
    history: record.history.map((row) => ({ ...row, at: formatUtc(row.at) })),
    history_count: record.historyCount,
  };
}

function factsOf(refund: Refund): JsonObject {
  const { terms } = refund;
  const refusal = refund.status === 'REFUSED' ? refund.refusal : undefined;
  return {
    ...(terms.out_trade_no !== undefined && { out_trade_no: terms.out_trade_no }),
    ...(terms.out_order_no !== undefined && { out_order_no: terms.out_order_no }),
    transaction_id: terms.transaction_id,
    amount: { refund: terms.refundFen, total: terms.totalFen, currency: 'CNY' },
    origin: refund.origin,
    ...(refund.refund_id !== undefined && { refund_id: refund.refund_id }),
    ...(refund.successAt !== undefined && { success_time: formatUtc(refund.successAt) }),
    ...(refusal !== undefined && { reason: refusal }),
  };
}
