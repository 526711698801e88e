import type { Account } from '../../account.ts';
import type { Decision } from '../../decision.ts';
import { dayMs } from '../../values/time.ts';
import { closedHere, commit, held, paidBack, paymentOf, review } from './changes.ts';
import { afterClose, type Closing, closeCommand } from './closing.ts';
import { mismatchOf, type StateEvidence } from './compare.ts';
import type { Order } from './order.ts';

type Context = Closing & { readonly account: Pick<Account, 'mchid' | 'latePolicy'> };

const reversalLimitMs = dayMs;

/**
 * A code payment that is being reversed, and waits for it to be done. A reversal may have been sent, so a
 * payment that shows up now is not announced: it goes back, with the reversal or, where WeChat refuses
 * that, as a late one.
 */
export function decideReversing(order: Order, evidence: StateEvidence, context: Context): Decision {
  const { closed, now } = context;
  const { state } = evidence;
  if (state === 'CLOSED' || state === 'REVOKED') {
    return closedHere(order, state, now);
  }
  if (closed === undefined) {
    return closeCommand(order, state, now);
  }
  if (state === 'REFUND' && closed.type === 'done') {
    return closedHere(order, state, now, { ...paymentOf(evidence), noted: state });
  }
  if (state === 'SUCCESS' && closed.type === 'refused') {
    return keepsMoney(order, evidence, context);
  }
  return now < order.closeAt + reversalLimitMs ? afterClose(closed) : leftToPerson(evidence);
}

/** Whatever the policy: what may yet be reversed is not delivered for. */
function keepsMoney(order: Order, evidence: StateEvidence, context: Context): Decision {
  const mismatch = mismatchOf(order, evidence, context.account);
  if (mismatch !== undefined) {
    return review(order, mismatch, evidence);
  }
  const set = { late: true };
  return context.account.latePolicy === 'refund'
    ? paidBack(order, evidence, { origin: 'late', set }, context.now)
    : held(evidence, 'late', set);
}

function leftToPerson(evidence: StateEvidence): Decision {
  return commit({
    status: 'REVIEW',
    patch: { set: { ...paymentOf(evidence), reviewReason: 'reverse', noted: evidence.state } },
    events: ['order.review'],
    evidence: evidence.state,
  });
}
