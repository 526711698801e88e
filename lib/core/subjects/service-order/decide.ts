import type { Change, Decision } from '../../decision.ts';
import type { EventType } from '../../events.ts';
import type { SendOutcome, ServiceOrderEvidence } from '../../payscore/evidence.ts';
import { decisionOf, judgePending, patchOf, refusedCreation } from '../../payscore/pending.ts';
import type { Json } from '../../values/json.ts';
import { withoutUndefined } from '../../values/optional.ts';
import type { Instant } from '../../values/time.ts';
import {
  isServiceOrderSettled,
  type ServiceOrder,
  type ServiceOrderStatus,
  type ServiceReviewReason,
} from './service-order.ts';
import { agreedAfter, type Phase, phaseOf, type StateEvidence, standingOf } from './standing.ts';

/** What besides the service order and WeChat's answer a decision may look at. */
export type ServiceOrderContext = {
  readonly now: Instant;
  /** How the pending command's send ended in this look; then no second follows. */
  readonly sent?: SendOutcome;
};

const eventOf: Readonly<Partial<Record<ServiceOrderStatus, EventType>>> = {
  DOING: 'service-order.doing',
  COMPLETED: 'service-order.completed',
  PAID: 'service-order.paid',
  DONE: 'service-order.completed',
  REVOKED: 'service-order.revoked',
  EXPIRED: 'service-order.expired',
  REVIEW: 'service-order.review',
};

/**
 * What WeChat says × our status. Pure and total. A service moves forward only, and a paid one is never left;
 * money that contradicts what was agreed is for a person. What WeChat says in words that no document lists
 * decides nothing.
 */
export function decideServiceOrder(
  order: ServiceOrder,
  evidence: ServiceOrderEvidence,
  context: ServiceOrderContext,
): Decision {
  switch (evidence.type) {
    case 'unknown':
      return { type: 'unknown', code: evidence.code, isFault: false };
    case 'fault':
      return { type: 'unknown', code: evidence.code, isFault: true };
    case 'not-found':
      return decideNotFound(order, evidence.code, context);
    case 'state':
      return decideState(order, evidence, context);
  }
}

/** Unsigned: it proves nothing but that sending the same creation (again) can do no harm. */
function decideNotFound(order: ServiceOrder, code: string, context: ServiceOrderContext): Decision {
  if (isServiceOrderSettled(order)) {
    return { type: 'quiet' };
  }
  if (order.status !== 'CREATED' || order.pending?.name !== 'create-service-order') {
    return { type: 'unknown', code, isFault: false };
  }
  const verdict = judgePending(order.pending, 'open', { ...context, isCharging: false });
  return verdict.type === 'refused'
    ? refused(order, verdict.code, context.now)
    : decisionOf(verdict, false);
}

function refused(order: ServiceOrder, code: string, now: Instant): Decision {
  return refusedCreation(order.pending, { code, event: 'service-order.refused', now }, true);
}

function decideState(
  order: ServiceOrder,
  evidence: StateEvidence,
  context: ServiceOrderContext,
): Decision {
  if (evidence.service_id !== order.service_id || evidence.appid !== order.appid) {
    return decideOther(order, context.now);
  }
  const phase = phaseOf(evidence);
  if (phase === undefined) {
    return { type: 'unknown', code: 'UNDOCUMENTED', isFault: false };
  }
  const { pending } = order;
  const verdict = judgePending(pending, standingOf(pending, phase, evidence), {
    ...context,
    isCharging: phase === 'COMPLETED',
  });
  const agreedFen = agreedAfter(order, verdict.type === 'done');
  const target = targetOf({ ...order, totalFen: agreedFen }, phase, evidence);
  const pendingPatch = pending && patchOf(pending, verdict, context.now);
  if (target === undefined && pendingPatch === undefined) {
    return decisionOf(verdict, isServiceOrderSettled(order));
  }
  const event = target && eventOf[target.status];
  return {
    type: 'commit',
    change: changeOf(
      { order, evidence, target, pendingPatch, agreedFen, now: context.now },
      verdict.type === 'send',
      [
        ...(event === undefined ? [] : [event]),
        ...(verdict.type === 'refused' ? ['service-order.refused' as const] : []),
      ],
    ),
  };
}

/** Another system's number, or that of another service. */
function decideOther(order: ServiceOrder, now: Instant): Decision {
  if (isServiceOrderSettled(order)) {
    return { type: 'quiet' };
  }
  return order.status === 'CREATED'
    ? refused(order, 'NUMBER_USED', now)
    : { type: 'unknown', code: 'OTHER_SERVICE_ORDER', isFault: false };
}

type Target = { readonly status: ServiceOrderStatus; readonly reviewReason?: ServiceReviewReason };

function changeOf(
  found: {
    readonly order: ServiceOrder;
    readonly evidence: StateEvidence;
    readonly target: Target | undefined;
    readonly pendingPatch: ReturnType<typeof patchOf>;
    readonly agreedFen: ServiceOrder['totalFen'];
    readonly now: Instant;
  },
  sends: boolean,
  events: readonly EventType[],
): Change {
  const { order, evidence, target, pendingPatch, agreedFen, now } = found;
  const { order_id, transaction_id, paidFen, paid_type, paidAt } = evidence;
  // WeChat completes it between our note and our query, which may come long after.
  const since = order.pending?.name === 'complete' ? order.pending.at : now;
  const isPaid = target?.status === 'PAID' || target?.status === 'REVIEW';
  const set: Readonly<Record<string, Json>> = withoutUndefined({
    ...pendingPatch?.set,
    order_id,
    totalFen: agreedFen,
    completedAt: order.completedAt ?? (target?.status === 'COMPLETED' ? since : undefined),
    reviewReason: target?.reviewReason,
    ...(isPaid && { transaction_id, paidFen, paid_type, successAt: paidAt }),
  });
  const nextLookAt = pendingPatch?.nextLookAt;
  return {
    status: target?.status ?? order.status,
    patch: { set, ...(pendingPatch?.unset && { unset: pendingPatch.unset }) },
    events,
    evidence: evidenceWords(evidence),
    ...(target !== undefined && isNewsForPlan(order.status, target.status) && { tells: true }),
    ...(nextLookAt !== undefined && { nextLookAt }),
    ...(sends && { looksOn: true as const }),
  };
}

/** As people read it in the history: `DOING MCH_COMPLETE USER_PAYING`. */
function evidenceWords({ state, state_description, collection_state }: StateEvidence): string {
  return [state, state_description, collection_state]
    .filter((word) => word !== undefined)
    .join(' ');
}

/** The sign plan decides by it which detail is next; that of a refused one it took for free. */
function isNewsForPlan(before: ServiceOrderStatus, status: ServiceOrderStatus): boolean {
  return before === 'REFUSED' || (status !== 'CREATED' && status !== 'COMPLETED');
}

const rank: Readonly<Record<ServiceOrderStatus, number>> = {
  REFUSED: -1,
  CREATED: 0,
  DOING: 1,
  COMPLETED: 2,
  DONE: 3,
  REVOKED: 3,
  EXPIRED: 3,
  PAID: 4,
  REVIEW: 5,
  UNMATCHED: 5,
};

/** Where the answer moves the record; undefined: it stays. */
function targetOf(order: ServiceOrder, phase: Phase, evidence: StateEvidence): Target | undefined {
  if (phase !== 'PAID') {
    return rank[phase] > rank[order.status] ? { status: phase } : undefined;
  }
  // A free one that was paid with nothing is no news.
  const isFree = order.status === 'DONE' && evidence.paidFen === 0;
  if (rank[order.status] >= rank.PAID || isFree) {
    return undefined;
  }
  const reviewReason = contradictionIn(order, evidence);
  return reviewReason === undefined ? { status: 'PAID' } : { status: 'REVIEW', reviewReason };
}

/** Money is announced as paid only if it is what was agreed, by whom it was agreed with, while it was owed. */
function contradictionIn(
  order: ServiceOrder,
  { totalFen, paidFen, openid, paid_type }: StateEvidence,
): ServiceReviewReason | undefined {
  if (order.status === 'REVOKED' || order.status === 'EXPIRED' || order.status === 'DONE') {
    return 'revoked';
  }
  if (order.openid !== undefined && openid !== undefined && openid !== order.openid) {
    return 'payer';
  }
  // Paid another way (`sync`): WeChat took nothing itself.
  const chargedFen = paid_type === 'MCH' && !paidFen ? totalFen : paidFen;
  // Where no completion of ours is known to stand, WeChat's own total, within what was signed.
  const agreedFen = order.totalFen ?? totalFen ?? chargedFen;
  const isWithin = order.priceFen === undefined || Number(agreedFen) <= order.priceFen;
  return chargedFen !== undefined && chargedFen === agreedFen && isWithin ? undefined : 'amount';
}
