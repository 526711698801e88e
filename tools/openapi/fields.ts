import { z } from 'zod';
import { refundStatuses } from '#core/subjects/refund/refund.ts';
import { patterns } from './limits.ts';

/** The fields that answers and events share, each with its words. */

export const time = (description: string) => z.string().meta({ format: 'date-time', description });

export const words = <const W extends readonly [string, ...string[]]>(
  list: W,
  description: string,
) => z.enum(list).meta({ description });

export const text = (description: string) => z.string().meta({ description });
export const flag = (description: string) => z.boolean().meta({ description });

export const fen = (description: string) => z.int().min(0).meta({ description });
const currency = z.literal('CNY').meta({ description: 'Always `CNY`.' });
export const named = (pattern: string, description: string) =>
  z.string().regex(new RegExp(pattern)).meta({ description });

export const mchid = named(patterns.mchid, "The merchant's number at WeChat.");
export const outTradeNo = named(patterns.outTradeNo, "The order's number, yours.");
export const outRefundNo = named(patterns.outRefundNo, "The refund's number, yours.");
export const appid = named(patterns.appid, 'The app, mini program or official account.');
export const transactionId = named(patterns.transactionId, "WeChat's number of the payment.");
export const refundId = named(patterns.transactionId, "WeChat's number of the refund.");
export const outOrderNo = named(
  patterns.payscoreNo,
  "The service order's number, yours: that of its detail.",
);

const orderAmount = z
  .object({ total: fen('In fen: 8800 is 88.00 yuan.'), currency })
  .meta({ description: 'What was ordered.' });

export const refundAmount = z
  .object({
    refund: fen('What goes back, in fen.'),
    total: fen('What had been paid, in fen.'),
    currency,
  })
  .meta({ description: 'What goes back.' });

const partAmount = z
  .object({ refund: fen('What goes back, in fen.'), currency })
  .meta({ description: 'What goes back.' });

export const refundStatus = words(
  refundStatuses,
  "`CREATED`: noted here. `PROCESSING`: accepted by WeChat. `SUCCESS`: the money is back. `CLOSED`: WeChat gave it up, no money moved. `ABNORMAL`: the payer's card could not be credited; it can still succeed. `REFUSED`: WeChat refused it, no money moved.",
);

export const listedRefunds = z
  .array(z.object({ out_refund_no: outRefundNo, amount: partAmount, status: refundStatus }))
  .min(1)
  .meta({ description: 'Its refunds, whoever made them.' });

/** What a refund gives back of: one of the two. */
export const refundOf = {
  out_trade_no: named(
    patterns.outTradeNo,
    "The order's number, yours. Not there where it is of a service order.",
  ).optional(),
  out_order_no: named(
    patterns.payscoreNo,
    "The service order's number, yours. Not there where it is of an order.",
  ).optional(),
};

/** What is known of an order's payment. */
export const payment = {
  transaction_id: transactionId.optional(),
  paid_total: fen('What was paid, coupons included, in fen.').optional(),
  payer_total: fen('What the payer themselves paid, in fen.').optional(),
  success_time: time('When it was paid.').optional(),
};

/** What only an order that was placed here can have. */
export const ofOrdered = {
  reference: named(patterns.reference, 'Your business order, as you gave it.').optional(),
  amount: orderAmount,
  late: z
    .literal(true)
    .meta({ description: 'It was paid after it was closed here, or while it was being reversed.' })
    .optional(),
  duplicate_of: z
    .object({ mchid, out_trade_no: outTradeNo })
    .meta({ description: 'The order that paid the same `reference` before.' })
    .optional(),
};
