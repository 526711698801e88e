import type { Account } from '../../account.ts';
import { firstDueAtOf } from '../../payscore/looks.ts';
import { newPending } from '../../payscore/pending.ts';
import { appidOf, serviceOf, sumOf } from '../../payscore/rules.ts';
import type { StoredRecord } from '../../record.ts';
import { type Answer, type Refusal, refuse } from '../../refusal.ts';
import type { Appid, MerchantPlanNo, ServiceId } from '../../values/ids.ts';
import type { Instant } from '../../values/time.ts';

export type NewPlanDetail = {
  readonly plan_detail_name: string;
  readonly original_price: number;
  readonly actual_price: number;
  readonly plan_discount_description?: string;
};

/** What a merchant asks for; checked at the edge for shape and length. Prices in fen. */
export type NewPlan = {
  readonly merchant_plan_no: MerchantPlanNo;
  readonly service_id: ServiceId;
  readonly appid?: Appid;
  readonly plan_name: string;
  /** Days from the signing. */
  readonly plan_duration: number;
  readonly deduction_quantity: number;
  readonly total_original_price: number;
  readonly total_actual_price: number;
  readonly plan_detail_list: readonly NewPlanDetail[];
  /** SHA-256 of the request body as received, base64url. */
  readonly bodySha256: string;
  readonly requestId: string;
};

/**
 * The record of a new plan, or the first rule that it breaks (payscore-plan, create): within what the
 * service allows, as many details as deductions, no price above its original, none above the one before,
 * totals that are the sums. WeChat is not asked for what these refuse.
 */
export function newPlanRecord(
  request: NewPlan,
  account: Account,
  now: Instant,
): Answer<StoredRecord> {
  const appid = appidOf(account, request.appid);
  if (appid === undefined) {
    return refuse('request_invalid', { pointer: '/appid' });
  }
  const breach = breachOf(request, account);
  if (breach !== undefined) {
    return { ok: false, refusal: breach };
  }
  const { bodySha256, requestId, service_id, plan_name, plan_duration } = request;
  const pending = newPending({
    name: 'create-plan',
    body: bodyOf(request, appid),
    sha256: bodySha256,
    at: now,
  });
  const details = request.plan_detail_list.map(({ original_price, actual_price }) => ({
    original_price,
    actual_price,
  }));
  const record: StoredRecord = {
    key: { kind: 'plan', mchid: account.mchid, number: request.merchant_plan_no },
    account: account.name,
    status: 'CREATED',
    version: 1,
    data: {
      service_id,
      appid,
      plan_name,
      plan_duration,
      details,
      createdAt: now,
      bodySha256,
      requestId,
      pending,
    },
    history: [],
    historyCount: 0,
    outbox: [],
    eventCounts: {},
    dueAt: firstDueAtOf(now),
    leases: 0,
    unknownLooks: 0,
  };
  return { ok: true, value: record };
}

function breachOf(request: NewPlan, account: Account): Refusal | undefined {
  const service = serviceOf(account, request.service_id);
  const details = request.plan_detail_list;
  if (service === undefined) {
    return { code: 'service_unknown', pointer: '/service_id' };
  }
  if (request.plan_duration > service.maxDays) {
    return { code: 'plan_too_long', pointer: '/plan_duration' };
  }
  if (request.deduction_quantity > service.maxDeductions) {
    return { code: 'deductions_exceed', pointer: '/deduction_quantity' };
  }
  if (details.length !== request.deduction_quantity) {
    return { code: 'details_miscounted', pointer: '/plan_detail_list' };
  }
  const above = details.findIndex(
    ({ actual_price, original_price }) => actual_price > original_price,
  );
  if (above !== -1) {
    return { code: 'price_above_original', pointer: pricePointer(above) };
  }
  const rising = details.findIndex(
    ({ actual_price }, n) => actual_price > (details[n - 1]?.actual_price ?? actual_price),
  );
  if (rising !== -1) {
    return { code: 'price_rises', pointer: pricePointer(rising) };
  }
  if (sumOf(details.map(({ original_price }) => original_price)) !== request.total_original_price) {
    return { code: 'sum_wrong', pointer: '/total_original_price' };
  }
  return sumOf(details.map(({ actual_price }) => actual_price)) === request.total_actual_price
    ? undefined
    : { code: 'sum_wrong', pointer: '/total_actual_price' };
}

function pricePointer(n: number): string {
  return `/plan_detail_list/${n}/actual_price`;
}

/** `POST /v3/payscore/plan/payscore-plans`. JSON has no undefined: what is absent is left out. */
function bodyOf(request: NewPlan, appid: Appid): string {
  return JSON.stringify({
    service_id: request.service_id,
    appid,
    plan_name: request.plan_name,
    plan_duration: request.plan_duration,
    deduction_quantity: request.deduction_quantity,
    total_original_price: request.total_original_price,
    total_actual_price: request.total_actual_price,
    plan_detail_list: request.plan_detail_list.map((detail) => ({
      original_price: detail.original_price,
      plan_discount_description: detail.plan_discount_description,
      actual_price: detail.actual_price,
      plan_detail_name: detail.plan_detail_name,
    })),
    merchant_plan_no: request.merchant_plan_no,
  });
}
