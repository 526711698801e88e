import type { Account } from '#core/account.ts';
import type { PayscoreCommand, SendOutcome } from '#core/payscore/evidence.ts';
import {
  bodyIn,
  isPlanBody,
  isSignPlanBody,
  isStopBody,
  type PlanBody,
  type SignPlanBody,
} from './world-payscore-bodies.ts';
import {
  accepted,
  boundService,
  isRepeated,
  keyOf,
  notBound,
  type PayscoreState,
  payscoreIdOf,
  refusedAs,
  signStateOf,
  type WorldPlan,
  type WorldSignPlan,
  withCarriedOut,
} from './world-payscore-state.ts';

type Send = (state: PayscoreState, account: Account, command: PayscoreCommand) => SendOutcome;

export const createPlan: Send = ({ plans }, account, command) => {
  const terms = bodyIn(command, isPlanBody);
  if (terms === undefined || terms.merchant_plan_no !== command.number || !isSound(terms)) {
    return refusedAs('PARAM_ERROR');
  }
  const service = boundService(account, terms);
  if (service === undefined) {
    return notBound;
  }
  const number = terms.merchant_plan_no;
  const standing = plans.get(keyOf(account, number));
  if (standing !== undefined) {
    return isRepeated(standing, command) ? accepted : refusedAs('INVALID_REQUEST');
  }
  if (terms.plan_duration > service.maxDays || terms.deduction_quantity > service.maxDeductions) {
    return refusedAs('INVALID_REQUEST');
  }
  const { mchid } = account;
  const plan_id = payscoreIdOf('0100', account, number);
  const plan: WorldPlan = { mchid, number, plan_id, terms, state: 'NORMAL', carriedOut: new Map() };
  plans.set(keyOf(account, number), withCarriedOut(plan, command));
  return accepted;
};

/** As many details as deductions, no price above its original or the one before, totals that are sums. */
function isSound({ plan_detail_list: details, ...terms }: PlanBody): boolean {
  const sumOf = (prices: readonly number[]) => prices.reduce((sum, price) => sum + price, 0);
  const actual = details.map(({ actual_price }) => actual_price);
  const original = details.map(({ original_price }) => original_price);
  return (
    details.length === terms.deduction_quantity &&
    details.every(({ actual_price, original_price }) => actual_price <= original_price) &&
    actual.every((price, n) => price <= (actual[n - 1] ?? price)) &&
    sumOf(original) === terms.total_original_price &&
    sumOf(actual) === terms.total_actual_price
  );
}

/** Stopping again changes nothing. Who has signed goes on. */
export const stopPlan: Send = ({ plans }, account, command) => {
  const key = keyOf(account, command.number);
  const plan = plans.get(key);
  if (command.body !== '') {
    return refusedAs('PARAM_ERROR');
  }
  if (plan === undefined) {
    return refusedAs('RESOURCE_NOT_EXISTS');
  }
  plans.set(key, withCarriedOut(plan, command, { state: 'STOP' }));
  return accepted;
};

export const createSignPlan: Send = (state, account, command) => {
  const terms = bodyIn(command, isSignPlanBody);
  if (terms === undefined || terms.merchant_sign_plan_no !== command.number) {
    return refusedAs('PARAM_ERROR');
  }
  if (boundService(account, terms) === undefined) {
    return notBound;
  }
  const number = terms.merchant_sign_plan_no;
  const key = keyOf(account, number);
  const standing = state.signPlans.get(key);
  if (standing !== undefined) {
    return isRepeated(standing, command)
      ? { type: 'accepted', package: packageOf(standing) }
      : refusedAs('INVALID_REQUEST');
  }
  const plan = planToSign(state, account, terms);
  if (plan === undefined || !isNumberedAs(plan, terms) || areUsed(state, account, terms)) {
    return refusedAs('INVALID_REQUEST');
  }
  const signPlan: WorldSignPlan = {
    mchid: account.mchid,
    number,
    sign_plan_id: payscoreIdOf('0102', account, number),
    terms,
    plan: plan.number,
    lastsDays: plan.terms.plan_duration,
    state: 'UNSIGNED',
    details: terms.sign_plan_detail.map((detail) => ({ ...detail, state: 'NOT_USED' })),
    carriedOut: new Map(),
  };
  state.signPlans.set(key, withCarriedOut(signPlan, command));
  return { type: 'accepted', package: packageOf(signPlan) };
};

/** The plan that a body names, if it can still be signed. */
function planToSign(
  { plans }: PayscoreState,
  { mchid }: Account,
  { plan_id, service_id }: SignPlanBody,
): WorldPlan | undefined {
  return [...plans.values()].find(
    (plan) =>
      plan.mchid === mchid &&
      plan.plan_id === plan_id &&
      plan.terms.service_id === service_id &&
      plan.state === 'NORMAL',
  );
}

/** One entry for each detail of the plan, from 1 on. */
function isNumberedAs({ terms }: WorldPlan, { sign_plan_detail }: SignPlanBody): boolean {
  return (
    sign_plan_detail.length === terms.plan_detail_list.length &&
    sign_plan_detail.every(({ plan_detail_no }, n) => plan_detail_no === n + 1)
  );
}

/** Whether a detail has the number of another one of the merchant. */
function areUsed(
  { signPlans }: PayscoreState,
  { mchid }: Account,
  { sign_plan_detail }: SignPlanBody,
): boolean {
  const own = [...signPlans.values()].filter((signPlan) => signPlan.mchid === mchid);
  const earlier = own.flatMap(({ details }) => details);
  const numbers = [...earlier, ...sign_plan_detail].map((one) => one.merchant_plan_detail_no);
  return new Set(numbers).size < numbers.length;
}

/** The same one however often it is asked for. */
function packageOf({ sign_plan_id }: WorldSignPlan): string {
  return `package-of-${sign_plan_id}=`;
}

/** What is not used is lost; an order that runs goes on. Nothing can be stopped that has ended. */
export const stopSignPlan: Send = ({ signPlans, clock }, account, command) => {
  const key = keyOf(account, command.number);
  const signPlan = signPlans.get(key);
  if (bodyIn(command, isStopBody) === undefined) {
    return refusedAs('PARAM_ERROR');
  }
  if (signPlan === undefined) {
    return refusedAs('RESOURCE_NOT_EXISTS');
  }
  if (isRepeated(signPlan, command)) {
    return accepted;
  }
  const standing = signStateOf(signPlan, clock.now());
  if (standing !== 'UNSIGNED' && standing !== 'SIGNED') {
    return refusedAs('INVALID_REQUEST');
  }
  const changes = { state: 'SIGN_PLAN_CANCEL', cancelledBy: 'MERCHANT' } as const;
  signPlans.set(key, withCarriedOut(signPlan, command, changes));
  return accepted;
};
