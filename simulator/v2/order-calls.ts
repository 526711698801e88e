import { newLinks } from '../links.ts';
import { OUT_TRADE_NO } from '../number-rules.ts';
import { beforePayment, closeOrder, type Order, orderAt, placeOrder } from '../order.ts';
import { payNow, type World } from '../world.ts';
import {
  checkFields,
  type V2Call,
  type V2Refusal,
  type V2Reply,
  type V2Values,
  v2Done,
  v2Refuse,
} from './call.ts';
import { findOrder, namesNoOrder } from './find-order.ts';
import { checkUnifiedOrder, ORDER_NUMBERS, tooSoon } from './order-rules.ts';
import { orderValues } from './order-view.ts';

/** `POST /pay/unifiedorder`: the same number with unchanged parameters gives a link again. */
export const unifiedOrder = (world: World, call: V2Call): V2Reply => {
  const nowMs = world.timers.now();
  const checked = checkUnifiedOrder(call, nowMs);
  if (!checked.ok) return checked;
  const { placement } = checked;
  const existing = world.orders.get(placement.mchid, placement.outTradeNo);
  const refusal =
    existing === undefined
      ? tooSoon(placement, nowMs)
      : againRefusal(orderAt(existing, nowMs), nowMs);
  if (refusal !== undefined) return { ok: false, refusal };
  const placed = placeOrder(existing, placement, nowMs);
  if (!placed.ok) {
    return v2Refuse('INVALID_REQUEST', 'the number was used with other parameters');
  }
  world.orders.put(placed.order);
  return v2Done(placedValues(placement.tradeType, nowMs));
};

const againRefusal = (existing: Order, nowMs: number): V2Refusal | undefined => {
  if (existing.v2 === undefined || existing.scanned !== undefined) {
    return { code: 'OUT_TRADE_NO_USED', message: 'the number is used for another trade' };
  }
  if (existing.payment !== undefined) return { code: 'ORDERPAID', message: 'the order is paid' };
  if (existing.state === 'CLOSED') return { code: 'ORDERCLOSED', message: 'the order is closed' };
  return nowMs >= existing.expiresAtMs
    ? { code: 'INVALID_REQUEST', message: 'the time to pay is over' }
    : undefined;
};

const placedValues = (tradeType: string, nowMs: number): V2Values => {
  const links = newLinks(nowMs);
  return {
    trade_type: tradeType,
    prepay_id: links.prepayId,
    code_url: tradeType === 'NATIVE' ? links.codeUrl : undefined,
    mweb_url: tradeType === 'MWEB' ? links.h5Url : undefined,
  };
};

/** `POST /pay/orderquery`. */
export const queryOrder = (world: World, call: V2Call): V2Reply => {
  const checked = checkFields(call, ORDER_NUMBERS);
  if (!checked.ok) return checked;
  if (namesNoOrder(checked.given)) {
    return v2Refuse('LACK_PARAMS', 'out_trade_no: this field or transaction_id is required');
  }
  const order = findOrder(world, call, checked.given);
  const byId = checked.given['transaction_id'] !== undefined;
  if (order === undefined || (call.stale && byId)) {
    return v2Refuse('ORDERNOTEXIST', 'no such order');
  }
  return v2Done(orderValues(call.stale ? beforePayment(order) : order));
};

const MIN_AGE_MS = 300_000;

/** `POST /pay/closeorder`: not within 5 minutes of the first placing. */
export const closeOrderCall = (world: World, call: V2Call): V2Reply => {
  const checked = checkFields(call, { out_trade_no: { ...OUT_TRADE_NO, required: true } });
  if (!checked.ok) return checked;
  const found = findOrder(world, call, checked.given);
  if (found === undefined) return v2Refuse('ORDERNOTEXIST', 'no such order');
  if (found.payOnClose !== undefined) payNow(world, found, found.payOnClose);
  const order = world.orders.get(found.mchid, found.outTradeNo) ?? found;
  const nowMs = world.timers.now();
  if (['CLOSED', 'REVOKED'].includes(orderAt(order, nowMs).state)) {
    return v2Refuse('ORDERCLOSED', 'the order is closed');
  }
  if (order.payment === undefined && nowMs < order.placedAtMs + MIN_AGE_MS) {
    return v2Refuse('INVALID_REQUEST', 'the order was made less than 5 minutes ago');
  }
  const closed = closeOrder(order, nowMs);
  if (!closed.ok) {
    return closed.because === 'paid'
      ? v2Refuse('ORDERPAID', 'the order is paid')
      : v2Refuse('TRADE_STATE_ERROR', 'the payer is paying');
  }
  world.orders.put(closed.order);
  return v2Done({ result_msg: 'OK' });
};
