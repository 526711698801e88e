import type { JsonObject } from '../json.ts';
import { beijingTime } from '../timers.ts';
import type { Plan, PlanDetail } from './plan.ts';

/** A plan as the answers to its three calls show it (pages 4012467232, 4012470804, 4012470851). */
export const planView = (plan: Plan): JsonObject => ({
  plan_id: plan.planId,
  service_id: plan.serviceId,
  mchid: plan.mchid,
  appid: plan.appid,
  merchant_plan_no: plan.merchantPlanNo,
  plan_name: plan.planName,
  plan_duration: plan.durationDays,
  plan_state: plan.stoppedAtMs === undefined ? 'NORMAL' : 'STOP',
  total_original_price: plan.totalOriginalPrice,
  deduction_quantity: plan.deductionQuantity,
  total_actual_price: plan.totalActualPrice,
  plan_detail_list: plan.details.map((detail) => ({
    ...detailView(detail),
    plan_detail_name: detail.planDetailName,
  })),
  ...(plan.stoppedAtMs === undefined
    ? {}
    : { stop_mchid: plan.mchid, stop_time: beijingTime(plan.stoppedAtMs) }),
});

/** What a detail of a plan and of a sign plan have in common. */
export const detailView = (detail: PlanDetail): JsonObject => ({
  plan_detail_no: detail.planDetailNo,
  original_price: detail.originalPrice,
  actual_price: detail.actualPrice,
  ...(detail.discountDescription === undefined
    ? {}
    : { plan_discount_description: detail.discountDescription }),
});
