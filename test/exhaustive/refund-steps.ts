import { applyChange, withDueAt } from '#core/commit.ts';
import type { Change, Decision } from '#core/decision.ts';
import type { ApplyOutcome } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decideRefund } from '#core/subjects/refund/decide.ts';
import {
  decodeRefund,
  isRefundSettled,
  type Refund,
  type RefundStatus,
} from '#core/subjects/refund/refund.ts';
import { nextDailySlot, nextRefundSlot } from '#core/timing.ts';
import type { Instant } from '#core/values/time.ts';
import type { Answer } from './refund-answers.ts';
import { type Expected, expectedOf } from './refund-table.ts';
import type { Effect } from './refund-words.ts';

/** A record between two looks, and what has to be remembered of its history to judge the next one. */
export type State = {
  readonly record: StoredRecord;
  readonly refund: Refund;
  /** What its order was told last. */
  readonly told: RefundStatus;
  /** Since when it is refused: WeChat said so, and knew nothing of it right after. */
  readonly refusedSince?: Instant;
  /** The look that made it; none at the start. */
  readonly cause?: Step;
};

/** One decision of a look. */
export type Step = {
  readonly state: State;
  readonly now: Instant;
  readonly answer: Answer;
  /** How the apply ended that followed the first answer of the same look. */
  readonly applied?: ApplyOutcome;
  readonly decision: Decision;
  readonly after?: Written;
};

/** The record as a commit leaves it, and when what it owes is carried out and cleared. */
export type Written = {
  readonly change: Change;
  readonly owing: StoredRecord;
  readonly record: StoredRecord;
  readonly refund: Refund;
};

export function refundOf(record: StoredRecord): Refund {
  const decoded = decodeRefund(record);
  if (!decoded.ok) {
    throw new Error(`No refund: ${decoded.error}`);
  }
  return decoded.value;
}

/** Decides on what was seen, and commits as the loop does. */
export function look(seen: Omit<Step, 'decision' | 'after'>): Step {
  const { state, now, answer, applied } = seen;
  const decision = decideRefund(state.refund, answer.evidence, {
    now,
    ...(applied !== undefined && { applied }),
  });
  return decision.type === 'commit'
    ? { ...seen, decision, after: written(state.record, decision.change, now) }
    : { ...seen, decision };
}

function written(before: StoredRecord, change: Change, now: Instant): Written {
  const changed = applyChange(before, change, { now, because: 'timer' });
  const refund = refundOf(changed);
  const settled = isRefundSettled(refund);
  const slot = refund.status === 'ABNORMAL' ? nextDailySlot : nextRefundSlot;
  const owing = withDueAt(changed, change, { now, settled, nextSlot: slot(refund.startAt, now) });
  const { dueAt, ...rest } = owing;
  const record = { ...rest, outbox: [], ...(dueAt !== undefined && !settled && { dueAt }) };
  return { change, owing, record, refund };
}

/** The other state that a step leads to, if it does. */
export function stateAfter(step: Step): State | undefined {
  const { state, now, answer, applied, after } = step;
  const isRefused = applied?.type === 'refused' && answer.evidence.type === 'not-found';
  const refusedSince = state.refusedSince ?? (isRefused ? now : undefined);
  if (after === undefined) {
    return undefined;
  }
  return {
    record: after.record,
    refund: after.refund,
    told: after.change.tells === true ? after.refund.status : state.told,
    ...(refusedSince !== undefined && !answer.isSigned && { refusedSince }),
    cause: step,
  };
}

/** What the table expects of a step. */
export function expectedHere({ state, now, answer, applied }: Step): Expected {
  const { record, refund } = state;
  return expectedOf({ record, refund, now, answer, ...(applied !== undefined && { applied }) });
}

/** What was decided, carried through the commit. */
export function effectOf({ decision, after }: Step): Effect {
  switch (decision.type) {
    case 'quiet':
      return { type: 'rest' };
    case 'wait':
      return { type: 'look', ...(decision.at !== undefined && { at: decision.at }) };
    case 'unknown': {
      const { code, isFault, isOverdue = false } = decision;
      return { type: 'unanswered', code, isFault, isOverdue };
    }
    case 'command':
      return { type: decision.command };
    case 'commit': {
      const { events, tells = false, evidence, nextLookAt } = decision.change;
      return {
        type: 'write',
        status: after?.record.status ?? '',
        data: after?.record.data ?? {},
        events,
        tells,
        because: evidence,
        ...(nextLookAt !== undefined && { lookAt: nextLookAt }),
      };
    }
  }
}

/** How the refund came here, in words: for the message of a check that fails. */
export function storyOf({ state, now, answer, applied, decision }: Step): string {
  const before = state.cause === undefined ? '' : `${storyOf(state.cause)}\n`;
  const first = applied === undefined ? '' : `apply ${applied.type}, `;
  const came = decision.type === 'commit' ? JSON.stringify(decision.change) : decision.type;
  const at = new Date(now).toISOString();
  return `${before}${state.refund.status} at ${at}: ${first}${answer.name} → ${came}`;
}
