import type { Account } from '#core/account.ts';
import type { CloseOutcome, OrderEvidence, PrepayOutcome, TradeState } from '#core/evidence.ts';
import type { OrderGateway, PrepayRequest } from '#core/ports.ts';
import type { SubjectKey } from '#core/record.ts';
import { minuteMs, plus, secondMs } from '#core/values/time.ts';
import { createPerSubject } from './per-subject.ts';
import type { Site } from './site.ts';
import {
  evidenceOf,
  isUnpaid,
  newTrade,
  type PaidAs,
  paymentOf,
  staleMs,
  stateOf,
  type Trade,
} from './trade.ts';
import { createWechatRefunds, type WechatRefunds } from './wechat-refunds.ts';

/** A WeChat Pay that obeys its documented rules, but for what the weather does to it. */
export type Wechat = {
  readonly refunds: WechatRefunds;
  trade(order: Pick<SubjectKey, 'mchid' | 'number'>): Trade | undefined;
  trades(): Iterable<Trade>;
  /** Another system places an order. */
  placeForeign(account: Account, request: PrepayRequest): Trade;
  /** Pays, if WeChat lets the payer. Answers whether it did. */
  pay(trade: Trade, paidAs: PaidAs): boolean;
  /** The payer's phone is at work: USERPAYING, then paid or not. */
  startPaying(trade: Trade, paidAs: PaidAs, durationMs: number, succeeds: boolean): void;
  /** A close in the merchant console. */
  closeInConsole(trade: Trade): void;
  query(account: Account, order: Parameters<OrderGateway['query']>[1]): OrderEvidence;
  close(account: Account, number: string): CloseOutcome;
  prepay(account: Account, request: PrepayRequest): PrepayOutcome;
};

/** Whom WeChat tells what happened there. */
export type WechatListener = {
  readonly onPaid: (trade: Trade) => void;
  readonly onRefundMoved: Parameters<typeof createWechatRefunds>[1]['onMoved'];
};

export function createWechat(site: Site, listener: WechatListener): Wechat {
  const { agenda, choices, weather } = site;
  const trades = createPerSubject<Trade>();
  const find = ({ mchid }: Account, number: string): Trade | undefined =>
    trades.get({ mchid, number });

  const move = (trade: Trade, state: TradeState): void => {
    site.tell?.(() => `WeChat: ${trade.number} is ${state}`);
    trade.earlier = { state: trade.state, until: plus(agenda.now(), staleMs) };
    trade.state = state;
  };
  const refunds = createWechatRefunds(site, {
    trades: trades.values,
    onAccepted: (trade) => {
      if (trade.state === 'SUCCESS') {
        move(trade, 'REFUND');
      }
    },
    onMoved: listener.onRefundMoved,
  });
  const place = (account: Account, request: PrepayRequest, isForeign: boolean): Trade => {
    const trade = newTrade(account, request, isForeign);
    trades.set({ mchid: account.mchid, number: trade.number }, trade);
    return trade;
  };
  const settle = (trade: Trade, paidAs: PaidAs): void => {
    // Without an openid in the order nobody is the wrong payer.
    const isRight = paidAs === 'payer' && trade.request.openid === undefined;
    trade.paidAs = isRight ? 'right' : paidAs;
    trade.paidAt = agenda.now();
    trade.payment = paymentOf(trade, paidAs, agenda.now());
    move(trade, 'SUCCESS');
    listener.onPaid(trade);
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

  function answerAbout(trade: Trade | undefined): OrderEvidence {
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
    return evidenceOf(trade, isStale ? earlier.state : stateOf(trade, agenda.now()));
  }

  function close(account: Account, number: string): CloseOutcome {
    const trade = find(account, number);
    race(trade);
    if (trade === undefined || (trade.hiddenUntil ?? agenda.now()) > agenda.now()) {
      return { type: 'no-such-order', code: 'ORDER_NOT_EXIST' };
    }
    const state = stateOf(trade, agenda.now());
    if (isUnpaid(state)) {
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
    const lands = trade.landsLate === true || choices.chance(weather.rates().landsAfterClose);
    if (payer !== undefined && lands) {
      const afterMs = choices.pick([300, 40, secondMs, 10 * secondMs, 8 * minuteMs]);
      agenda.after(afterMs, () => {
        if (trade.state === 'CLOSED') {
          settle(trade, payer);
        }
      });
    }
  }

  function prepay(account: Account, request: PrepayRequest): PrepayOutcome {
    const before = find(account, request.out_trade_no);
    if (plus(agenda.now(), site.wechatSkewMs) >= request.expiresAt) {
      return { type: 'refused', code: 'PARAM_ERROR', field: 'time_expire' };
    }
    if (before !== undefined && JSON.stringify(before.request) !== JSON.stringify(request)) {
      return { type: 'look', code: 'OUT_TRADE_NO_USED' };
    }
    if (before !== undefined && before.state !== 'NOTPAY') {
      return { type: 'look', code: before.state === 'CLOSED' ? 'ORDER_CLOSED' : 'ORDERPAID' };
    }
    const trade = before ?? place(account, request, false);
    trade.links += 1;
    const link = `${trade.number}-${trade.links}`;
    site.tell?.(() => `WeChat: ${trade.number} is placed, link ${link}`);
    return request.trade_type === 'NATIVE'
      ? { type: 'placed', link: { trade_type: 'NATIVE', code_url: link } }
      : { type: 'placed', link: { trade_type: 'JSAPI', prepay_id: link } };
  }

  return {
    refunds,
    pay,
    close,
    trade: trades.get,
    trades: trades.values,
    placeForeign: (account, request) => place(account, request, true),
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
    closeInConsole: (trade) => {
      if (trade.state === 'NOTPAY') {
        trade.closedAt = agenda.now();
        move(trade, 'CLOSED');
      }
    },
    query: (account, { out_trade_no, transaction_id }) => {
      const trade = find(account, out_trade_no);
      if (transaction_id !== undefined && trade?.payment?.transaction_id !== transaction_id) {
        site.report(`${out_trade_no} was asked about by ${transaction_id}, which is not its own`);
      }
      const evidence = answerAbout(trade);
      site.tell?.(() => `WeChat: asked about ${out_trade_no}: ${wordOf(evidence)}`);
      race(trade);
      return evidence;
    },
    prepay: (account, request) => {
      if (choices.chance(weather.rates().prepayRefused)) {
        return { type: 'refused', code: 'APPID_MCHID_NOT_MATCH' };
      }
      if (!choices.chance(weather.rates().prepayLate)) {
        return prepay(account, request);
      }
      agenda.after(choices.pick([5, 20, 45]) * secondMs, () => {
        prepay(account, request);
      });
      return { type: 'unknown', code: 'TIMEOUT' };
    },
  };
}

function wordOf(evidence: OrderEvidence): string {
  return evidence.type === 'state' ? evidence.state : evidence.type;
}
