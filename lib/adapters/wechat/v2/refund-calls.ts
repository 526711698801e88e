import type { RefundRequest } from '#core/ports.ts';
import type { OutRefundNo } from '#core/values/ids.ts';
import type { Call } from './client.ts';

const refundAccounts = {
  AVAILABLE: 'REFUND_SOURCE_RECHARGE_FUNDS',
  UNSETTLED: 'REFUND_SOURCE_UNSETTLED_FUNDS',
} as const satisfies Readonly<Record<NonNullable<RefundRequest['funds_account']>, string>>;

/**
 * `/secapi/pay/refund`. The same request gives the same fields: after any failure the same number is
 * applied for again with the same parameters. A reason is at most 80 bytes when it is taken in, so it is
 * never more than the 80 characters that fit here.
 */
export function applyCall(request: RefundRequest): Call {
  const { funds_account } = request;
  return {
    target: '/secapi/pay/refund',
    fields: {
      transaction_id: request.transaction_id,
      out_refund_no: request.out_refund_no,
      total_fee: String(request.totalFen),
      refund_fee: String(request.refundFen),
      refund_fee_type: request.currency,
      refund_desc: request.reason,
      refund_account: funds_account && refundAccounts[funds_account],
      notify_url: request.notify_url,
    },
  };
}

/** `/pay/refundquery`, by the merchant's number: of several that an order has, it answers just this one. */
export function refundQueryCall(out_refund_no: OutRefundNo): Call {
  return { target: '/pay/refundquery', fields: { out_refund_no } };
}
