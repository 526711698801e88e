import type { JsonObject } from '../json.ts';
import { beijingTime } from '../timers.ts';
import type { PlanDetail } from './plan.ts';
import { detailView } from './plan-view.ts';
import { type DetailUse, type SignPlan, signStateOf } from './sign-plan.ts';

/** What has become of a sign plan's details, and when it is looked at. */
export type SignPlanSeen = { readonly uses: readonly DetailUse[]; readonly nowMs: number };

/** A sign plan as answers show it (pages 4012489420, 4012470990, 4012471050); what there is not yet is left out. */
export const signPlanView = (signPlan: SignPlan, seen: SignPlanSeen): JsonObject => {
  const { plan, cancelled, signed, overAtMs } = signPlan;
  return {
    sign_plan_id: signPlan.signPlanId,
    openid: signPlan.openid,
    service_id: signPlan.serviceId,
    mchid: signPlan.mchid,
    appid: signPlan.appid,
    merchant_sign_plan_no: signPlan.merchantSignPlanNo,
    merchant_callback_url: signPlan.notifyUrl,
    plan_id: signPlan.planId,
    going_detail_no: Math.max(0, ...seen.uses.map(({ planDetailNo }) => planDetailNo)),
    sign_state: signStateOf(signPlan, seen.uses, seen.nowMs),
    cancel_sign_type: cancelled?.type ?? 'NOT_CANCEL',
    ...(cancelled === undefined
      ? {}
      : { cancel_sign_time: beijingTime(cancelled.atMs), cancel_reason: cancelled.reason }),
    plan_name: plan.planName,
    ...timeField('plan_over_time', overAtMs),
    total_origin_price: plan.totalOriginalPrice,
    deduction_quantity: plan.deductionQuantity,
    total_actual_price: plan.totalActualPrice,
    ...timeField('sign_time', signed?.atMs),
    signed_detail_list: plan.details.map((detail) => signedDetail(signPlan, detail, seen)),
  };
};

const signedDetail = (
  signPlan: SignPlan,
  detail: PlanDetail,
  { uses }: SignPlanSeen,
): JsonObject => {
  const { planDetailNo } = detail;
  const use = uses.find((one) => one.planDetailNo === planDetailNo);
  const named = signPlan.detailNumbers.find((one) => one.planDetailNo === planDetailNo);
  return {
    ...detailView(detail),
    plan_detail_state: use?.state ?? 'NOT_USED',
    ...(use === undefined ? {} : { order_id: use.orderId }),
    merchant_plan_detail_no: named?.merchantPlanDetailNo ?? '',
    plan_detail_name: detail.planDetailName,
    ...(use?.total === undefined ? {} : { actual_pay_price: use.total }),
    ...timeField('use_time', use?.usedAtMs),
    ...timeField('complete_time', use?.completedAtMs),
    ...timeField('cancel_time', use?.cancelledAtMs),
  };
};

const timeField = (name: string, atMs: number | undefined): JsonObject =>
  atMs === undefined ? {} : { [name]: beijingTime(atMs) };

const EMPTY_SIGN_PLAN = {
  cancel_sign_time: '',
  cancel_reason: '',
  plan_over_time: '',
  sign_time: '',
} as const;

const EMPTY_DETAIL = {
  order_id: '',
  plan_discount_description: '',
  actual_pay_price: 0,
  use_time: '',
  complete_time: '',
  cancel_time: '',
} as const;

/** A sign plan as its notices show it (pages 4012286193, 4012286184): what there is not yet is an empty text. */
export const signPlanNoticeView = (signPlan: SignPlan, seen: SignPlanSeen): JsonObject => ({
  ...EMPTY_SIGN_PLAN,
  ...signPlanView(signPlan, seen),
  signed_detail_list: signPlan.plan.details.map((detail) => ({
    ...EMPTY_DETAIL,
    ...signedDetail(signPlan, detail, seen),
  })),
});
