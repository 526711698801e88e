import type { Account } from '../../account.ts';
import type { Change } from '../../decision.ts';
import { firstDueAtOf } from '../../payscore/looks.ts';
import { newPending } from '../../payscore/pending.ts';
import type { DataPatch, StoredRecord } from '../../record.ts';
import { type Answer, refuse } from '../../refusal.ts';
import type { MerchantPlanNo, MerchantSignPlanNo, Openid, OutOrderNo } from '../../values/ids.ts';
import { isFen } from '../../values/money.ts';
import type { Instant } from '../../values/time.ts';
import type { Plan } from '../plan/plan.ts';
import type { ServiceOrderStatus } from '../service-order/service-order.ts';
import type { Detail, SignPlan } from './sign-plan.ts';

/** What a merchant asks for; checked at the edge for shape and length. */
export type NewSignPlan = {
  readonly merchant_sign_plan_no: MerchantSignPlanNo;
  /** Ours, of this account: WeChat's `plan_id` stands in its record. */
  readonly merchant_plan_no: MerchantPlanNo;
  readonly openid: Openid;
  readonly sign_plan_detail: readonly {
    readonly plan_detail_no: number;
    readonly merchant_plan_detail_no: OutOrderNo;
  }[];
  readonly notify_url: string;
  /** SHA-256 of the request body as received, base64url. */
  readonly bodySha256: string;
  readonly requestId: string;
};

/**
 * The record of a new sign plan, or the first rule that it breaks (payscore-plan, sign-plan): the plan must
 * be NORMAL, its details named one by one in their order, each by a number of its own.
 */
export function newSignPlanRecord(
  request: NewSignPlan,
  plan: Plan,
  account: Account,
  now: Instant,
): Answer<StoredRecord> {
  const { plan_id } = plan;
  if (plan.status !== 'NORMAL' || plan.pending !== undefined || plan_id === undefined) {
    return refuse('plan_not_open', { pointer: '/merchant_plan_no' });
  }
  const details = detailsOf(request, plan);
  if (details === undefined) {
    return refuse('detail_numbers_wrong', { pointer: '/sign_plan_detail' });
  }
  const { service_id, appid } = plan;
  const { merchant_sign_plan_no, openid, bodySha256, requestId, merchant_plan_no } = request;
  const body = JSON.stringify({
    service_id,
    plan_id,
    appid,
    openid,
    merchant_sign_plan_no,
    notify_url: request.notify_url,
    sign_plan_detail: request.sign_plan_detail.map((detail) => ({
      plan_detail_no: detail.plan_detail_no,
      merchant_plan_detail_no: detail.merchant_plan_detail_no,
    })),
  });
  const record: StoredRecord = {
    key: { kind: 'sign-plan', mchid: account.mchid, number: merchant_sign_plan_no },
    account: account.name,
    status: 'CREATED',
    version: 1,
    data: {
      merchant_plan_no,
      plan_id,
      service_id,
      appid,
      openid,
      details,
      createdAt: now,
      bodySha256,
      requestId,
      pending: newPending({ name: 'create-sign-plan', body, sha256: bodySha256, at: now }),
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

function detailsOf(request: NewSignPlan, plan: Plan): readonly Detail[] | undefined {
  const named = request.sign_plan_detail;
  const numbers = new Set(named.map(({ merchant_plan_detail_no }) => merchant_plan_detail_no));
  if (named.length !== plan.details.length || numbers.size !== named.length) {
    return undefined;
  }
  const details: Detail[] = [];
  for (const [n, { plan_detail_no, merchant_plan_detail_no }] of named.entries()) {
    const actualFen = plan.details[n]?.actual_price;
    if (plan_detail_no !== n + 1 || !isFen(actualFen)) {
      return undefined;
    }
    details.push({ plan_detail_no, merchant_plan_detail_no, actualFen, state: 'NOT_USED' });
  }
  return details;
}

/** What a service order's status makes of its detail; undefined where it says nothing new for it. */
function detailStateAfter(status: ServiceOrderStatus): Detail['state'] | undefined {
  switch (status) {
    case 'CREATED':
    case 'DOING':
    case 'COMPLETED':
      return 'USING';
    case 'PAID':
    case 'DONE':
    case 'REVIEW':
      return 'USED';
    case 'REVOKED':
    case 'EXPIRED':
      return 'SIGN_PLAN_DETAIL_CANCEL';
    case 'REFUSED':
      return 'NOT_USED';
    case 'UNMATCHED':
      return undefined;
  }
}

/**
 * What a sign plan's record learns from one of its service orders: how far its detail is. After the last one,
 * and after a refused one, WeChat is asked how the plan stands. Undefined when it is known already.
 */
export function learnServiceOrder(
  signPlan: SignPlan,
  told: { readonly out_order_no: string; readonly status: ServiceOrderStatus },
  now: Instant,
): Change | undefined {
  const { out_order_no, status } = told;
  const state = detailStateAfter(status);
  const known = signPlan.details.find((detail) => detail.merchant_plan_detail_no === out_order_no);
  const isOver = known?.state === 'USED' || known?.state === 'SIGN_PLAN_DETAIL_CANCEL';
  if (known === undefined || state === undefined || known.state === state || isOver) {
    return undefined;
  }
  const details = signPlan.details.map((each) => (each === known ? { ...known, state } : each));
  const isLast = details.every(
    (each) => each.state === 'USED' || each.state === 'SIGN_PLAN_DETAIL_CANCEL',
  );
  return {
    patch: { set: { details } },
    events: [],
    evidence: `service order ${out_order_no} ${status}`,
    // Refused may mean that the user has ended the plan.
    ...(signPlan.status === 'SIGNED' && (isLast || status === 'REFUSED')
      ? { nextLookAt: now }
      : { isAside: true as const }),
  };
}

/** The number of a detail belongs to a service order of another signature: this one can never be made. */
export function refuseDetail({ details }: SignPlan, out_order_no: string): DataPatch {
  const state = 'SIGN_PLAN_DETAIL_CANCEL';
  return {
    set: {
      details: details.map((each) =>
        each.merchant_plan_detail_no === out_order_no ? { ...each, state } : each,
      ),
    },
  };
}
