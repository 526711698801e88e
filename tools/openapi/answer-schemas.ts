import { z } from 'zod';
import { signTypes } from '#core/account.ts';
import {
  closeReasons,
  orderStatuses,
  resolveActions,
  reviewReasons,
  tradeTypes,
} from '#core/subjects/order/order.ts';
import { fundsAccounts, refundOrigins, refundStatuses } from '#core/subjects/refund/refund.ts';
import {
  appid,
  listedRefunds,
  mchid,
  ofOrdered,
  outRefundNo,
  outTradeNo,
  payment,
  refundAmount,
  refundId,
  refundOf,
  refundStatus,
  text,
  time,
  transactionId,
  words,
} from './fields.ts';
import { historyCount, historyOf, refreshed } from './history.ts';
import { payscoreSchemas } from './payscore-schemas.ts';

const orderStatus = words(
  orderStatuses,
  '`CREATED`: written, not yet placed for certain. `AWAITING`: placed, the payer can pay. `PAID`. `CLOSED`. `REVIEW`: a person must decide. `REFUSED`: WeChat refused it, the number may be used again. `UNMATCHED`: paid at WeChat, never ordered here.',
);

const resolution = {
  action: words(resolveActions, 'What to do.'),
  by: text('Who decided.'),
  why: text('Why.'),
  at: time('When it was noted.'),
};

const order = z.object({
  out_trade_no: outTradeNo,
  mchid,
  status: orderStatus,
  trade_type: words(tradeTypes, 'How the payer pays. Not on an UNMATCHED order.').optional(),
  appid: appid.optional(),
  time_expire: time(
    'The payer can pay until then. A code payment that is not paid by then is reversed.',
  ).optional(),
  created_at: time('When it was written here.'),
  ...payment,
  ...ofOrdered,
  amount: ofOrdered.amount.optional(),
  review_reason: words(reviewReasons, 'Why it is in REVIEW.').optional(),
  contradiction: z
    .literal(true)
    .meta({ description: 'WeChat denies a payment that was announced.' })
    .optional(),
  close_reason: words(closeReasons, 'Why it was closed.').optional(),
  refunds: listedRefunds.optional(),
  resolution: z
    .object(resolution)
    .meta({ description: 'What a person decided and is not carried out yet.' })
    .optional(),
  resolved: z
    .object({
      ...resolution,
      outcome: words(
        ['done', 'impossible'],
        '`impossible`: what WeChat answered did not allow it; the order stays in REVIEW.',
      ),
    })
    .meta({ description: 'The last decision that was looked at.' })
    .optional(),
  history: historyOf(orderStatuses, 'order'),
  history_count: historyCount,
  refreshed,
});

const refund = z.object({
  out_refund_no: outRefundNo,
  mchid,
  status: refundStatus,
  ...refundOf,
  transaction_id: transactionId,
  amount: refundAmount,
  origin: words(
    refundOrigins,
    '`request`: yours. `late`, `duplicate`, `resolve`: automatic. `console`: made outside this system.',
  ),
  refund_id: refundId.optional(),
  success_time: time('When the money was back.').optional(),
  reason: text(
    "On a REFUSED refund: WeChat's code, or `NUMBER_USED`: another refund has this number.",
  ).optional(),
  refund_reason: text('The `reason` that the payer reads.').optional(),
  funds_account: words(fundsAccounts, 'As you gave it.').optional(),
  created_at: time('When it was written here.'),
  start_at: time('WeChat is asked from then on: parts of one payment go a minute apart.'),
  history: historyOf(refundStatuses, 'refund'),
  history_count: historyCount,
  refreshed,
});

const awaiting = {
  out_trade_no: outTradeNo,
  status: z.literal('AWAITING').meta({ description: 'The payer can pay.' }),
};

const jsapiPay = z
  .object({
    appId: text('The `appid`.'),
    timeStamp: text('Unix seconds.'),
    nonceStr: text('Chance.'),
    package: text('`prepay_id=…`.'),
    signType: words(
      ['RSA', ...signTypes],
      'How it is signed: `RSA` for an account on APIv3, as its secret says for one on APIv2.',
    ),
    paySign: text('The signature.'),
  })
  .meta({
    title: 'JSAPI',
    description: "Hand it to WeChat's JSAPI or to `wx.requestPayment` as it is.",
  });

const appPay = z
  .object({
    appid: text('The `appid`.'),
    partnerid: text('The mchid.'),
    prepayid: text("WeChat's id of this placing."),
    package: z.literal('Sign=WXPay'),
    noncestr: text('Chance.'),
    timestamp: text('Unix seconds.'),
    sign: text('The signature.'),
  })
  .meta({ title: 'APP', description: "Hand it to WeChat's SDK as it is." });

/** The answers of the operations, by their names in `components`. */
export const answerSchemas = {
  Order: order.meta({ description: 'An order as it stands.' }),
  Refund: refund.meta({ description: 'A refund as it stands.' }),
  ...payscoreSchemas,
  NativeOrderPlaced: z
    .object({ ...awaiting, code_url: text('Show it as a QR code. Good for 2 hours.') })
    .meta({ title: 'NATIVE', description: 'Placed: the payer scans a QR code.' }),
  AppOrderPlaced: z.object({ ...awaiting, pay: z.union([jsapiPay, appPay]) }).meta({
    title: 'JSAPI, APP',
    description: 'Placed: a mini program, a page inside WeChat or your app pays.',
  }),
  H5OrderPlaced: z
    .object({ ...awaiting, h5_url: text("Open it in the payer's browser within 5 minutes.") })
    .meta({ title: 'H5', description: 'Placed: a browser outside WeChat pays.' }),
  OrderSettled: z
    .object({
      out_trade_no: outTradeNo,
      status: words(['PAID', 'CLOSED', 'REVIEW', 'REFUSED'], 'What became of it.'),
    })
    .meta({ title: 'settled', description: 'There is nothing to pay any more.' }),
  CodePaymentWaits: z
    .object({
      out_trade_no: outTradeNo,
      status: z.literal('CREATED').meta({ description: 'It is not known yet whether it is paid.' }),
    })
    .meta({ description: 'A code payment whose outcome is open.' }),
  CloseRequested: z
    .object({
      out_trade_no: outTradeNo,
      status: words(['CREATED', 'AWAITING'], 'It stays so until WeChat agrees.'),
    })
    .meta({
      description: 'The order will be closed, a code payment reversed, unless it is paid first.',
    }),
  OrderClosed: z
    .object({ out_trade_no: outTradeNo, status: z.literal('CLOSED') })
    .meta({ description: 'The order is closed already.' }),
  ResolutionNoted: z
    .object({
      out_trade_no: outTradeNo,
      status: z.literal('REVIEW').meta({ description: 'It stays so until WeChat was asked.' }),
    })
    .meta({ description: 'What was decided is noted. GET shows what becomes of it.' }),
  GatewayMessage: z.object({ message: text('What the gateway says.') }).meta({
    description: 'The API gateway answered by itself; the request did not reach the API.',
  }),
} as const satisfies Readonly<Record<string, z.ZodType>>;
