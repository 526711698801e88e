import type { JsonObject } from '#core/values/json.ts';
import type { PayscoreEventType } from './payscore-event-schemas.ts';

const mchid = '1900000001';
const done = (name: string) => ({ name, outcome: 'done' });
const refusal = (name: string, reason: string) => ({ name, outcome: 'refused', reason });

const details = (first: string, second: string) => [
  detail(1, 18_000, first),
  detail(2, 12_000, second),
];

const detail = (plan_detail_no: number, actual_price: number, plan_detail_state: string) => ({
  plan_detail_no,
  merchant_plan_detail_no: `lesson-1001-${plan_detail_no}`,
  actual_price,
  plan_detail_state,
});

const launched = {
  mchid,
  merchant_sign_plan_no: 'sign-1001',
  merchant_plan_no: 'lessons-2026',
  plan_id: '12535740000000000000000000000001',
};
const signed = {
  ...launched,
  sign_plan_id: '12535740000000000000000000000002',
  sign_time: '2026-11-20T04:00:00.000Z',
  plan_over_time: '2027-09-16T04:00:00.000Z',
};
const ofDetail = { mchid, out_order_no: 'lesson-1001-1', merchant_sign_plan_no: 'sign-1001' };
const begun = { ...ofDetail, order_id: '12535740000000000000000000000003' };
const completed = { ...begun, total_amount: 18_000 };
const paid = {
  paid_amount: 18_000,
  paid_type: 'NEWTON',
  transaction_id: '4200002026112100000000000001',
  success_time: '2026-11-21T05:00:20.000Z',
};

/** The `data` of an event of each type. */
export const payscoreEventExamples: Readonly<Record<PayscoreEventType, JsonObject>> = {
  'plan.refused': {
    mchid,
    merchant_plan_no: 'lessons-2026',
    status: 'REFUSED',
    last_command: refusal('create-plan', 'INVALID_REQUEST'),
  },
  'sign-plan.signed': {
    ...signed,
    status: 'SIGNED',
    details: details('NOT_USED', 'NOT_USED'),
    last_command: done('create-sign-plan'),
  },
  'sign-plan.cancelled': {
    ...signed,
    status: 'SIGN_PLAN_CANCEL',
    cancel_sign_type: 'USER',
    details: details('USED', 'SIGN_PLAN_DETAIL_CANCEL'),
    last_command: done('create-sign-plan'),
  },
  'sign-plan.completed': {
    ...signed,
    status: 'COMPLETE',
    details: details('USED', 'USED'),
    last_command: done('create-sign-plan'),
  },
  'sign-plan.expired': {
    ...signed,
    status: 'EXPIRE',
    details: details('USED', 'NOT_USED'),
    last_command: done('create-sign-plan'),
  },
  'sign-plan.refused': {
    ...launched,
    status: 'REFUSED',
    details: details('NOT_USED', 'NOT_USED'),
    last_command: refusal('create-sign-plan', 'NUMBER_USED'),
  },
  'sign-plan.unmatched': {
    mchid,
    merchant_sign_plan_no: 'sign-1001',
    status: 'UNMATCHED',
    plan_id: launched.plan_id,
    sign_plan_id: signed.sign_plan_id,
    sign_time: signed.sign_time,
    details: [],
  },
  'service-order.doing': {
    ...begun,
    status: 'DOING',
    last_command: done('create-service-order'),
  },
  'service-order.completed': { ...completed, status: 'COMPLETED', last_command: done('complete') },
  'service-order.paid': { ...completed, status: 'PAID', ...paid, last_command: done('complete') },
  'service-order.revoked': { ...begun, status: 'REVOKED', last_command: done('cancel') },
  'service-order.expired': {
    ...begun,
    status: 'EXPIRED',
    last_command: done('create-service-order'),
  },
  'service-order.review': {
    ...completed,
    status: 'REVIEW',
    ...paid,
    paid_amount: 1_800,
    reason: 'amount',
    last_command: done('complete'),
  },
  'service-order.refused': {
    ...completed,
    status: 'COMPLETED',
    last_command: refusal('cancel', 'INVALID_ORDER_STATE'),
  },
  'service-order.unmatched': {
    mchid,
    out_order_no: 'lesson-1001-1',
    status: 'UNMATCHED',
    order_id: begun.order_id,
    total_amount: 18_000,
    ...paid,
  },
};
