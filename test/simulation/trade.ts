import type { Account } from '#core/account.ts';
import type { OrderEvidence, PaymentFacts, TradeState } from '#core/evidence.ts';
import type { MicropayRequest, PrepayRequest } from '#core/ports.ts';
import type { SubjectKey } from '#core/record.ts';
import { isOpenid, isTransactionId, type Mchid } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { dayMs, type Instant, plus, secondMs } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';

/** How a payment differs from what was ordered. */
export type PaidAs = 'right' | 'amount' | 'currency' | 'appid' | 'payer';

/** What was charged by the payer's code: it names no payer, and has no expiry of its own. */
type ChargeRequest = MicropayRequest & { readonly [Name in OnlyOfLinks]?: never };
type OnlyOfLinks = Exclude<keyof PrepayRequest, keyof MicropayRequest>;

/** An order as WeChat keeps it. */
export type Trade = {
  readonly account: Account;
  readonly number: string;
  /** Placed by another system, under a number that may also be one of ours. */
  readonly isForeign: boolean;
  /** The payer's code was charged. */
  readonly isCode: boolean;
  readonly request: (PrepayRequest & { readonly auth_code?: never }) | ChargeRequest;
  readonly placedAt: Instant;
  state: TradeState;
  /** Of a code payment: when its last code came; its money went back; WeChat refuses that for good. */
  chargedAt?: Instant;
  isReversed?: boolean;
  isKept?: boolean;
  links: number;
  paidAs?: PaidAs;
  payment?: PaymentFacts;
  closedAt?: Instant;
  paidAt?: Instant;
  /** Who holds a link and would pay, and how. */
  payer?: PaidAs;
  /** This payment ends after our close, whatever the weather. */
  landsLate?: boolean;
  /** What a stale answer still says, and how long. */
  earlier?: { readonly state: TradeState; readonly until: Instant };
  /** How long payers were at work. */
  payingMs: number;
  /** Until then an unsigned "no such order" is answered, although it is there. */
  hiddenUntil?: Instant;
};

/** How long an old answer may still be given. */
export const staleMs = 45 * secondMs;

const unpaid: ReadonlySet<TradeState> = new Set(['NOTPAY', 'PAYERROR']);

export function newTrade(
  account: Account,
  request: Trade['request'],
  { isForeign, placedAt }: Pick<Trade, 'isForeign' | 'placedAt'>,
): Trade {
  const number = request.out_trade_no;
  const isCode = request.auth_code !== undefined;
  const start = { state: 'NOTPAY', links: 0, payingMs: 0 } as const;
  return { account, number, isForeign, isCode, request, placedAt, ...start };
}

export function orderKeyOf({ account, number }: Trade): SubjectKey {
  return { kind: 'order', mchid: account.mchid, number };
}

export function tradeId(mchid: Mchid, number: string): string {
  return `${mchid}#${number}`;
}

/** WeChat closes what is unpaid after 7 days by itself; the expiry alone closes nothing. */
export function stateOf(trade: Trade, now: Instant): TradeState {
  const isOver = now >= plus(trade.request.expiresAt ?? trade.placedAt, 7 * dayMs);
  return unpaid.has(trade.state) && isOver ? 'CLOSED' : trade.state;
}

export function isUnpaid(state: TradeState): boolean {
  return unpaid.has(state);
}

export function wasPaid(state: TradeState): boolean {
  return state === 'SUCCESS' || state === 'REFUND';
}

export function paymentOf(trade: Trade, paidAs: PaidAs, now: Instant): PaymentFacts {
  const { account, request } = trade;
  const amountFen = valid(paidAs === 'amount' ? 1000 : request.amountFen, isFen);
  const openid = paidAs === 'payer' ? 'oAnother' : request.openid;
  const digits = `${account.mchid.slice(-1)}${trade.number.replaceAll('-', '')}`;
  return {
    transaction_id: valid(`4200${digits}`, isTransactionId),
    amountFen,
    payerTotalFen: amountFen,
    currency: paidAs === 'currency' ? 'USD' : 'CNY',
    successAt: now,
    ...(openid !== undefined && { openid: valid(openid, isOpenid) }),
  };
}

export function evidenceOf(trade: Trade, state: TradeState): OrderEvidence {
  const hasPayment = wasPaid(state);
  return {
    type: 'state',
    state,
    mchid: trade.account.mchid,
    appid: trade.paidAs === 'appid' && hasPayment ? 'wx-another' : trade.request.appid,
    out_trade_no: trade.request.out_trade_no,
    ...(hasPayment && trade.payment !== undefined && { payment: trade.payment }),
  };
}
