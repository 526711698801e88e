import type { Decision } from '../../decision.ts';
import type { CloseOutcome } from '../../evidence.ts';
import { type Instant, plus, secondMs } from '../../values/time.ts';
import { commit, stillPayable } from './changes.ts';
import { isCodePayment, isSettled, type Order } from './order.ts';

export type Closing = { readonly now: Instant; readonly closed?: CloseOutcome };

/** Should its writer die before it is sent, somebody looks by then. */
const reversalWithinMs = 30 * secondMs;

/**
 * Takes an order that is over away from its payer: by a close, a code payment by a reversal. Which of them
 * is sent once a look; when it did not help, somebody looks again.
 */
export function close(order: Order, evidence: string, context: Closing): Decision {
  if (context.closed === undefined) {
    return closeCommand(order, evidence, context.now);
  }
  const next = afterClose(context.closed);
  // A settled order that WeChat still shows unpaid must not rest: the look stays owed.
  return next.type === 'wait' && isSettled(order)
    ? { type: 'unknown', code: stillPayable, isFault: false }
    : next;
}

/**
 * The command to send. Our query does not show afterwards that a reversal is on its way, so it is written
 * to the record before: whoever sees it there must neither announce the order nor leave it unreversed.
 */
export function closeCommand(order: Order, evidence: string, now: Instant): Decision {
  if (!isCodePayment(order)) {
    return { type: 'command', command: 'close' };
  }
  return order.reversedAt === undefined
    ? commit({
        patch: { set: { reversedAt: now } },
        events: [],
        looksOn: true,
        // What looks on at a settled order is a look that is owed; it stays so until the reversal is sent.
        ...(isSettled(order) && { isAside: true }),
        nextLookAt: plus(now, reversalWithinMs),
        evidence,
      })
    : { type: 'command', command: 'reverse' };
}

/** The close was sent and the query after it still does not say closed: look again by the plan. */
export function afterClose(closed: CloseOutcome): Decision {
  return closed.type === 'fault'
    ? { type: 'unknown', code: closed.code, isFault: true }
    : { type: 'wait' };
}
