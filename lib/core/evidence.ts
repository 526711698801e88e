import type {
  Mchid,
  Openid,
  OutRefundNo,
  OutTradeNo,
  RefundId,
  TransactionId,
} from './values/ids.ts';
import type { Fen } from './values/money.ts';
import type { Instant } from './values/time.ts';

/**
 * WeChat's `trade_state` (4012791859). REFUND means that money was paid and part or all of it went
 * back; PAYERROR, REVOKED and USERPAYING come from code payments only.
 */
export const tradeStates = [
  'SUCCESS',
  'REFUND',
  'NOTPAY',
  'CLOSED',
  'REVOKED',
  'USERPAYING',
  'PAYERROR',
  'ACCEPT',
] as const;
export type TradeState = (typeof tradeStates)[number];

/** What was paid; only SUCCESS and REFUND carry it for certain. */
export type PaymentFacts = {
  readonly transaction_id: TransactionId;
  readonly amountFen: Fen;
  readonly payerTotalFen?: Fen;
  readonly currency: string;
  readonly openid?: Openid;
  readonly successAt?: Instant;
};

/**
 * What WeChat answered to our own query of an order, whatever its API version.
 * - `state`: a signed answer that names this order.
 * - `not-found`: WeChat says that there is no such order. Errors are unsigned, so this proves nothing.
 * - `unknown`: no answer to build on (timeout, 5xx, 429, bad signature): look again.
 * - `fault`: WeChat refuses us (401, NO_AUTH …): somebody must repair the account.
 */
export type OrderEvidence =
  | {
      readonly type: 'state';
      readonly state: TradeState;
      readonly mchid: Mchid;
      readonly appid: string;
      readonly out_trade_no: OutTradeNo;
      readonly payment?: PaymentFacts;
    }
  | { readonly type: 'not-found'; readonly code: string }
  | { readonly type: 'unknown'; readonly code: string }
  | { readonly type: 'fault'; readonly code: string };

/**
 * What WeChat answered to our close. Nothing here closes an order: the query that follows does.
 * `done` (a verified 204) and `no-such-order` are definite answers, the rest leaves the outcome open.
 */
export type CloseOutcome =
  | { readonly type: 'done' }
  | { readonly type: 'no-such-order'; readonly code: string }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'unknown'; readonly code: string }
  | { readonly type: 'fault'; readonly code: string };

/**
 * What WeChat answered to a reversal (`/secapi/pay/reverse`). `done`: with result SUCCESS and `recall` N;
 * `recall`: it asks to be called again. The rest as for a close; and nothing here ends an order either.
 */
export type ReverseOutcome = CloseOutcome | { readonly type: 'recall' };

/**
 * What WeChat answered when the payer's code was charged. Nothing here pays an order: the query that
 * follows does.
 * - `paid`: a verified answer that says so. - `unknown`: the payer may be typing a password, or no usable
 * answer came. - `look`: the number already lives at WeChat. - `refused`: this code was not charged.
 */
export type MicropayOutcome =
  | { readonly type: 'paid' }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'look'; readonly code: string }
  | { readonly type: 'unknown'; readonly code: string };

/**
 * What WeChat answered to a prepay.
 * - `placed`: a verified answer with the link.
 * - `refused`: a definite refusal (fix or stop); `field` is WeChat's pointer where it gave one.
 * - `look`: the number already lives at WeChat (OUT_TRADE_NO_USED, ORDER_CLOSED, ORDERPAID): query it.
 * - `unknown`: the order may or may not exist there.
 */
export type PrepayOutcome =
  | { readonly type: 'placed'; readonly link: PrepayLink }
  | { readonly type: 'refused'; readonly code: string; readonly field?: string }
  | { readonly type: 'look'; readonly code: string }
  | { readonly type: 'unknown'; readonly code: string };

/**
 * NATIVE answers a `code_url` to show as a QR code, H5 an `h5_url` to open in the payer's browser, JSAPI
 * and APP a `prepay_id` to sign for the front end.
 */
export type PrepayLink =
  | { readonly trade_type: 'NATIVE'; readonly code_url: string }
  | { readonly trade_type: 'H5'; readonly h5_url: string }
  | { readonly trade_type: 'JSAPI' | 'APP'; readonly prepay_id: string };

/**
 * WeChat's `status` of a refund (4013071036). SUCCESS and CLOSED are final; ABNORMAL is not: the payer's
 * card could not be credited, and it ends as SUCCESS once the merchant has seen to it (4014959631).
 */
export const refundStates = ['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL'] as const;
export type RefundState = (typeof refundStates)[number];

/** A refund as WeChat knows it. */
export type RefundFacts = {
  readonly refund_id: RefundId;
  readonly out_trade_no: OutTradeNo;
  readonly transaction_id: TransactionId;
  readonly refundFen: Fen;
  /** What the order had been paid with. */
  readonly totalFen: Fen;
  readonly successAt?: Instant;
};

/**
 * What WeChat answered to our own query of a refund.
 * - `state`: a signed answer that names this refund.
 * - `not-found`: WeChat says that there is no such refund. Errors are unsigned, so this proves nothing.
 * - `unknown`: no answer to build on: look again. - `fault`: somebody must repair the account.
 */
export type RefundEvidence =
  | {
      readonly type: 'state';
      readonly state: RefundState;
      readonly out_refund_no: OutRefundNo;
      readonly facts: RefundFacts;
    }
  | { readonly type: 'not-found'; readonly code: string }
  | { readonly type: 'unknown'; readonly code: string }
  | { readonly type: 'fault'; readonly code: string };

/**
 * What WeChat answered when a refund was applied for. Nothing here ends a refund: the query that follows
 * does. `refused` is a definite refusal of this request; it is believed only when two later queries know
 * no such refund. `unknown` (NOT_ENOUGH, 429, 5xx, timeout …): the same number and parameters again.
 */
export type ApplyOutcome =
  | { readonly type: 'accepted' }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'unknown'; readonly code: string }
  | { readonly type: 'fault'; readonly code: string };
