import type { Account } from '#core/account.ts';
import type { SubjectKey } from '#core/record.ts';
import type { NewPlan } from '#core/subjects/plan/start.ts';
import type { NewServiceOrder } from '#core/subjects/service-order/start.ts';
import type { NewSignPlan } from '#core/subjects/sign-plan/start.ts';
import {
  isMerchantPlanNo,
  isMerchantSignPlanNo,
  isOpenid,
  isOutOrderNo,
  isServiceId,
} from '#core/values/ids.ts';
import { at } from './clock.ts';
import { account, valid } from './order-builder.ts';

export const serviceId = valid('00004000000000162930000000000001', isServiceId);

/** A merchant with a PayScore service of at most 300 days and 10 deductions. */
export const school: Account = {
  ...account,
  services: [{ id: serviceId, maxDays: 300, maxDeductions: 10 }],
};

export const planNo = valid('lessons-2026', isMerchantPlanNo);
export const signPlanNo = valid('sign-1', isMerchantSignPlanNo);
export const lessons = ['lesson-1', 'lesson-2', 'lesson-3'].map((no) => valid(no, isOutOrderNo));

export const planKey: SubjectKey = { kind: 'plan', mchid: school.mchid, number: planNo };
export const signPlanKey: SubjectKey = { ...planKey, kind: 'sign-plan', number: signPlanNo };
export const lessonKey = (n: number): SubjectKey => ({
  ...planKey,
  kind: 'service-order',
  number: lessonNo(n),
});

export function lessonNo(n: number) {
  const no = lessons[n - 1];
  if (no === undefined) {
    throw new Error(`There is no lesson ${n}.`);
  }
  return no;
}

/** Three lessons: 180, 120 and 0 yuan. */
export function newPlan(overrides: Partial<NewPlan> = {}): NewPlan {
  return {
    merchant_plan_no: planNo,
    service_id: serviceId,
    plan_name: '羽毛球课3节',
    plan_duration: 300,
    deduction_quantity: 3,
    total_original_price: 54_000,
    total_actual_price: 30_000,
    plan_detail_list: [
      { plan_detail_name: '第一节课', original_price: 18_000, actual_price: 18_000 },
      {
        plan_detail_name: '第二节课',
        original_price: 18_000,
        actual_price: 12_000,
        plan_discount_description: '优惠60元',
      },
      { plan_detail_name: '第三节课', original_price: 18_000, actual_price: 0 },
    ],
    bodySha256: 'plan',
    requestId: 'request-plan',
    ...overrides,
  };
}

export function newSignPlan(overrides: Partial<NewSignPlan> = {}): NewSignPlan {
  return {
    merchant_sign_plan_no: signPlanNo,
    merchant_plan_no: planNo,
    openid: valid('XCU234_afgew355', isOpenid),
    sign_plan_detail: lessons.map((merchant_plan_detail_no, n) => ({
      plan_detail_no: n + 1,
      merchant_plan_detail_no,
    })),
    notify_url: 'https://pay.example.com/notify/shop',
    bodySha256: 'sign-plan',
    requestId: 'request-sign-plan',
    ...overrides,
  };
}

/** A lesson of two hours from 03:00 to 05:00 UTC on 21 November 2026. */
export function newLesson(n: number, overrides: Partial<NewServiceOrder> = {}): NewServiceOrder {
  return {
    out_order_no: lessonNo(n),
    merchant_sign_plan_no: signPlanNo,
    service_introduction: '羽毛球基础课程',
    timeRange: { startAt: at('2026-11-21T03:00:00Z') },
    notify_url: 'https://pay.example.com/notify/shop',
    bodySha256: `lesson ${n}`,
    requestId: `request-lesson-${n}`,
    ...overrides,
  };
}
