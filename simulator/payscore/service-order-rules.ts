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
import { parseOrderTime } from './order-time.ts';
import type { ServiceOrderWish, TimeRange } from './service-order.ts';

const ORDER_TIME = textOf(14);

/** The length of a remark, and that of a place below, is that of ordinary PayScore. */
export const TIME_RANGE: FieldRules = {
  start_time: ORDER_TIME,
  end_time: ORDER_TIME,
  start_time_remark: textOf(20),
  end_time_remark: textOf(20),
};

export const LOCATION: FieldRules = { start_location: textOf(50), end_location: textOf(50) };

/** The fields of a new service order (guide of 2024-11-28; page 4012489351): here alone its number is called `out_trade_no`. */
const FIELDS: FieldRules = {
  ...CALLER,
  sign_plan_id: required(textOf(32)),
  plan_detail_no: required(COUNT),
  openid: required(OPENID),
  notify_url: required(textOf(256)),
  service_introduction: required(textOf(20)),
  time_range: {
    kind: 'object',
    required: true,
    fields: { ...TIME_RANGE, start_time: required(ORDER_TIME) },
  },
  location: { kind: 'object', fields: LOCATION },
  attach: textOf(256),
  out_trade_no: required(MERCHANT_NO),
};

type ServiceOrderBody = CallerFields & {
  readonly sign_plan_id: string;
  readonly plan_detail_no: number;
  readonly openid: string;
  readonly notify_url: string;
  readonly service_introduction: string;
  readonly time_range: TimeRange;
  readonly location?: JsonObject;
  readonly attach?: string;
  readonly out_trade_no: string;
};

type ServiceOrderCheck =
  | { readonly ok: true; readonly wish: ServiceOrderWish }
  | { readonly ok: false; readonly refusal: Refusal };

/** Checks the body of a new service order and works out what it asks for. */
export const checkServiceOrder = (body: JsonObject): ServiceOrderCheck => {
  const known = knownFields(FIELDS, body);
  if (!known.ok) return known;
  const fields = known.fields as unknown as ServiceOrderBody;
  const urlIssue = notifyUrlIssue(fields.notify_url);
  const refusal =
    urlIssue === undefined
      ? timeRangeRefusal(fields.time_range)
      : paramError('/body/notify_url', urlIssue);
  if (refusal !== undefined) return { ok: false, refusal };
  const wish: ServiceOrderWish = {
    outOrderNo: fields.out_trade_no,
    serviceId: fields.service_id,
    signPlanId: fields.sign_plan_id,
    planDetailNo: fields.plan_detail_no,
    appid: fields.appid,
    openid: fields.openid,
    notifyUrl: fields.notify_url,
    serviceIntroduction: fields.service_introduction,
    timeRange: fields.time_range,
    location: fields.location ?? {},
    attach: fields.attach,
    fingerprint: known.fingerprint,
  };
  return { ok: true, wish };
};

/** The refusal of times that are no times, or of an end that does not come after the start. */
export const timeRangeRefusal = (range: TimeRange): Refusal | undefined => {
  for (const name of ['start_time', 'end_time'] as const) {
    const text = range[name];
    if (text !== undefined && parseOrderTime(text) === undefined) {
      return paramError(`/body/time_range/${name}`, 'must be yyyyMMddHHmmss');
    }
  }
  const { start_time: start, end_time: end } = range;
  return start !== undefined && end !== undefined && end <= start
    ? paramError('/body/time_range/end_time', 'must be after start_time')
    : undefined;
};
