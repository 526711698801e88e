import type { Account } from '#core/account.ts';
import type { PaymentFacts, TradeState } from '#core/evidence.ts';
import type { Clock, MicropayRequest, OrderGateway, PrepayRequest } from '#core/ports.ts';
import { isOpenid, isTransactionId, type Mchid } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { dayMs, type Instant, plus } from '#core/values/time.ts';
import { valid } from './order-builder.ts';

/** What was charged by the payer's code; it has none of what makes a link. */
type ScannedRequest = MicropayRequest & {
  readonly [Name in Exclude<keyof PrepayRequest, keyof MicropayRequest>]?: never;
};

/** One order as WeChat keeps it. */
export type WorldOrder = {
  readonly mchid: Mchid;
  readonly request: PrepayRequest | ScannedRequest;
  readonly state: TradeState;
  /** When it was made; of a code payment when its last code was charged. */
  readonly placedAt: Instant;
  /** Of a REVOKED one: what was paid, and went back. */
  readonly payment?: PaymentFacts;
  readonly links: number;
};

/** The orders of a WeChat Pay, by `out_trade_no`. */
export type OrderBook = { readonly clock: Clock; readonly orders: Map<string, WorldOrder> };

export type AskedOrder = Parameters<OrderGateway['query']>[1];

export type Payment = {
  readonly amountFen?: number;
  readonly openid?: string;
  /** Also on an order that is over or past its time, as a bank's late answer does. */
  readonly isLate?: true;
};

/** How each API says the same. */
const words = {
  v3: {
    unknown: 'ORDER_NOT_EXIST',
    closed: 'ORDER_CLOSED',
    otherTerms: 'OUT_TRADE_NO_USED',
  },
  v2: {
    unknown: 'ORDERNOTEXIST',
    closed: 'ORDERCLOSED',
    otherTerms: 'INVALID_REQUEST',
  },
} as const;

export function wordsFor({ api }: Account): (typeof words)[keyof typeof words] {
  return words[api];
}

export function isCodePayment(
  order: WorldOrder,
): order is WorldOrder & { readonly request: ScannedRequest } {
  return 'auth_code' in order.request;
}

/** By `transaction_id` where it is given, whatever the other number says. */
export function findOrder(
  book: OrderBook,
  { mchid }: Account,
  { out_trade_no, transaction_id }: AskedOrder,
): WorldOrder | undefined {
  const order =
    transaction_id === undefined
      ? book.orders.get(out_trade_no)
      : orderPaidBy(book, transaction_id);
  return order?.mchid === mchid ? order : undefined;
}

export function orderPaidBy({ orders }: OrderBook, transaction_id: string): WorldOrder | undefined {
  return [...orders.values()].find(({ payment }) => payment?.transaction_id === transaction_id);
}

export function knownOrder({ orders }: OrderBook, out_trade_no: string): WorldOrder {
  const order = orders.get(out_trade_no);
  if (order === undefined) {
    throw new Error(`WeChat knows no order ${out_trade_no}.`);
  }
  return order;
}

/** WeChat closes what is unpaid after 7 days by itself; the expiry alone closes nothing. */
export function stateOf({ clock }: OrderBook, order: WorldOrder): TradeState {
  const isOver = clock.now() >= plus(order.placedAt, 7 * dayMs);
  return order.state === 'NOTPAY' && isOver ? 'CLOSED' : order.state;
}

/** Who pays an order that names no payer. */
const anybody = 'oAnybodyWhoScansTheCode';

export function payOrder(book: OrderBook, out_trade_no: string, payment: Payment): void {
  const order = knownOrder(book, out_trade_no);
  const { request } = order;
  const now = book.clock.now();
  const standing = stateOf(book, order);
  const isOpen = standing === 'NOTPAY' || standing === 'USERPAYING';
  const isInTime = isOpen && (request.expiresAt === undefined || now < request.expiresAt);
  const isLate = payment.isLate === true && order.payment === undefined;
  if (!isInTime && !isLate) {
    throw new Error(`Nobody can pay ${out_trade_no}: ${standing}.`);
  }
  const transaction_id = `4200${out_trade_no.replaceAll(/[^0-9A-Za-z]/g, '')}`;
  if ((orderPaidBy(book, transaction_id) ?? order) !== order) {
    throw new Error(`${transaction_id} is another payment's number.`);
  }
  const amountFen = valid(payment.amountFen ?? request.amountFen, isFen);
  const facts: PaymentFacts = {
    transaction_id: valid(transaction_id, isTransactionId),
    amountFen,
    payerTotalFen: amountFen,
    currency: 'CNY',
    openid: valid(payment.openid ?? request.openid ?? anybody, isOpenid),
    successAt: now,
  };
  book.orders.set(out_trade_no, { ...order, state: 'SUCCESS', payment: facts });
}
