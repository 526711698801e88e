import type { RefundRequest } from '#core/ports.ts';
import type { OutRefundNo } from '#core/values/ids.ts';
import type { SignedRequest } from './signing.ts';

const refunds = '/v3/refund/domestic/refunds';

/**
 * `POST /v3/refund/domestic/refunds` (4013071036). The same request gives the same bytes: after any
 * failure the same number is applied for again with the same parameters.
 */
export function applyCall(request: RefundRequest): SignedRequest {
  const body = {
    transaction_id: request.transaction_id,
    out_refund_no: request.out_refund_no,
    // JSON has no undefined: what is absent is left out.
    reason: request.reason,
    notify_url: request.notify_url,
    funds_account: request.funds_account,
    amount: { refund: request.refundFen, total: request.totalFen, currency: request.currency },
  };
  return { method: 'POST', target: refunds, body: JSON.stringify(body) };
}

/** By the merchant's number, which may hold what a URL cannot; it takes no mchid (4014959631). */
export function refundQueryCall(out_refund_no: OutRefundNo): SignedRequest {
  return { method: 'GET', target: `${refunds}/${encodeURIComponent(out_refund_no)}` };
}
