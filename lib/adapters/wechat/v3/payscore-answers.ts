import type {
  Evidence,
  PayscoreCommand,
  PlanEvidence,
  SendOutcome,
  ServiceOrderEvidence,
  ServiceOrderState,
  SignedDetail,
  SignPlanEvidence,
} from '#core/payscore/evidence.ts';
import type { Result } from '#core/result.ts';
import {
  isAppid,
  isMerchantPlanNo,
  isMerchantSignPlanNo,
  isOpenid,
  isOutOrderNo,
  isPayscoreId,
  isServiceId,
  isTransactionId,
  type Mchid,
  type MerchantPlanNo,
  type MerchantSignPlanNo,
  type OutOrderNo,
} from '#core/values/ids.ts';
import { isCount, isObject, isText, type JsonObject } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import { withoutUndefined } from '#core/values/optional.ts';
import { malformed, objectIn } from './answers.ts';
import { allOf, fieldsIn, isAbsent, isFlag, isList, isWord, timeIn } from './payscore-fields.ts';

type Open = Extract<Evidence<unknown>, { readonly type: 'unknown' }>;

/** How each kind of subject names itself, and what an answer about another one of them is. */
const subjects = {
  plan: { field: 'merchant_plan_no', isNumber: isMerchantPlanNo, other: 'OTHER_PLAN' },
  signPlan: {
    field: 'merchant_sign_plan_no',
    isNumber: isMerchantSignPlanNo,
    other: 'OTHER_SIGN_PLAN',
  },
  serviceOrder: { field: 'out_order_no', isNumber: isOutOrderNo, other: 'OTHER_SERVICE_ORDER' },
} as const;

type Subject = (typeof subjects)[keyof typeof subjects];

/** The merchant that asks, and the number that it asks about. */
export type Asked<Number extends string = string> = {
  readonly mchid: Mchid;
  readonly number: Number;
};

/** Reads a signed answer to our query of a plan (payscore-plan, query-pay-score-plan); else it is open. */
export function readPlan(body: Uint8Array, asked: Asked<MerchantPlanNo>): PlanEvidence {
  const answer = objectIn(body) ?? {};
  const fields = fieldsIn(answer);
  const plan = {
    state: fields.required('plan_state', isWord),
    merchant_plan_no: asked.number,
    plan_id: fields.required('plan_id', isPayscoreId),
    service_id: fields.required('service_id', isServiceId),
  };
  return otherIn(answer, subjects.plan, asked) ?? evidenceOf(fields.result(() => plan));
}

/**
 * Reads a signed answer to our query of a sign plan (payscore-plan, query-user-sign-plan). A time that cannot
 * be read is left out, as it decides nothing; anything else that is not whole leaves it open.
 */
export function readSignPlan(body: Uint8Array, asked: Asked<MerchantSignPlanNo>): SignPlanEvidence {
  const answer = objectIn(body) ?? {};
  const fields = fieldsIn(answer);
  const cancelled = fields.optional('cancel_sign_type', isWord);
  const signPlan = {
    state: fields.required('sign_state', isWord),
    merchant_sign_plan_no: asked.number,
    sign_plan_id: fields.required('sign_plan_id', isPayscoreId),
    plan_id: fields.required('plan_id', isPayscoreId),
    service_id: fields.required('service_id', isServiceId),
    openid: fields.required('openid', isOpenid),
    cancel_sign_type: cancelled === 'NOT_CANCEL' ? undefined : cancelled,
    signedAt: timeIn(answer['sign_time']),
    overAt: timeIn(answer['plan_over_time']),
  };
  const list = fields.optional('signed_detail_list', isList) ?? [];
  const details = allOf(list, detailIn);
  const read = fields.result(() => signPlan);
  return (
    otherIn(answer, subjects.signPlan, asked) ??
    (details.ok && read.ok
      ? { type: 'state', ...withoutUndefined(read.value), details: details.value }
      : malformed)
  );
}

/**
 * Reads a signed answer to our query of a service order (get-service-order). What was paid stands in its
 * `collection` alone. A time that cannot be read is left out; anything else that is not whole leaves it open.
 */
export function readServiceOrder(body: Uint8Array, asked: Asked<OutOrderNo>): ServiceOrderEvidence {
  const answer = objectIn(body) ?? {};
  const fields = fieldsIn(answer);
  const order = {
    state: fields.required('state', isWord),
    state_description: fields.optional('state_description', isWord),
    out_order_no: asked.number,
    service_id: fields.required('service_id', isServiceId),
    appid: fields.required('appid', isAppid),
    openid: fields.optional('openid', isOpenid),
    order_id: fields.optional('order_id', isPayscoreId),
    need_collection: fields.optional('need_collection', isFlag),
  };
  const totalFen = fields.optional('total_amount', isFen);
  const collection = readCollection(fields.optional('collection', isObject) ?? {});
  const read = fields.result(() => order);
  const other = otherIn(answer, subjects.serviceOrder, asked);
  if (other !== undefined || !read.ok || !collection.ok) {
    return other ?? malformed;
  }
  const facts = { ...collection.value, ...(totalFen !== undefined && { totalFen }) };
  return { type: 'state', ...withoutUndefined(read.value), ...facts };
}

/**
 * Reads a signed answer to a command. It must be about the same subject, and create-sign-plan's must hold
 * the `package`; the subject's state is the query's to tell.
 */
export function readAccepted(
  body: Uint8Array,
  mchid: Mchid,
  { name, number }: PayscoreCommand,
): SendOutcome {
  const answer = objectIn(body) ?? {};
  const asked = { mchid, number };
  switch (name) {
    case 'create-plan':
    case 'stop-plan':
      return otherIn(answer, subjects.plan, asked) ?? { type: 'accepted' };
    case 'create-sign-plan':
      return readSignPlanMade(answer, asked);
    case 'stop-sign-plan':
      return otherIn(answer, subjects.signPlan, asked) ?? { type: 'accepted' };
    default:
      return otherIn(answer, subjects.serviceOrder, asked) ?? { type: 'accepted' };
  }
}

function readSignPlanMade(answer: JsonObject, asked: Asked): SendOutcome {
  const { sign_plan, package: page } = answer;
  const other = otherIn(isObject(sign_plan) ? sign_plan : {}, subjects.signPlan, asked);
  if (other !== undefined) {
    return other;
  }
  return isPackage(page) ? { type: 'accepted', package: page } : malformed;
}

/** What says that an answer is not about what was asked; undefined when it is. */
function otherIn(answer: JsonObject, subject: Subject, asked: Asked): Open | undefined {
  const number = answer[subject.field];
  if (!subject.isNumber(number)) {
    return malformed;
  }
  if (number !== asked.number) {
    return { type: 'unknown', code: subject.other };
  }
  const { mchid } = answer;
  return isAbsent(mchid) || mchid === asked.mchid
    ? undefined
    : { type: 'unknown', code: 'OTHER_MERCHANT' };
}

function evidenceOf<State extends object>(
  read: Result<State>,
): ({ readonly type: 'state' } & State) | Open {
  return read.ok ? { type: 'state', ...read.value } : malformed;
}

function detailIn(entry: unknown): Result<SignedDetail> {
  const fields = fieldsIn(entry);
  const detail = {
    plan_detail_no: fields.required('plan_detail_no', isNumeral),
    merchant_plan_detail_no: fields.required('merchant_plan_detail_no', isOutOrderNo),
    state: fields.required('plan_detail_state', isWord),
    actualFen: fields.optional('actual_price', isFen),
  };
  return fields.result(() => withoutUndefined(detail));
}

type Facts = Pick<
  ServiceOrderState,
  'collection_state' | 'totalFen' | 'paidFen' | 'transaction_id' | 'paid_type' | 'paidAt'
>;

function readCollection(collection: JsonObject): Result<Facts> {
  const fields = fieldsIn(collection);
  const facts = {
    collection_state: fields.optional('state', isWord),
    totalFen: fields.optional('total_amount', isFen),
    paidFen: fields.optional('paid_amount', isFen),
  };
  const payments = allOf(fields.optional('details', isList) ?? [], paymentIn);
  if (!payments.ok) {
    return payments;
  }
  const last = lastOf(payments.value);
  const { transaction_id, paid_type, paidAt } = last ?? {};
  return fields.result(() => withoutUndefined({ ...facts, transaction_id, paid_type, paidAt }));
}

/** One entry of `collection.details`; WeChat's samples hold empty ones while nothing was paid. */
function paymentIn(entry: unknown) {
  const fields = fieldsIn(entry);
  const payment = {
    seq: fields.optional('seq', isCount) ?? 0,
    transaction_id: fields.optional('transaction_id', isTransactionId),
    paid_type: fields.optional('paid_type', isWord),
    paidAt: timeIn(isObject(entry) ? entry['paid_time'] : undefined),
  };
  return fields.result(() => payment);
}

/** The last one that WeChat has a number for, else the last one. */
function lastOf<Payment extends { readonly seq: number; readonly transaction_id?: unknown }>(
  payments: readonly Payment[],
): Payment | undefined {
  const numbered = payments.filter(({ transaction_id }) => transaction_id !== undefined);
  return (numbered.length > 0 ? numbered : payments).toSorted((a, b) => a.seq - b.seq).at(-1);
}

function isNumeral(value: unknown): value is number {
  return isCount(value) && value >= 1;
}

function isPackage(value: unknown): value is string {
  return isText(value) && /^[\x20-\x7e]{1,2048}$/.test(value);
}
