import {
  type Check,
  type FieldsOf,
  isBoolean,
  isCount,
  isJust,
  isListOf,
  isShape,
  isText,
  isWord,
  optional,
  type Word,
} from './check.ts';
import type { RefundOrigin } from './events.ts';
import {
  type HistoryRow,
  isHistory,
  isListedRefund,
  type ListedRefund,
  type RefundStatus,
} from './record-parts.ts';
import type { TradeType } from './requests.ts';

export type OrderStatus = Word<
  'CREATED' | 'AWAITING' | 'PAID' | 'CLOSED' | 'REVIEW' | 'REFUSED' | 'UNMATCHED'
>;
/** An order, and what it is now. */
export type OrderState = { readonly out_trade_no: string; readonly status: OrderStatus };

/** What a mini program hands to `wx.requestPayment`, a page to `WeixinJSBridge`. */
export type JsapiPayment = {
  readonly appId: string;
  /** Unix seconds as text. */
  readonly timeStamp: string;
  readonly nonceStr: string;
  readonly package: string;
  /** Of APIv3, or one of APIv2. */
  readonly signType: Word<'RSA' | 'MD5' | 'HMAC-SHA256'>;
  readonly paySign: string;
};

/** What an app hands to WeChat's SDK. */
export type AppPayment = {
  readonly appid: string;
  readonly partnerid: string;
  readonly prepayid: string;
  readonly package: string;
  readonly noncestr: string;
  /** Unix seconds as text. */
  readonly timestamp: string;
  readonly sign: string;
};

/** What an order of each trade type is paid with; not there once it is PAID, CLOSED or in REVIEW. A code payment has none. */
type Links = {
  NATIVE: { readonly code_url?: string };
  H5: { readonly h5_url?: string };
  JSAPI: { readonly pay?: JsapiPayment };
  APP: { readonly pay?: AppPayment };
  MICROPAY: {
    /**
     * Whether it is not known yet what became of it, mostly because the payer is asked for a password; told by
     * its status. `waitForOrder` ends with it.
     */
    readonly waits: boolean;
  };
};

type Placed<Trade extends TradeType> = OrderState &
  Links[Trade] & {
    /** The one that was asked for; the answer itself does not say it. */
    readonly trade_type: Trade;
  };

/** A placed order; its `trade_type` tells what it is paid with. */
export type PlacedOrder = { [Trade in TradeType]: Placed<Trade> }[TradeType];
export type PlacedOrderOf<Trade extends TradeType> = Extract<
  PlacedOrder,
  { readonly trade_type: Trade }
>;

/** What a person decided about a REVIEW. */
export type Resolution = {
  readonly action: Word<'accept' | 'refund' | 'close'>;
  readonly by: string;
  readonly why: string;
  readonly at: string;
};

/** What `GET` shows of an order. Money in fen, times UTC with milliseconds. */
export type OrderView = OrderState & {
  readonly mchid: string;
  /** This and the next two are absent on an UNMATCHED order. */
  readonly trade_type?: Word<TradeType>;
  readonly appid?: string;
  readonly time_expire?: string;
  readonly created_at: string;
  readonly reference?: string;
  readonly amount?: { readonly total: number; readonly currency: string };
  readonly transaction_id?: string;
  readonly paid_total?: number;
  readonly payer_total?: number;
  readonly success_time?: string;
  readonly late?: boolean;
  readonly review_reason?: string;
  readonly duplicate_of?: { readonly mchid: string; readonly out_trade_no: string };
  readonly contradiction?: boolean;
  readonly close_reason?: string;
  readonly refunds?: readonly ListedRefund[];
  /** Not yet carried out; then the last that was. */
  readonly resolution?: Resolution;
  readonly resolved?: Resolution & { readonly outcome: Word<'done' | 'impossible'> };
  /** The first and the last rows. */
  readonly history: readonly HistoryRow[];
  readonly history_count: number;
  /** After `refresh`: whether WeChat answered. If not, the order is shown as it stood. */
  readonly refreshed?: boolean;
};

/** What `GET` and `PUT` show of a refund. Money in fen, times UTC with milliseconds. */
export type RefundView = {
  readonly out_refund_no: string;
  readonly mchid: string;
  readonly status: RefundStatus;
  /** What it is of: one of the two. */
  readonly out_trade_no?: string;
  readonly out_order_no?: string;
  readonly transaction_id: string;
  /** What goes back, and what had been paid. */
  readonly amount: { readonly refund: number; readonly total: number; readonly currency: string };
  readonly origin: RefundOrigin;
  readonly refund_id?: string;
  readonly success_time?: string;
  /** Of a REFUSED one: WeChat's code. */
  readonly reason?: string;
  /** As it was asked for. */
  readonly refund_reason?: string;
  readonly funds_account?: string;
  readonly created_at: string;
  /** Not applied for before. */
  readonly start_at: string;
  readonly history: readonly HistoryRow[];
  readonly history_count: number;
  /** As an order's. */
  readonly refreshed?: boolean;
};

const orderState: FieldsOf<OrderState> = { out_trade_no: isText, status: isWord };
export const isOrderState: Check<OrderState> = isShape(orderState);

const isJsapiPayment = isShape<JsapiPayment>({
  appId: isText,
  timeStamp: isText,
  nonceStr: isText,
  package: isText,
  signType: isWord,
  paySign: isText,
});

const isAppPayment = isShape<AppPayment>({
  appid: isText,
  partnerid: isText,
  prepayid: isText,
  package: isText,
  noncestr: isText,
  timestamp: isText,
  sign: isText,
});

export const placedOrderChecks: {
  readonly [Trade in TradeType]: Check<PlacedOrderOf<Trade>>;
} = {
  NATIVE: isShape<Placed<'NATIVE'>>({
    ...orderState,
    trade_type: isJust('NATIVE'),
    code_url: optional(isText),
  }),
  H5: isShape<Placed<'H5'>>({
    ...orderState,
    trade_type: isJust('H5'),
    h5_url: optional(isText),
  }),
  JSAPI: isShape<Placed<'JSAPI'>>({
    ...orderState,
    trade_type: isJust('JSAPI'),
    pay: optional(isJsapiPayment),
  }),
  APP: isShape<Placed<'APP'>>({
    ...orderState,
    trade_type: isJust('APP'),
    pay: optional(isAppPayment),
  }),
  MICROPAY: isShape<Placed<'MICROPAY'>>({
    ...orderState,
    trade_type: isJust('MICROPAY'),
    waits: isBoolean,
  }),
};

/** Whether it is open what becomes of an order with this status: not known to be paid, and not over. */
export function isWaiting(status: unknown): boolean {
  return status === 'CREATED' || status === 'AWAITING';
}

const resolution: FieldsOf<Resolution> = { action: isWord, by: isText, why: isText, at: isText };

export const isOrderView = isShape<OrderView>({
  ...orderState,
  mchid: isText,
  trade_type: optional(isWord),
  appid: optional(isText),
  time_expire: optional(isText),
  created_at: isText,
  reference: optional(isText),
  amount: optional(isShape({ total: isCount, currency: isText })),
  transaction_id: optional(isText),
  paid_total: optional(isCount),
  payer_total: optional(isCount),
  success_time: optional(isText),
  late: optional(isBoolean),
  review_reason: optional(isText),
  duplicate_of: optional(isShape({ mchid: isText, out_trade_no: isText })),
  contradiction: optional(isBoolean),
  close_reason: optional(isText),
  refunds: optional(isListOf(isListedRefund)),
  resolution: optional(isShape(resolution)),
  resolved: optional(isShape({ ...resolution, outcome: isWord })),
  history: isHistory,
  history_count: isCount,
  refreshed: optional(isBoolean),
});

export const isRefundView = isShape<RefundView>({
  out_refund_no: isText,
  mchid: isText,
  status: isWord,
  out_trade_no: optional(isText),
  out_order_no: optional(isText),
  transaction_id: isText,
  amount: isShape({ refund: isCount, total: isCount, currency: isText }),
  origin: isWord,
  refund_id: optional(isText),
  success_time: optional(isText),
  reason: optional(isText),
  refund_reason: optional(isText),
  funds_account: optional(isText),
  created_at: isText,
  start_at: isText,
  history: isHistory,
  history_count: isCount,
  refreshed: optional(isBoolean),
});
