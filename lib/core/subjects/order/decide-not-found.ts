import type { Decision } from '../../decision.ts';
import type { CloseOutcome } from '../../evidence.ts';
import { type Instant, minuteMs, plus, secondMs } from '../../values/time.ts';
import { closedHere, commit, giveUp, isDefinite, quietOrWait } from './changes.ts';
import { afterClose, type Closing, closeCommand } from './closing.ts';
import { isCodePayment, isWaiting, type Order } from './order.ts';

const notFoundTwiceMs = 90 * secondMs;
const deadCodeMs = 10 * minuteMs;
/** So often is an unsigned "no such order" not believed by a settled record whose look is owed (8 h). */
const owedLookLimit = 14;

/**
 * "No such order" is unsigned, so it is never believed alone: we close all the same, and only when
 * WeChat answers that definitely and still knows nothing 90 s later is the order closed here; unless
 * we hold its link, which WeChat cannot have given for nothing.
 */
export function decideNotFound(order: Order, context: Closing): Decision {
  if (!isWaiting(order)) {
    const isInDoubt = order.contradictedAt !== undefined && !order.contradiction;
    // WeChat did know it, so this answer is as open as none.
    const isPlaced = order.status === 'CLOSED' && wasKnown(order);
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
    return closeCommand(order, 'not-found', context.now);
  }
  if (context.closed !== undefined && !isAnswered(order, context.closed, context.now)) {
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

/** We hold its link, or a signed answer about its code payment. */
function wasKnown(order: Order): boolean {
  return order.link !== undefined || (isCodePayment(order) && order.noted !== undefined);
}

/**
 * Whether what was sent to end it counts. WeChat names no answer to the reversal of a code payment that it
 * never heard of; but a code is dead minutes after it was shown, and after ten nothing can come of it.
 */
function isAnswered(order: Order, closed: CloseOutcome, now: Instant): boolean {
  if (isDefinite(closed) || !isCodePayment(order) || closed.type === 'fault') {
    return isDefinite(closed);
  }
  return order.notFoundAt === undefined || now >= order.notFoundAt + deadCodeMs;
}
