import type { LatePolicy } from '#core/account.ts';
import { applyChange, withDueAt } from '#core/commit.ts';
import type { Change, Decision } from '#core/decision.ts';
import type { CloseOutcome } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { decodeOrder, isSettled, type Order, planOf } from '#core/subjects/order/order.ts';
import { nextSlot } from '#core/timing.ts';
import type { Instant } from '#core/values/time.ts';
import { account } from '../support/order-builder.ts';
import type { Answer } from './order-answers.ts';

/** A record between two looks, and what has to be remembered of its history to judge the next one. */
export type State = {
  readonly record: StoredRecord;
  readonly order: Order;
  readonly events: readonly string[];
  /** Since when WeChat knows no such order, look by look, although a close was answered definitely. */
  readonly unknownSince?: Instant;
  /** The look that made it; none at the start. */
  readonly cause?: Step;
};

/** One decision of a look. */
export type Step = {
  readonly state: State;
  readonly policy: LatePolicy;
  readonly now: Instant;
  readonly answer: Answer;
  /** The first answer of the same look, and how the close ended that followed it. */
  readonly earlier?: { readonly answer: Answer; readonly closed: CloseOutcome };
  readonly decision: Decision;
  readonly after?: Written;
};

/** The record as a commit leaves it, and when what it owes is carried out and cleared. */
export type Written = {
  readonly change: Change;
  readonly owing: StoredRecord;
  readonly record: StoredRecord;
  readonly order: Order;
};

export function orderOf(record: StoredRecord): Order {
  const decoded = decodeOrder(record);
  if (!decoded.ok) {
    throw new Error(`No order: ${decoded.error}`);
  }
  return decoded.value;
}

type Seen = Omit<Step, 'decision' | 'after'>;

/** Decides on what was seen, and commits as the loop does. */
export function stepOf(seen: Seen): Step {
  const { state, now, earlier } = seen;
  const decision = decideOrder(state.order, seen.answer.evidence, {
    now,
    account: { mchid: account.mchid, latePolicy: seen.policy },
    ...(earlier !== undefined && { closed: earlier.closed }),
  });
  return decision.type === 'commit'
    ? { ...seen, decision, after: written(state.record, decision.change, now) }
    : { ...seen, decision };
}

function written(before: StoredRecord, change: Change, now: Instant): Written {
  const changed = applyChange(before, change, { now, because: 'request' });
  const order = orderOf(changed);
  const settled = isSettled(order);
  const next = { now, settled, nextSlot: nextSlot(planOf(order), now) };
  const owing = withDueAt(changed, change, next);
  const { dueAt, ...rest } = owing;
  const rests = settled && owing.outbox.length > 0;
  const record = { ...rest, outbox: [], ...(dueAt !== undefined && !rests && { dueAt }) };
  return { change, owing, record, order };
}

/** The other state that a step leads to, if it does. */
export function stateAfter(step: Step): State | undefined {
  const { state, after } = step;
  const unknownSince = unknownSinceAfter(step);
  if (after === undefined && unknownSince === state.unknownSince) {
    return undefined;
  }
  return {
    record: after?.record ?? state.record,
    order: after?.order ?? state.order,
    events: [...state.events, ...(after?.change.events ?? [])],
    ...(unknownSince !== undefined && { unknownSince }),
    cause: step,
  };
}

/** Written apart from the record's own `notFoundAt`, to judge it. */
function unknownSinceAfter({ state, answer, earlier, now }: Seen): Instant | undefined {
  const before = earlier?.answer.isSigned === true ? undefined : state.unknownSince;
  if (answer.isSigned) {
    return undefined;
  }
  const type = earlier?.closed.type;
  const isDefinite = type === 'done' || type === 'no-such-order';
  return answer.word === 'not-found' && isDefinite ? (before ?? now) : before;
}

/** How the order came here, in words: for the message of a check that fails. */
export function storyOf(step: Step): string {
  const { state, now, answer, earlier, decision, policy } = step;
  const before = state.cause === undefined ? '' : `${storyOf(state.cause)}\n`;
  const first =
    earlier === undefined ? '' : `${earlier.answer.name}, close ${earlier.closed.type}, `;
  const came = decision.type === 'commit' ? JSON.stringify(decision.change) : decision.type;
  const at = new Date(now).toISOString();
  return `${before}${state.order.status} (${policy}) at ${at}: ${first}${answer.name} → ${came}`;
}
