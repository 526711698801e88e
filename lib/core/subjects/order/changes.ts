import type { Change, Decision } from '../../decision.ts';
import type { CloseOutcome } from '../../evidence.ts';
import type { DataPatch } from '../../record.ts';
import type { Json } from '../../values/json.ts';
import type { Instant } from '../../values/time.ts';
import type { StateEvidence } from './compare.ts';
import { isCodePayment, isSettled, type Order, type ReviewReason } from './order.ts';
import { giveBack } from './refunds.ts';

/**
 * Paid, but not to be kept: all of it goes back, and the merchant is told so. Where a refund was begun
 * already nobody can be sure what is left: a person decides.
 */
export function paidBack(
  order: Order,
  evidence: StateEvidence,
  why: { readonly origin: 'late' | 'duplicate'; readonly set: Readonly<Record<string, Json>> },
  now: Instant,
): Decision {
  const back = giveBack(order, evidence, why.origin, now);
  if (back === undefined) {
    return held(evidence, why.origin, why.set);
  }
  return commit({
    status: 'PAID',
    patch: {
      set: { ...paymentOf(evidence), ...why.set, refunds: back.refunds },
      ...reviewOver(order),
    },
    events: [eventOfOrigin[why.origin]],
    starts: [back.start],
    evidence: evidence.state,
  });
}

/** Paid, and a person must say what becomes of it. */
export function held(
  evidence: StateEvidence,
  reviewReason: 'late' | 'duplicate',
  set: Readonly<Record<string, Json>>,
): Decision {
  return commit({
    status: 'REVIEW',
    patch: { set: { ...paymentOf(evidence), ...set, reviewReason, noted: evidence.state } },
    events: [eventOfOrigin[reviewReason]],
    evidence: evidence.state,
  });
}

const eventOfOrigin = { late: 'order.paid_late', duplicate: 'order.duplicate' } as const;

export function paid(
  order: Order,
  evidence: StateEvidence,
  set: Readonly<Record<string, Json>>,
): Decision {
  return commit({
    status: 'PAID',
    patch: { set: { ...paymentOf(evidence), ...set }, ...reviewOver(order) },
    events: ['order.paid'],
    evidence: evidence.state,
  });
}

export function closedHere(
  order: Order,
  evidence: string,
  now: Instant,
  set: Readonly<Record<string, Json>> = {},
): Decision {
  // Always written: a close asked for since this record was loaded must not change the event's content.
  const closeReason = order.closeReason ?? (now < order.closeAt ? 'wechat' : 'expired');
  return commit({
    status: 'CLOSED',
    patch: { set: { ...knownAs(order, evidence), ...set, closeReason }, ...reviewOver(order) },
    events: ['order.closed'],
    lookAfterClose: true,
    evidence,
  });
}

/** Nothing was ever handed out: as if WeChat had refused the placing at once. */
export function giveUp(evidence: string): Decision {
  return commit({ status: 'REFUSED', patch: { unset: ['unplaced'] }, events: [], evidence });
}

/** No link says that WeChat knew a code payment; its own signed answer does. */
function knownAs(order: Order, evidence: string): Readonly<Record<string, Json>> {
  return isCodePayment(order) && evidence !== 'not-found' ? { noted: evidence } : {};
}

function reviewOver(order: Order): DataPatch {
  return order.reviewReason === undefined ? {} : { unset: ['reviewReason'] };
}

export function review(order: Order, reason: ReviewReason, evidence: StateEvidence): Decision {
  if (order.status === 'REVIEW') {
    return note(order, evidence, sawMoney(order) ? {} : { reviewReason: reason });
  }
  const late = order.status === 'CLOSED' || order.status === 'REFUSED';
  return commit({
    status: 'REVIEW',
    patch: {
      set: {
        ...paymentOf(evidence),
        reviewReason: reason,
        noted: evidence.state,
        ...(late && { late: true }),
      },
    },
    events: ['order.review'],
    evidence: evidence.state,
  });
}

/** Keeps an answer that moves nothing, once. */
export function note(
  order: Order,
  evidence: StateEvidence,
  extra: Readonly<Record<string, Json>> = {},
): Decision {
  return order.noted === evidence.state
    ? quietOrWait(order)
    : commit({
        patch: {
          set: {
            ...(order.transaction_id === undefined && paymentOf(evidence)),
            ...extra,
            noted: evidence.state,
          },
        },
        events: [],
        evidence: evidence.state,
      });
}

/** Of a look that left an order payable at WeChat which is over here: it stays owed. */
export const stillPayable = 'STILL_PAYABLE';

export function isDefinite(closed: CloseOutcome): boolean {
  return closed.type === 'done' || closed.type === 'no-such-order';
}

export function quietOrWait(order: Order): Decision {
  return isSettled(order) ? { type: 'quiet' } : { type: 'wait' };
}

const withoutMoney: ReadonlySet<ReviewReason> = new Set(['not-found', 'user-paying', 'reverse']);

/** Every review but the ones opened without an answer about money says that some was paid. */
export function sawMoney(order: Order): boolean {
  const { reviewReason } = order;
  const isReviewOfMoney = reviewReason !== undefined && !withoutMoney.has(reviewReason);
  return order.transaction_id !== undefined || isReviewOfMoney;
}

export function paymentOf(evidence: StateEvidence): Readonly<Record<string, Json>> {
  const { payment } = evidence;
  if (payment === undefined) {
    return {};
  }
  return {
    transaction_id: payment.transaction_id,
    paidFen: payment.amountFen,
    ...(payment.payerTotalFen !== undefined && { payerTotalFen: payment.payerTotalFen }),
    ...(payment.successAt !== undefined && { successAt: payment.successAt }),
  };
}

export function commit(change: Change): Decision {
  return { type: 'commit', change };
}
