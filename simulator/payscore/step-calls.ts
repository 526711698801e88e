import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import {
  done,
  type MerchantCall,
  type Reply,
  readBody,
  readNumber,
  refuse,
} from '../merchant-call.ts';
import { invalidRequest, paramError, type Refusal } from '../refusals.ts';
import type { World } from '../world.ts';
import { callerService } from './caller.ts';
import { MERCHANT_NO } from './common-fields.ts';
import { callOffCharge, planCharge } from './desk.ts';
import {
  beingCharged,
  invalidOrderState,
  orderCanceled,
  orderDone,
  otherParameters,
  serviceOrderNotExist,
} from './refusals.ts';
import {
  askForCharge,
  cancelOrder,
  completeOrder,
  modifyOrder,
  orderStateOf,
  type ServiceOrder,
  type Stepped,
  type StepRefusal,
  syncOrder,
} from './service-order.ts';
import { creationRefusal } from './service-order-calls.ts';
import { completedView, namesView, serviceOrderView } from './service-order-view.ts';
import { nameOf } from './state.ts';
import {
  checkAskForCharge,
  checkCancellation,
  checkCompletion,
  checkModification,
  checkSync,
  PAID_TIME,
} from './step-rules.ts';

/** What one step does with an order that exists. */
type Step<W> = {
  readonly check: (
    body: JsonObject,
    order: ServiceOrder,
  ) =>
    | { readonly ok: true; readonly fields: JsonObject; readonly wish: W }
    | { readonly ok: false; readonly refusal: Refusal };
  readonly take: (order: ServiceOrder, wish: W) => Stepped;
  readonly view: (order: ServiceOrder, nowMs: number) => JsonObject;
};

/** `POST …/serviceorder/{out_order_no}/complete`: the charge comes by itself, if there is anything to pay. */
export const completeServiceOrder = (world: World, call: MerchantCall): Reply =>
  step(world, call, {
    check: (body, order) => checkCompletion(body, order.timeRange, world.timers.now()),
    take: (order, wish) => {
      const stepped = completeOrder(order, wish, world.timers.now());
      const owed = stepped.ok && order.completion === undefined && wish.total > 0;
      if (owed) planCharge(world, stepped.order);
      return stepped;
    },
    view: completedView,
  });

/** `POST …/serviceorder/{out_order_no}/cancel`. */
export const cancelServiceOrder = (world: World, call: MerchantCall): Reply =>
  step(world, call, {
    check: checkCancellation,
    take: (order, wish) => cancelOrder(order, wish, world.timers.now()),
    view: namesView,
  });

/** `POST …/serviceorder/{out_order_no}/modify`. */
export const modifyServiceOrder = (world: World, call: MerchantCall): Reply =>
  step(world, call, { check: checkModification, take: modifyOrder, view: serviceOrderView });

/** `POST …/serviceorder/{out_order_no}/sync`. */
export const syncServiceOrder = (world: World, call: MerchantCall): Reply =>
  step(world, call, {
    check: checkSync,
    take: (order, paidAtMs) =>
      syncOrder(order, paidAtMs, { noticeId: randomUUID(), nowMs: world.timers.now() }),
    view: serviceOrderView,
  });

/** `POST …/serviceorder/{out_order_no}/pay`: the charge is made again, as the next plan for charges says, unless one is to come anyway. */
export const askToPayServiceOrder = (world: World, call: MerchantCall): Reply =>
  step(world, call, {
    check: checkAskForCharge,
    take: (order) => {
      const stepped = askForCharge(order);
      if (stepped.ok) planCharge(world, order);
      return stepped;
    },
    view: namesView,
  });

const step = <W>(world: World, call: MerchantCall, how: Step<W>): Reply => {
  const body = readBody(call);
  if (!body.ok) return body;
  const number = readNumber(call, 'out_order_no', MERCHANT_NO);
  if (!number.ok) return number;
  const order = world.payscore.orders.get(nameOf(call.account.mchid, number.value));
  if (order === undefined) return refuse(serviceOrderNotExist);
  const checked = how.check(body.value, order);
  if (!checked.ok) return checked;
  const { service_id, appid } = checked.fields;
  const caller = callerService(call.account, {
    serviceId: String(service_id),
    appid: String(appid),
  });
  if (!caller.ok) return caller;
  const refusal = creationRefusal(order, { service_id, appid });
  if (refusal !== undefined) return refuse(refusal);
  const stepped = how.take(order, checked.wish);
  if (!stepped.ok) return refuse(REFUSALS[stepped.because]);
  world.payscore.orders.put(stepped.order);
  const nowMs = world.timers.now();
  if (['DONE', 'REVOKED'].includes(orderStateOf(stepped.order, nowMs))) {
    callOffCharge(world, stepped.order);
  }
  return done(how.view(stepped.order, nowMs));
};

/** Codes of the table that the order calls share (reference pages of 2025-03). */
const REFUSALS: Readonly<Record<StepRefusal, Refusal>> = {
  cancelled: orderCanceled,
  done: orderDone,
  'not-usable': invalidOrderState('The service order is not in use'),
  'not-completed': invalidOrderState('The service order does not wait for its payment'),
  'other-parameters': otherParameters,
  'above-price': invalidRequest('total_amount is above what the detail costs'),
  'not-lower': invalidRequest('total_amount is not lower than before'),
  charging: beingCharged,
  'paid-time': paramError(PAID_TIME, 'must be after the completion and not in the future'),
};
