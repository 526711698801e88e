import { z } from 'zod';
import type { NewSignPlan } from '#core/subjects/sign-plan/start.ts';
import { isMerchantPlanNo, isOpenid, isOutOrderNo } from '#core/values/ids.ts';
import {
  plainText,
  type Read,
  readWrittenRequest,
  sha256Of,
  wholeNumber,
} from './request-reading.ts';

const signPlanDetail = z.strictObject({
  plan_detail_no: wholeNumber(1),
  merchant_plan_detail_no: z.string().refine(isOutOrderNo),
});

/** The body of `PUT /v1/{account}/payscore/sign-plans/{merchant_sign_plan_no}`; the limits are WeChat's (4012489420). */
export const signPlanRequest = z.strictObject({
  merchant_plan_no: z.string().refine(isMerchantPlanNo),
  openid: z.string().refine(isOpenid),
  sign_plan_detail: z.array(signPlanDetail).min(1),
});

/** A new sign plan as a merchant asks for it, without what the path and the deployment add. */
type SignPlanBody = Omit<NewSignPlan, 'merchant_sign_plan_no' | 'notify_url' | 'requestId'>;

/** Reads the body of a PUT; every field at fault is named. */
export function readSignPlanRequest(body: Uint8Array): Read<SignPlanBody> {
  const read = readWrittenRequest(body, signPlanRequest);
  return read.ok ? { ok: true, value: { ...read.value, bodySha256: sha256Of(body) } } : read;
}

/** The body of `POST …/stop`. No page tells its length; this is that of a reason to cancel a service order. */
export const signPlanStopRequest = z.strictObject({ stop_reason: plainText(50) });

/** Why a merchant ends a sign plan, and what tells this request from another. */
export type SignPlanStop = { readonly stop_reason: string; readonly sha256: string };

/** Reads the body of a POST; every field at fault is named. */
export function readSignPlanStop(body: Uint8Array): Read<SignPlanStop> {
  const read = readWrittenRequest(body, signPlanStopRequest);
  return read.ok ? { ok: true, value: { ...read.value, sha256: sha256Of(body) } } : read;
}
