import type { Account } from '../../account.ts';
import type { Decision } from '../../decision.ts';
import { type Instant, minuteMs, plus } from '../../values/time.ts';
import { commit, note } from './changes.ts';
import { mismatchOf, type StateEvidence } from './compare.ts';
import type { Order } from './order.ts';

const contradictionMs = 10 * minuteMs;

/** PAID is never left. A signed answer against it must repeat after 10 min before it is an alarm. */
export function decideOnPaid(
  order: Order,
  evidence: StateEvidence,
  context: { readonly now: Instant; readonly account: Pick<Account, 'mchid'> },
): Decision {
  if (evidence.state === 'REFUND' && (order.contradictedAt === undefined || order.contradiction)) {
    return note(order, evidence);
  }
  if (evidence.state === 'REFUND') {
    return commit({
      patch: { set: { noted: evidence.state }, unset: ['contradictedAt'] },
      events: [],
      evidence: evidence.state,
    });
  }
  if (evidence.state === 'SUCCESS' && isAsKnown(order, evidence, context.account)) {
    return order.contradictedAt === undefined || order.contradiction
      ? { type: 'quiet' }
      : commit({ patch: { unset: ['contradictedAt'] }, events: [], evidence: 'SUCCESS' });
  }
  if (order.contradiction) {
    return { type: 'quiet' };
  }
  if (order.contradictedAt === undefined) {
    return commit({
      patch: { set: { contradictedAt: context.now } },
      events: [],
      evidence: evidence.state,
      nextLookAt: plus(context.now, contradictionMs),
    });
  }
  if (context.now < order.contradictedAt + contradictionMs) {
    return { type: 'wait', at: plus(order.contradictedAt, contradictionMs) };
  }
  return commit({
    patch: { set: { contradiction: true } },
    events: ['order.review'],
    evidence: evidence.state,
  });
}

/** What a person accepted, or had given back, was not as ordered; it must be what they saw. */
function isAsKnown(
  order: Order,
  evidence: StateEvidence,
  account: Pick<Account, 'mchid'>,
): boolean {
  const { resolved } = order;
  return resolved?.outcome === 'done' && resolved.action !== 'close'
    ? evidence.payment?.amountFen === order.paidFen
    : mismatchOf(order, evidence, account) === undefined;
}
