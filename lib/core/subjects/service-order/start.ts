import type { Change } from '../../decision.ts';
import { firstDueAtOf, firstLookMs } from '../../payscore/looks.ts';
import { newPending } from '../../payscore/pending.ts';
import type { NewSubject, StoredRecord } from '../../record.ts';
import { type Answer, refuse } from '../../refusal.ts';
import type { MerchantSignPlanNo, OutOrderNo } from '../../values/ids.ts';
import type { JsonObject } from '../../values/json.ts';
import { withoutUndefined } from '../../values/optional.ts';
import { formatBeijingDigits, type Instant, plus } from '../../values/time.ts';
import type { Detail, SignPlan } from '../sign-plan/sign-plan.ts';

export type TimeRange = {
  readonly startAt?: Instant;
  readonly endAt?: Instant;
  readonly start_time_remark?: string;
  readonly end_time_remark?: string;
};

/** What a merchant asks for; checked at the edge for shape and length. */
export type NewServiceOrder = {
  /** Must be the number that its detail was signed with. */
  readonly out_order_no: OutOrderNo;
  readonly merchant_sign_plan_no: MerchantSignPlanNo;
  readonly service_introduction: string;
  readonly timeRange: TimeRange & { readonly startAt: Instant };
  readonly location?: JsonObject;
  readonly attach?: string;
  readonly notify_url: string;
  /** SHA-256 of the request body as received, base64url. */
  readonly bodySha256: string;
  /** Tells a second request under a refused number from a repeat of the write that was refused. */
  readonly requestId: string;
};

/**
 * The change that marks the detail as being used in its sign plan's record and starts the service order
 * from there. That record is where all services of a signature meet: of two requests at once one write
 * wins. Details go in order, one at a time, each earlier one paid or cancelled (payscore-plan, serviceorder).
 */
export function startServiceOrder(
  signPlan: SignPlan,
  request: NewServiceOrder,
  now: Instant,
): Answer<Change> {
  const { sign_plan_id, details, overAt } = signPlan;
  const detail = details.find((each) => each.merchant_plan_detail_no === request.out_order_no);
  if (detail === undefined) {
    return refuse('detail_unknown');
  }
  if (
    signPlan.status !== 'SIGNED' ||
    signPlan.pending !== undefined ||
    sign_plan_id === undefined
  ) {
    return refuse('sign_plan_not_signed');
  }
  if (overAt !== undefined && now >= overAt) {
    return refuse('sign_plan_ended');
  }
  if (detail.state !== 'NOT_USED') {
    return refuse('detail_used');
  }
  if (details.some(({ state }) => state === 'USING')) {
    return refuse('service_order_running');
  }
  if (details.some((each) => each.plan_detail_no < detail.plan_detail_no && !isOver(each))) {
    return refuse('detail_too_early');
  }
  const { startAt, endAt } = request.timeRange;
  if (endAt !== undefined && endAt <= startAt) {
    return refuse('time_range_wrong', { pointer: '/time_range/end_time' });
  }
  const using = details.map((each) => (each === detail ? { ...each, state: 'USING' } : each));
  return {
    ok: true,
    value: {
      patch: { set: { details: using } },
      events: [],
      isAside: true,
      starts: [serviceOrderToStart(signPlan, detail, request, sign_plan_id, now)],
      evidence: `service order ${request.out_order_no}`,
    },
  };
}

function isOver({ state }: Detail): boolean {
  return state === 'USED' || state === 'SIGN_PLAN_DETAIL_CANCEL';
}

function serviceOrderToStart(
  signPlan: SignPlan,
  detail: Detail,
  request: NewServiceOrder,
  sign_plan_id: string,
  now: Instant,
): NewSubject {
  const { service_id, appid, openid } = signPlan;
  const { out_order_no, bodySha256, merchant_sign_plan_no, timeRange } = request;
  const body = JSON.stringify({
    service_id,
    sign_plan_id,
    plan_detail_no: detail.plan_detail_no,
    appid,
    openid,
    notify_url: request.notify_url,
    service_introduction: request.service_introduction,
    time_range: timeRangeJson(timeRange),
    location: request.location,
    attach: request.attach,
    // So named in this one request; every other call and answer says out_order_no.
    out_trade_no: out_order_no,
  });
  const name = 'create-service-order';
  return {
    kind: 'service-order',
    number: out_order_no,
    // The request that begins it looks at once.
    startAt: plus(now, firstLookMs),
    data: withoutUndefined({
      merchant_sign_plan_no,
      service_id,
      appid,
      openid,
      priceFen: detail.actualFen,
      startTime: timeRange.startAt,
      endTime: timeRange.endAt,
      bodySha256,
      requestId: request.requestId,
      pending: newPending({ name, body, sha256: bodySha256, at: now }),
    }),
  };
}

/** Beijing digits, as every call about service orders wants them. */
export function timeRangeJson(range: TimeRange): JsonObject {
  const { startAt, endAt, start_time_remark, end_time_remark } = range;
  return withoutUndefined({
    start_time: startAt === undefined ? undefined : formatBeijingDigits(startAt),
    end_time: endAt === undefined ? undefined : formatBeijingDigits(endAt),
    start_time_remark,
    end_time_remark,
  });
}

/** The record of a service order that its sign plan's outbox starts. */
export function serviceOrderRecord(
  signPlan: StoredRecord,
  entry: NewSubject & { readonly at: Instant },
): StoredRecord {
  const { at, data } = entry;
  return {
    key: { kind: 'service-order', mchid: signPlan.key.mchid, number: entry.number },
    account: signPlan.account,
    status: 'CREATED',
    version: 1,
    data: { createdAt: at, ...data },
    history: [],
    historyCount: 0,
    outbox: [],
    eventCounts: {},
    dueAt: firstDueAtOf(at),
    leases: 0,
    unknownLooks: 0,
  };
}
