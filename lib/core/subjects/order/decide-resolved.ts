import type { Decision } from '../../decision.ts';
import type { CloseOutcome, OrderEvidence } from '../../evidence.ts';
import type { NewSubject } from '../../record.ts';
import type { Json } from '../../values/json.ts';
import { dayMs, type Instant } from '../../values/time.ts';
import { countsForSum } from '../refund/note.ts';
import { commit, isDefinite, paymentOf, stillPayable } from './changes.ts';
import { closeCommand } from './closing.ts';
import type { StateEvidence } from './compare.ts';
import type { Order, Resolution, Resolved } from './order.ts';
import { giveBack } from './refunds.ts';

/** WeChat may refuse for ever to close what is not ours: then a person decides anew. */
const closeLimitMs = dayMs;

type Context = { readonly now: Instant; readonly closed?: CloseOutcome };
type Answer = Extract<OrderEvidence, { readonly type: 'state' | 'not-found' }>;

/**
 * A person resolved this REVIEW, and WeChat has answered since. What they decided is done if WeChat's
 * answer allows it, else noted as impossible; they look again and decide anew.
 */
export function decideResolved(
  order: Order,
  resolution: Resolution,
  evidence: Answer,
  context: Context,
): Decision {
  if (evidence.type === 'not-found' && order.transaction_id !== undefined) {
    // Unsigned, and we know better.
    return { type: 'unknown', code: evidence.code, isFault: false };
  }
  switch (resolution.action) {
    case 'accept':
      return accept(resolution, evidence);
    case 'refund':
      return refund(order, resolution, evidence, context.now);
    case 'close':
      return close(order, resolution, evidence, context);
  }
}

/** The one way in which an order is announced as paid although it was not paid as ordered. */
function accept(resolution: Resolution, evidence: Answer): Decision {
  return hasMoney(evidence)
    ? done(resolution, evidence.state, {
        status: 'PAID',
        set: paymentOf(evidence),
        events: ['order.paid'],
      })
    : impossible(resolution, evidence);
}

function refund(order: Order, resolution: Resolution, evidence: Answer, now: Instant): Decision {
  const isWhole = evidence.type === 'state' && evidence.state === 'SUCCESS';
  const back = isWhole ? giveBack(order, evidence, 'resolve', now) : undefined;
  if (!isWhole || back === undefined) {
    return impossible(resolution, evidence);
  }
  return done(resolution, evidence.state, {
    status: 'PAID',
    set: { ...paymentOf(evidence), refunds: back.refunds },
    events: [],
    starts: [back.start],
  });
}

/** Only where nothing that was paid is left here for certain: unpaid, or the money went back. */
function close(order: Order, resolution: Resolution, evidence: Answer, context: Context): Decision {
  const { closed } = context;
  const answer = answerOf(evidence);
  const haveAllFailed = order.refunds.length > 0 && !order.refunds.some(countsForSum);
  const isMoneyHere =
    answer === 'SUCCESS' ||
    (answer === 'REFUND' && haveAllFailed) ||
    // WeChat closes nothing that was paid: this answer is older than the payment.
    (answer === 'CLOSED' && order.transaction_id !== undefined);
  if (isMoneyHere) {
    return impossible(resolution, evidence);
  }
  const isOver = answer === 'REFUND' || answer === 'CLOSED' || answer === 'REVOKED';
  const isUnknownThere = answer === 'not-found' && closed !== undefined && isDefinite(closed);
  if (isOver || isUnknownThere) {
    return done(resolution, answer, {
      status: 'CLOSED',
      set: { closeReason: 'resolved', ...(hasMoney(evidence) && paymentSeen(evidence)) },
      events: ['order.closed'],
      lookAfterClose: true,
    });
  }
  if (order.unplaced) {
    return impossible(resolution, evidence);
  }
  if (closed === undefined) {
    return closeCommand(order, answer, context.now);
  }
  if (context.now >= resolution.at + closeLimitMs) {
    return impossible(resolution, evidence);
  }
  return { type: 'unknown', code: stillPayable, isFault: closed.type === 'fault' };
}

function done(
  resolution: Resolution,
  evidence: string,
  change: {
    readonly status: 'PAID' | 'CLOSED';
    readonly set: Readonly<Record<string, Json>>;
    readonly events: readonly ('order.paid' | 'order.closed')[];
    readonly starts?: readonly NewSubject[];
    readonly lookAfterClose?: boolean;
  },
): Decision {
  const { set, ...rest } = change;
  const resolved: Resolved = { ...resolution, outcome: 'done' };
  return commit({
    ...rest,
    patch: { set: { ...set, resolved }, unset: ['resolution', 'reviewReason'] },
    evidence,
  });
}

function impossible(resolution: Resolution, evidence: Answer): Decision {
  const resolved: Resolved = { ...resolution, outcome: 'impossible' };
  return commit({
    patch: { set: { resolved }, unset: ['resolution'] },
    events: [],
    evidence: answerOf(evidence),
  });
}

function hasMoney(evidence: Answer): evidence is StateEvidence {
  return evidence.type === 'state' && (evidence.state === 'SUCCESS' || evidence.state === 'REFUND');
}

/** So that the same answer, once more, is no news. */
function paymentSeen(evidence: StateEvidence): Readonly<Record<string, Json>> {
  return { ...paymentOf(evidence), noted: evidence.state };
}

function answerOf(evidence: Answer): string {
  return evidence.type === 'state' ? evidence.state : evidence.type;
}
