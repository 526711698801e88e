import assert from 'node:assert/strict';
import type { PlanState } from '#core/payscore/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decodePlan, type Plan } from '#core/subjects/plan/plan.ts';
import { type NewPlan, newPlanRecord } from '#core/subjects/plan/start.ts';
import { isMerchantPlanNo } from '#core/values/ids.ts';
import type { Json } from '#core/values/json.ts';
import { checked } from '../../fixtures.ts';
import { dataWith, notedAt, planId, school, serviceId, sha } from '../../payscore/fixtures.ts';

export const planNo = checked(isMerchantPlanNo, 'lessons-2026');

/** Three lessons: 180.00, 120.00 and 0 yuan. */
export const newPlan: NewPlan = {
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
  bodySha256: sha,
  requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
};

/** The record of a new plan, its creation pending, then changed as a test wants it. */
export function planRecord(
  changes: Partial<Omit<StoredRecord, 'data'>> = {},
  data: Readonly<Record<string, Json | undefined>> = {},
): StoredRecord {
  const created = newPlanRecord(newPlan, school, notedAt);
  assert.ok(created.ok);
  return { ...created.value, ...changes, data: dataWith(created.value.data, data) };
}

export const normalPlan = planRecord({ status: 'NORMAL' }, { plan_id: planId, pending: undefined });

/** The plan in a record, which must be readable. */
export function planOf(record: StoredRecord): Plan {
  const decoded = decodePlan(record);
  assert.deepEqual(decoded.ok ? undefined : decoded.error, undefined);
  assert.ok(decoded.ok);
  return decoded.value;
}

/** A signed answer about the plan. */
export function planSays(
  state: string,
  changes: Partial<PlanState> = {},
): PlanState & { readonly type: 'state' } {
  return {
    type: 'state',
    state,
    merchant_plan_no: planNo,
    plan_id: planId,
    service_id: serviceId,
    ...changes,
  };
}
