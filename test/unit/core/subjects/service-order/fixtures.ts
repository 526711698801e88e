import assert from 'node:assert/strict';
import { applyChange } from '#core/commit.ts';
import type { ServiceOrderState } from '#core/payscore/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import {
  decodeServiceOrder,
  type ServiceOrder,
} from '#core/subjects/service-order/service-order.ts';
import type { Phase } from '#core/subjects/service-order/standing.ts';
import {
  type NewServiceOrder,
  serviceOrderRecord,
  startServiceOrder,
} from '#core/subjects/service-order/start.ts';
import type { Json } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import { appid, checked, moment, openid, transactionId } from '../../fixtures.ts';
import {
  dataWith,
  notedAt,
  orderId,
  pendingOf,
  serviceId,
  sha,
  signPlanId,
} from '../../payscore/fixtures.ts';
import { detailsIn, lessonNo, signPlanIn, signPlanNo, signPlanOf } from '../sign-plan/fixtures.ts';

/** The second lesson, of 120.00 yuan; the first one is over. */
export const newLesson: NewServiceOrder = {
  out_order_no: lessonNo(2),
  merchant_sign_plan_no: signPlanNo,
  service_introduction: '羽毛球基础课程',
  timeRange: { startAt: moment('2026-11-21T03:00:00Z') },
  notify_url: 'https://pay.example.com/notify/shop',
  bodySha256: sha,
  requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbee1',
};

export const signedPlan = signPlanIn('SIGNED', {
  sign_plan_id: signPlanId,
  details: detailsIn('USED', 'NOT_USED', 'NOT_USED'),
});

/** The record that a sign plan's outbox starts, its creation pending, then changed as a test wants it. */
export function orderRecord(
  changes: Partial<Omit<StoredRecord, 'data'>> = {},
  data: Readonly<Record<string, Json | undefined>> = {},
): StoredRecord {
  const change = startServiceOrder(signPlanOf(signedPlan), newLesson, notedAt);
  assert.ok(change.ok);
  const why = { now: notedAt, because: 'request' };
  const [entry] = applyChange(signedPlan, change.value, why).outbox;
  assert.ok(entry?.type === 'start');
  const begun = serviceOrderRecord(signedPlan, entry);
  return { ...begun, ...changes, data: dataWith(begun.data, data) };
}

/** A service order in this status that nothing is pending of. */
export function orderIn(
  status: string,
  data: Readonly<Record<string, Json | undefined>> = {},
): StoredRecord {
  return orderRecord({ status }, { pending: undefined, order_id: orderId, ...data });
}

/** Completed with 120.00 yuan. */
export const completedData = { totalFen: 12_000, completedAt: notedAt };

/** What a command that sets the total holds. */
export function totalPending(name: 'complete' | 'modify', total_amount: number) {
  return pendingOf(name, { body: JSON.stringify({ total_amount }) });
}

/** The service order in a record, which must be readable. */
export function orderOf(record: StoredRecord): ServiceOrder {
  const decoded = decodeServiceOrder(record);
  assert.deepEqual(decoded.ok ? undefined : decoded.error, undefined);
  assert.ok(decoded.ok);
  return decoded.value;
}

export const paidAt = moment('2026-11-21T06:59:30Z');
const fen12000 = checked(isFen, 12_000);

/** WeChat's three words, and what belongs to them. */
const words = {
  CREATED: { state: 'CREATED' },
  DOING: { state: 'DOING', state_description: 'USER_CONFIRM' },
  COMPLETED: {
    state: 'DOING',
    state_description: 'MCH_COMPLETE',
    collection_state: 'USER_PAYING',
    need_collection: true,
    totalFen: fen12000,
  },
  PAID: {
    state: 'DONE',
    collection_state: 'USER_PAID',
    need_collection: true,
    totalFen: fen12000,
    paidFen: fen12000,
    transaction_id: transactionId,
    paid_type: 'NEWTON',
    paidAt,
  },
  DONE: { state: 'DONE', need_collection: false, totalFen: checked(isFen, 0) },
  REVOKED: { state: 'REVOKED' },
  EXPIRED: { state: 'EXPIRED' },
} as const satisfies Readonly<Record<Phase, Partial<ServiceOrderState>>>;

export type OrderStateEvidence = ServiceOrderState & { readonly type: 'state' };

/** A signed answer about the service order; `undefined` takes a field out of it. */
export function orderSays(
  phase: Phase,
  changes: { readonly [K in keyof ServiceOrderState]?: ServiceOrderState[K] | undefined } = {},
): OrderStateEvidence {
  const said: OrderStateEvidence = {
    type: 'state',
    out_order_no: lessonNo(2),
    service_id: serviceId,
    appid,
    openid,
    order_id: orderId,
    ...words[phase],
  };
  const entries = Object.entries({ ...said, ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as typeof said;
}
