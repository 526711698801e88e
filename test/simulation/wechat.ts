import type { Account } from '#core/account.ts';
import type {
  CloseOutcome,
  OrderEvidence,
  PaymentFacts,
  PrepayOutcome,
  TradeState,
} from '#core/evidence.ts';
import type { PrepayRequest } from '#core/ports.ts';
import { isTransactionId } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { dayMs, type Instant, minuteMs, plus, secondMs } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';
import type { Site } from './site.ts';

/** How a payment differs from what was ordered. */
export type PaidAs = 'right' | 'amount' | 'currency' | 'appid' | 'payer';

/** An order as WeChat keeps it. */
export type Trade = {
  readonly number: string;
  /** Placed by another system, under a number that may also be one of ours. */
  readonly isForeign: boolean;
  readonly request: PrepayRequest;
  state: TradeState;
  links: number;
  paidAs?: PaidAs;
  payment?: PaymentFacts;
  closedAt?: Instant;
  paidAt?: Instant;
  /** Who holds a link and would pay, and how. */
  payer?: PaidAs;
  /** What a stale answer still says, and how long. */
  earlier?: { readonly state: TradeState; readonly until: Instant };
  /** How long payers were at work. */
  payingMs: number;
  /** Until then an unsigned "no such order" is answered, although it is there. */
  hiddenUntil?: Instant;
};

/** A WeChat Pay that obeys its documented rules, but for what the weather does to it. */
export type Wechat = {
  trade(number: string): Trade | undefined;
  trades(): Iterable<Trade>;
  /** Another system places an order. */
  placeForeign(request: PrepayRequest): Trade;
  /** Pays, if WeChat lets the payer. Answers whether it did. */
  pay(trade: Trade, paidAs: PaidAs): boolean;
  /** The payer's phone is at work: USERPAYING, then paid or not. */
  startPaying(trade: Trade, paidAs: PaidAs, durationMs: number, succeeds: boolean): void;
  /** A refund, or a close, in the merchant console. */
  refund(trade: Trade): void;
  closeInConsole(trade: Trade): void;
  query(number: string): OrderEvidence;
  close(number: string): CloseOutcome;
  prepay(account: Account, request: PrepayRequest): PrepayOutcome;
};

const staleMs = 45 * secondMs;
const unpaid: ReadonlySet<TradeState> = new Set(['NOTPAY', 'PAYERROR']);

export function createWechat(site: Site, onPaid: (trade: Trade) => void): Wechat {
  const { agenda, choices, weather, account } = site;
  const trades = new Map<string, Trade>();

  const move = (trade: Trade, state: TradeState): void => {
    site.tell?.(() => `WeChat: ${trade.number} is ${state}`);
    trade.earlier = { state: trade.state, until: plus(agenda.now(), staleMs) };
    trade.state = state;
  };
  const place = (request: PrepayRequest, isForeign: boolean): Trade => {
    const trade: Trade = {
      number: request.out_trade_no,
      isForeign,
      request,
      state: 'NOTPAY',
      links: 0,
      payingMs: 0,
    };
    trades.set(trade.number, trade);
    return trade;
  };
  const settle = (trade: Trade, paidAs: PaidAs): void => {
    // Without an openid in the order nobody is the wrong payer.
    const isRight = paidAs === 'payer' && trade.request.openid === undefined;
    trade.paidAs = isRight ? 'right' : paidAs;
    trade.paidAt = agenda.now();
    trade.payment = paymentOf(trade, paidAs, agenda.now());
    move(trade, 'SUCCESS');
    onPaid(trade);
  };
  const pay = (trade: Trade, paidAs: PaidAs): boolean => {
    const isOver = plus(agenda.now(), site.wechatSkewMs) >= trade.request.expiresAt;
    if (trade.state !== 'NOTPAY' || isOver) {
      return false;
    }
    settle(trade, paidAs);
    return true;
  };
  const race = (trade: Trade | undefined): void => {
    if (trade?.payer !== undefined && choices.chance(weather.rates().payerRaces)) {
      pay(trade, trade.payer);
    }
  };

  function evidenceOf(number: string): OrderEvidence {
    const trade = trades.get(number);
    const isLost =
      choices.chance(weather.rates().queryNotFound) ||
      (trade?.hiddenUntil ?? agenda.now()) > agenda.now();
    if (trade === undefined || isLost) {
      return { type: 'not-found', code: 'ORDER_NOT_EXIST' };
    }
    const { earlier } = trade;
    const isStale =
      earlier !== undefined &&
      earlier.until > agenda.now() &&
      choices.chance(weather.rates().queryStale);
    const state = isStale ? earlier.state : stateOf(trade, agenda.now());
    const hasPayment = state === 'SUCCESS' || state === 'REFUND';
    return {
      type: 'state',
      state,
      mchid: account.mchid,
      appid: trade.paidAs === 'appid' && hasPayment ? 'wx-another' : trade.request.appid,
      out_trade_no: trade.request.out_trade_no,
      ...(hasPayment && trade.payment !== undefined && { payment: trade.payment }),
    };
  }

  function close(number: string): CloseOutcome {
    const trade = trades.get(number);
    race(trade);
    if (trade === undefined || (trade.hiddenUntil ?? agenda.now()) > agenda.now()) {
      return { type: 'no-such-order', code: 'ORDER_NOT_EXIST' };
    }
    const state = stateOf(trade, agenda.now());
    if (unpaid.has(state)) {
      if (choices.chance(weather.rates().closeRefused)) {
        return { type: 'refused', code: 'TRADE_ERROR' };
      }
      move(trade, 'CLOSED');
      trade.closedAt = agenda.now();
      landLater(trade);
      return { type: 'done' };
    }
    if (state === 'CLOSED') {
      return { type: 'done' };
    }
    return state === 'USERPAYING' || state === 'ACCEPT'
      ? { type: 'unknown', code: 'FREQUENCY_LIMITED' }
      : { type: 'refused', code: 'ORDERPAID' };
  }

  function landLater(trade: Trade): void {
    const { payer } = trade;
    if (payer !== undefined && choices.chance(weather.rates().landsAfterClose)) {
      const afterMs = choices.pick([300, 40, secondMs, 10 * secondMs, 8 * minuteMs]);
      agenda.after(afterMs, () => {
        if (trade.state === 'CLOSED') {
          settle(trade, payer);
        }
      });
    }
  }

  function prepay(request: PrepayRequest): PrepayOutcome {
    const before = trades.get(request.out_trade_no);
    if (plus(agenda.now(), site.wechatSkewMs) >= request.expiresAt) {
      return { type: 'refused', code: 'PARAM_ERROR', field: 'time_expire' };
    }
    if (before !== undefined && JSON.stringify(before.request) !== JSON.stringify(request)) {
      return { type: 'look', code: 'OUT_TRADE_NO_USED' };
    }
    if (before !== undefined && before.state !== 'NOTPAY') {
      return { type: 'look', code: before.state === 'CLOSED' ? 'ORDER_CLOSED' : 'ORDERPAID' };
    }
    const trade = before ?? place(request, false);
    trade.links += 1;
    const link = `${trade.number}-${trade.links}`;
    site.tell?.(() => `WeChat: ${trade.number} is placed, link ${link}`);
    return request.trade_type === 'NATIVE'
      ? { type: 'placed', link: { trade_type: 'NATIVE', code_url: link } }
      : { type: 'placed', link: { trade_type: 'JSAPI', prepay_id: link } };
  }

  return {
    pay,
    close,
    trade: (number) => trades.get(number),
    trades: () => trades.values(),
    placeForeign: (request) => place(request, true),
    startPaying: (trade, paidAs, durationMs, succeeds) => {
      if (trade.state !== 'NOTPAY') {
        return;
      }
      move(trade, 'USERPAYING');
      trade.payingMs += durationMs;
      agenda.after(durationMs, () => {
        if (trade.state === 'USERPAYING' && succeeds) {
          settle(trade, paidAs);
        } else if (trade.state === 'USERPAYING') {
          move(trade, 'NOTPAY');
        }
      });
    },
    refund: (trade) => {
      if (trade.state === 'SUCCESS') {
        move(trade, 'REFUND');
      }
    },
    closeInConsole: (trade) => {
      if (trade.state === 'NOTPAY') {
        trade.closedAt = agenda.now();
        move(trade, 'CLOSED');
      }
    },
    query: (number) => {
      const evidence = evidenceOf(number);
      site.tell?.(() => `WeChat: asked about ${number}: ${wordOf(evidence)}`);
      race(trades.get(number));
      return evidence;
    },
    prepay: (_, request) => {
      if (choices.chance(weather.rates().prepayRefused)) {
        return { type: 'refused', code: 'APPID_MCHID_NOT_MATCH' };
      }
      if (!choices.chance(weather.rates().prepayLate)) {
        return prepay(request);
      }
      agenda.after(choices.pick([5, 20, 45]) * secondMs, () => {
        prepay(request);
      });
      return { type: 'unknown', code: 'TIMEOUT' };
    },
  };
}

/** WeChat closes what is unpaid after 7 days by itself; the expiry alone closes nothing. */
function stateOf(trade: Trade, now: Instant): TradeState {
  const isOver = now >= plus(trade.request.expiresAt, 7 * dayMs);
  return unpaid.has(trade.state) && isOver ? 'CLOSED' : trade.state;
}

function paymentOf(trade: Trade, paidAs: PaidAs, now: Instant): PaymentFacts {
  const { request } = trade;
  const amountFen = valid(paidAs === 'amount' ? 1 : request.amountFen, isFen);
  const openid = paidAs === 'payer' ? 'oAnother' : request.openid;
  return {
    transaction_id: valid(`4200${trade.number.replaceAll('-', '')}`, isTransactionId),
    amountFen,
    payerTotalFen: amountFen,
    currency: paidAs === 'currency' ? 'USD' : 'CNY',
    successAt: now,
    ...(openid !== undefined && { openid: openid as NonNullable<PaymentFacts['openid']> }),
  };
}

function wordOf(evidence: OrderEvidence): string {
  return evidence.type === 'state' ? evidence.state : evidence.type;
}
