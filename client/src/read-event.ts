import {
  type Check,
  type FieldsOf,
  isBoolean,
  isCount,
  isJust,
  isShape,
  isText,
  isWord,
  optional,
} from './check.ts';
import type {
  ClosedOrderFacts,
  EventData,
  EventType,
  MerchantEvent,
  NoticeFacts,
  OrderFacts,
  PaidOrderFacts,
  PlacedOrderFacts,
  RefundFacts,
  RefusedRefundFacts,
  ReviewedOrderFacts,
  SucceededRefundFacts,
} from './events.ts';
import { isObject, type JsonObject, parseObject } from './json.ts';
import { payscoreDataChecks } from './payscore-events.ts';
import { EventRefusedError } from './refusal.ts';

/**
 * Reads an event as it lies in `events.fifo` (the body of an SQS message). The envelope and the data of each
 * known type are checked; a type that this release does not know is read as `unknown`. Throws
 * `EventRefusedError` with code `malformed`. It does not ask who sent it: the queue's policy must.
 */
export function readEvent(text: string): MerchantEvent {
  const value = parseObject(text);
  const event = isEnvelope(value) ? eventOf(value) : undefined;
  if (event === undefined) {
    throw new EventRefusedError('malformed', 'This is no event of the back end.');
  }
  return event;
}

type Envelope = Omit<MerchantEvent, 'type' | 'data' | 'unknown_type'> & {
  readonly type: string;
  readonly data: JsonObject;
};

function eventOf(envelope: Envelope): MerchantEvent | undefined {
  const { type } = envelope;
  if (!isKnownType(type)) {
    return { ...envelope, type: 'unknown', unknown_type: type };
  }
  return isKnownEvent(envelope) ? envelope : undefined;
}

function isKnownType(type: string): type is EventType {
  return Object.hasOwn(dataChecks, type);
}

function isKnownEvent(envelope: Envelope): envelope is Envelope & MerchantEvent {
  const { type, data } = envelope;
  return isKnownType(type) && dataChecks[type](data);
}

/** RFC 3339 in UTC, as the back end writes it; a fraction may have other lengths. */
function isTime(value: unknown): value is string {
  const isWritten = isText(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.]\d{1,9})?Z$/.test(value);
  return isWritten && !Number.isNaN(Date.parse(value));
}

/** Anything else would not compare as numbers do. */
function isSequence(value: unknown): value is string {
  return isText(value) && /^[0-9]{10}$/.test(value);
}

function isName(value: unknown): value is string {
  return isText(value) && value !== '';
}

/** At most 128 characters: it fits the key of a table. */
function isId(value: unknown): value is string {
  return isName(value) && value.length <= 128;
}

const isEnvelope = isShape<Envelope>({
  specversion: isJust('1.0'),
  id: isId,
  source: isName,
  type: isName,
  subject: isName,
  time: isTime,
  datacontenttype: isJust('application/json'),
  sequence: isSequence,
  data: isObject,
});

const orderFacts: FieldsOf<OrderFacts> = {
  mchid: isText,
  out_trade_no: isText,
  status: isWord,
  transaction_id: optional(isText),
  paid_total: optional(isCount),
  payer_total: optional(isCount),
  success_time: optional(isText),
};

const placedOrderFacts: FieldsOf<PlacedOrderFacts> = {
  ...orderFacts,
  reference: optional(isText),
  amount: isShape({ total: isCount, currency: isText }),
  late: optional(isBoolean),
  duplicate_of: optional(isShape({ mchid: isText, out_trade_no: isText })),
};

const refundParts: FieldsOf<Omit<RefusedRefundFacts, 'reason'>> = {
  mchid: isText,
  out_refund_no: isText,
  status: isWord,
  out_trade_no: optional(isText),
  out_order_no: optional(isText),
  transaction_id: isText,
  amount: isShape({ refund: isCount, total: isCount, currency: isText }),
  origin: isWord,
};

const refundFacts: FieldsOf<RefundFacts> = { ...refundParts, refund_id: isText };

const dataChecks: { readonly [Type in EventType]: Check<EventData[Type]> } = {
  'order.paid': isShape<PaidOrderFacts>({ ...placedOrderFacts, accepted_by: optional(isText) }),
  'order.closed': isShape<ClosedOrderFacts>({ ...placedOrderFacts, reason: isWord }),
  'order.paid_late': isShape(placedOrderFacts),
  'order.duplicate': isShape(placedOrderFacts),
  'order.review': isShape<ReviewedOrderFacts>({ ...placedOrderFacts, reason: isWord }),
  'order.unmatched': isShape(orderFacts),
  'refund.succeeded': isShape<SucceededRefundFacts>({
    ...refundFacts,
    success_time: optional(isText),
  }),
  'refund.closed': isShape(refundFacts),
  'refund.abnormal': isShape(refundFacts),
  'refund.refused': isShape<RefusedRefundFacts>({ ...refundParts, reason: isText }),
  ...payscoreDataChecks,
  'notice.unhandled': isShape<NoticeFacts>({
    mchid: isText,
    notice_id: isText,
    event_type: isText,
    create_time: isText,
  }),
};
