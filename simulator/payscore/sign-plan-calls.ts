import type { JsonObject } from '../json.ts';
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
import { newId, newMoment, newOpaqueText, stateOf, usesOf } from './desk.ts';
import { otherParameters, planNotExist, signPlanNotExist } from './refusals.ts';
import { beforeSigning, cancel, namesEachDetail, type SignPlan } from './sign-plan.ts';
import { checkSignPlan, checkStop } from './sign-plan-rules.ts';
import { signPlanView } from './sign-plan-view.ts';
import { detailName, idName, nameOf } from './state.ts';

/** `POST …/user-sign-plans`: the same number and parameters are the same sign plan and package. */
export const createSignPlan = (world: World, call: MerchantCall): Reply => {
  const body = readBody(call);
  if (!body.ok) return body;
  const checked = checkSignPlan(body.value);
  if (!checked.ok) return checked;
  const { wish } = checked;
  const { mchid } = call.account;
  const caller = callerService(call.account, wish);
  if (!caller.ok) return caller;
  const { plans, signPlans } = world.payscore;
  const known = signPlans.get(nameOf(mchid, wish.merchantSignPlanNo));
  if (known !== undefined) {
    const same = known.fingerprint === wish.fingerprint;
    return same ? done(createdAnswer(world, known)) : refuse(otherParameters);
  }
  const plan = plans.get(idName(mchid, wish.planId));
  if (plan === undefined) return refuse(planNotExist);
  if (plan.serviceId !== wish.serviceId) return refuse(otherService);
  if (plan.stoppedAtMs !== undefined) return refuse(planStopped);
  if (!namesEachDetail(plan, wish.detailNumbers)) return refuse(otherDetails);
  const used = wish.detailNumbers.some(
    (detail) => signPlans.get(detailName(mchid, detail.merchantPlanDetailNo)) !== undefined,
  );
  if (used) return refuse(numberUsed);
  const signPlan: SignPlan = {
    ...wish,
    mchid,
    signPlanId: newId(world, '010200'),
    plan,
    packageText: newOpaqueText(),
    createdAtMs: world.timers.now(),
    signed: undefined,
    overAtMs: undefined,
    cancelled: undefined,
    lapsed: false,
  };
  signPlans.put(signPlan);
  return done(createdAnswer(world, signPlan));
};

const otherService = invalidRequest('The plan belongs to another service');
const planStopped = invalidRequest('The plan is stopped and cannot be signed');
const otherDetails = invalidRequest('sign_plan_detail does not name each detail of the plan once');
const numberUsed = invalidRequest('A merchant_plan_detail_no was used before');

const createdAnswer = (world: World, signPlan: SignPlan): JsonObject => ({
  sign_plan: viewOf(world, signPlan),
  package: signPlan.packageText,
});

const viewOf = (world: World, signPlan: SignPlan): JsonObject =>
  signPlanView(signPlan, { uses: usesOf(world, signPlan), nowMs: world.timers.now() });

/** `GET …/merchant-sign-plan-no/{merchant_sign_plan_no}`. */
export const querySignPlan = (world: World, call: MerchantCall): Reply => {
  const found = findSignPlan(world, call);
  if (!found.ok) return found;
  const { signPlan } = found;
  return done(
    call.stale
      ? signPlanView(beforeSigning(signPlan), { uses: [], nowMs: world.timers.now() })
      : viewOf(world, signPlan),
  );
};

/** `POST …/merchant-sign-plan-no/{merchant_sign_plan_no}/stop`: told to nobody; one that is cancelled stays as it is. */
export const stopSignPlan = (world: World, call: MerchantCall): Reply => {
  const body = readBody(call);
  if (!body.ok) return body;
  const checked = checkStop(body.value);
  if (!checked.ok) return checked;
  const found = findSignPlan(world, call);
  if (!found.ok) return found;
  const { signPlan } = found;
  if (signPlan.cancelled !== undefined) return done(viewOf(world, signPlan));
  const stopped = cancel(signPlan, stateOf(world, signPlan), {
    ...newMoment(world),
    type: 'MERCHANT',
    reason: checked.reason,
  });
  if (!stopped.ok) return refuse(invalidRequest(`The sign plan is ${stopped.because}`));
  world.payscore.signPlans.put(stopped.signPlan);
  return done(viewOf(world, stopped.signPlan));
};

type Found = { readonly ok: true; readonly signPlan: SignPlan } | Extract<Reply, { ok: false }>;

/** Only the merchant that made it finds it. */
const findSignPlan = (world: World, call: MerchantCall): Found => {
  const number = readNumber(call, 'merchant_sign_plan_no', MERCHANT_NO);
  if (!number.ok) return number;
  const signPlan = world.payscore.signPlans.get(nameOf(call.account.mchid, number.value));
  return signPlan === undefined ? refuse(signPlanNotExist) : { ok: true, signPlan };
};
