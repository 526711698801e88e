import type { EventType } from '#core/events.ts';
import type { JsonObject } from '#core/values/json.ts';
import { payscoreEventExamples } from './payscore-event-examples.ts';

const mchid = '1900000001';
const transaction_id = '4200002026112100000000000001';

const order = {
  mchid,
  out_trade_no: 'A-1001',
  reference: 'cart-77',
  amount: { total: 8800, currency: 'CNY' },
};
const payment = {
  transaction_id,
  paid_total: 8800,
  payer_total: 8800,
  success_time: '2026-11-21T04:00:20.000Z',
};
const refund = {
  mchid,
  out_refund_no: 'R-1001',
  out_trade_no: 'A-1001',
  transaction_id,
  amount: { refund: 800, total: 8800, currency: 'CNY' },
  origin: 'request',
};
const refund_id = '50000000382019052709732678859';

const dataOf: Readonly<Record<EventType, JsonObject>> = {
  'order.paid': { ...order, status: 'PAID', ...payment },
  'order.paid_late': { ...order, status: 'PAID', late: true, ...payment },
  'order.duplicate': {
    ...order,
    status: 'PAID',
    duplicate_of: { mchid, out_trade_no: 'A-1000' },
    ...payment,
  },
  'order.closed': { ...order, status: 'CLOSED', reason: 'expired' },
  'order.review': { ...order, status: 'REVIEW', reason: 'amount', ...payment, paid_total: 1 },
  'order.unmatched': { mchid, out_trade_no: 'A-1001', status: 'UNMATCHED', ...payment },
  'refund.succeeded': {
    ...refund,
    status: 'SUCCESS',
    refund_id,
    success_time: '2026-11-21T04:10:05.000Z',
  },
  'refund.closed': { ...refund, status: 'CLOSED', refund_id },
  'refund.abnormal': { ...refund, status: 'ABNORMAL', refund_id },
  'refund.refused': { ...refund, status: 'REFUSED', reason: 'INVALID_REQUEST' },
  ...payscoreEventExamples,
  'notice.unhandled': {
    mchid,
    notice_id: 'EV-2018022511223320873',
    event_type: 'COUPON.USE',
    create_time: '2026-11-21T04:00:00.000Z',
  },
};

const numberOf: Readonly<Record<string, string>> = {
  order: 'A-1001',
  refund: 'R-1001',
  plan: 'lessons-2026',
  'sign-plan': 'sign-1001',
  'service-order': 'lesson-1001-1',
  notice: 'EV-2018022511223320873',
};

/** The first event of its type about a subject. */
export function eventExample(type: EventType): JsonObject {
  const [kind = ''] = type.split('.');
  const subject = `${kind}#${mchid}#${numberOf[kind]}`;
  return {
    specversion: '1.0',
    id: `${subject}/${type}/1`,
    source: '/accounts/dev',
    type,
    subject,
    time: '2026-11-21T04:00:21.042Z',
    datacontenttype: 'application/json',
    sequence: '0000000002',
    data: dataOf[type],
  };
}
