import type { FieldRules } from '../field-rules.ts';
import type { JsonObject } from '../json.ts';
import { paramError, type Refusal } from '../refusals.ts';
import {
  CALLER,
  type CallerFields,
  COUNT,
  FEN,
  MERCHANT_NO,
  required,
  textOf,
} from './common-fields.ts';
import { knownFields } from './known-fields.ts';
import { type PlanWish, planIssue } from './plan.ts';

const DETAIL: FieldRules = {
  plan_detail_name: required(textOf(128)),
  original_price: required(FEN),
  actual_price: required(FEN),
  plan_discount_description: textOf(128),
};

/** The fields of a new plan (guide of 2024-11-28; page 4012467232). */
const FIELDS: FieldRules = {
  ...CALLER,
  merchant_plan_no: required(MERCHANT_NO),
  plan_name: required(textOf(20)),
  plan_duration: required(COUNT),
  deduction_quantity: required(COUNT),
  total_original_price: required(FEN),
  total_actual_price: required(FEN),
  plan_detail_list: {
    kind: 'list',
    required: true,
    maxItems: 1_000,
    of: { kind: 'object', fields: DETAIL },
  },
};

type PlanBody = CallerFields & {
  readonly merchant_plan_no: string;
  readonly plan_name: string;
  readonly plan_duration: number;
  readonly deduction_quantity: number;
  readonly total_original_price: number;
  readonly total_actual_price: number;
  readonly plan_detail_list: readonly {
    readonly plan_detail_name: string;
    readonly original_price: number;
    readonly actual_price: number;
    readonly plan_discount_description?: string;
  }[];
};

type PlanCheck =
  | { readonly ok: true; readonly wish: PlanWish }
  | { readonly ok: false; readonly refusal: Refusal };

/** Checks the body of a new plan and works out what it asks for. */
export const checkPlan = (body: JsonObject): PlanCheck => {
  const known = knownFields(FIELDS, body);
  if (!known.ok) return known;
  const fields = known.fields as unknown as PlanBody;
  const wish: PlanWish = {
    merchantPlanNo: fields.merchant_plan_no,
    serviceId: fields.service_id,
    appid: fields.appid,
    planName: fields.plan_name,
    durationDays: fields.plan_duration,
    deductionQuantity: fields.deduction_quantity,
    totalOriginalPrice: fields.total_original_price,
    totalActualPrice: fields.total_actual_price,
    details: fields.plan_detail_list.map((detail, index) => ({
      planDetailNo: index + 1,
      planDetailName: detail.plan_detail_name,
      originalPrice: detail.original_price,
      actualPrice: detail.actual_price,
      discountDescription: detail.plan_discount_description,
    })),
    fingerprint: known.fingerprint,
  };
  const broken = planIssue(wish);
  return broken === undefined
    ? { ok: true, wish }
    : { ok: false, refusal: paramError(broken.field, broken.issue) };
};
