import { isDeepStrictEqual } from 'node:util';
import type { Account } from '#core/account.ts';
import type {
  ApplyOutcome,
  CloseOutcome,
  OrderEvidence,
  PaymentFacts,
  PrepayOutcome,
  RefundEvidence,
  TradeState,
} from '#core/evidence.ts';
import type { Clock, OrderGateway, PrepayRequest, RefundGateway } from '#core/ports.ts';
import {
  isOpenid,
  isTransactionId,
  type Mchid,
  type OutTradeNo,
  type TransactionId,
} from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { dayMs, type Instant, plus } from '#core/values/time.ts';
import { valid } from './order-builder.ts';
import { linkOf, payParametersOf, prepayRefusal } from './world-prepay.ts';
import { createRefundBook, type RefundablePayment, type RefundBook } from './world-refunds.ts';

type Answers = {
  readonly query: OrderEvidence;
  readonly close: CloseOutcome;
  readonly prepay: PrepayOutcome;
  readonly 'refund-query': RefundEvidence;
  readonly apply: ApplyOutcome;
};
export type WorldCall = keyof Answers;

/** Instead of WeChat's honest answer: another one, or one made around it (before or after it acts). */
export type Reply<Call extends WorldCall> =
  | Answers[Call]
  | 'honest'
  | ((honest: () => Answers[Call]) => Answers[Call] | Promise<Answers[Call]>);

export type Payment = {
  readonly amountFen?: number;
  readonly openid?: string;
  /** Also on an order that is closed or past its time, as a bank's late answer does. */
  readonly isLate?: true;
};

/** One order as WeChat keeps it. */
export type WorldOrder = {
  readonly mchid: Mchid;
  readonly request: PrepayRequest;
  readonly state: TradeState;
  readonly placedAt: Instant;
  readonly payment?: PaymentFacts;
  readonly links: number;
};

/** A WeChat Pay that keeps orders and obeys its documented rules, but for what a test plans. */
export type World = OrderGateway & {
  /** The next calls of this name are answered so, in order. */
  plan<Call extends WorldCall>(call: Call, ...replies: readonly Reply<Call>[]): void;
  /** Forgets what was planned and has not come. */
  unplan(): void;
  /** The payer pays; refused as WeChat refuses it: unknown, closed, paid or past its time. */
  pay(out_trade_no: string, payment?: Payment): void;
  /** Sets what a query will say, for what only WeChat itself can do. */
  force(out_trade_no: string, state: TradeState): void;
  order(out_trade_no: string): WorldOrder | undefined;
  callsOf(call?: WorldCall): number;
  readonly refundGateway: RefundGateway;
  readonly refunds: RefundBook;
};

type State = {
  readonly clock: Clock;
  readonly orders: Map<string, WorldOrder>;
  readonly planned: Map<WorldCall, unknown[]>;
  readonly calls: WorldCall[];
};

export function createWorld(clock: Clock): World {
  const state: State = { clock, orders: new Map(), planned: new Map(), calls: [] };
  const refunds = createRefundBook({
    clock,
    paymentOf: (transaction_id) => paymentOf(state, transaction_id),
    onAccepted: (out_trade_no) => {
      state.orders.set(out_trade_no, { ...known(state, out_trade_no), state: 'REFUND' });
    },
  });
  return {
    refunds,
    refundGateway: {
      query: (account, out_refund_no) =>
        answer(state, 'refund-query', () => refunds.query(account.mchid, out_refund_no)),
      apply: (account, request) =>
        answer(state, 'apply', () => refunds.apply(account.mchid, request)),
    },
    query: (account, asked) => answer(state, 'query', () => evidenceOf(state, account, asked)),
    close: (account, out_trade_no) =>
      answer(state, 'close', () => close(state, account, out_trade_no)),
    prepay: (account, request) => answer(state, 'prepay', () => prepay(state, account, request)),
    payParameters: (account, appid, link) => {
      if (!account.appids.includes(appid)) {
        throw new Error(`${appid} is not bound to ${account.mchid}.`);
      }
      return payParametersOf(account, appid, link, clock.now());
    },
    plan: (call, ...replies) => {
      state.planned.set(call, [...(state.planned.get(call) ?? []), ...replies]);
    },
    unplan: () => state.planned.clear(),
    pay: (out_trade_no, payment) => pay(state, out_trade_no, payment ?? {}),
    force: (out_trade_no, tradeState) => {
      state.orders.set(out_trade_no, { ...known(state, out_trade_no), state: tradeState });
    },
    order: (out_trade_no) => state.orders.get(out_trade_no),
    callsOf: (call) => state.calls.filter((one) => call === undefined || one === call).length,
  };
}

async function answer<Call extends WorldCall>(
  state: State,
  call: Call,
  honest: () => Answers[Call],
): Promise<Answers[Call]> {
  state.calls.push(call);
  const reply = state.planned.get(call)?.shift() as Reply<Call> | undefined;
  if (reply === undefined || reply === 'honest') {
    return honest();
  }
  return typeof reply === 'function' ? await reply(honest) : reply;
}

function evidenceOf(
  state: State,
  account: Account,
  asked: { readonly out_trade_no: OutTradeNo; readonly transaction_id?: TransactionId },
): OrderEvidence {
  const { out_trade_no, transaction_id } = asked;
  const order =
    transaction_id === undefined
      ? state.orders.get(out_trade_no)
      : orderPaidBy(state, transaction_id);
  if (order === undefined || order.mchid !== account.mchid) {
    return { type: 'not-found', code: 'ORDER_NOT_EXIST' };
  }
  if (order.request.out_trade_no !== out_trade_no) {
    return { type: 'unknown', code: 'OTHER_ORDER' };
  }
  return {
    type: 'state',
    state: stateOf(state, order),
    mchid: order.mchid,
    appid: order.request.appid,
    out_trade_no,
    ...(order.payment !== undefined && { payment: order.payment }),
  };
}

/** WeChat closes what is unpaid after 7 days by itself; the expiry alone closes nothing. */
function stateOf({ clock }: State, order: WorldOrder): TradeState {
  const isOver = clock.now() >= plus(order.placedAt, 7 * dayMs);
  return order.state === 'NOTPAY' && isOver ? 'CLOSED' : order.state;
}

function close(state: State, account: Account, out_trade_no: OutTradeNo): CloseOutcome {
  const order = state.orders.get(out_trade_no);
  if (order === undefined || order.mchid !== account.mchid) {
    return { type: 'no-such-order', code: 'ORDER_NOT_EXIST' };
  }
  switch (stateOf(state, order)) {
    case 'NOTPAY':
    case 'PAYERROR':
    case 'CLOSED':
      state.orders.set(out_trade_no, { ...order, state: 'CLOSED' });
      return { type: 'done' };
    case 'USERPAYING':
    case 'ACCEPT':
      return { type: 'unknown', code: 'FREQUENCY_LIMITED' };
    default:
      return { type: 'refused', code: 'TRADE_ERROR' };
  }
}

function prepay(state: State, account: Account, request: PrepayRequest): PrepayOutcome {
  const { out_trade_no } = request;
  const now = state.clock.now();
  const refusal = prepayRefusal(account, request, now);
  if (refusal !== undefined) {
    return refusal;
  }
  const before = state.orders.get(out_trade_no);
  if (before !== undefined && !isDeepStrictEqual(before.request, request)) {
    return { type: 'look', code: 'OUT_TRADE_NO_USED' };
  }
  if (before !== undefined && stateOf(state, before) !== 'NOTPAY') {
    const isClosed = stateOf(state, before) === 'CLOSED';
    return { type: 'look', code: isClosed ? 'ORDER_CLOSED' : 'ORDERPAID' };
  }
  const { mchid } = account;
  const links = (before?.links ?? 0) + 1;
  const placedAt = before?.placedAt ?? now;
  state.orders.set(out_trade_no, { mchid, request, state: 'NOTPAY', placedAt, links });
  return { type: 'placed', link: linkOf(request, links) };
}

function paymentOf(state: State, transaction_id: string): RefundablePayment | undefined {
  const order = orderPaidBy(state, transaction_id);
  return order?.payment === undefined
    ? undefined
    : { mchid: order.mchid, out_trade_no: order.request.out_trade_no, payment: order.payment };
}

function orderPaidBy({ orders }: State, transaction_id: string): WorldOrder | undefined {
  return [...orders.values()].find(({ payment }) => payment?.transaction_id === transaction_id);
}

/** Who pays an order that names no payer. */
const anybody = 'oAnybodyWhoScansTheCode';

function pay(state: State, out_trade_no: string, payment: Payment): void {
  const order = known(state, out_trade_no);
  const { request } = order;
  const now = state.clock.now();
  const standing = stateOf(state, order);
  const isInTime = now < request.expiresAt && (standing === 'NOTPAY' || standing === 'USERPAYING');
  const isLate = payment.isLate === true && order.payment === undefined;
  if (!isInTime && !isLate) {
    throw new Error(`Nobody can pay ${out_trade_no}: ${standing}.`);
  }
  const transaction_id = `4200${out_trade_no.replaceAll(/[^0-9A-Za-z]/g, '')}`;
  if ((orderPaidBy(state, transaction_id) ?? order) !== order) {
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
  state.orders.set(out_trade_no, { ...order, state: 'SUCCESS', payment: facts });
}

function known({ orders }: State, out_trade_no: string): WorldOrder {
  const order = orders.get(out_trade_no);
  if (order === undefined) {
    throw new Error(`WeChat knows no order ${out_trade_no}.`);
  }
  return order;
}
