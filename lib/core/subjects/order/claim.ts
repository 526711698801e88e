import type { Account, LatePolicy } from '../../account.ts';
import type { OrderEvidence } from '../../evidence.ts';
import type { Reference } from '../../values/ids.ts';
import { countsForSum } from '../refund/note.ts';
import { isKnownPayment, mismatchOf, type StateEvidence } from './compare.ts';
import { isSettled, type Order, type OrderName, reopens } from './order.ts';

/** What an order that is about to be announced as paid found when it claimed its `reference`. */
export type ClaimFinding =
  /** Nobody else may be announced for it. */
  | { readonly type: 'taken' }
  /** The owner is about to be paid, or not: look again. */
  | { readonly type: 'waits'; readonly owner: OrderName }
  /** The owner is paid for certain, and nothing of it went back: this one is too much. */
  | { readonly type: 'duplicate'; readonly owner: OrderName }
  /** The owner was paid, but it is not sure that it still is: a machine must not choose. */
  | { readonly type: 'doubtful'; readonly owner: OrderName };

/**
 * The `reference` that must be claimed before this answer is decided on: that of an order about to be
 * announced as paid. Undefined where no claim is needed.
 */
export function referenceToClaim(
  order: Order,
  evidence: OrderEvidence,
  account: Pick<Account, 'mchid' | 'latePolicy'>,
): Reference | undefined {
  if (evidence.type !== 'state') {
    return undefined;
  }
  const isPaid = evidence.state === 'SUCCESS' && mismatchOf(order, evidence, account) === undefined;
  return (isPaid && isAnnounced(order, evidence, account)) || isAccepted(order, evidence.state)
    ? order.terms?.reference
    : undefined;
}

function isAnnounced(
  order: Order,
  evidence: StateEvidence,
  account: Pick<Account, 'latePolicy'>,
): boolean {
  switch (order.status) {
    case 'CREATED':
    case 'AWAITING':
      return order.reversedAt === undefined;
    case 'REVIEW':
      return order.resolution === undefined && reopens(order);
    case 'CLOSED':
    case 'REFUSED':
      return latePolicyFor(order, account) === 'fulfil' && !isKnownPayment(order, evidence);
    case 'PAID':
    case 'UNMATCHED':
      return false;
  }
}

/** What may have been reversed is never delivered for by a machine. */
export function latePolicyFor(order: Order, account: Pick<Account, 'latePolicy'>): LatePolicy {
  const { latePolicy } = account;
  return latePolicy === 'fulfil' && order.reversedAt !== undefined ? 'hold' : latePolicy;
}

function isAccepted(order: Order, state: string): boolean {
  const hasMoney = state === 'SUCCESS' || state === 'REFUND';
  return order.status === 'REVIEW' && order.resolution?.action === 'accept' && hasMoney;
}

/**
 * What the owner's record means for another order that is paid. Whoever claimed was seen paid, so a
 * record that is closed has not been told yet, unless it was reversed meanwhile. One that is missing was
 * lost.
 */
export function judgeOwner(owner: Order | undefined): Exclude<ClaimFinding['type'], 'taken'> {
  switch (owner?.status) {
    case 'CLOSED':
      return owner.closeReason === 'resolved' || owner.reversedAt !== undefined
        ? 'doubtful'
        : 'waits';
    case 'REFUSED':
    case 'CREATED':
    case 'AWAITING':
      return 'waits';
    case 'PAID':
      return isPaidForCertain(owner) ? 'duplicate' : 'doubtful';
    case 'REVIEW':
      return isSettled(owner) ? 'doubtful' : 'waits';
    case 'UNMATCHED':
    case undefined:
      return 'doubtful';
  }
}

function isPaidForCertain(owner: Order): boolean {
  return (
    owner.contradictedAt === undefined &&
    owner.noted !== 'REFUND' &&
    !owner.refunds.some(countsForSum)
  );
}
