import type { Change, Decision } from '../../decision.ts';
import type { DataPatch } from '../../record.ts';
import type { Json } from '../../values/json.ts';
import type { Instant } from '../../values/time.ts';
import type { StateEvidence } from './compare.ts';
import { isSettled, type Order, type ReviewReason } from './order.ts';

export function paid(evidence: StateEvidence, extra: DataPatch): Decision {
  return commit({
    status: 'PAID',
    patch: { ...extra, set: { ...paymentOf(evidence), ...extra.set } },
    events: ['order.paid'],
    evidence: evidence.state,
  });
}

export function closedHere(order: Order, evidence: string, now: Instant): Decision {
  // Always written: a close asked for since this record was loaded must not change the event's content.
  const closeReason = order.closeReason ?? (now < order.closeAt ? 'wechat' : 'expired');
  return commit({
    status: 'CLOSED',
    patch: {
      set: { closeReason },
      ...(order.reviewReason !== undefined && { unset: ['reviewReason'] }),
    },
    events: ['order.closed'],
    lookAfterClose: true,
    evidence,
  });
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

export function quietOrWait(order: Order): Decision {
  return isSettled(order) ? { type: 'quiet' } : { type: 'wait' };
}

/** Every review but the two opened without an answer about money says that some was paid. */
export function sawMoney(order: Order): boolean {
  const { reviewReason } = order;
  const isReviewOfMoney =
    reviewReason !== undefined && reviewReason !== 'not-found' && reviewReason !== 'user-paying';
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
