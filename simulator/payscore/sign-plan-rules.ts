import type { FieldRules } from '../field-rules.ts';
import type { JsonObject } from '../json.ts';
import { notifyUrlIssue } from '../notify-url.ts';
import { paramError, type Refusal } from '../refusals.ts';
import {
  CALLER,
  type CallerFields,
  COUNT,
  MERCHANT_NO,
  OPENID,
  required,
  textOf,
} from './common-fields.ts';
import { knownFields } from './known-fields.ts';
import type { SignPlanWish } from './sign-plan.ts';

const DETAIL: FieldRules = {
  plan_detail_no: required(COUNT),
  merchant_plan_detail_no: required(MERCHANT_NO),
};

/** The fields of a new sign plan (guide of 2024-11-28; page 4012489420). */
const FIELDS: FieldRules = {
  ...CALLER,
  plan_id: required(textOf(32)),
  openid: required(OPENID),
  merchant_sign_plan_no: required(MERCHANT_NO),
  notify_url: required(textOf(1_024)),
  sign_plan_detail: {
    kind: 'list',
    required: true,
    maxItems: 1_000,
    of: { kind: 'object', fields: DETAIL },
  },
};

type SignPlanBody = CallerFields & {
  readonly plan_id: string;
  readonly openid: string;
  readonly merchant_sign_plan_no: string;
  readonly notify_url: string;
  readonly sign_plan_detail: readonly {
    readonly plan_detail_no: number;
    readonly merchant_plan_detail_no: string;
  }[];
};

type SignPlanCheck =
  | { readonly ok: true; readonly wish: SignPlanWish }
  | { readonly ok: false; readonly refusal: Refusal };

/** Checks the body of a new sign plan and works out what it asks for. */
export const checkSignPlan = (body: JsonObject): SignPlanCheck => {
  const known = knownFields(FIELDS, body);
  if (!known.ok) return known;
  const fields = known.fields as unknown as SignPlanBody;
  const urlIssue = notifyUrlIssue(fields.notify_url);
  if (urlIssue !== undefined) return refuse('/body/notify_url', urlIssue);
  const detailNumbers = fields.sign_plan_detail.map((detail) => ({
    planDetailNo: detail.plan_detail_no,
    merchantPlanDetailNo: detail.merchant_plan_detail_no,
  }));
  const numbers = new Set(detailNumbers.map((detail) => detail.merchantPlanDetailNo));
  if (numbers.size !== detailNumbers.length) {
    return refuse('/body/sign_plan_detail', 'two details have the same number');
  }
  const wish: SignPlanWish = {
    merchantSignPlanNo: fields.merchant_sign_plan_no,
    serviceId: fields.service_id,
    planId: fields.plan_id,
    appid: fields.appid,
    openid: fields.openid,
    notifyUrl: fields.notify_url,
    detailNumbers,
    fingerprint: known.fingerprint,
  };
  return { ok: true, wish };
};

const refuse = (field: string, issue: string): SignPlanCheck => ({
  ok: false,
  refusal: paramError(field, issue),
});

/** The field of a merchant's stop; its length is chosen as that of a reason to cancel. */
const STOP_FIELDS: FieldRules = { stop_reason: required(textOf(50)) };

type StopCheck =
  | { readonly ok: true; readonly reason: string }
  | { readonly ok: false; readonly refusal: Refusal };

export const checkStop = (body: JsonObject): StopCheck => {
  const known = knownFields(STOP_FIELDS, body);
  return known.ok ? { ok: true, reason: String(known.fields['stop_reason']) } : known;
};
