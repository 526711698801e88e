import type { NoticePlan } from './notice-schedule.ts';
import type { SignType } from './v2/signing.ts';

/** What the payer is told to do when he pays; absent parts are as ordered. */
export type PaymentWish = {
  readonly amount?: number | undefined;
  readonly currency?: string | undefined;
  readonly openid?: string | undefined;
  /** Fen taken off by a coupon; the payer pays the rest. */
  readonly coupon?: number | undefined;
  /** Pays even a closed or expired order, as a bank's late answer does. */
  readonly force?: boolean | undefined;
  /** What becomes of the notice; when absent, whatever the standing plan says. */
  readonly notice?: NoticePlan | undefined;
};

export type Payment = {
  readonly transactionId: string;
  readonly noticeId: string;
  readonly total: number;
  readonly payerTotal: number;
  readonly currency: string;
  readonly openid: string;
  readonly paidAtMs: number;
};

/** What a prepay call asked for, with everything derived from it. Amounts in fen. */
export type Placement = {
  readonly mchid: string;
  readonly appid: string;
  readonly outTradeNo: string;
  readonly tradeType: string;
  readonly notifyUrl: string;
  readonly total: number;
  readonly openid: string | undefined;
  readonly attach: string | undefined;
  readonly deviceId: string | undefined;
  readonly expiresAtMs: number;
  /** How long the code or prepay_id of one call can be used. */
  readonly codeLifeMs: number;
  /** One text for all parameters and the product. */
  readonly fingerprint: string;
  /** Placed through APIv2, and how its placing was signed; absent: through APIv3. */
  readonly v2?: { readonly signType: SignType };
};

export type Order = Placement & {
  readonly placedAtMs: number;
  readonly codeUntilMs: number;
  readonly state: OrderState;
  /** The payer is at the till: a close has to wait. */
  readonly paying: boolean;
  /** A payment that will happen at the moment when the close or reverse call arrives. */
  readonly payOnClose: PaymentWish | undefined;
  readonly payment: Payment | undefined;
  /** Paid by a code that the merchant scanned: which one, and when. */
  readonly scanned?: { readonly authCode: string; readonly atMs: number };
  /** Taken back as a whole, paid or not: nothing can be paid or refunded any more. */
  readonly reversed?: boolean;
};

/** REFUND: paid, and a refund was accepted, be it of a part (document 4012791859). The last three are of code payments only. */
export type OrderState =
  | 'NOTPAY'
  | 'SUCCESS'
  | 'REFUND'
  | 'CLOSED'
  | 'USERPAYING'
  | 'PAYERROR'
  | 'REVOKED';

type Placed =
  | { readonly ok: true; readonly order: Order }
  | { readonly ok: false; readonly because: 'used' | 'closed' };

/** A first or a repeated prepay: the same parameters give a new code, the pay-by time never moves (document 4012791869). */
export const placeOrder = (
  existing: Order | undefined,
  placement: Placement,
  nowMs: number,
): Placed => {
  const codeUntilMs = nowMs + placement.codeLifeMs;
  if (existing === undefined) {
    const order: Order = {
      ...placement,
      placedAtMs: nowMs,
      codeUntilMs,
      state: 'NOTPAY',
      paying: false,
      payOnClose: undefined,
      payment: undefined,
    };
    return { ok: true, order };
  }
  const seen = orderAt(existing, nowMs);
  if (seen.state === 'CLOSED') return { ok: false, because: 'closed' };
  if (seen.payment !== undefined || seen.fingerprint !== placement.fingerprint) {
    return { ok: false, because: 'used' };
  }
  return { ok: true, order: { ...seen, codeUntilMs } };
};

/** What the payment system adds to a payment. */
type PaymentFacts = {
  readonly transactionId: string;
  readonly noticeId: string;
  readonly payerOpenid: string;
};

export type Paid =
  | { readonly ok: true; readonly order: Order; readonly payment: Payment }
  | { readonly ok: false; readonly because: PayRefusal };

type PayRefusal = 'paid' | 'closed' | 'reversed' | 'failed' | 'expired' | 'code-expired';

/** The payer pays. An order past its pay-by time or with an old code can't be paid any more, unless forced. */
export const payOrder = (
  order: Order,
  wish: PaymentWish,
  facts: PaymentFacts,
  nowMs: number,
): Paid => {
  const seen = orderAt(order, nowMs);
  if (seen.payment !== undefined) return { ok: false, because: 'paid' };
  if (wish.force !== true) {
    const ended = ENDED[seen.state];
    if (ended !== undefined) return { ok: false, because: ended };
    if (nowMs >= seen.expiresAtMs) return { ok: false, because: 'expired' };
    if (nowMs >= seen.codeUntilMs) return { ok: false, because: 'code-expired' };
  }
  const total = wish.amount ?? seen.total;
  const payment: Payment = {
    transactionId: facts.transactionId,
    noticeId: facts.noticeId,
    total,
    payerTotal: Math.max(0, total - (wish.coupon ?? 0)),
    currency: wish.currency ?? 'CNY',
    openid: wish.openid ?? seen.openid ?? facts.payerOpenid,
    paidAtMs: nowMs,
  };
  const cameAfterAll = seen.reversed === true ? { reversed: false } : {};
  const paid: Order = { ...seen, ...AT_REST, ...cameAfterAll, state: 'SUCCESS', payment };
  return { ok: true, payment, order: paid };
};

const ENDED: Partial<Record<OrderState, PayRefusal>> = {
  CLOSED: 'closed',
  REVOKED: 'reversed',
  PAYERROR: 'failed',
};

type Closed =
  | { readonly ok: true; readonly order: Order }
  | { readonly ok: false; readonly because: 'paid' | 'paying' };

/** A close call: repeating it is allowed, a paid order refuses, an order being paid asks to come back later. */
export const closeOrder = (order: Order, nowMs: number): Closed => {
  const seen = orderAt(order, nowMs);
  if (seen.payment !== undefined) return { ok: false, because: 'paid' };
  const paying = seen.state === 'USERPAYING' || (seen.state === 'NOTPAY' && seen.paying);
  if (paying) return { ok: false, because: 'paying' };
  const state = seen.state === 'REVOKED' ? 'REVOKED' : 'CLOSED';
  return { ok: true, order: { ...seen, ...AT_REST, state } };
};

/** Nobody is at the till any more. */
export const AT_REST = { paying: false, payOnClose: undefined } as const;

const LIFE_OF_AN_UNPAID_ORDER_MS = 7 * 86_400_000;

/** The order as it stands now: WeChat Pay itself closes what nobody paid in 7 days (document 4012791870). */
export const orderAt = (order: Order, nowMs: number): Order =>
  order.state === 'NOTPAY' && nowMs >= order.placedAtMs + LIFE_OF_AN_UNPAID_ORDER_MS
    ? { ...order, ...AT_REST, state: 'CLOSED' }
    : order;

/** The order as it stood before its payment, for an answer that lags behind. */
export const beforePayment = (order: Order): Order =>
  order.payment === undefined
    ? order
    : {
        ...order,
        state: order.scanned === undefined ? 'NOTPAY' : 'USERPAYING',
        payment: undefined,
      };
