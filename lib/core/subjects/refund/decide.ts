import type { Decision } from '../../decision.ts';
import type { EventType } from '../../events.ts';
import type { ApplyOutcome, RefundEvidence, RefundState } from '../../evidence.ts';
import type { Json } from '../../values/json.ts';
import { withoutUndefined } from '../../values/optional.ts';
import { hourMs, type Instant, minuteMs, plus } from '../../values/time.ts';
import { isRefundSettled, isWithoutMoney, type Refund, type RefundStatus } from './refund.ts';

/** What besides the refund and WeChat's answer a decision may look at. */
export type RefundContext = {
  readonly now: Instant;
  /** How the apply ended that was sent since the first answer of this look; then no second follows. */
  readonly applied?: ApplyOutcome;
};

type StateEvidence = Extract<RefundEvidence, { readonly type: 'state' }>;

/** A refusal is believed when a query this long after the one that followed it still finds nothing. */
const refusedTwiceMs = minuteMs;
/** A refund that WeChat has not accepted for so long needs a human: mostly there is no money to refund from. */
const overdueMs = hourMs;

/**
 * What WeChat says × our status. Pure and total; the same answer twice changes nothing the second time.
 * The number and the parameters never change: whatever the outcome of an apply was, the same is applied
 * for again until a query knows it, or knows for certain that it was refused (4014959631).
 */
export function decideRefund(
  refund: Refund,
  evidence: RefundEvidence,
  context: RefundContext,
): Decision {
  switch (evidence.type) {
    case 'unknown':
      return unknown(refund, evidence.code, context, false);
    case 'fault':
      return unknown(refund, evidence.code, context, true);
    case 'not-found':
      return decideNotFound(refund, evidence.code, context);
    case 'state':
      return isOurs(refund, evidence)
        ? decideState(refund, evidence)
        : decideOther(refund, context);
  }
}

/** What a refund's state at WeChat is announced as; PROCESSING is no news. */
export function eventOfRefund(state: RefundState): EventType | undefined {
  switch (state) {
    case 'SUCCESS':
      return 'refund.succeeded';
    case 'CLOSED':
      return 'refund.closed';
    case 'ABNORMAL':
      return 'refund.abnormal';
    case 'PROCESSING':
      return undefined;
  }
}

function decideState(refund: Refund, { state, facts }: StateEvidence): Decision {
  if (!moves(refund.status, state)) {
    return isRefundSettled(refund) ? { type: 'quiet' } : { type: 'wait' };
  }
  const { refund_id, successAt } = facts;
  const event = eventOfRefund(state);
  const isNews = event !== undefined || isWithoutMoney(refund.status);
  return commit(state, {
    set: withoutUndefined({ refund_id, successAt: state === 'SUCCESS' ? successAt : undefined }),
    events: event === undefined ? [] : [event],
    tells: isNews,
    evidence: state,
  });
}

/** SUCCESS is never left; CLOSED and REFUSED only for an answer that money moved, or moves, after all. */
function moves(status: RefundStatus, state: RefundState): boolean {
  switch (status) {
    case 'CREATED':
      return true;
    case 'PROCESSING':
    case 'ABNORMAL':
      return state !== status;
    case 'CLOSED':
      return state === 'SUCCESS';
    case 'REFUSED':
      return state !== 'CLOSED';
    case 'SUCCESS':
      return false;
  }
}

/** Unsigned, so it proves nothing but that asking for the refund (again) can do no harm. */
function decideNotFound(refund: Refund, code: string, context: RefundContext): Decision {
  const { now, applied } = context;
  if (isRefundSettled(refund)) {
    return { type: 'quiet' };
  }
  if (refund.status !== 'CREATED') {
    return unknown(refund, code, context, false);
  }
  if (now < refund.startAt) {
    return { type: 'wait', at: refund.startAt };
  }
  if (refund.refusedAt !== undefined) {
    const believedAt = plus(refund.refusedAt, refusedTwiceMs);
    return now < believedAt ? { type: 'wait', at: believedAt } : refused(refund.refusal ?? code);
  }
  if (applied === undefined) {
    return { type: 'command', command: 'apply' };
  }
  switch (applied.type) {
    case 'refused':
      return {
        type: 'commit',
        change: {
          patch: { set: { refusal: applied.code, refusedAt: now } },
          events: [],
          evidence: applied.code,
          nextLookAt: plus(now, refusedTwiceMs),
        },
      };
    case 'accepted':
      return unknown(refund, code, context, false);
    case 'unknown':
      return unknown(refund, applied.code, context, false);
    case 'fault':
      return unknown(refund, applied.code, context, true);
  }
}

/** Another refund, of another order or amount, has this number: WeChat will never take ours. */
function decideOther(refund: Refund, context: RefundContext): Decision {
  if (refund.status === 'CREATED') {
    return refused('NUMBER_USED');
  }
  return isRefundSettled(refund)
    ? { type: 'quiet' }
    : unknown(refund, 'OTHER_REFUND', context, false);
}

function isOurs({ terms }: Refund, { facts }: StateEvidence): boolean {
  return (
    facts.transaction_id === terms.transaction_id &&
    (terms.out_trade_no === undefined || facts.out_trade_no === terms.out_trade_no) &&
    facts.refundFen === terms.refundFen
  );
}

function refused(code: string): Decision {
  return commit('REFUSED', {
    set: { refusal: code },
    events: ['refund.refused'],
    tells: true,
    evidence: code,
  });
}

function commit(
  status: RefundStatus,
  change: {
    readonly set: Readonly<Record<string, Json>>;
    readonly events: readonly EventType[];
    readonly tells: boolean;
    readonly evidence: string;
  },
): Decision {
  const { set, events, tells, evidence } = change;
  // A refusal that is over must not be shown, nor believed later.
  const unset = status === 'REFUSED' ? ['refusedAt'] : ['refusedAt', 'refusal'];
  return {
    type: 'commit',
    change: { status, patch: { set, unset }, events, tells, evidence },
  };
}

function unknown(refund: Refund, code: string, { now }: RefundContext, isFault: boolean): Decision {
  const isOverdue = refund.status === 'CREATED' && now >= refund.startAt + overdueMs;
  return { type: 'unknown', code, isFault, ...(isOverdue && { isOverdue }) };
}
