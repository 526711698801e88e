import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ApiVersion } from '#core/account.ts';
import type { ApplyOutcome, PaymentFacts, RefundEvidence, RefundState } from '#core/evidence.ts';
import type { Clock, RefundRequest } from '#core/ports.ts';
import {
  isRefundId,
  type Mchid,
  type OutRefundNo,
  type OutTradeNo,
  type RefundId,
} from '#core/values/ids.ts';
import type { Fen } from '#core/values/money.ts';
import { dayMs, type Instant, minuteMs } from '#core/values/time.ts';
import { notifyUrlIssue } from '../../simulator/notify-url.ts';
import { valid } from './order-builder.ts';

/** A payment that can be refunded, as WeChat keeps it. */
export type RefundablePayment = {
  readonly mchid: Mchid;
  readonly out_trade_no: OutTradeNo;
  readonly payment: PaymentFacts;
};

/** One refund as WeChat keeps it. */
export type WorldRefund = {
  readonly mchid: Mchid;
  readonly request: RefundRequest;
  readonly out_trade_no: OutTradeNo;
  readonly origin: 'api' | 'console';
  readonly state: RefundState;
  readonly acceptedAt: Instant;
  readonly successAt?: Instant;
};

/** The refunds of a WeChat Pay, with its documented rules (4013071036). */
export type RefundBook = {
  query(mchid: Mchid, out_refund_no: OutRefundNo, api?: ApiVersion): RefundEvidence;
  apply(mchid: Mchid, request: RefundRequest, api?: ApiVersion): ApplyOutcome;
  /** The merchant refunds in the console; what WeChat would refuse ends the test. */
  makeByHand(transaction_id: string, refund: ConsoleRefund): void;
  /** Ends a refund, as only WeChat and banks can; a final end stays (4014959631). */
  settle(out_refund_no: string, state: Exclude<RefundState, 'PROCESSING'>): void;
  /** What the merchant can refund from now on; `undefined`: any amount. */
  limitBalance(availableFen: number | undefined): void;
  refund(out_refund_no: string): WorldRefund | undefined;
  refundsOf(out_trade_no: string): readonly WorldRefund[];
};

type ConsoleRefund = { readonly out_refund_no: OutRefundNo; readonly refundFen: Fen };

export type RefundBookOptions = {
  readonly clock: Clock;
  /** The payment of this number at WeChat, if it was paid. */
  readonly paymentOf: (transaction_id: string) => RefundablePayment | undefined;
  readonly onAccepted: (out_trade_no: OutTradeNo) => void;
};

const mostRefunds = 50;
const refundableMs = 365 * dayMs;

export function createRefundBook(options: RefundBookOptions): RefundBook {
  const { clock, paymentOf, onAccepted } = options;
  const refunds = new Map<string, WorldRefund>();
  let availableFen = Number.POSITIVE_INFINITY;
  const refundsOf = (out_trade_no: string): readonly WorldRefund[] =>
    [...refunds.values()].filter((refund) => refund.out_trade_no === out_trade_no);

  /** A refund under a new number. Accepted is not done. */
  function accept(
    mchid: Mchid,
    request: RefundRequest,
    origin: WorldRefund['origin'],
  ): ApplyOutcome {
    const order = paymentOf(request.transaction_id);
    if (order === undefined || order.mchid !== mchid) {
      return refusedAs('RESOURCE_NOT_EXISTS');
    }
    const { out_trade_no, payment } = order;
    const acceptedAt = clock.now();
    if (isTooMuch(request, payment, refundsOf(out_trade_no)) || isTooOld(payment, acceptedAt)) {
      return refusedAs('INVALID_REQUEST');
    }
    if (availableFen < request.refundFen) {
      return { type: 'unknown', code: 'NOT_ENOUGH' };
    }
    availableFen -= request.refundFen;
    const refund = { mchid, request, out_trade_no, origin, acceptedAt } as const;
    refunds.set(request.out_refund_no, { ...refund, state: 'PROCESSING' });
    onAccepted(out_trade_no);
    return { type: 'accepted' };
  }

  /** Another part within a minute: WeChat complains; over APIv3 it goes through all the same. */
  function isTooFast({ transaction_id }: RefundRequest): boolean {
    const lately = clock.now() - minuteMs;
    return [...refunds.values()].some(
      ({ request, origin, acceptedAt }) =>
        request.transaction_id === transaction_id && origin === 'api' && acceptedAt > lately,
    );
  }

  return {
    refundsOf,
    apply: (mchid, request, api = 'v3') => {
      if (isUnfit(request, api)) {
        return refusedAs('PARAM_ERROR');
      }
      const standing = refunds.get(request.out_refund_no);
      if (standing !== undefined) {
        const isSame = standing.mchid === mchid && isDeepStrictEqual(standing.request, request);
        return isSame ? { type: 'accepted' } : refusedAs('INVALID_REQUEST');
      }
      const tooFast = isTooFast(request);
      if (tooFast && api === 'v2') {
        return { type: 'unknown', code: 'BIZERR_NEED_RETRY' };
      }
      const outcome = accept(mchid, request, 'api');
      if (outcome.type === 'unknown' && api === 'v2') {
        return { type: 'unknown', code: 'NOTENOUGH' };
      }
      return tooFast && outcome.type === 'accepted'
        ? { type: 'unknown', code: 'FREQUENCY_LIMITED' }
        : outcome;
    },
    makeByHand: (transaction_id, { out_refund_no, refundFen }) => {
      const { payment, mchid } = known(paymentOf(transaction_id), transaction_id);
      const paid = { transaction_id: payment.transaction_id, totalFen: payment.amountFen } as const;
      const request = { out_refund_no, refundFen, currency: 'CNY', ...paid } as const;
      if (accept(mchid, request, 'console').type !== 'accepted') {
        throw new Error(`Nobody can refund that of ${transaction_id}.`);
      }
    },
    query: (mchid, out_refund_no, api = 'v3') => {
      const refund = refunds.get(out_refund_no);
      return refund === undefined || refund.mchid !== mchid
        ? { type: 'not-found', code: api === 'v2' ? 'REFUNDNOTEXIST' : 'RESOURCE_NOT_EXISTS' }
        : evidenceOf(out_refund_no, refund);
    },
    settle: (out_refund_no, state) => {
      const refund = known(refunds.get(out_refund_no), out_refund_no);
      const recovers = refund.state === 'ABNORMAL' && state === 'SUCCESS';
      if (refund.state !== 'PROCESSING' && !recovers) {
        throw new Error(`The refund ${out_refund_no} has ended as ${refund.state}.`);
      }
      availableFen += state === 'CLOSED' ? refund.request.refundFen : 0;
      const successAt = clock.now();
      refunds.set(out_refund_no, { ...refund, state, ...(state === 'SUCCESS' && { successAt }) });
    },
    limitBalance: (limitFen = Number.POSITIVE_INFINITY) => {
      availableFen = limitFen;
    },
    refund: (out_refund_no) => refunds.get(out_refund_no),
  };
}

/** What WeChat refuses in a request whatever it knows of the order. */
function isUnfit(
  { out_refund_no, refundFen, reason, notify_url }: RefundRequest,
  api: ApiVersion,
): boolean {
  // APIv3 counts bytes, APIv2 characters.
  const reasonLength = api === 'v2' ? reason?.length : reason && Buffer.byteLength(reason);
  return (
    out_refund_no.length < 6 ||
    refundFen < 1 ||
    (reason !== undefined && (reason === '' || Number(reasonLength) > 80)) ||
    (notify_url !== undefined && notifyUrlIssue(notify_url) !== undefined)
  );
}

function isTooMuch(
  { refundFen, totalFen }: RefundRequest,
  payment: PaymentFacts,
  earlier: readonly WorldRefund[],
): boolean {
  const counted = earlier.filter(({ state }) => state !== 'CLOSED');
  const refundedFen = counted.reduce((sum, { request }) => sum + request.refundFen, 0);
  return (
    totalFen !== payment.amountFen ||
    refundedFen + refundFen > payment.amountFen ||
    earlier.length >= mostRefunds
  );
}

function isTooOld({ successAt }: PaymentFacts, now: Instant): boolean {
  return successAt !== undefined && now > successAt + refundableMs;
}

function evidenceOf(out_refund_no: OutRefundNo, refund: WorldRefund): RefundEvidence {
  const { request, out_trade_no, state, successAt } = refund;
  const { transaction_id, refundFen, totalFen } = request;
  return {
    type: 'state',
    state,
    out_refund_no,
    facts: {
      refund_id: refundIdOf(out_refund_no),
      out_trade_no,
      transaction_id,
      refundFen,
      totalFen,
      ...(successAt !== undefined && { successAt }),
    },
  };
}

/** WeChat's own number of a refund. */
function refundIdOf(out_refund_no: string): RefundId {
  const digest = createHash('sha256').update(out_refund_no).digest('hex');
  return valid(`5030${digest.slice(0, 24)}`, isRefundId);
}

function refusedAs(code: string): ApplyOutcome {
  return { type: 'refused', code };
}

function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) {
    throw new Error(`WeChat does not know ${what}.`);
  }
  return found;
}
