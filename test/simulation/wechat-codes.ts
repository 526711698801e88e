import type { Account } from '#core/account.ts';
import type { MicropayOutcome, ReverseOutcome, TradeState } from '#core/evidence.ts';
import type { MicropayRequest } from '#core/ports.ts';
import { minuteMs, plus, secondMs } from '#core/values/time.ts';
import type { Site } from './site.ts';
import { isUnpaid, type PaidAs, type Trade } from './trade.ts';

/** Code payments of the simulated WeChat (4011937125): its rules, and what the weather does to them. */
export type WechatCodes = {
  micropay(account: Account, request: MicropayRequest): MicropayOutcome;
  reverse(account: Account, number: string): ReverseOutcome;
  /** The payer, or the bank, says no. */
  decline(trade: Trade): void;
  /** The payer has confirmed, and the bank takes its time: ACCEPT, then paid or not. */
  accept(trade: Trade, paidAs: PaidAs, durationMs: number, succeeds: boolean): void;
};

export type WechatCodesOptions = {
  readonly find: (account: Account, number: string) => Trade | undefined;
  readonly place: (account: Account, request: MicropayRequest) => Trade;
  readonly move: (trade: Trade, state: TradeState) => void;
  readonly settle: (trade: Trade, paidAs: PaidAs) => void;
  /** The payer may pay just before a reversal arrives, or some time after it. */
  readonly race: (trade: Trade | undefined) => void;
  readonly landLater: (trade: Trade) => void;
  readonly isHidden: (trade: Trade) => boolean;
  readonly hasRefunds: (trade: Trade) => boolean;
  /** A code is being charged: what its payer does now decides the answer. */
  readonly onCharged: (trade: Trade) => void;
  /** Money that was paid goes back by a reversal. */
  readonly onReversed: (trade: Trade) => void;
};

/** Before that a reversal is refused. */
const reversibleAfterMs = 15 * secondMs;
/** WeChat itself may reverse what is unpaid by then. */
const patienceMs = 45 * secondMs;
/** When the charge of a code that was refused is paid all the same. */
const landsAfterMs = [2 * secondMs, 40 * secondMs, 5 * minuteMs, 8 * minuteMs] as const;
const lateByMs = [5 * secondMs, 20 * secondMs, 45 * secondMs] as const;

const noAnswer = { type: 'unknown', code: 'SYSTEMERROR' } as const;
const tooBusy = { type: 'unknown', code: 'INVALID_REQUEST' } as const;

export function createWechatCodes(site: Site, options: WechatCodesOptions): WechatCodes {
  const { agenda, choices, weather } = site;
  const { find, move, onCharged, onReversed } = options;
  let aboutNothing: ReverseOutcome | undefined;

  function charge(account: Account, request: MicropayRequest): MicropayOutcome {
    const before = find(account, request.out_trade_no);
    const known = before === undefined ? undefined : answerAgain(before, request);
    if (known !== undefined) {
      return known;
    }
    const trade = before ?? options.place(account, request);
    trade.chargedAt = agenda.now();
    move(trade, 'USERPAYING');
    if (choices.draw(4) === 3) {
      agenda.after(patienceMs, () => reverseUnpaid(trade));
    }
    onCharged(trade);
    return answerOf(trade);
  }

  /** WeChat reverses what nobody has paid in time. */
  function reverseUnpaid(trade: Trade): void {
    if (isOpen(trade.state)) {
      site.mark('code: reversed by WeChat itself');
      end(trade, 'REVOKED');
    }
  }

  function end(trade: Trade, state: 'REVOKED' | 'CLOSED'): void {
    move(trade, state);
    trade.closedAt = agenda.now();
    options.landLater(trade);
  }

  function takeBack(trade: Trade): void {
    if (isOpen(trade.state)) {
      site.mark('code: reversed unpaid');
      end(trade, choices.draw(8) === 7 ? 'CLOSED' : 'REVOKED');
    } else if (trade.state === 'SUCCESS') {
      site.mark('code: reversed paid');
      trade.isReversed = true;
      move(trade, choices.draw(2) === 0 ? 'REVOKED' : 'REFUND');
      onReversed(trade);
    }
  }

  /** What WeChat says without doing anything; undefined where it reverses. */
  function refusalOf(trade: Trade): ReverseOutcome | undefined {
    const now = agenda.now();
    if (!trade.isCode || now < plus(trade.chargedAt ?? trade.placedAt, reversibleAfterMs)) {
      return tooBusy;
    }
    if (trade.state === 'ACCEPT') {
      return { type: 'unknown', code: 'USERPAYING' };
    }
    if (trade.state === 'SUCCESS' && trade.isReversed !== true) {
      trade.isKept ??= choices.chance(weather.rates().reversalRefused);
    }
    const isSpent = !trade.isReversed && options.hasRefunds(trade);
    if (trade.isKept === true || isSpent) {
      site.mark('code: reversal refused for good');
      return { type: 'refused', code: isSpent ? 'TRADE_ERROR' : 'REVERSE_EXPIRE' };
    }
    return choices.chance(weather.rates().closeRefused)
      ? { type: 'refused', code: 'TRADE_ERROR' }
      : undefined;
  }

  function reverse(account: Account, number: string): ReverseOutcome {
    const trade = find(account, number);
    options.race(trade);
    if (trade === undefined || options.isHidden(trade)) {
      // The documents do not say which of them it is.
      aboutNothing ??=
        choices.draw(4) === 3 ? tooBusy : { type: 'no-such-order', code: 'ORDERNOTEXIST' };
      return aboutNothing;
    }
    if (choices.chance(weather.rates().reversalRecalled)) {
      site.mark('code: reversal recalled');
      if (choices.draw(2) === 0 && refusalOf(trade) === undefined) {
        takeBack(trade);
      }
      return { type: 'recall' };
    }
    const refusal = refusalOf(trade);
    if (refusal === undefined) {
      takeBack(trade);
    }
    return refusal ?? { type: 'done' };
  }

  function landAnyway(account: Account, request: MicropayRequest): void {
    site.mark('code: refused, and paid later');
    const trade = find(account, request.out_trade_no) ?? options.place(account, request);
    trade.chargedAt ??= agenda.now();
    if (trade.isCode && isOpen(trade.state)) {
      options.settle(trade, 'right');
    }
  }

  return {
    decline: (trade) => {
      if (trade.state === 'USERPAYING') {
        move(trade, 'PAYERROR');
      }
    },
    accept: (trade, paidAs, durationMs, succeeds) => {
      if (trade.state !== 'USERPAYING') {
        return;
      }
      move(trade, 'ACCEPT');
      trade.payingMs += durationMs;
      agenda.after(durationMs, () => {
        if (trade.state === 'ACCEPT' && succeeds) {
          options.settle(trade, paidAs);
        } else if (trade.state === 'ACCEPT') {
          move(trade, 'PAYERROR');
        }
      });
    },
    micropay: (account, request) => {
      const rates = weather.rates();
      if (choices.chance(rates.placingRefused)) {
        return { type: 'refused', code: 'AUTHCODEEXPIRE' };
      }
      if (choices.chance(rates.chargeMisreported)) {
        agenda.after(choices.pick(landsAfterMs), () => landAnyway(account, request));
        return { type: 'refused', code: 'TRADE_ERROR' };
      }
      if (choices.chance(rates.callLate)) {
        agenda.after(choices.pick(lateByMs), () => charge(account, request));
        return noAnswer;
      }
      const outcome = charge(account, request);
      site.tell?.(() => `WeChat: the code for ${request.out_trade_no}: ${wordOf(outcome)}`);
      return outcome;
    },
    reverse: (account, number) => {
      if (choices.chance(weather.rates().callLate)) {
        agenda.after(choices.pick(lateByMs), () => {
          const late = reverse(account, number);
          site.tell?.(() => `WeChat: the late reversal of ${number}: ${wordOf(late)}`);
        });
        return noAnswer;
      }
      const outcome = reverse(account, number);
      site.tell?.(() => `WeChat: the reversal of ${number}: ${wordOf(outcome)}`);
      return outcome;
    },
  };
}

/** Only a try that failed may be followed by another under the same number. */
function answerAgain(before: Trade, request: MicropayRequest): MicropayOutcome | undefined {
  if (!before.isCode) {
    return { type: 'look', code: 'OUT_TRADE_NO_USED' };
  }
  if (before.isReversed === true || before.state === 'REVOKED') {
    return { type: 'look', code: 'ORDERREVERSED' };
  }
  if (before.payment !== undefined) {
    return { type: 'look', code: 'ORDERPAID' };
  }
  if (before.state === 'CLOSED') {
    return { type: 'look', code: 'ORDERCLOSED' };
  }
  if (before.state === 'USERPAYING' || before.state === 'ACCEPT') {
    return before.request.auth_code === request.auth_code
      ? { type: 'unknown', code: 'USERPAYING' }
      : { type: 'look', code: 'BUYER_MISMATCH' };
  }
  return undefined;
}

function answerOf({ state }: Trade): MicropayOutcome {
  switch (state) {
    case 'SUCCESS':
      return { type: 'paid' };
    case 'PAYERROR':
      return { type: 'refused', code: 'NOTENOUGH' };
    default:
      return { type: 'unknown', code: 'USERPAYING' };
  }
}

function isOpen(state: TradeState): boolean {
  return isUnpaid(state) || state === 'USERPAYING';
}

function wordOf(outcome: MicropayOutcome | ReverseOutcome): string {
  return 'code' in outcome ? `${outcome.type} ${outcome.code}` : outcome.type;
}
