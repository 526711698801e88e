import { type EventType, eventOf } from '#core/events.ts';
import type { StoredRecord } from '#core/record.ts';
import { noticeEventData } from '#core/subjects/notice/notice.ts';
import { orderEventData } from '#core/subjects/order/describe.ts';
import { decodeOrder } from '#core/subjects/order/order.ts';
import { refundEventData } from '#core/subjects/refund/describe.ts';
import { decodeRefund } from '#core/subjects/refund/refund.ts';
import { isAccountName, isMchid } from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import { at } from '../support/clock.ts';
import { valid } from '../support/order-builder.ts';
import { payscoreSamplesOf } from './payscore-samples.ts';

/**
 * Events of a type, each made as the loop makes it: the one that carries least, the one that carries most, and
 * where no single one carries every field, more of them.
 */
export function samplesOf(type: EventType): readonly JsonObject[] {
  const [kind] = type.split('.');
  switch (kind) {
    case 'order':
      return [orderSample(type, false), orderSample(type, true)];
    case 'refund':
      return [
        refundSample(type, false, ofOrder),
        refundSample(type, true, ofOrder),
        refundSample(type, true, { out_order_no: 'lesson-1' }),
      ];
    case 'notice':
      return [noticeSample(type), noticeSample(type)];
    default:
      return payscoreSamplesOf(type);
  }
}

const now = at('2026-11-21T04:00:20Z');
const ofOrder = { out_trade_no: 'A-1001' };

const payment: JsonObject = {
  transaction_id: '4200002026112100000000000001',
  paidFen: 8800,
  payerTotalFen: 8800,
  successAt: now,
};

const ordered: JsonObject = {
  trade_type: 'NATIVE',
  amountFen: 8800,
  currency: 'CNY',
  appid: 'wxd678efh567hg6787',
  notify_url: 'https://pay.example.com/notify/shop',
  bodySha256: 'q1MKE-RZFJgrefm3-4R5Z3f3u3mW5r8X2fWmYkQ4m5U',
  requestId: 'request-1',
  expiresAt: at('2026-11-21T06:00:00Z'),
};

const decidedByPerson = { action: 'accept', by: 'li', why: 'the payer called', at: now };

const everything: JsonObject = {
  ...payment,
  reference: 'cart-77',
  late: true,
  duplicateOf: { account: 'shop', mchid: '1900000001', out_trade_no: 'A-1000' },
  resolved: { ...decidedByPerson, outcome: 'done' },
};

const statusOf: Readonly<Record<string, string>> = {
  'order.paid': 'PAID',
  'order.closed': 'CLOSED',
  'order.paid_late': 'PAID',
  'order.duplicate': 'PAID',
  'order.review': 'REVIEW',
  'order.unmatched': 'UNMATCHED',
  'refund.succeeded': 'SUCCESS',
  'refund.closed': 'CLOSED',
  'refund.abnormal': 'ABNORMAL',
  'refund.refused': 'REFUSED',
};

function orderSample(type: EventType, isFull: boolean): JsonObject {
  const isUnmatched = type === 'order.unmatched';
  const record = recordOf('order', 'A-1001', type, {
    createdAt: now,
    closeAt: now,
    attempts: 1,
    ...(isUnmatched ? {} : ordered),
    ...(isFull ? (isUnmatched ? payment : everything) : {}),
    ...(type === 'order.closed' && { closeReason: 'expired' }),
    ...(type === 'order.review' && { reviewReason: 'amount' }),
  });
  const order = decodeOrder(record);
  if (!order.ok) {
    throw new Error(`The sample is wrong at ${order.error}.`);
  }
  return eventIn(record, type, orderEventData(record, order.value, type));
}

function refundSample(type: EventType, isFull: boolean, of: JsonObject): JsonObject {
  const record = recordOf('refund', 'R-1001', type, {
    createdAt: now,
    startAt: now,
    origin: 'request',
    ...of,
    transaction_id: '4200002026112100000000000001',
    refundFen: 800,
    totalFen: 8800,
    ...(type === 'refund.refused'
      ? { refusal: 'INVALID_REQUEST' }
      : { refund_id: '50000000382019052709732678859' }),
    ...(isFull && type === 'refund.succeeded' && { successAt: now }),
    ...(isFull && { reason: 'sold out', funds_account: 'AVAILABLE', bodySha256: 'sha' }),
  });
  const refund = decodeRefund(record);
  if (!refund.ok) {
    throw new Error(`The sample is wrong at ${refund.error}.`);
  }
  return eventIn(record, type, refundEventData(record, refund.value));
}

function noticeSample(type: EventType): JsonObject {
  const data = { event_type: 'COUPON.USE', createdAt: now };
  const record = recordOf('notice', 'EV-2018022511223320873', type, data);
  const made = noticeEventData(record);
  if (!made.ok) {
    throw new Error(`The sample is wrong at ${made.error}.`);
  }
  return eventIn(record, type, made.value);
}

function eventIn(record: StoredRecord, event: EventType, data: JsonObject): JsonObject {
  return eventOf(record, { event, n: 1, at: now }, data);
}

function recordOf(
  kind: StoredRecord['key']['kind'],
  number: string,
  type: EventType,
  data: JsonObject,
): StoredRecord {
  return {
    key: { kind, mchid: valid('1900000001', isMchid), number },
    account: valid('shop', isAccountName),
    status: statusOf[type] ?? 'KEPT',
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
