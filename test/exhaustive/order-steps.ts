import type { Account } from '#core/account.ts';
import { applyChange, withDueAt } from '#core/commit.ts';
import type { Change, Decision } from '#core/decision.ts';
import type { CloseOutcome } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import type { ClaimFinding } from '#core/subjects/order/claim.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import {
  decodeOrder,
  isSettled,
  type Order,
  owesLook,
  planOf,
} from '#core/subjects/order/order.ts';
import { learnRefund, startRefund } from '#core/subjects/order/refunds.ts';
import { noteResolution } from '#core/subjects/order/resolve.ts';
import { nextSlot } from '#core/timing.ts';
import type { Instant } from '#core/values/time.ts';
import { account } from '../support/order-builder.ts';
import type { Answer } from './order-answers.ts';
import type { Aside } from './order-aside.ts';
import { isCode } from './order-conditions.ts';

/** A record between two steps, and what has to be remembered of its history to judge the next one. */
export type State = {
  readonly record: StoredRecord;
  readonly order: Order;
  readonly events: readonly string[];
  /**
   * Since when WeChat knows no such order, look by look, although a close was answered definitely; or
   * where none is sent, since its time is over.
   */
  readonly unknownSince?: Instant;
  /** The step that made it; none at the start. */
  readonly cause?: Step;
};

/** One decision of a look. */
export type Look = {
  readonly type: 'look';
  readonly state: State;
  readonly policies: Pick<Account, 'latePolicy' | 'duplicatePolicy'>;
  readonly now: Instant;
  readonly answer: Answer;
  readonly claim?: ClaimFinding;
  /** The first answer of the same look, and how the close ended that followed it. */
  readonly earlier?: { readonly answer: Answer; readonly closed: CloseOutcome };
  readonly decision: Decision;
  readonly after?: Written;
};

/** Something beside a look. */
export type Meeting = {
  readonly type: 'meeting';
  readonly state: State;
  readonly now: Instant;
  readonly aside: Aside;
  /** Why nothing came of it; none where it was known already. */
  readonly error?: string;
  readonly after?: Written;
};

export type Step = Look | Meeting;

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

/** Decides on what was seen, and commits as the loop does. */
export function look(seen: Omit<Look, 'type' | 'decision' | 'after'>): Look {
  const { state, now, policies, claim, earlier } = seen;
  const decision = decideOrder(state.order, seen.answer.evidence, {
    now,
    account: { mchid: account.mchid, ...policies },
    ...(claim !== undefined && { claim }),
    ...(earlier !== undefined && { closed: earlier.closed }),
  });
  return decision.type === 'commit'
    ? { ...seen, type: 'look', decision, after: written(state.record, decision.change, now) }
    : { ...seen, type: 'look', decision };
}

/** What a refund tells the record, or somebody asks of it, committed as the jobs do. */
export function meet(seen: Pick<Meeting, 'state' | 'now' | 'aside'>): Meeting {
  const { state, now } = seen;
  const { change, error } = changeOf(seen);
  return {
    ...seen,
    type: 'meeting',
    ...(change !== undefined && { after: written(state.record, change, now) }),
    ...(error !== undefined && { error }),
  };
}

function changeOf({ state, now, aside }: Pick<Meeting, 'state' | 'now' | 'aside'>): {
  readonly change?: Change | undefined;
  readonly error?: string;
} {
  switch (aside.type) {
    case 'learn':
      return { change: learnRefund(state.record, state.order, aside) };
    case 'start': {
      const started = startRefund(state.order, aside.request, now);
      return started.ok ? { change: started.value } : { error: started.error };
    }
    case 'resolve': {
      const noted = noteResolution(state.order, aside.asked, now);
      return noted.ok ? { change: noted.value } : { error: noted.error };
    }
  }
}

function written(before: StoredRecord, change: Change, now: Instant): Written {
  const changed = applyChange(before, change, { now, because: 'request' });
  const order = orderOf(changed);
  const settled = isSettled(order);
  const next = { now, settled, nextSlot: nextSlot(planOf(order), now) };
  const owing = withDueAt(changed, change, next);
  const { dueAt, ...rest } = owing;
  const rests = settled && !owesLook(order) && owing.outbox.length > 0;
  const record = { ...rest, outbox: [], ...(dueAt !== undefined && !rests && { dueAt }) };
  return { change, owing, record, order };
}

/** The other state that a step leads to, if it does. */
export function stateAfter(step: Step): State | undefined {
  const { state, after } = step;
  const unknownSince = step.type === 'look' ? unknownSinceAfter(step) : state.unknownSince;
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
function unknownSinceAfter({ state, answer, earlier, now }: Look): Instant | undefined {
  const before = earlier?.answer.isSigned === true ? undefined : state.unknownSince;
  if (answer.isSigned) {
    return undefined;
  }
  const type = earlier?.closed.type;
  // No answer to the reversal of what WeChat never heard of need ever be definite.
  const counts = isCode(state.order) && type !== undefined && type !== 'fault';
  const isDefinite = type === 'done' || type === 'no-such-order' || counts;
  const isNeverSent = state.order.unplaced && now >= state.order.closeAt;
  return answer.word === 'not-found' && (isDefinite || isNeverSent) ? (before ?? now) : before;
}

/** How the order came here, in words: for the message of a check that fails. */
export function storyOf(step: Step): string {
  const { state, now } = step;
  const before = state.cause === undefined ? '' : `${storyOf(state.cause)}\n`;
  const at = new Date(now).toISOString();
  const { met, came } = step.type === 'look' ? wordsOfLook(step) : wordsOfMeeting(step);
  return `${before}${state.order.status} at ${at}: ${met} → ${came}`;
}

type Words = { readonly met: string; readonly came: string };

function wordsOfLook({ policies, answer, claim, earlier, decision }: Look): Words {
  const first =
    earlier === undefined ? '' : `${earlier.answer.name}, close ${earlier.closed.type}, `;
  const found = claim === undefined ? '' : `, claim ${claim.type}`;
  const { latePolicy, duplicatePolicy } = policies;
  return {
    met: `(${latePolicy}, ${duplicatePolicy}) ${first}${answer.name}${found}`,
    came: decision.type === 'commit' ? JSON.stringify(decision.change) : decision.type,
  };
}

function wordsOfMeeting({ aside, error, after }: Meeting): Words {
  return { met: wordsOf(aside), came: error ?? JSON.stringify(after?.change ?? 'nothing') };
}

function wordsOf(aside: Aside): string {
  switch (aside.type) {
    case 'learn':
      return `refund ${aside.out_refund_no} is ${aside.refund.status}`;
    case 'start':
      return `refund ${aside.request.out_refund_no} of ${aside.request.refundFen} asked for`;
    case 'resolve':
      return `resolved by ${aside.asked.action}`;
  }
}
