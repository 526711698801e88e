import type { Word } from './check.ts';
import type { JsonObject } from './json.ts';
import type { PayscoreEventData } from './payscore-events.ts';

/** A CloudEvents 1.0 message: what the back end tells, of one type with its data. */
type Envelope<Type extends string, Data> = {
  readonly specversion: '1.0';
  /** `{subject}/{type}/{n}`, the same in each repeat: keep it, and the event has one effect. */
  readonly id: string;
  /** `/accounts/{account}` */
  readonly source: string;
  readonly type: Type;
  /** `{kind}#{mchid}#{number}`; events of one subject arrive in order. */
  readonly subject: string;
  /** When it was decided: UTC with milliseconds. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** The version of the subject's record, ten digits: texts compare as numbers do. */
  readonly sequence: string;
  readonly data: Data;
};

/** Money in fen: `8800` is 88.00 yuan. Times are UTC with milliseconds. */
export type OrderFacts = {
  readonly mchid: string;
  readonly out_trade_no: string;
  /** What the order is now. */
  readonly status: Word<'PAID' | 'CLOSED' | 'REVIEW' | 'UNMATCHED'>;
  /** WeChat's number of the payment; always there when money was paid. */
  readonly transaction_id?: string;
  /** What was paid, coupons included. */
  readonly paid_total?: number;
  /** What the payer themselves paid. */
  readonly payer_total?: number;
  readonly success_time?: string;
};

/** An order that was placed here. */
export type PlacedOrderFacts = OrderFacts & {
  /** Your business order, as you gave it. */
  readonly reference?: string;
  /** What was ordered. */
  readonly amount: { readonly total: number; readonly currency: string };
  /** Paid after it was closed here, or while it was being reversed. */
  readonly late?: boolean;
  /** The order that paid the same `reference` before. */
  readonly duplicate_of?: { readonly mchid: string; readonly out_trade_no: string };
};

export type PaidOrderFacts = PlacedOrderFacts & {
  /** The person who took it as paid although it was not paid as ordered. */
  readonly accepted_by?: string;
};

export type ClosedOrderFacts = PlacedOrderFacts & {
  readonly reason: Word<'expired' | 'requested' | 'replaced' | 'wechat' | 'resolved'>;
};

export type ReviewedOrderFacts = PlacedOrderFacts & {
  readonly reason: Word<
    | 'amount'
    | 'currency'
    | 'mchid'
    | 'appid'
    | 'payer'
    | 'refund'
    | 'refund-failed'
    | 'reverse'
    | 'not-found'
    | 'user-paying'
    | 'contradiction'
  >;
};

/** A refund that WeChat refused. */
export type RefusedRefundFacts = {
  readonly mchid: string;
  readonly out_refund_no: string;
  /** What the refund is now. */
  readonly status: Word<'SUCCESS' | 'CLOSED' | 'ABNORMAL' | 'REFUSED'>;
  /** What it is of: one of the two. */
  readonly out_trade_no?: string;
  readonly out_order_no?: string;
  readonly transaction_id: string;
  /** What goes back, and what had been paid. */
  readonly amount: { readonly refund: number; readonly total: number; readonly currency: string };
  readonly origin: RefundOrigin;
  /** WeChat's code, or `NUMBER_USED`: another refund has this number. */
  readonly reason: string;
};

/** A refund that WeChat knows. */
export type RefundFacts = Omit<RefusedRefundFacts, 'reason'> & {
  /** WeChat's number of the refund. */
  readonly refund_id: string;
};

export type SucceededRefundFacts = RefundFacts & {
  /** When the money was back. */
  readonly success_time?: string;
};

/** `request`: yours; `console`: made outside this system; the others are automatic. */
export type RefundOrigin = Word<'request' | 'late' | 'duplicate' | 'resolve' | 'console'>;

/** A signed notice of WeChat that nobody handles. */
export type NoticeFacts = {
  readonly mchid: string;
  readonly notice_id: string;
  readonly event_type: string;
  readonly create_time: string;
};

/** The data of each type of event. */
export type EventData = PayscoreEventData & {
  'order.paid': PaidOrderFacts;
  'order.closed': ClosedOrderFacts;
  'order.paid_late': PlacedOrderFacts;
  'order.duplicate': PlacedOrderFacts;
  'order.review': ReviewedOrderFacts;
  'order.unmatched': OrderFacts;
  'refund.succeeded': SucceededRefundFacts;
  'refund.closed': RefundFacts;
  'refund.abnormal': RefundFacts;
  'refund.refused': RefusedRefundFacts;
  'notice.unhandled': NoticeFacts;
};

export type EventType = keyof EventData;

/** An event of a type that this release of the client knows. */
export type KnownEvent = { [Type in EventType]: Envelope<Type, EventData[Type]> }[EventType];

/** An event of a type that a later release of the back end has added: nothing to do for you yet. */
export type UnknownEvent = Envelope<'unknown', JsonObject> & {
  /** Its `type` as it was sent. */
  readonly unknown_type: string;
};

/** What the back end tells; `switch (event.type)` gives each its `data`. */
export type MerchantEvent = KnownEvent | UnknownEvent;
