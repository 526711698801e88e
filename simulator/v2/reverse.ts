import { type Order, orderAt } from '../order.ts';
import { takePlan } from '../standing.ts';
import { payNow, type World } from '../world.ts';
import {
  checkFields,
  type V2Call,
  type V2Refusal,
  type V2Reply,
  v2Done,
  v2Refuse,
} from './call.ts';
import { reverseOrder } from './code-payment.ts';
import { findOrder, namesNoOrder } from './find-order.ts';
import { USUAL_REVERSE } from './micropay-plan.ts';
import { ORDER_NUMBERS } from './order-rules.ts';

/** `POST /secapi/pay/reverse`: what was paid goes back, what was not can't be paid any more. It may be repeated. */
export const reverse = (world: World, call: V2Call): V2Reply => {
  const checked = checkFields(call, ORDER_NUMBERS);
  if (!checked.ok) return checked;
  if (namesNoOrder(checked.given)) {
    return v2Refuse('LACK_PARAMS', 'out_trade_no: this field or transaction_id is required');
  }
  const found = findOrder(world, call, checked.given);
  if (found === undefined) {
    return checked.given['transaction_id'] === undefined
      ? v2Refuse('INVALID_REQUEST', 'no such order')
      : v2Refuse('INVALID_TRANSACTIONID', 'no such payment');
  }
  if (found.payOnClose !== undefined) payNow(world, found, found.payOnClose);
  const nowMs = world.timers.now();
  const order = orderAt(world.orders.get(found.mchid, found.outTradeNo) ?? found, nowMs);
  const refusal = refusalOf(world, order, nowMs);
  if (refusal !== undefined) return { ok: false, refusal };
  const plan = takePlan(world.reversePlan) ?? USUAL_REVERSE;
  if (plan.effect) world.orders.put(reverseOrder(order, plan.shows));
  if (plan.outcome === 'done') return v2Done({ recall: 'N' });
  return plan.outcome === 'recall'
    ? v2Done({ recall: 'Y' })
    : v2Refuse(plan.outcome, 'not reversed, or not known to be');
};

const EARLIEST_MS = 15_000;
const LATEST_MS = 7 * 86_400_000;

const refusalOf = (world: World, order: Order, nowMs: number): V2Refusal | undefined => {
  if (order.scanned === undefined) {
    return { code: 'INVALID_REQUEST', message: 'not paid by a scanned code; close or refund it' };
  }
  if (order.reversed === true) return undefined;
  if (nowMs < order.scanned.atMs + EARLIEST_MS) {
    return { code: 'INVALID_REQUEST', message: 'less than 15 s after the call to pay' };
  }
  if (nowMs > order.scanned.atMs + LATEST_MS) {
    return { code: 'REVERSE_EXPIRE', message: 'more than 7 days old; refund it' };
  }
  return world.refunds.ofOrder(order).some(({ status }) => status !== 'CLOSED')
    ? { code: 'TRADE_ERROR', message: 'refunded already, or in part' }
    : undefined;
};
