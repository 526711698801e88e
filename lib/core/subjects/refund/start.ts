import type { RefundEvidence } from '../../evidence.ts';
import type { Hint } from '../../messages.ts';
import type { NewSubject, OutboxEntry, StoredRecord } from '../../record.ts';
import { dueAtOfOwed, refundDueAt } from '../../timing.ts';
import type { OutOrderNo, OutRefundNo, OutTradeNo, TransactionId } from '../../values/ids.ts';
import type { Fen } from '../../values/money.ts';
import { withoutUndefined } from '../../values/optional.ts';
import type { Instant } from '../../values/time.ts';
import { eventOfRefund } from './decide.ts';
import type { FundsAccount, RefundOrigin } from './refund.ts';

/** The subject whose payment a refund gives back. */
export type RefundOf =
  | { readonly out_trade_no: OutTradeNo }
  | { readonly out_order_no: OutOrderNo };

/** What a merchant asks for; checked at the edge for shape and length. */
export type NewRefund = {
  readonly out_refund_no: OutRefundNo;
  /** What it gives back of: an order, or a service order. */
  readonly of: RefundOf;
  readonly refundFen: Fen;
  /** Shown to the payer. */
  readonly reason?: string;
  readonly funds_account?: FundsAccount;
  readonly notify_url: string;
  /** SHA-256 of the request body as received, base64url. */
  readonly bodySha256: string;
};

/** Everything that a refund of an order starts from; its order's record carries it until it exists. */
export type RefundStart = {
  readonly out_refund_no: OutRefundNo;
  readonly of: RefundOf;
  readonly transaction_id: TransactionId;
  readonly refundFen: Fen;
  readonly totalFen: Fen;
  readonly origin: RefundOrigin;
  readonly startAt: Instant;
  readonly notify_url?: string;
  readonly reason?: string;
  readonly funds_account?: FundsAccount;
  readonly bodySha256?: string;
};

export function refundToStart(start: RefundStart): NewSubject {
  const { out_refund_no, startAt, of, ...data } = start;
  const named = { ...data, ...of };
  return { kind: 'refund', number: out_refund_no, startAt, data: withoutUndefined(named) };
}

/** The record of a refund that its order's outbox starts. */
export function refundRecord(
  order: StoredRecord,
  entry: Extract<OutboxEntry, { readonly type: 'start' }>,
): StoredRecord {
  const { at, startAt, data } = entry;
  return {
    key: { kind: 'refund', mchid: order.key.mchid, number: entry.number },
    account: order.account,
    status: 'CREATED',
    version: 1,
    data: { createdAt: at, startAt, ...data },
    history: [],
    historyCount: 0,
    outbox: [],
    eventCounts: {},
    dueAt: refundDueAt(startAt, at),
    leases: 0,
    unknownLooks: 0,
  };
}

/**
 * The record of a refund that was not made here: in the merchant's console, or by another system. Its
 * order is told, and what became of it announced. Undefined when WeChat knows of none.
 */
export function adoptedRefundRecord(
  hint: Hint,
  evidence: RefundEvidence,
  now: Instant,
): StoredRecord | undefined {
  if (evidence.type !== 'state') {
    return undefined;
  }
  const { state, facts } = evidence;
  const event = eventOfRefund(state);
  return {
    key: hint.subject,
    account: hint.account,
    status: state,
    version: 1,
    data: {
      createdAt: now,
      startAt: now,
      origin: 'console',
      ...withoutUndefined(facts),
    },
    history: [{ at: now, from: '-', to: state, because: hint.reason, evidence: state }],
    historyCount: 1,
    outbox: [
      { type: 'tell', at: now },
      ...(event === undefined ? [] : [{ type: 'event', event, n: 1, at: now } as const]),
    ],
    eventCounts: event === undefined ? {} : { [event]: 1 },
    dueAt: dueAtOfOwed(undefined, now),
    leases: 0,
    unknownLooks: 0,
  };
}
