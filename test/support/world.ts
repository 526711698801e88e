import type { Account } from '#core/account.ts';
import type {
  CloseOutcome,
  OrderEvidence,
  PaymentFacts,
  PrepayLink,
  PrepayOutcome,
  TradeState,
} from '#core/evidence.ts';
import type { Clock, OrderGateway, PrepayRequest } from '#core/ports.ts';
import { isOpenid, isTransactionId, type Mchid, type OutTradeNo } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { dayMs, plus } from '#core/values/time.ts';

type Answers = {
  readonly query: OrderEvidence;
  readonly close: CloseOutcome;
  readonly prepay: PrepayOutcome;
};
export type WorldCall = keyof Answers;

/** Instead of WeChat's honest answer: another one, or one made around it (before or after it acts). */
export type Reply<Call extends WorldCall> =
  | Answers[Call]
  | 'honest'
  | ((honest: () => Answers[Call]) => Answers[Call] | Promise<Answers[Call]>);

export type Payment = { readonly amountFen?: number; readonly openid?: string };

/** One order as WeChat keeps it. */
export type WorldOrder = {
  readonly mchid: Mchid;
  readonly request: PrepayRequest;
  readonly state: TradeState;
  readonly payment?: PaymentFacts;
  readonly links: number;
};

/** A WeChat Pay that keeps orders and obeys its documented rules, but for what a test plans. */
export type World = OrderGateway & {
  /** The next calls of this name are answered so, in order. */
  plan<Call extends WorldCall>(call: Call, ...replies: readonly Reply<Call>[]): void;
  /** The payer pays; refused as WeChat refuses it: unknown, closed, paid or past its time. */
  pay(out_trade_no: string, payment?: Payment): void;
  /** Sets what a query will say, for what only WeChat itself can do. */
  force(out_trade_no: string, state: TradeState): void;
  order(out_trade_no: string): WorldOrder | undefined;
  callsOf(call?: WorldCall): number;
};

type State = {
  readonly clock: Clock;
  readonly orders: Map<string, WorldOrder>;
  readonly planned: Map<WorldCall, unknown[]>;
  readonly calls: WorldCall[];
};

export function createWorld(clock: Clock): World {
  const state: State = { clock, orders: new Map(), planned: new Map(), calls: [] };
  return {
    query: (account, { out_trade_no, transaction_id }) =>
      answer(state, 'query', () => {
        const order = state.orders.get(out_trade_no);
        if (transaction_id !== undefined && order?.payment?.transaction_id !== transaction_id) {
          throw new Error(`${transaction_id} is not the payment of ${out_trade_no}.`);
        }
        return evidenceOf(state, account, out_trade_no);
      }),
    close: (account, out_trade_no) =>
      answer(state, 'close', () => close(state, account, out_trade_no)),
    prepay: (account, request) => answer(state, 'prepay', () => prepay(state, account, request)),
    jsapiPayParameters: (account, appid, link) => {
      if (!account.appids.includes(appid)) {
        throw new Error(`${appid} is not bound to ${account.mchid}.`);
      }
      return {
        appId: appid,
        timeStamp: String(Math.floor(clock.now() / 1000)),
        nonceStr: 'nonce',
        package: `prepay_id=${link.prepay_id}`,
        signType: 'RSA',
        paySign: 'signature',
      };
    },
    plan: (call, ...replies) => {
      state.planned.set(call, [...(state.planned.get(call) ?? []), ...replies]);
    },
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

function evidenceOf(state: State, account: Account, out_trade_no: OutTradeNo): OrderEvidence {
  const order = state.orders.get(out_trade_no);
  if (order === undefined || order.mchid !== account.mchid) {
    return { type: 'not-found', code: 'ORDER_NOT_EXIST' };
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
  const isOver = clock.now() >= plus(order.request.expiresAt, 7 * dayMs);
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
  const before = state.orders.get(out_trade_no);
  if (!account.appids.includes(request.appid)) {
    return { type: 'refused', code: 'APPID_MCHID_NOT_MATCH' };
  }
  if (before !== undefined && JSON.stringify(before.request) !== JSON.stringify(request)) {
    return { type: 'look', code: 'OUT_TRADE_NO_USED' };
  }
  if (before !== undefined && stateOf(state, before) !== 'NOTPAY') {
    const isClosed = stateOf(state, before) === 'CLOSED';
    return { type: 'look', code: isClosed ? 'ORDER_CLOSED' : 'ORDERPAID' };
  }
  const links = (before?.links ?? 0) + 1;
  state.orders.set(out_trade_no, { mchid: account.mchid, request, state: 'NOTPAY', links });
  return { type: 'placed', link: linkOf(request, links) };
}

function linkOf(request: PrepayRequest, links: number): PrepayLink {
  const number = `${request.out_trade_no}-${links}`;
  return request.trade_type === 'NATIVE'
    ? { trade_type: 'NATIVE', code_url: `weixin://wxpay/bizpayurl?pr=${number}` }
    : { trade_type: 'JSAPI', prepay_id: `wx-${number}` };
}

function pay(state: State, out_trade_no: string, payment: Payment): void {
  const order = known(state, out_trade_no);
  const { request } = order;
  const now = state.clock.now();
  const isPayable = order.state === 'NOTPAY' || order.state === 'USERPAYING';
  if (!isPayable || now >= request.expiresAt) {
    throw new Error(`Nobody can pay ${out_trade_no}: ${order.state}.`);
  }
  const amountFen = payment.amountFen ?? request.amountFen;
  const openid = payment.openid ?? request.openid;
  const transaction_id = `4200${out_trade_no.replaceAll(/[^0-9A-Za-z]/g, '')}`;
  const isPayer = openid === undefined || isOpenid(openid);
  if (!isFen(amountFen) || !isTransactionId(transaction_id) || !isPayer) {
    throw new Error(`Not a payment: ${amountFen} by ${openid}.`);
  }
  const facts = { transaction_id, amountFen, payerTotalFen: amountFen, currency: 'CNY' };
  state.orders.set(out_trade_no, {
    ...order,
    state: 'SUCCESS',
    payment: { ...facts, successAt: now, ...(openid !== undefined && { openid }) },
  });
}

function known({ orders }: State, out_trade_no: string): WorldOrder {
  const order = orders.get(out_trade_no);
  if (order === undefined) {
    throw new Error(`WeChat knows no order ${out_trade_no}.`);
  }
  return order;
}
