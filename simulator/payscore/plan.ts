import type { Service } from './services.ts';

/** One use of a plan; prices in fen. Its number is its place in the list, from 1. */
export type PlanDetail = {
  readonly planDetailNo: number;
  readonly planDetailName: string;
  readonly originalPrice: number;
  readonly actualPrice: number;
  readonly discountDescription: string | undefined;
};

/** What a call asks for, with every field in one text. */
export type PlanWish = {
  readonly merchantPlanNo: string;
  readonly serviceId: string;
  readonly appid: string;
  readonly planName: string;
  readonly durationDays: number;
  readonly deductionQuantity: number;
  readonly totalOriginalPrice: number;
  readonly totalActualPrice: number;
  readonly details: readonly PlanDetail[];
  readonly fingerprint: string;
};

/** A template that users can sign until it is stopped. */
export type Plan = PlanWish & {
  readonly mchid: string;
  readonly planId: string;
  readonly createdAtMs: number;
  readonly stoppedAtMs: number | undefined;
};

export type PlanIssue = { readonly field: string; readonly issue: string };

/** What a plan contradicts in itself (guide of 2024-11-28): the count, a price above the original, a price that rises, the sums. */
export const planIssue = (wish: PlanWish): PlanIssue | undefined => {
  const { details } = wish;
  if (details.length !== wish.deductionQuantity) {
    return at('/body/plan_detail_list', 'must have as many items as deduction_quantity says');
  }
  const dear = details.findIndex((one) => one.actualPrice > one.originalPrice);
  if (dear !== -1) return at(priceOf(dear), 'above original_price');
  const rise = details.findIndex(
    (one, index) => one.actualPrice > (details[index - 1]?.actualPrice ?? one.actualPrice),
  );
  if (rise !== -1) return at(priceOf(rise), 'above the price of the detail before it');
  if (sumOf(details, (one) => one.originalPrice) !== wish.totalOriginalPrice) {
    return at('/body/total_original_price', 'is not the sum of the details');
  }
  return sumOf(details, (one) => one.actualPrice) === wish.totalActualPrice
    ? undefined
    : at('/body/total_actual_price', 'is not the sum of the details');
};

const at = (field: string, issue: string): PlanIssue => ({ field, issue });

const priceOf = (index: number): string => `/body/plan_detail_list/${index}/actual_price`;

const sumOf = (details: readonly PlanDetail[], part: (detail: PlanDetail) => number): number =>
  details.reduce((sum, detail) => sum + part(detail), 0);

/** Whether the plan is longer, or has more details, than its service allows. */
export const exceeds = (wish: PlanWish, service: Service): boolean =>
  wish.durationDays > service.maxDays || wish.deductionQuantity > service.maxDeductions;

/** Nobody can sign it any more; who signed goes on. A second time changes nothing. */
export const stopPlan = (plan: Plan, nowMs: number): Plan => ({
  ...plan,
  stoppedAtMs: plan.stoppedAtMs ?? nowMs,
});

/** The plan as it stood before it was stopped, for an answer that lags behind. */
export const beforeStop = (plan: Plan): Plan => ({ ...plan, stoppedAtMs: undefined });
