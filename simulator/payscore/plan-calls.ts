import {
  done,
  type MerchantCall,
  type Reply,
  readBody,
  readNumber,
  refuse,
} from '../merchant-call.ts';
import { invalidRequest } from '../refusals.ts';
import type { World } from '../world.ts';
import { callerService } from './caller.ts';
import { MERCHANT_NO } from './common-fields.ts';
import { newId } from './desk.ts';
import { beforeStop, exceeds, type Plan, stopPlan } from './plan.ts';
import { checkPlan } from './plan-rules.ts';
import { planView } from './plan-view.ts';
import { otherParameters, planNotExist } from './refusals.ts';
import { nameOf } from './state.ts';

/** `POST …/payscore-plans`: the same number and parameters are the same plan, whatever became of it. */
export const createPlan = (world: World, call: MerchantCall): Reply => {
  const body = readBody(call);
  if (!body.ok) return body;
  const checked = checkPlan(body.value);
  if (!checked.ok) return checked;
  const { wish } = checked;
  const { account } = call;
  const caller = callerService(account, wish);
  if (!caller.ok) return caller;
  const known = world.payscore.plans.get(nameOf(account.mchid, wish.merchantPlanNo));
  if (known !== undefined) {
    return known.fingerprint === wish.fingerprint ? done(planView(known)) : refuse(otherParameters);
  }
  if (exceeds(wish, caller.service)) return refuse(tooLong);
  const plan: Plan = {
    ...wish,
    mchid: account.mchid,
    planId: newId(world, '010000'),
    createdAtMs: world.timers.now(),
    stoppedAtMs: undefined,
  };
  world.payscore.plans.put(plan);
  return done(planView(plan));
};

const tooLong = invalidRequest('The plan is longer, or has more details, than its service allows');

/** `GET …/merchant-plan-no/{merchant_plan_no}`. */
export const queryPlan = (world: World, call: MerchantCall): Reply => {
  const found = findPlan(world, call);
  if (!found.ok) return found;
  return done(planView(call.stale ? beforeStop(found.plan) : found.plan));
};

/** `POST …/merchant-plan-no/{merchant_plan_no}/stop`; its body is of no account. */
export const stopPlanCall = (world: World, call: MerchantCall): Reply => {
  const found = findPlan(world, call);
  if (!found.ok) return found;
  const stopped = stopPlan(found.plan, world.timers.now());
  world.payscore.plans.put(stopped);
  return done(planView(stopped));
};

type Found = { readonly ok: true; readonly plan: Plan } | Extract<Reply, { ok: false }>;

/** Only the merchant that made it finds it. */
const findPlan = (world: World, call: MerchantCall): Found => {
  const number = readNumber(call, 'merchant_plan_no', MERCHANT_NO);
  if (!number.ok) return number;
  const plan = world.payscore.plans.get(nameOf(call.account.mchid, number.value));
  return plan === undefined ? refuse(planNotExist) : { ok: true, plan };
};
