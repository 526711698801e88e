import type { FieldRule, FieldRules } from '../field-rules.ts';
import type { JsonObject } from '../json.ts';
import { paramError, type Refusal } from '../refusals.ts';
import { CALLER, COUNT, FEN, required, textOf } from './common-fields.ts';
import { knownFields } from './known-fields.ts';
import { parseOrderTime, parsePaidTime } from './order-time.ts';
import type { Bill, CompletionWish, TimeRange } from './service-order.ts';
import { LOCATION, TIME_RANGE, timeRangeRefusal } from './service-order-rules.ts';

const PAYMENT: FieldRules = {
  name: required(textOf(20)),
  amount: FEN,
  description: textOf(30),
  count: { kind: 'integer', min: 1, max: 100 },
};

const DISCOUNT: FieldRules = {
  name: required(textOf(20)),
  amount: required(FEN),
  description: textOf(30),
  count: COUNT,
};

const items = (maxItems: number, fields: FieldRules): FieldRule => ({
  kind: 'list',
  maxItems,
  of: { kind: 'object', fields },
});

const DEVICE: FieldRules = {
  start_device_id: textOf(64),
  end_device_id: textOf(64),
  materiel_no: textOf(64),
};

const BILL: FieldRules = {
  ...CALLER,
  post_payments: required(items(100, PAYMENT)),
  post_discounts: items(30, DISCOUNT),
  total_amount: required(FEN),
  device: { kind: 'object', fields: DEVICE },
};

const COMPLETE_FIELDS: FieldRules = {
  ...BILL,
  time_range: { kind: 'object', fields: TIME_RANGE },
  location: { kind: 'object', fields: LOCATION },
  profit_sharing: { kind: 'boolean' },
  goods_tag: textOf(32),
};

type Item = JsonObject & {
  readonly name: string;
  readonly amount?: number;
  readonly description?: string;
};

type BillBody = {
  readonly post_payments: readonly Item[];
  readonly post_discounts?: readonly Item[];
  readonly total_amount: number;
};

type Checked<W> =
  | { readonly ok: true; readonly fields: JsonObject; readonly wish: W }
  | { readonly ok: false; readonly refusal: Refusal };

/** Checks the body that completes an order; `created` are the times of its creation. */
export const checkCompletion = (
  body: JsonObject,
  created: TimeRange,
  nowMs: number,
): Checked<CompletionWish> => {
  const known = knownFields(COMPLETE_FIELDS, body);
  if (!known.ok) return known;
  const fields = known.fields as unknown as BillBody & {
    readonly time_range?: TimeRange;
    readonly location?: JsonObject;
  };
  const timeRange = { ...created, ...fields.time_range };
  const refusal =
    billRefusal(fields) ?? endRefusal(created, fields.time_range ?? {}, nowMs) ?? undefined;
  if (refusal !== undefined) return { ok: false, refusal };
  const { fingerprint } = known;
  const wish = { ...billOf(fields), timeRange, location: fields.location ?? {}, fingerprint };
  return { ok: true, fields: known.fields, wish };
};

const billOf = (fields: BillBody): Bill => ({
  payments: fields.post_payments,
  discounts: fields.post_discounts ?? [],
  total: fields.total_amount,
});

/** Names once, something to say about each payment, and a total that adds up. */
const billRefusal = (fields: BillBody): Refusal | undefined => {
  const { post_payments: payments, post_discounts: discounts = [] } = fields;
  if (payments.length === 0) return paramError('/body/post_payments', 'must have an item');
  const mute = payments.findIndex(
    ({ amount, description }) => (amount ?? description) === undefined,
  );
  if (mute !== -1) {
    return paramError(
      `/body/post_payments/${mute}/amount`,
      'this field or description is required',
    );
  }
  if (!haveOwnNames(payments)) return paramError('/body/post_payments', 'a name occurs twice');
  if (!haveOwnNames(discounts)) return paramError('/body/post_discounts', 'a name occurs twice');
  return sumOf(payments) - sumOf(discounts) === fields.total_amount
    ? undefined
    : paramError('/body/total_amount', 'is not the payments less the discounts');
};

const haveOwnNames = (named: readonly Item[]): boolean =>
  new Set(named.map(({ name }) => name)).size === named.length;

const sumOf = (priced: readonly Item[]): number =>
  priced.reduce((sum, { amount }) => sum + (amount ?? 0), 0);

/** An end must be known, come after both starts, and not lie in the future. */
const endRefusal = (created: TimeRange, given: TimeRange, nowMs: number): Refusal | undefined => {
  const refusal = timeRangeRefusal(given);
  if (refusal !== undefined) return refusal;
  const field = '/body/time_range/end_time';
  const { end_time: end } = given;
  if (end === undefined) {
    return created.end_time === undefined
      ? paramError(field, 'required, as the creation had none')
      : undefined;
  }
  if (end <= (created.start_time ?? '')) {
    return paramError(field, 'must be after the start_time of the creation');
  }
  return (parseOrderTime(end) ?? 0) > nowMs ? paramError(field, 'later than the call') : undefined;
};

const MODIFY_FIELDS: FieldRules = { ...BILL, reason: required(textOf(50)) };

export const checkModification = (body: JsonObject): Checked<Bill> => {
  const known = knownFields(MODIFY_FIELDS, body);
  if (!known.ok) return known;
  const fields = known.fields as unknown as BillBody;
  const refusal = billRefusal(fields);
  return refusal === undefined
    ? { ok: true, fields: known.fields, wish: billOf(fields) }
    : { ok: false, refusal };
};

const CANCEL_FIELDS: FieldRules = { ...CALLER, reason: required(textOf(50)) };

/** The wish is all its fields in one text. */
export const checkCancellation = (body: JsonObject): Checked<string> => {
  const known = knownFields(CANCEL_FIELDS, body);
  return known.ok ? { ok: true, fields: known.fields, wish: known.fingerprint } : known;
};

const SYNC_FIELDS: FieldRules = {
  ...CALLER,
  type: { kind: 'string', required: true, maxLength: 32, oneOf: ['Order_Paid'] },
  detail: { kind: 'object', required: true, fields: { paid_time: required(textOf(14)) } },
};

/** The wish is when the payer paid, in Unix milliseconds. */
export const checkSync = (body: JsonObject): Checked<number> => {
  const known = knownFields(SYNC_FIELDS, body);
  if (!known.ok) return known;
  const { detail } = known.fields as unknown as { readonly detail: { readonly paid_time: string } };
  const paidAtMs = parsePaidTime(detail.paid_time);
  return paidAtMs === undefined
    ? { ok: false, refusal: paramError(PAID_TIME, 'must be yyyyMMddHHmmss or yyyyMMdd') }
    : { ok: true, fields: known.fields, wish: paidAtMs };
};

export const PAID_TIME = '/body/detail/paid_time';

export const checkAskForCharge = (body: JsonObject): Checked<undefined> => {
  const known = knownFields(CALLER, body);
  return known.ok ? { ok: true, fields: known.fields, wish: undefined } : known;
};
