import { z } from 'zod';
import type { NewPlan } from '#core/subjects/plan/start.ts';
import { isAppid, isServiceId } from '#core/values/ids.ts';
import {
  fen,
  plainText,
  type Read,
  readWrittenRequest,
  sha256Of,
  wholeNumber,
} from './request-reading.ts';

/** WeChat's pages tell no length of these two; this is more than any page of theirs shows. */
const mostDetailCharacters = 128;

const planDetail = z.strictObject({
  plan_detail_name: plainText(mostDetailCharacters),
  original_price: fen(0),
  actual_price: fen(0),
  plan_discount_description: plainText(mostDetailCharacters).exactOptional(),
});

/** The body of `PUT /v1/{account}/payscore/plans/{merchant_plan_no}`; the limits are WeChat's (4012467232). */
export const planRequest = z.strictObject({
  service_id: z.string().refine(isServiceId),
  appid: z.string().refine(isAppid).exactOptional(),
  plan_name: plainText(20),
  plan_duration: wholeNumber(1),
  deduction_quantity: wholeNumber(1),
  total_original_price: fen(0),
  total_actual_price: fen(0),
  plan_detail_list: z.array(planDetail).min(1),
});

/** Reads the body of a PUT; every field at fault is named. */
export function readPlanRequest(
  body: Uint8Array,
): Read<Omit<NewPlan, 'merchant_plan_no' | 'requestId'>> {
  const read = readWrittenRequest(body, planRequest);
  return read.ok ? { ok: true, value: { ...read.value, bodySha256: sha256Of(body) } } : read;
}
