import { z } from 'zod';
import { fundsAccounts } from '#core/subjects/refund/refund.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import { isOutOrderNo, isOutTradeNo } from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import type { FieldProblem } from './problem.ts';
import { currency, fen, plainBytes, type Read, readRequest, sha256Of } from './request-reading.ts';

/**
 * The body of `PUT /v1/{account}/refunds/{out_refund_no}`, of an order or of a service order. The limits are
 * WeChat's (4013071036).
 */
export const refundRequest = z.strictObject({
  out_trade_no: z.string().refine(isOutTradeNo).exactOptional(),
  out_order_no: z.string().refine(isOutOrderNo).exactOptional(),
  amount: z.strictObject({ refund: fen(1), currency }),
  reason: plainBytes(80).exactOptional(),
  funds_account: z.enum(fundsAccounts).exactOptional(),
});

/** A new refund as a merchant asks for it, without what the path and the deployment add. */
type RefundBody = Omit<NewRefund, 'out_refund_no' | 'notify_url'>;

/** Reads the body of a PUT; every field at fault is named. */
export function readRefundRequest(body: Uint8Array): Read<RefundBody> {
  const read = readRequest(body, refundRequest, notNamedOnce);
  if (!read.ok) {
    return read;
  }
  const { amount, out_trade_no, out_order_no, ...rest } = read.value;
  const of = out_order_no === undefined ? out_trade_no && { out_trade_no } : { out_order_no };
  if (of === undefined) {
    return { ok: false, errors: [ofOne] };
  }
  const value = { ...rest, of, refundFen: amount.refund, bodySha256: sha256Of(body) };
  return { ok: true, value };
}

const ofOne: FieldProblem = {
  pointer: '/out_trade_no',
  detail: 'must be there, or else out_order_no, and not both',
};

function notNamedOnce(body: JsonObject): readonly FieldProblem[] {
  const isNamed = (name: string): boolean => Object.hasOwn(body, name);
  return isNamed('out_trade_no') === isNamed('out_order_no') ? [ofOne] : [];
}
