import { z } from 'zod';
import { fundsAccounts } from '#core/subjects/refund/refund.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import { currency, fen, plainBytes, type Read, readRequest, sha256Of } from './request-reading.ts';

/** The body of `PUT /v1/{account}/refunds/{out_refund_no}`; the limits are WeChat's (4013071036). */
export const refundRequest = z.strictObject({
  out_trade_no: z.string().refine(isOutTradeNo),
  amount: z.strictObject({ refund: fen(1), currency }),
  reason: plainBytes(80).exactOptional(),
  funds_account: z.enum(fundsAccounts).exactOptional(),
});

/** A new refund as a merchant asks for it, without what the path and the deployment add. */
type RefundBody = Omit<NewRefund, 'out_refund_no' | 'notify_url'>;

/** Reads the body of a PUT; every field at fault is named. */
export function readRefundRequest(body: Uint8Array): Read<RefundBody> {
  const read = readRequest(body, refundRequest);
  if (!read.ok) {
    return read;
  }
  const { amount, ...rest } = read.value;
  return { ok: true, value: { ...rest, refundFen: amount.refund, bodySha256: sha256Of(body) } };
}
