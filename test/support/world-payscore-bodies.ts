import type { PayscoreCommand } from '#core/payscore/evidence.ts';
import {
  isAppid,
  isMerchantPlanNo,
  isMerchantSignPlanNo,
  isOpenid,
  isOutOrderNo,
  isPayscoreId,
  isServiceId,
} from '#core/values/ids.ts';
import { type Fields, fieldsOf, isCount, isObject, parseObject } from '#core/values/json.ts';
import { type Instant, isInstant, parseBeijingDigits } from '#core/values/time.ts';
import { notifyUrlIssue } from '../../simulator/notify-url.ts';
import { valid } from './order-builder.ts';

// The bodies of PayScore's calls as the documents list them. A field that they do not list is refused: it
// would be our mistake.

type Check<T> = (value: unknown) => value is T;
type Asking = Pick<Fields, 'required' | 'optional'>;
type Checked<C> = C extends Check<infer T> ? T : never;

/** A check that an object has just the fields that are asked for, each as it should be. */
function shapeOf<T>(ask: (fields: Asking) => T): Check<T> {
  return (value): value is T => {
    const asked = new Set<string>();
    const fields = fieldsOf(value);
    const shape = ask({
      required: (name, check) => fields.required(name, noted(name, check)),
      optional: (name, check) => {
        asked.add(name);
        return fields.optional(name, check);
      },
    });
    function noted<V>(name: string, check: Check<V>): Check<V> {
      asked.add(name);
      return check;
    }
    const isWhole = fields.result(() => shape).ok;
    return isWhole && isObject(value) && Object.keys(value).every((name) => asked.has(name));
  };
}

function listOf<T>(check: Check<T>, most: number): Check<readonly T[]> {
  return (value): value is readonly T[] =>
    Array.isArray(value) && value.length > 0 && value.length <= most && value.every(check);
}

function text(mostCharacters: number): Check<string> {
  return (value): value is string =>
    typeof value === 'string' && value !== '' && [...value].length <= mostCharacters;
}

function isDays(value: unknown): value is number {
  return isCount(value) && value >= 1;
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isOrderTime(value: unknown): value is string {
  return typeof value === 'string' && parseBeijingDigits(value).ok;
}

/** Of `sync`: whole days too, which begin at midnight. */
function isPaidTime(value: unknown): value is string {
  return isOrderTime(value) || isOrderTime(`${String(value)}000000`);
}

function isNotifyUrl(value: unknown): value is string {
  return text(256)(value) && notifyUrlIssue(value) === undefined;
}

const isPlanDetail = shapeOf((fields) => ({
  original_price: fields.required('original_price', isCount),
  actual_price: fields.required('actual_price', isCount),
  plan_detail_name: fields.required('plan_detail_name', text(128)),
  plan_discount_description: fields.optional('plan_discount_description', text(128)),
}));

export const isPlanBody = shapeOf((fields) => ({
  service_id: fields.required('service_id', isServiceId),
  appid: fields.required('appid', isAppid),
  merchant_plan_no: fields.required('merchant_plan_no', isMerchantPlanNo),
  plan_name: fields.required('plan_name', text(20)),
  plan_duration: fields.required('plan_duration', isDays),
  deduction_quantity: fields.required('deduction_quantity', isDays),
  total_original_price: fields.required('total_original_price', isCount),
  total_actual_price: fields.required('total_actual_price', isCount),
  plan_detail_list: fields.required('plan_detail_list', listOf(isPlanDetail, 1_000)),
}));

const isSignPlanDetail = shapeOf((fields) => ({
  plan_detail_no: fields.required('plan_detail_no', isDays),
  merchant_plan_detail_no: fields.required('merchant_plan_detail_no', isOutOrderNo),
}));

export const isSignPlanBody = shapeOf((fields) => ({
  service_id: fields.required('service_id', isServiceId),
  plan_id: fields.required('plan_id', isPayscoreId),
  appid: fields.required('appid', isAppid),
  openid: fields.required('openid', isOpenid),
  merchant_sign_plan_no: fields.required('merchant_sign_plan_no', isMerchantSignPlanNo),
  notify_url: fields.required('notify_url', isNotifyUrl),
  sign_plan_detail: fields.required('sign_plan_detail', listOf(isSignPlanDetail, 1_000)),
}));

export const isStopBody = shapeOf((fields) => ({
  stop_reason: fields.required('stop_reason', text(50)),
}));

const isPlannedTimes = shapeOf((fields) => ({
  start_time: fields.required('start_time', isOrderTime),
  end_time: fields.optional('end_time', isOrderTime),
  start_time_remark: fields.optional('start_time_remark', text(20)),
  end_time_remark: fields.optional('end_time_remark', text(20)),
}));

const isPlace = shapeOf((fields) => ({
  start_location: fields.optional('start_location', text(50)),
  end_location: fields.optional('end_location', text(50)),
}));

export const isOrderBody = shapeOf((fields) => ({
  service_id: fields.required('service_id', isServiceId),
  sign_plan_id: fields.required('sign_plan_id', isPayscoreId),
  plan_detail_no: fields.required('plan_detail_no', isDays),
  appid: fields.required('appid', isAppid),
  openid: fields.required('openid', isOpenid),
  notify_url: fields.required('notify_url', isNotifyUrl),
  service_introduction: fields.required('service_introduction', text(20)),
  time_range: fields.required('time_range', isPlannedTimes),
  location: fields.optional('location', isPlace),
  attach: fields.optional('attach', text(256)),
  out_trade_no: fields.required('out_trade_no', isOutOrderNo),
}));

const isRealTimes = shapeOf((fields) => ({
  start_time: fields.optional('start_time', isOrderTime),
  end_time: fields.optional('end_time', isOrderTime),
  start_time_remark: fields.optional('start_time_remark', text(20)),
  end_time_remark: fields.optional('end_time_remark', text(20)),
}));

const isPayment = shapeOf((fields) => ({
  name: fields.required('name', text(20)),
  amount: fields.optional('amount', isCount),
  description: fields.optional('description', text(30)),
  count: fields.optional('count', isDays),
}));

const isDiscount = shapeOf((fields) => ({
  name: fields.required('name', text(20)),
  description: fields.optional('description', text(30)),
  amount: fields.required('amount', isCount),
  count: fields.optional('count', isDays),
}));

const isDevice = shapeOf((fields) => ({
  start_device_id: fields.optional('start_device_id', text(64)),
  end_device_id: fields.optional('end_device_id', text(64)),
  materiel_no: fields.optional('materiel_no', text(64)),
}));

function stepOf(fields: Asking) {
  return {
    appid: fields.required('appid', isAppid),
    service_id: fields.required('service_id', isServiceId),
  };
}

function billOf(fields: Asking) {
  return {
    ...stepOf(fields),
    post_payments: fields.required('post_payments', listOf(isPayment, 100)),
    post_discounts: fields.optional('post_discounts', listOf(isDiscount, 30)),
    total_amount: fields.required('total_amount', isCount),
    device: fields.optional('device', isDevice),
  };
}

export const isCompleteBody = shapeOf((fields) => ({
  ...billOf(fields),
  time_range: fields.optional('time_range', isRealTimes),
  location: fields.optional('location', isPlace),
  profit_sharing: fields.optional('profit_sharing', isFlag),
  goods_tag: fields.optional('goods_tag', text(32)),
}));

export const isModifyBody = shapeOf((fields) => ({
  ...billOf(fields),
  reason: fields.required('reason', text(50)),
}));

export const isCancelBody = shapeOf((fields) => ({
  ...stepOf(fields),
  reason: fields.required('reason', text(50)),
}));

export const isSyncBody = shapeOf((fields) => ({
  ...stepOf(fields),
  type: fields.required('type', (value): value is 'Order_Paid' => value === 'Order_Paid'),
  detail: fields.required(
    'detail',
    shapeOf((paid) => ({ paid_time: paid.required('paid_time', isPaidTime) })),
  ),
}));

export const isPayBody = shapeOf(stepOf);

export type PlanBody = Checked<typeof isPlanBody>;
export type SignPlanBody = Checked<typeof isSignPlanBody>;
export type OrderBody = Checked<typeof isOrderBody>;
export type CompleteBody = Checked<typeof isCompleteBody>;
export type ModifyBody = Checked<typeof isModifyBody>;

/** The body of a command, if it is as the documents want it. */
export function bodyIn<T>({ body }: PayscoreCommand, check: Check<T>): T | undefined {
  const parsed = parseObject(body);
  return parsed.ok && check(parsed.value) ? parsed.value : undefined;
}

/** A time of a body that has passed its check; 8 digits are a midnight. */
export function timeOf(digits: string): Instant {
  const parsed = parseBeijingDigits(digits.padEnd(14, '0'));
  return valid(parsed.ok ? parsed.value : undefined, isInstant);
}

/** Whether the items have names of their own and make up the total. */
export function addsUp({
  post_payments,
  post_discounts = [],
  total_amount,
}: ModifyBody | CompleteBody): boolean {
  const sumOf = (items: readonly { readonly amount: number | undefined }[]) =>
    items.reduce((sum, { amount }) => sum + (amount ?? 0), 0);
  const haveNames = (items: readonly { readonly name: string }[]) =>
    new Set(items.map(({ name }) => name)).size === items.length;
  return (
    haveNames(post_payments) &&
    haveNames(post_discounts) &&
    post_payments.every(({ amount, description }) => (amount ?? description) !== undefined) &&
    sumOf(post_payments) - sumOf(post_discounts) === total_amount
  );
}
