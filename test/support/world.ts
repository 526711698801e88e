import { isDeepStrictEqual } from 'node:util';
import type { Account } from '#core/account.ts';
import type {
  ApplyOutcome,
  CloseOutcome,
  MicropayOutcome,
  OrderEvidence,
  PrepayOutcome,
  RefundEvidence,
  ReverseOutcome,
  TradeState,
} from '#core/evidence.ts';
import type { Clock, OrderGateway, PrepayRequest, RefundGateway } from '#core/ports.ts';
import type { OutTradeNo } from '#core/values/ids.ts';
import { minuteMs } from '#core/values/time.ts';
import { createTill, type Payer, type Till } from './world-codes.ts';
import {
  type AskedOrder,
  findOrder,
  isCodePayment,
  knownOrder,
  type OrderBook,
  orderPaidBy,
  type Payment,
  payOrder,
  stateOf,
  type WorldOrder,
  wordsFor,
} from './world-orders.ts';
import { linkOf, payParametersOf, prepayRefusal } from './world-prepay.ts';
import { createRefundBook, type RefundablePayment, type RefundBook } from './world-refunds.ts';

type Answers = {
  readonly query: OrderEvidence;
  readonly close: CloseOutcome;
  readonly prepay: PrepayOutcome;
  readonly micropay: MicropayOutcome;
  readonly reverse: ReverseOutcome;
  readonly 'refund-query': RefundEvidence;
  readonly apply: ApplyOutcome;
};
export type WorldCall = keyof Answers;

/** Instead of WeChat's honest answer: another one, or one made around it (before or after it acts). */
export type Reply<Call extends WorldCall> =
  | Answers[Call]
  | 'honest'
  | ((honest: () => Answers[Call]) => Answers[Call] | Promise<Answers[Call]>);

/** A WeChat Pay that keeps orders and obeys its documented rules, but for what a test plans. */
export type World = OrderGateway & {
  /** The next calls of this name are answered so, in order. */
  plan<Call extends WorldCall>(call: Call, ...replies: readonly Reply<Call>[]): void;
  /** Forgets what was planned and has not come. */
  unplan(): void;
  /**
   * The payer pays, or confirms the code that was charged; refused as WeChat refuses it: unknown, closed,
   * paid or past its time.
   */
  pay(out_trade_no: string, payment?: Payment): void;
  /** The payer who was asked for a password does not give it. */
  decline(out_trade_no: string): void;
  /** What payers do whose code is charged from now on; `undefined`: as WeChat asks of them. */
  payersAre(payer: Payer | undefined): void;
  /** Sets what a query will say, for what only WeChat itself can do. */
  force(out_trade_no: string, state: TradeState): void;
  order(out_trade_no: string): WorldOrder | undefined;
  callsOf(call?: WorldCall): number;
  readonly refundGateway: RefundGateway;
  readonly refunds: RefundBook;
};

type State = OrderBook & {
  readonly till: Till;
  readonly planned: Map<WorldCall, unknown[]>;
  readonly calls: WorldCall[];
};

export function createWorld(clock: Clock): World {
  const book: OrderBook = { clock, orders: new Map() };
  const state: State = { ...book, till: createTill(book), planned: new Map(), calls: [] };
  const refunds = createRefundBook({
    clock,
    paymentOf: (transaction_id) => paymentOf(state, transaction_id),
    onAccepted: (out_trade_no) => {
      state.orders.set(out_trade_no, { ...knownOrder(state, out_trade_no), state: 'REFUND' });
    },
  });
  return {
    refunds,
    refundGateway: {
      query: (account, out_refund_no) =>
        answer(state, 'refund-query', () =>
          refunds.query(account.mchid, out_refund_no, account.api),
        ),
      apply: (account, request) =>
        answer(state, 'apply', () => refunds.apply(account.mchid, request, account.api)),
    },
    query: (account, asked) => answer(state, 'query', () => evidenceOf(state, account, asked)),
    close: (account, out_trade_no) =>
      answer(state, 'close', () => close(state, account, out_trade_no)),
    prepay: (account, request) => answer(state, 'prepay', () => prepay(state, account, request)),
    micropay: (account, request) =>
      answer(state, 'micropay', () => state.till.charge(account, request)),
    reverse: (account, asked) => answer(state, 'reverse', () => state.till.reverse(account, asked)),
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
    pay: (out_trade_no, payment) => payOrder(state, out_trade_no, payment ?? {}),
    decline: state.till.decline,
    payersAre: state.till.payersAre,
    force: (out_trade_no, tradeState) => {
      state.orders.set(out_trade_no, { ...knownOrder(state, out_trade_no), state: tradeState });
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

function evidenceOf(state: State, account: Account, asked: AskedOrder): OrderEvidence {
  const { out_trade_no } = asked;
  const order = findOrder(state, account, asked);
  if (order === undefined) {
    return { type: 'not-found', code: wordsFor(account).unknown };
  }
  if (order.request.out_trade_no !== out_trade_no) {
    return { type: 'unknown', code: 'OTHER_ORDER' };
  }
  const { mchid, payment, request } = order;
  const tradeState = stateOf(state, order);
  return {
    type: 'state',
    state: tradeState,
    mchid,
    appid: request.appid,
    out_trade_no,
    ...(payment !== undefined && tradeState !== 'REVOKED' && { payment }),
  };
}

/** How long APIv2 closes nothing after its making. */
const closableAfterMs = 5 * minuteMs;

function close(state: State, account: Account, out_trade_no: OutTradeNo): CloseOutcome {
  const order = findOrder(state, account, { out_trade_no });
  if (order === undefined) {
    return { type: 'no-such-order', code: wordsFor(account).unknown };
  }
  if (isCodePayment(order)) {
    // What was charged by a code is reversed, never closed.
    return { type: 'refused', code: 'TRADE_STATE_ERROR' };
  }
  switch (stateOf(state, order)) {
    case 'NOTPAY':
    case 'PAYERROR':
      if (account.api === 'v2' && state.clock.now() < order.placedAt + closableAfterMs) {
        return { type: 'refused', code: 'INVALID_REQUEST' };
      }
      state.orders.set(out_trade_no, { ...order, state: 'CLOSED' });
      return { type: 'done' };
    case 'CLOSED':
      return { type: 'done' };
    case 'USERPAYING':
    case 'ACCEPT':
      return account.api === 'v2'
        ? { type: 'refused', code: 'TRADE_STATE_ERROR' }
        : { type: 'unknown', code: 'FREQUENCY_LIMITED' };
    default:
      return { type: 'refused', code: account.api === 'v2' ? 'ORDERPAID' : 'TRADE_ERROR' };
  }
}

function prepay(state: State, account: Account, request: PrepayRequest): PrepayOutcome {
  const { out_trade_no } = request;
  const now = state.clock.now();
  const refusal = prepayRefusal(account, request, now);
  if (refusal !== undefined) {
    return refusal;
  }
  const words = wordsFor(account);
  const before = state.orders.get(out_trade_no);
  if (before !== undefined && isCodePayment(before)) {
    return { type: 'look', code: 'OUT_TRADE_NO_USED' };
  }
  if (before !== undefined && !isDeepStrictEqual(before.request, request)) {
    return { type: 'look', code: words.otherTerms };
  }
  if (before !== undefined && stateOf(state, before) !== 'NOTPAY') {
    const isClosed = stateOf(state, before) === 'CLOSED';
    return { type: 'look', code: isClosed ? words.closed : 'ORDERPAID' };
  }
  const { mchid } = account;
  const links = (before?.links ?? 0) + 1;
  const placedAt = before?.placedAt ?? now;
  state.orders.set(out_trade_no, { mchid, request, state: 'NOTPAY', placedAt, links });
  return { type: 'placed', link: linkOf(request, links) };
}

function paymentOf(state: State, transaction_id: string): RefundablePayment | undefined {
  const order = orderPaidBy(state, transaction_id);
  // What was reversed has gone back already.
  return order?.payment === undefined || order.state === 'REVOKED'
    ? undefined
    : { mchid: order.mchid, out_trade_no: order.request.out_trade_no, payment: order.payment };
}
