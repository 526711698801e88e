import assert from 'node:assert/strict';
import type { SignPlanState } from '#core/payscore/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decodeSignPlan, type SignPlan } from '#core/subjects/sign-plan/sign-plan.ts';
import { type NewSignPlan, newSignPlanRecord } from '#core/subjects/sign-plan/start.ts';
import { isMerchantSignPlanNo, isOutOrderNo, type OutOrderNo } from '#core/values/ids.ts';
import type { Json, JsonObject } from '#core/values/json.ts';
import { checked, moment, openid } from '../../fixtures.ts';
import {
  dataWith,
  notedAt,
  planId,
  school,
  serviceId,
  sha,
  signPlanId,
} from '../../payscore/fixtures.ts';
import { normalPlan, planNo, planOf } from '../plan/fixtures.ts';

export const signPlanNo = checked(isMerchantSignPlanNo, 'sign-1');
export const lessons = ['lesson-1', 'lesson-2', 'lesson-3'].map((no) => checked(isOutOrderNo, no));

export function lessonNo(n: number): OutOrderNo {
  const no = lessons[n - 1];
  assert.ok(no !== undefined);
  return no;
}

export const newSignPlan: NewSignPlan = {
  merchant_sign_plan_no: signPlanNo,
  merchant_plan_no: planNo,
  openid,
  sign_plan_detail: lessons.map((merchant_plan_detail_no, n) => ({
    plan_detail_no: n + 1,
    merchant_plan_detail_no,
  })),
  notify_url: 'https://pay.example.com/notify/shop',
  bodySha256: sha,
  requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbee0',
};

/** The record of a new sign plan, its creation pending, then changed as a test wants it. */
export function signPlanRecord(
  changes: Partial<Omit<StoredRecord, 'data'>> = {},
  data: Readonly<Record<string, Json | undefined>> = {},
): StoredRecord {
  const created = newSignPlanRecord(newSignPlan, planOf(normalPlan), school, notedAt);
  assert.ok(created.ok);
  return { ...created.value, ...changes, data: dataWith(created.value.data, data) };
}

/** A sign plan that nothing is pending of. */
export function signPlanIn(
  status: string,
  data: Readonly<Record<string, Json | undefined>> = {},
): StoredRecord {
  return signPlanRecord({ status }, { pending: undefined, sign_plan_id: signPlanId, ...data });
}

/** The sign plan in a record, which must be readable. */
export function signPlanOf(record: StoredRecord): SignPlan {
  const decoded = decodeSignPlan(record);
  assert.deepEqual(decoded.ok ? undefined : decoded.error, undefined);
  assert.ok(decoded.ok);
  return decoded.value;
}

/** The details as the record keeps them, in these states. */
export function detailsIn(...states: readonly string[]): readonly JsonObject[] {
  const prices = [18_000, 12_000, 0];
  return states.map((state, n) => ({
    plan_detail_no: n + 1,
    merchant_plan_detail_no: lessonNo(n + 1),
    actualFen: prices[n] ?? 0,
    state,
  }));
}

/** The details as WeChat tells them. */
export function detailsSaid(...states: readonly string[]): SignPlanState['details'] {
  return states.map((state, n) => ({
    plan_detail_no: n + 1,
    merchant_plan_detail_no: lessonNo(n + 1),
    state,
  }));
}

export const signedAt = moment('2026-11-21T06:30:00Z');
export const overAt = moment('2027-09-17T06:30:00Z');

/** A signed answer about the sign plan; from its signature on it says when. */
export function signPlanSays(
  state: string,
  changes: Partial<SignPlanState> = {},
): SignPlanState & { readonly type: 'state' } {
  const isSigned = state !== 'UNSIGNED';
  return {
    type: 'state',
    state,
    merchant_sign_plan_no: signPlanNo,
    sign_plan_id: signPlanId,
    plan_id: planId,
    service_id: serviceId,
    openid,
    details: detailsSaid('NOT_USED', 'NOT_USED', 'NOT_USED'),
    ...(isSigned && { signedAt, overAt }),
    ...changes,
  };
}
