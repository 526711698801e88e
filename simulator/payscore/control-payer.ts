import { type ControlAnswer, controlError, controlOk, inputError } from '../control-answer.ts';
import { NOTICE_PLAN_FIELDS, readPlan } from '../control-payer.ts';
import type { FieldRules } from '../field-rules.ts';
import type { JsonObject } from '../json.ts';
import type { NoticePlan } from '../notice-schedule.ts';
import type { World } from '../world.ts';
import {
  findServiceOrder,
  findSignPlan,
  SERVICE_ORDER_FIELDS,
  SIGN_PLAN_FIELDS,
} from './control-answer.ts';
import { serviceOrderDetails, signPlanDetails } from './control-reading.ts';
import { chargeNow, newMoment, stateOf, tellConfirmation, tellSignPlan } from './desk.ts';
import { orderStateOf } from './service-order.ts';
import { type CancelType, cancel, expire, sign } from './sign-plan.ts';
import { idName } from './state.ts';

type NoticeInput = { readonly notice?: NoticePlan['mode']; readonly delay_s?: number };

const noticePlan = (input: JsonObject): NoticePlan | ControlAnswer | undefined => {
  const { notice, delay_s } = input as NoticeInput;
  return readPlan(notice, delay_s);
};

const SIGN_FIELDS: FieldRules = { ...SIGN_PLAN_FIELDS, ...NOTICE_PLAN_FIELDS };

/** `POST /_control/payscore-sign`: the user signs now, unless the plan was stopped. */
export const signControl = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(SIGN_FIELDS, input);
  if (error !== undefined) return error;
  const plan = noticePlan(input);
  if (plan !== undefined && 'status' in plan) return plan;
  const found = findSignPlan(world, input);
  if (!found.ok) return found.answer;
  const { mchid, planId } = found.item;
  if (world.payscore.plans.get(idName(mchid, planId))?.stoppedAtMs !== undefined) {
    return controlError(409, 'the plan is stopped');
  }
  const moment = newMoment(world);
  const signed = sign(found.item, stateOf(world, found.item), moment);
  if (!signed.ok) return controlError(409, `the sign plan is ${signed.because}`);
  tellSignPlan(world, signed.signPlan, { event: 'signed', moment, plan });
  return controlOk(signPlanDetails(world, signed.signPlan));
};

const CANCEL_FIELDS: FieldRules = {
  ...SIGN_FIELDS,
  type: { kind: 'string', maxLength: 16, oneOf: ['USER', 'REVOKE_SERVICE'] },
  reason: { kind: 'string', maxLength: 50 },
};

/** `POST /_control/payscore-user-cancel`: the user cancels what was signed, or withdraws the whole service. */
export const userCancelControl = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(CANCEL_FIELDS, input);
  if (error !== undefined) return error;
  const plan = noticePlan(input);
  if (plan !== undefined && 'status' in plan) return plan;
  const found = findSignPlan(world, input);
  if (!found.ok) return found.answer;
  const moment = newMoment(world);
  const { type = 'USER', reason = '用户取消' } = input as {
    readonly type?: CancelType;
    readonly reason?: string;
  };
  const cancelled = cancel(found.item, stateOf(world, found.item), { ...moment, type, reason });
  if (!cancelled.ok) return controlError(409, `the sign plan is ${cancelled.because}`);
  tellSignPlan(world, cancelled.signPlan, { event: 'cancelled', moment, plan });
  return controlOk(signPlanDetails(world, cancelled.signPlan));
};

/** `POST /_control/payscore-expire`: the time of a sign plan is over now; nobody is told. */
export const expireControl = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(SIGN_PLAN_FIELDS, input);
  if (error !== undefined) return error;
  const found = findSignPlan(world, input);
  if (!found.ok) return found.answer;
  const expired = expire(found.item, stateOf(world, found.item), world.timers.now());
  if (!expired.ok) return controlError(409, `the sign plan is ${expired.because}`);
  world.payscore.signPlans.put(expired.signPlan);
  return controlOk(signPlanDetails(world, expired.signPlan));
};

const CONFIRM_FIELDS: FieldRules = { ...SERVICE_ORDER_FIELDS, ...NOTICE_PLAN_FIELDS };

/** `POST /_control/payscore-confirm`: an order that was only created can be used from now on. */
export const confirmControl = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(CONFIRM_FIELDS, input);
  if (error !== undefined) return error;
  const plan = noticePlan(input);
  if (plan !== undefined && 'status' in plan) return plan;
  const found = findServiceOrder(world, input);
  if (!found.ok) return found.answer;
  const state = orderStateOf(found.item, world.timers.now());
  if (state !== 'CREATED') return controlError(409, `the service order is ${state}`);
  const moment = newMoment(world);
  const confirmed = { ...found.item, confirmed: moment };
  tellConfirmation(world, confirmed, moment, plan);
  return controlOk(serviceOrderDetails(world, confirmed));
};

const PAY_FIELDS: FieldRules = { ...CONFIRM_FIELDS, force: { kind: 'boolean' } };

/** `POST /_control/payscore-pay`: the charge succeeds now. */
export const chargeControl = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(PAY_FIELDS, input);
  if (error !== undefined) return error;
  const plan = noticePlan(input);
  if (plan !== undefined && 'status' in plan) return plan;
  const found = findServiceOrder(world, input);
  if (!found.ok) return found.answer;
  const charged = chargeNow(world, found.item, { force: input['force'] === true, plan });
  if (!charged.ok) return controlError(409, `the service order is ${charged.because}`);
  return controlOk(serviceOrderDetails(world, charged.order));
};

const CHARGING_FIELDS: FieldRules = {
  ...SERVICE_ORDER_FIELDS,
  charging: { kind: 'boolean', required: true },
};

/** `POST /_control/payscore-charging`: a charge is under way, or is over again; meanwhile a cancel, a modify and a sync are refused. */
export const chargingControl = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(CHARGING_FIELDS, input);
  if (error !== undefined) return error;
  const found = findServiceOrder(world, input);
  if (!found.ok) return found.answer;
  const state = orderStateOf(found.item, world.timers.now());
  if (state !== 'DOING' || found.item.completion === undefined) {
    return controlError(409, 'the service order does not wait for its payment');
  }
  const order = { ...found.item, charging: input['charging'] === true };
  world.payscore.orders.put(order);
  return controlOk(serviceOrderDetails(world, order));
};
