import type { Account } from '#core/account.ts';
import type { ApplyOutcome, RefundEvidence, RefundState } from '#core/evidence.ts';
import type { RefundRequest } from '#core/ports.ts';
import type { Mchid, OutRefundNo } from '#core/values/ids.ts';
import { hourMs, type Instant, minuteMs, plus, secondMs } from '#core/values/time.ts';
import {
  createRefundBook,
  type RefundablePayment,
  type RefundBook,
  type WorldRefund,
} from '../support/world-refunds.ts';
import type { Site } from './site.ts';
import { staleMs, type Trade, tradeId } from './trade.ts';

/** The refunds of the simulated WeChat: its rules are the book's, the rest is the weather. */
export type WechatRefunds = {
  query(account: Account, out_refund_no: OutRefundNo): RefundEvidence;
  apply(account: Account, request: RefundRequest): ApplyOutcome;
  /** A refund that the merchant makes in the console. */
  refundInConsole(account: Account, request: RefundRequest): void;
  /** A refund as it stands there. */
  refund(mchid: Mchid, out_refund_no: string): WorldRefund | undefined;
  refundsOf(paid: Pick<Trade, 'account' | 'number'>): readonly WorldRefund[];
};

export type WechatRefundsOptions = {
  readonly trades: () => Iterable<Trade>;
  /** A service that was charged under this number. */
  readonly servicePayment: (transaction_id: string) => RefundablePayment | undefined;
  readonly onAccepted: (trade: Trade) => void;
  /** Told of every state after PROCESSING. */
  readonly onMoved: (account: Account, refund: WorldRefund) => void;
};

type EndState = Exclude<RefundState, 'PROCESSING'>;

/** When a refund that was refused, or had no answer, is taken all the same. */
const landsAfterMs = [0, 5 * secondMs, 40 * secondMs, 90 * secondMs] as const;
/** Most end soon: each look costs. */
const soonMs = 3 * secondMs;
const endsAfterMs = [
  soonMs,
  soonMs,
  soonMs,
  40 * secondMs,
  40 * secondMs,
  6 * minuteMs,
  100 * minuteMs,
] as const;
const repairedAfterMs = [20 * minuteMs, 20 * minuteMs, 3 * hourMs, 30 * hourMs] as const;

export function createWechatRefunds(site: Site, options: WechatRefundsOptions): WechatRefunds {
  const { agenda, choices, weather } = site;
  const books = new Map<Mchid, RefundBook>();
  const evidences = new WeakMap<WorldRefund, RefundEvidence>();
  /** What a stale answer still says, and how long; no state: that there is none. */
  const earlier = new Map<string, { readonly state?: RefundState; readonly until: Instant }>();

  function bookOf({ mchid }: Account): RefundBook {
    const paid = (isWanted: (trade: Trade) => boolean): Trade | undefined => {
      for (const trade of options.trades()) {
        const isKept = trade.payment !== undefined && trade.isReversed !== true;
        if (trade.account.mchid === mchid && isKept && isWanted(trade)) {
          return trade;
        }
      }
      return undefined;
    };
    return createRefundBook({
      clock: agenda,
      paymentOf: (transaction_id) => {
        const trade = paid(({ payment }) => payment?.transaction_id === transaction_id);
        const { payment } = trade ?? {};
        return trade === undefined || payment === undefined
          ? options.servicePayment(transaction_id)
          : { mchid, out_trade_no: trade.request.out_trade_no, payment };
      },
      onAccepted: (out_trade_no) => {
        const trade = paid(({ number }) => number === out_trade_no);
        if (trade !== undefined) {
          options.onAccepted(trade);
        }
      },
    });
  }

  function book(account: Account): RefundBook {
    const found = books.get(account.mchid) ?? bookOf(account);
    books.set(account.mchid, found);
    return found;
  }

  function staysAs(account: Account, number: string, state?: RefundState): void {
    const until = plus(agenda.now(), staleMs);
    const id = tradeId(account.mchid, number);
    earlier.set(id, state === undefined ? { until } : { state, until });
  }

  function take(account: Account, request: RefundRequest): ApplyOutcome {
    const { out_refund_no } = request;
    const standing = book(account);
    standing.limitBalance(weather.isOut('balance') ? 0 : undefined);
    const isKnown = standing.refund(out_refund_no) !== undefined;
    const outcome = standing.apply(account.mchid, request);
    site.tell?.(() => `WeChat: asked for the refund ${out_refund_no}: ${wordOf(outcome)}`);
    if (!isKnown && standing.refund(out_refund_no) !== undefined) {
      staysAs(account, out_refund_no);
      live(account, out_refund_no);
    }
    return outcome;
  }

  function move(account: Account, number: string, state: EndState): void {
    const standing = book(account).refund(number);
    staysAs(account, number, standing?.state);
    book(account).settle(number, state);
    site.tell?.(() => `WeChat: the refund ${number} is ${state}`);
    const moved = book(account).refund(number);
    if (moved !== undefined) {
      options.onMoved(account, moved);
    }
  }

  /** Most refunds end soon and well; some never. */
  function live(account: Account, number: string): void {
    const fate = choices.draw(64);
    const end = (state: EndState, afterMs: number): void =>
      agenda.after(afterMs, () => move(account, number, state));
    const endsMs = choices.pick(endsAfterMs);
    if (fate < 46) {
      end('SUCCESS', endsMs);
    } else if (fate < 54) {
      end('CLOSED', endsMs);
    } else if (fate < 63) {
      end('ABNORMAL', endsMs);
      if (fate < 62) {
        end('SUCCESS', endsMs + choices.pick(repairedAfterMs));
      }
    }
  }

  /** Made once for each state: it takes a hash. */
  function evidenceOf(account: Account, out_refund_no: OutRefundNo): RefundEvidence | undefined {
    const standing = book(account).refund(out_refund_no);
    const known = standing === undefined ? undefined : evidences.get(standing);
    if (standing === undefined || known !== undefined) {
      return known;
    }
    const evidence = book(account).query(account.mchid, out_refund_no);
    evidences.set(standing, evidence);
    return evidence;
  }

  function answerAbout(account: Account, out_refund_no: OutRefundNo): RefundEvidence {
    const { mchid } = account;
    const evidence = evidenceOf(account, out_refund_no);
    const stale = earlier.get(tradeId(mchid, out_refund_no));
    const isStale =
      stale !== undefined &&
      stale.until > agenda.now() &&
      choices.chance(weather.rates().queryStale);
    const isLost =
      (isStale && stale.state === undefined) || choices.chance(weather.rates().queryNotFound);
    if (isLost || evidence?.type !== 'state') {
      return { type: 'not-found', code: 'RESOURCE_NOT_EXISTS' };
    }
    return isStale && stale.state !== undefined ? { ...evidence, state: stale.state } : evidence;
  }

  return {
    refund: (mchid, out_refund_no) => books.get(mchid)?.refund(out_refund_no),
    refundsOf: (trade) => book(trade.account).refundsOf(trade.number),
    query: (account, out_refund_no) => {
      const evidence = answerAbout(account, out_refund_no);
      site.tell?.(() => `WeChat: asked about the refund ${out_refund_no}: ${wordOf(evidence)}`);
      return evidence;
    },
    apply: (account, request) => {
      const rates = weather.rates();
      if (choices.chance(rates.applyRefused)) {
        return { type: 'refused', code: 'USER_ACCOUNT_ABNORMAL' };
      }
      if (choices.chance(rates.applyMisreported)) {
        agenda.after(choices.pick(landsAfterMs), () => take(account, request));
        return { type: 'refused', code: 'INVALID_REQUEST' };
      }
      if (choices.chance(rates.applyLate)) {
        agenda.after(choices.pick(landsAfterMs), () => take(account, request));
        return { type: 'unknown', code: 'TIMEOUT' };
      }
      return take(account, request);
    },
    refundInConsole: take,
  };
}

function wordOf(answer: RefundEvidence | ApplyOutcome): string {
  return answer.type === 'state' ? answer.state : 'code' in answer ? answer.code : answer.type;
}
