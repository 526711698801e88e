import {
  done,
  type MerchantCall,
  type Reply,
  readBody,
  readNumber,
  refuse,
} from './merchant-call.ts';
import { OUT_REFUND_NO } from './number-rules.ts';
import { type Order, orderAt } from './order.ts';
import { beforeEnd, isTooFast, type RefundRefusal } from './refund.ts';
import { refundNow } from './refund-desk.ts';
import { checkRefund, type RefundApplication } from './refund-rules.ts';
import { refundView } from './refund-view.ts';
import {
  invalidRequest,
  notEnough,
  type Refusal,
  refundNotExist,
  refundTooFast,
  refundWithoutOrder,
} from './refusals.ts';
import type { World } from './world.ts';

/** `POST /v3/refund/domestic/refunds`: the same number and parameters are the same refund, whatever became of it (document 4013071036). */
export const applyForRefund = (world: World, call: MerchantCall): Reply => {
  const body = readBody(call);
  if (!body.ok) return body;
  const checked = checkRefund(body.value);
  if (!checked.ok) return checked;
  const { wish } = checked.application;
  const known = world.refunds.get(call.account.mchid, wish.outRefundNo);
  if (known !== undefined) {
    return known.fingerprint === wish.fingerprint ? done(refundView(known)) : refuse(numberUsed);
  }
  const order = findOrder(world, call.account.mchid, checked.application);
  if (order === undefined) return refuse(refundWithoutOrder);
  const tooFast = isTooFast(world.refunds.ofOrder(order), world.timers.now());
  const refunded = refundNow(world, call.account, order, wish);
  if (!refunded.ok) return refuse(REFUSALS[refunded.because]);
  return tooFast ? refuse(refundTooFast) : done(refundView(refunded.refund));
};

/** `GET /v3/refund/domestic/refunds/{out_refund_no}`. */
export const queryRefund = (world: World, call: MerchantCall): Reply => {
  const number = readNumber(call, 'out_refund_no', OUT_REFUND_NO);
  if (!number.ok) return number;
  const refund = world.refunds.get(call.account.mchid, number.value);
  if (refund === undefined) return refuse(refundNotExist);
  return done(refundView(call.stale ? beforeEnd(refund) : refund));
};

/** The order that the given numbers name; both, when both are given. */
const findOrder = (
  world: World,
  mchid: string,
  { transactionId, outTradeNo }: RefundApplication,
): Order | undefined => {
  const order =
    transactionId === undefined
      ? world.orders.get(mchid, outTradeNo ?? '')
      : world.orders.getByTransactionId(mchid, transactionId);
  if (order === undefined || order.outTradeNo !== (outTradeNo ?? order.outTradeNo)) {
    return undefined;
  }
  return orderAt(order, world.timers.now());
};

const numberUsed = invalidRequest('This out_refund_no was used with other parameters');

/** Numbers of documents 4013071036 and 4020801246; where it lists none, the general one. */
const REFUSALS: Readonly<Record<RefundRefusal | 'not-enough', Refusal>> = {
  unpaid: refundWithoutOrder,
  closed: invalidRequest('The order is closed', 268892181),
  'too-old': invalidRequest('The order was paid more than a year ago', 268892184),
  'amounts-differ': invalidRequest('amount.total is not what the order cost', 268892183),
  'fully-refunded': invalidRequest('The order is refunded in full', 268892177),
  'too-much': invalidRequest('More than can still be refunded', 268449311),
  'too-many': invalidRequest('The order has 50 refunds'),
  'not-enough': notEnough,
};
