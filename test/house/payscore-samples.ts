import { type EventType, eventOf } from '#core/events.ts';
import type { StoredRecord } from '#core/record.ts';
import type { Result } from '#core/result.ts';
import { planEventData } from '#core/subjects/plan/describe.ts';
import { decodePlan } from '#core/subjects/plan/plan.ts';
import { serviceOrderEventData } from '#core/subjects/service-order/describe.ts';
import { decodeServiceOrder } from '#core/subjects/service-order/service-order.ts';
import { signPlanEventData } from '#core/subjects/sign-plan/describe.ts';
import { decodeSignPlan } from '#core/subjects/sign-plan/sign-plan.ts';
import { isAccountName, isMchid } from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import { at } from '../support/clock.ts';
import { valid } from '../support/order-builder.ts';

const now = at('2026-11-21T04:00:20Z');

type Kind = 'plan' | 'sign-plan' | 'service-order';

/** `done`: as `most`, but its last command was not refused, where the type does not say that it was. */
type Amount = 'least' | 'most' | 'done';

const makers: Readonly<Record<Kind, (type: EventType, amount: Amount) => JsonObject>> = {
  plan: planSample,
  'sign-plan': signPlanSample,
  'service-order': serviceOrderSample,
};

/** The events of a type of PayScore that carry least and most, and one more. */
export function payscoreSamplesOf(type: EventType): readonly JsonObject[] {
  const make = Object.entries(makers).find(([kind]) => type.startsWith(`${kind}.`))?.[1];
  if (make === undefined) {
    throw new Error(`Nobody makes a sample of ${type}.`);
  }
  return [make(type, 'least'), make(type, 'most'), make(type, 'done')];
}

const statusOf: Readonly<Record<string, string>> = {
  'plan.refused': 'REFUSED',
  'sign-plan.signed': 'SIGNED',
  'sign-plan.cancelled': 'SIGN_PLAN_CANCEL',
  'sign-plan.completed': 'COMPLETE',
  'sign-plan.expired': 'EXPIRE',
  'sign-plan.refused': 'REFUSED',
  'sign-plan.unmatched': 'UNMATCHED',
  'service-order.doing': 'DOING',
  'service-order.completed': 'COMPLETED',
  'service-order.paid': 'PAID',
  'service-order.revoked': 'REVOKED',
  'service-order.expired': 'EXPIRED',
  'service-order.review': 'REVIEW',
  'service-order.refused': 'REFUSED',
  'service-order.unmatched': 'UNMATCHED',
};

const of = {
  service_id: '00004000000000162930000000000001',
  appid: 'wxd678efh567hg6787',
  createdAt: now,
};
const asked = { bodySha256: 'sha', requestId: 'request-1' };

/** A command that was refused, in the events that say so; in the others it may have been any, or none. */
function commandsOf(type: EventType, name: string, amount: Amount): JsonObject {
  const ended = { name, sha256: 'sha', outcome: 'refused', code: 'PARAM_ERROR' };
  const done = { name, sha256: 'sha', outcome: 'done' };
  const pending = { name, body: '{}', sha256: 'other', at: now, refusals: 0 };
  const isRefused = type.endsWith('.refused');
  return {
    ...((amount === 'most' || isRefused) && { ended }),
    ...(amount === 'done' && !isRefused && { ended: done }),
    ...(amount !== 'least' && { pending }),
  };
}

function planSample(type: EventType, amount: Amount): JsonObject {
  const record = recordOf('plan', 'lessons-2026', type, {
    ...of,
    ...asked,
    plan_name: '羽毛球课',
    plan_duration: 300,
    details: [{ original_price: 18_000, actual_price: 18_000 }],
    ...commandsOf(type, 'create-plan', amount),
  });
  return eventIn(record, type, planEventData(record, readOf(decodePlan(record))));
}

function signPlanSample(type: EventType, amount: Amount): JsonObject {
  const detail = {
    plan_detail_no: 1,
    merchant_plan_detail_no: 'lesson-1',
    actualFen: 18_000,
    state: 'USED',
  };
  const isUnmatched = type === 'sign-plan.unmatched';
  const record = recordOf('sign-plan', 'sign-1', type, {
    ...of,
    ...asked,
    plan_id: '12535740000000000000000000000001',
    openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    details: isUnmatched ? [] : [detail],
    ...(!isUnmatched && { merchant_plan_no: 'lessons-2026' }),
    ...(!isUnmatched && commandsOf(type, 'create-sign-plan', amount)),
    ...(amount !== 'least' && { sign_plan_id: '12535740000000000000000000000002' }),
    ...(amount !== 'least' && { signedAt: now, overAt: now }),
    ...(amount !== 'least' && type === 'sign-plan.cancelled' && { cancel_sign_type: 'USER' }),
  });
  return eventIn(record, type, signPlanEventData(record, readOf(decodeSignPlan(record))));
}

const charged = {
  order_id: '12535740000000000000000000000003',
  totalFen: 18_000,
  paidFen: 18_000,
  paid_type: 'NEWTON',
  transaction_id: '4200002026112100000000000001',
  successAt: now,
};

function serviceOrderSample(type: EventType, amount: Amount): JsonObject {
  const isUnmatched = type === 'service-order.unmatched';
  const record = recordOf('service-order', 'lesson-1', type, {
    ...of,
    ...(!isUnmatched && { merchant_sign_plan_no: 'sign-1' }),
    ...(!isUnmatched && commandsOf(type, 'complete', amount)),
    ...(type === 'service-order.review' && { reviewReason: 'amount' }),
    ...(amount !== 'least' && charged),
  });
  return eventIn(record, type, serviceOrderEventData(record, readOf(decodeServiceOrder(record))));
}

function readOf<T>(read: Result<T>): T {
  if (!read.ok) {
    throw new Error(`The sample is wrong at ${read.error}.`);
  }
  return read.value;
}

function eventIn(record: StoredRecord, event: EventType, data: JsonObject): JsonObject {
  return eventOf(record, { event, n: 1, at: now }, data);
}

function recordOf(kind: Kind, number: string, type: EventType, data: JsonObject): StoredRecord {
  return {
    key: { kind, mchid: valid('1900000001', isMchid), number },
    account: valid('shop', isAccountName),
    status: statusOf[type] ?? '',
    version: 2,
    data,
    history: [],
    historyCount: 0,
    outbox: [],
    eventCounts: {},
    leases: 0,
    unknownLooks: 0,
  };
}
