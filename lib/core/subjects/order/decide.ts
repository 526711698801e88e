import type { Account } from '../../account.ts';
import type { Decision } from '../../decision.ts';
import type { CloseOutcome, OrderEvidence, TradeState } from '../../evidence.ts';
import { assertNever } from '../../result.ts';
import type { Json } from '../../values/json.ts';
import { dayMs, type Instant, minuteMs, plus, secondMs } from '../../values/time.ts';
import {
  closedHere,
  commit,
  giveUp,
  held,
  note,
  paid,
  paidBack,
  quietOrWait,
  review,
  sawMoney,
} from './changes.ts';
import { type ClaimFinding, latePolicyFor, referenceToClaim } from './claim.ts';
import { close } from './closing.ts';
import { isKnownPayment, mismatchOf, type StateEvidence } from './compare.ts';
import { decideNotFound } from './decide-not-found.ts';
import { decideOnPaid } from './decide-paid.ts';
import { decideResolved } from './decide-resolved.ts';
import { decideReversing } from './decide-reversing.ts';
import { isCodePayment, isWaiting, type Order, reopens } from './order.ts';

/** What besides the order and WeChat's answer a decision may look at. */
export type OrderContext = {
  readonly now: Instant;
  readonly account: Pick<Account, 'mchid' | 'latePolicy' | 'duplicatePolicy'>;
  /** What claiming its `reference` found; must be there where `referenceToClaim` names one. */
  readonly claim?: ClaimFinding;
  /** How the close ended that was sent since the first answer of this look; then no second follows. */
  readonly closed?: CloseOutcome;
};

const payerPatienceMs = 10 * minuteMs;
const payerLimitMs = dayMs;
const payerLookMs = 30 * secondMs;

/**
 * The table of the order (docs/architecture.md): what WeChat says × our status. Pure and total; the
 * same answer twice changes nothing the second time.
 */
export function decideOrder(
  order: Order,
  evidence: OrderEvidence,
  context: OrderContext,
): Decision {
  const pending = order.status === 'REVIEW' ? order.resolution : undefined;
  if (
    referenceToClaim(order, evidence, context.account) !== undefined &&
    context.claim === undefined
  ) {
    return { type: 'unknown', code: 'UNCLAIMED', isFault: false };
  }
  switch (evidence.type) {
    case 'unknown':
      return { type: 'unknown', code: evidence.code, isFault: false };
    case 'fault':
      return { type: 'unknown', code: evidence.code, isFault: true };
    case 'not-found':
      return pending === undefined
        ? decideNotFound(order, context)
        : decideResolved(order, pending, evidence, context);
    case 'state':
      if (pending !== undefined) {
        return decideResolved(order, pending, evidence, context);
      }
      return order.status === 'PAID'
        ? decideOnPaid(order, evidence, context)
        : wasFound(order, evidence, decideState(order, evidence, context), context.now);
    default:
      return assertNever(evidence, 'evidence');
  }
}

/**
 * A signed answer knows the order: an earlier "no such order" no longer counts. That is written before a
 * close is sent, for the answer after it may be none.
 */
function wasFound(
  order: Order,
  evidence: StateEvidence,
  decision: Decision,
  now: Instant,
): Decision {
  if (decision.type === 'commit' || !isWaiting(order) || order.notFoundAt === undefined) {
    return decision;
  }
  const at = decision.type === 'wait' ? decision.at : now;
  return commit({
    patch: { unset: ['notFoundAt'] },
    events: [],
    evidence: evidence.state,
    ...(at !== undefined && { nextLookAt: at }),
  });
}

function decideState(order: Order, evidence: StateEvidence, context: OrderContext): Decision {
  // Whatever unpaid order lives under a number that was refused to us is not ours to close.
  const isOurs = order.status !== 'REFUSED' || sawPayment(evidence.state);
  if (order.status === 'UNMATCHED' || !isOurs) {
    return { type: 'quiet' };
  }
  if (isWaiting(order) && order.reversedAt !== undefined) {
    return decideReversing(order, evidence, context);
  }
  switch (evidence.state) {
    case 'SUCCESS':
      return decideSuccess(order, evidence, context);
    case 'REFUND':
      return isKnownPayment(order, evidence)
        ? note(order, evidence)
        : review(order, 'refund', evidence);
    case 'NOTPAY':
    case 'PAYERROR':
      return decideUnpaid(order, evidence.state, context);
    case 'USERPAYING':
    case 'ACCEPT':
      return decidePaying(order, evidence.state, context);
    case 'CLOSED':
    case 'REVOKED':
      return decideClosed(order, evidence.state, context);
    default:
      return assertNever(evidence.state, 'trade_state');
  }
}

function sawPayment(state: TradeState): boolean {
  return state === 'SUCCESS' || state === 'REFUND';
}

function decideSuccess(order: Order, evidence: StateEvidence, context: OrderContext): Decision {
  const mismatch = mismatchOf(order, evidence, context.account);
  if (mismatch !== undefined) {
    return review(order, mismatch, evidence);
  }
  if (isWaiting(order)) {
    return announce(order, evidence, context, {});
  }
  if (order.status === 'REVIEW') {
    return reopens(order) ? announce(order, evidence, context, {}) : note(order, evidence);
  }
  if (isKnownPayment(order, evidence)) {
    // Closed as given back, yet WeChat has it as paid: no policy can know what is true.
    return held(evidence, 'late', { late: true });
  }
  // CLOSED or REFUSED here: the payer was faster than the close, or paid what we believed refused.
  const set = { late: true };
  switch (latePolicyFor(order, context.account)) {
    case 'refund':
      return paidBack(order, evidence, { origin: 'late', set }, context.now);
    case 'hold':
      return held(evidence, 'late', set);
    case 'fulfil':
      return announce(order, evidence, context, set);
  }
}

/** Only one order of a `reference` is announced as paid; who pays it again gets it back. */
function announce(
  order: Order,
  evidence: StateEvidence,
  context: OrderContext,
  set: Readonly<Record<string, Json>>,
): Decision {
  const { claim, now, account } = context;
  if (claim === undefined || claim.type === 'taken') {
    return paid(order, evidence, set);
  }
  const isPatient = now < order.closeAt + payerLimitMs;
  if (claim.type === 'waits' && isPatient) {
    return { type: 'unknown', code: 'CLAIM_WAITS', isFault: false };
  }
  const withOwner = { ...set, duplicateOf: claim.owner };
  return claim.type === 'duplicate' && account.duplicatePolicy === 'refund'
    ? paidBack(order, evidence, { origin: 'duplicate', set: withOwner }, now)
    : held(evidence, 'duplicate', withOwner);
}

function decideUnpaid(order: Order, state: TradeState, context: OrderContext): Decision {
  if (isNotOurs(order, context)) {
    return giveUp(state);
  }
  const mayStillPay = isWaiting(order) || order.status === 'REVIEW';
  const isLeft = order.unplaced || (mayStillPay && context.now < order.closeAt);
  return isLeft ? quietOrWait(order) : close(order, state, context);
}

/** 429 answers our close while somebody pays, so trying it does no harm (4012791860). */
function decidePaying(order: Order, state: TradeState, context: OrderContext): Decision {
  if (order.status === 'REVIEW') {
    return quietOrWait(order);
  }
  if (isNotOurs(order, context)) {
    return giveUp(state);
  }
  if (!isWaiting(order)) {
    return order.unplaced ? { type: 'quiet' } : close(order, state, context);
  }
  if (isCodePayment(order)) {
    return context.now < order.closeAt ? { type: 'wait' } : close(order, state, context);
  }
  if (context.now >= order.closeAt + payerLimitMs) {
    return commit({
      status: 'REVIEW',
      patch: { set: { reviewReason: 'user-paying' } },
      events: ['order.review'],
      evidence: state,
      nextLookAt: plus(context.now, payerPatienceMs),
    });
  }
  return context.now < order.closeAt + payerPatienceMs
    ? { type: 'wait', at: plus(context.now, payerLookMs) }
    : close(order, state, context);
}

function decideClosed(order: Order, state: TradeState, context: OrderContext): Decision {
  // A review that saw money keeps it: only a person decides there.
  if (!isWaiting(order) && (order.status !== 'REVIEW' || sawMoney(order))) {
    return { type: 'quiet' };
  }
  return isWaiting(order) && order.unplaced ? giveUp(state) : closedHere(order, state, context.now);
}

/** Its time is over, and what lives under its number at WeChat was placed by somebody else. */
function isNotOurs(order: Order, context: OrderContext): boolean {
  return isWaiting(order) && order.unplaced && context.now >= order.closeAt;
}
