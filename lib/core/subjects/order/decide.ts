import type { Account } from '../../account.ts';
import type { Decision } from '../../decision.ts';
import type { CloseOutcome, OrderEvidence, TradeState } from '../../evidence.ts';
import { assertNever } from '../../result.ts';
import type { Json } from '../../values/json.ts';
import { dayMs, type Instant, minuteMs, plus, secondMs } from '../../values/time.ts';
import {
  closedHere,
  commit,
  held,
  isDefinite,
  note,
  paid,
  paidBack,
  quietOrWait,
  review,
  sawMoney,
  stillPayable,
} from './changes.ts';
import { type ClaimFinding, referenceToClaim } from './claim.ts';
import { isKnownPayment, mismatchOf, type StateEvidence } from './compare.ts';
import { decideOnPaid } from './decide-paid.ts';
import { decideResolved } from './decide-resolved.ts';
import { isSettled, isWaiting, type Order, reopens } from './order.ts';

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
const notFoundTwiceMs = 90 * secondMs;
/** So often is an unsigned "no such order" not believed by a settled record whose look is owed (8 h). */
const owedLookLimit = 14;

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
  switch (context.account.latePolicy) {
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
  return isLeft ? quietOrWait(order) : close(order, context);
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
    return order.unplaced ? { type: 'quiet' } : close(order, context);
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
    : close(order, context);
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

/** Nothing was ever handed out: as if WeChat had refused the placing at once. */
function giveUp(evidence: string): Decision {
  return commit({ status: 'REFUSED', patch: { unset: ['unplaced'] }, events: [], evidence });
}

/**
 * "No such order" is unsigned, so it is never believed alone: we close all the same, and only when
 * WeChat answers that definitely and still knows nothing 90 s later is the order closed here; unless
 * we hold its link, which WeChat cannot have given for nothing.
 */
function decideNotFound(order: Order, context: OrderContext): Decision {
  if (!isWaiting(order)) {
    const isInDoubt = order.contradictedAt !== undefined && !order.contradiction;
    // We hold its link: WeChat did know it, so this answer is as open as none.
    const isPlaced = order.status === 'CLOSED' && order.link !== undefined;
    const isOwed =
      (isInDoubt || isPlaced || order.unknownLooks > 0) && order.unknownLooks < owedLookLimit;
    const isOpenEnded = context.closed !== undefined && !isDefinite(context.closed);
    return isOwed || isOpenEnded
      ? { type: 'unknown', code: 'ORDER_NOT_EXIST', isFault: context.closed?.type === 'fault' }
      : quietOrWait(order);
  }
  if (context.now < order.closeAt) {
    return { type: 'wait' };
  }
  if (!order.unplaced && context.closed === undefined) {
    return { type: 'command', command: 'close' };
  }
  if (context.closed !== undefined && !isDefinite(context.closed)) {
    return afterClose(context.closed);
  }
  if (order.notFoundAt === undefined) {
    return commit({
      patch: { set: { notFoundAt: context.now } },
      events: [],
      evidence: 'not-found',
      nextLookAt: plus(context.now, notFoundTwiceMs),
    });
  }
  if (context.now < order.notFoundAt + notFoundTwiceMs) {
    return { type: 'wait', at: plus(order.notFoundAt, notFoundTwiceMs) };
  }
  if (order.unplaced) {
    return giveUp('not-found');
  }
  return order.link === undefined
    ? closedHere(order, 'not-found', context.now)
    : commit({
        status: 'REVIEW',
        patch: { set: { reviewReason: 'not-found' } },
        events: ['order.review'],
        lookAfterClose: true,
        evidence: 'not-found',
      });
}

function close(order: Order, context: OrderContext): Decision {
  if (context.closed === undefined) {
    return { type: 'command', command: 'close' };
  }
  const next = afterClose(context.closed);
  // A settled order that WeChat still shows unpaid must not rest: the look stays owed.
  return next.type === 'wait' && isSettled(order)
    ? { type: 'unknown', code: stillPayable, isFault: false }
    : next;
}

/** The close was sent and the query after it still does not say closed: look again by the plan. */
function afterClose(closed: CloseOutcome): Decision {
  return closed.type === 'fault'
    ? { type: 'unknown', code: closed.code, isFault: true }
    : { type: 'wait' };
}
