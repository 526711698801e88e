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
import { createWechatCodes, type WechatCodes } from './wechat-codes.ts';
import {
  createWechatPayscore,
  type PayscoreListener,
  type WechatPayscore,
} from './wechat-payscore.ts';
import { createWechatRefunds, type WechatRefunds } from './wechat-refunds.ts';
import { wordsFor } from './wechat-words.ts';

/** A WeChat Pay that obeys its documented rules, but for what the weather does to it. */
export type Wechat = {
  readonly refunds: WechatRefunds;
  readonly codes: WechatCodes;
  readonly payscore: WechatPayscore;
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
  /** A payer's code is being charged. */
  readonly onCharged: (trade: Trade) => void;
  /** Money that was paid goes back by a reversal. */
  readonly onReversed: (trade: Trade) => void;
  readonly onRefundMoved: Parameters<typeof createWechatRefunds>[1]['onMoved'];
  readonly onPayscore: PayscoreListener;
};

/** How young an order APIv2 closes at the soonest. */
const closableAfterMs = 5 * minuteMs;

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
  const payscore = createWechatPayscore(site, listener.onPayscore);
  const refunds = createWechatRefunds(site, {
    servicePayment: payscore.paymentOf,
    trades: trades.values,
    onAccepted: (trade) => {
      if (trade.state === 'SUCCESS') {
        move(trade, 'REFUND');
      }
    },
    onMoved: listener.onRefundMoved,
  });
  const place = (account: Account, request: Trade['request'], isForeign: boolean): Trade => {
    const trade = newTrade(account, request, { isForeign, placedAt: agenda.now() });
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
    const isOver = isExpired(trade.request);
    if (trade.state !== (trade.isCode ? 'USERPAYING' : 'NOTPAY') || isOver) {
      return false;
    }
    settle(trade, paidAs);
    return true;
  };
  const isHidden = ({ hiddenUntil }: Trade): boolean =>
    hiddenUntil !== undefined && hiddenUntil > agenda.now();
  const race = (trade: Trade | undefined): void => {
    if (trade?.payer !== undefined && choices.chance(weather.rates().payerRaces)) {
      pay(trade, trade.payer);
    }
  };

  function answerAbout(trade: Trade | undefined): OrderEvidence {
    const isLost = choices.chance(weather.rates().queryNotFound);
    if (trade === undefined || isLost || isHidden(trade)) {
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
    const words = wordsFor(account);
    race(trade);
    if (trade === undefined || isHidden(trade)) {
      return { type: 'no-such-order', code: words.unknown };
    }
    const state = stateOf(trade, agenda.now());
    if (isTooYoung(trade)) {
      site.mark('v2: closed too soon');
      return { type: 'refused', code: words.paying };
    }
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
    const isPaying = state === 'USERPAYING' || state === 'ACCEPT';
    return isPaying && account.api === 'v3'
      ? { type: 'unknown', code: words.paying }
      : { type: 'refused', code: isPaying ? words.paying : words.paid };
  }

  /** APIv2 closes nothing in the first minutes of an order, and no code payment ever. */
  function isTooYoung({ account, isCode, placedAt }: Trade): boolean {
    return isCode || (account.api === 'v2' && agenda.now() < plus(placedAt, closableAfterMs));
  }

  function isExpired({ expiresAt }: Trade['request']): boolean {
    return expiresAt !== undefined && plus(agenda.now(), site.wechatSkewMs) >= expiresAt;
  }

  function landLater(trade: Trade): void {
    const { payer } = trade;
    const lands = trade.landsLate === true || choices.chance(weather.rates().landsAfterClose);
    if (payer !== undefined && lands) {
      const afterMs = choices.pick([300, 40, secondMs, 10 * secondMs, 8 * minuteMs]);
      agenda.after(afterMs, () => {
        if (trade.state === 'CLOSED' || (trade.state === 'REVOKED' && !trade.isReversed)) {
          settle(trade, payer);
        }
      });
    }
  }

  function prepay(account: Account, request: PrepayRequest): PrepayOutcome {
    const before = find(account, request.out_trade_no);
    const words = wordsFor(account);
    if (isExpired(request)) {
      return { type: 'refused', code: 'PARAM_ERROR', field: 'time_expire' };
    }
    if (before !== undefined && JSON.stringify(before.request) !== JSON.stringify(request)) {
      return { type: 'look', code: words.otherTerms };
    }
    if (before !== undefined && before.state !== 'NOTPAY') {
      return { type: 'look', code: before.state === 'CLOSED' ? words.closed : words.paid };
    }
    const trade = before ?? place(account, request, false);
    trade.links += 1;
    const link = `${trade.number}-${trade.links}`;
    site.tell?.(() => `WeChat: ${trade.number} is placed, link ${link}`);
    return request.trade_type === 'NATIVE'
      ? { type: 'placed', link: { trade_type: 'NATIVE', code_url: link } }
      : { type: 'placed', link: { trade_type: 'JSAPI', prepay_id: link } };
  }

  const codes = createWechatCodes(site, {
    find,
    move,
    settle,
    race,
    landLater,
    isHidden,
    place: (account, request) => place(account, request, false),
    hasRefunds: (trade) => refunds.refundsOf(trade).some(({ state }) => state !== 'CLOSED'),
    onCharged: listener.onCharged,
    onReversed: listener.onReversed,
  });

  return {
    refunds,
    codes,
    payscore,
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
      if (choices.chance(weather.rates().placingRefused)) {
        return { type: 'refused', code: 'APPID_MCHID_NOT_MATCH' };
      }
      if (!choices.chance(weather.rates().callLate)) {
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
