import { isDeepStrictEqual } from 'node:util';
import type { Decision } from '#core/decision.ts';
import { isSettled, isWaiting } from '#core/subjects/order/order.ts';
import { type Step, stepOf, type Written } from './order-steps.ts';
import { type Expected, expectedOf } from './order-table.ts';
import type { Effect } from './order-words.ts';

/** What the table expects of a step. */
export function expectedHere({ state, answer, now, policy, earlier }: Step): Expected {
  return expectedOf({
    ...state,
    answer,
    now,
    policy,
    ...(earlier !== undefined && { closed: earlier.closed }),
  });
}

/** Whether what was decided, carried through the commit, is what the table expects. */
export function isAsExpected({ decision, after }: Step, { effect }: Expected): boolean {
  return isDeepStrictEqual(effectOf(decision, after), effect);
}

function effectOf(decision: Decision, after: Written | undefined): Effect {
  switch (decision.type) {
    case 'quiet':
      return { type: 'rest' };
    case 'wait':
      return { type: 'look', ...(decision.at !== undefined && { at: decision.at }) };
    case 'unknown':
      return { type: 'unanswered', isFault: decision.isFault };
    case 'command':
      return { type: decision.command };
    case 'commit':
      return {
        type: 'write',
        status: after?.record.status ?? '',
        data: after?.record.data ?? {},
        events: decision.change.events,
        lookAfterClose: decision.change.lookAfterClose ?? false,
        because: decision.change.evidence,
        ...(decision.change.nextLookAt !== undefined && { lookAt: decision.change.nextLookAt }),
      };
  }
}

type Commit = Step & { readonly after: Written };
type Law<S> = Readonly<Record<string, (step: S) => boolean>>;

const notFoundTwiceMs = 90_000;

/** What holds of every decision, whatever the table says. */
export const laws: Law<Step> = {
  'never sends two commands in one look': ({ decision, earlier }) =>
    earlier === undefined || decision.type !== 'command',
  'never closes at WeChat what was paid, refused or never placed by us': ({ decision, state }) =>
    decision.type !== 'command' ||
    (['CREATED', 'AWAITING', 'CLOSED', 'REVIEW'].includes(state.order.status) &&
      !state.order.unplaced),
  'changes nothing on an answer without content': ({ answer, decision }) =>
    answer.isSigned || answer.word === 'not-found' || decision.type === 'unknown',
  'never rests on an open order': ({ decision, state }) =>
    isSettled(state.order) || decision.type !== 'quiet',
  'says which answer was of no use': ({ decision, answer, earlier }) =>
    decision.type !== 'unknown' || codesOf(answer, earlier).includes(decision.code),
};

/** What holds of every commit. */
export const lawsOfCommits: Law<Commit> = {
  'raises the version by one and adds one row': ({ state: { record: before }, after }) =>
    after.owing.version === before.version + 1 &&
    after.owing.historyCount === before.historyCount + 1,
  'never leaves PAID': ({ state, after }) =>
    state.order.status !== 'PAID' || after.order.status === 'PAID',
  'never goes back to CREATED, AWAITING or UNMATCHED': ({ state, after }) =>
    after.order.status === state.order.status ||
    ['PAID', 'CLOSED', 'REVIEW', 'REFUSED'].includes(after.order.status),
  'becomes PAID only on a SUCCESS that matches, and then says so': (step) => {
    const isPaid = step.state.order.status !== 'PAID' && step.after.order.status === 'PAID';
    const isTold = step.after.change.events.includes('order.paid');
    return (
      isPaid === isTold &&
      (!isPaid || expectedHere(step).row === 'SUCCESS, money and identity match')
    );
  },
  'changes a PAID order on no unsigned answer': ({ state, answer }) =>
    state.order.status !== 'PAID' || answer.isSigned,
  'becomes CLOSED only on a signed CLOSED, or not found twice in a row': (step) => {
    const isClosed = step.state.order.status !== 'CLOSED' && step.after.order.status === 'CLOSED';
    const isTold = step.after.change.events.includes('order.closed');
    return isClosed === isTold && (!isClosed || mayClose(step));
  },
  'numbers the events of a type without a gap': ({ state, after }) =>
    after.owing.outbox.every(
      (entry) => entry.type !== 'event' || entry.n === countOf(state.events, entry.event) + 1,
    ),
  'leaves the next look on an open order, and on one in doubt': ({ after: { record, order } }) => {
    const isInDoubt = order.contradictedAt !== undefined && !order.contradiction;
    return (isSettled(order) && !isInDoubt) || record.dueAt !== undefined;
  },
  'leaves a look on what it owes': ({ after }) =>
    after.owing.outbox.length === 0 || after.owing.dueAt !== undefined,
  'writes the reason of a close with it, whatever stood there': ({ after: { change } }) =>
    !change.events.includes('order.closed') || change.patch.set?.['closeReason'] !== undefined,
  'looks once more after a close': ({ after }) =>
    !after.change.events.includes('order.closed') ||
    after.owing.outbox.some((entry) => entry.type === 'look'),
  'is not made twice for the same answer': (step) => !isCommitted(again(step)),
};

function codesOf(answer: Step['answer'], earlier: Step['earlier']): readonly string[] {
  const codeOf = (from: object): readonly string[] =>
    'code' in from && typeof from.code === 'string' ? [from.code] : [];
  const still = earlier === undefined ? [] : ['STILL_PAYABLE'];
  return [...codeOf(answer.evidence), ...codeOf(earlier?.closed ?? {}), ...still];
}

function mayClose({ state, now, answer, earlier }: Commit): boolean {
  if (answer.word === 'CLOSED' || answer.word === 'REVOKED') {
    return true;
  }
  const type = earlier?.closed.type;
  const before = earlier?.answer.isSigned === true ? undefined : state.unknownSince;
  return (
    answer.word === 'not-found' &&
    (type === 'done' || type === 'no-such-order') &&
    isWaiting(state.order) &&
    state.order.link === undefined &&
    before !== undefined &&
    now - before >= notFoundTwiceMs
  );
}

function countOf(events: readonly string[], event: string): number {
  return events.filter((one) => one === event).length;
}

/** The next look gets the last answer at once; the same look again, where one answer was all it had. */
function again({ state, policy, now, answer, earlier, after }: Commit): Step {
  const then = { record: after.record, order: after.order, events: state.events };
  const once = stepOf({ state: then, policy, now, answer });
  const isRepeat = once.decision.type === 'command' && earlier?.answer === answer;
  return isRepeat ? stepOf({ state: then, policy, now, answer, earlier }) : once;
}

function isCommitted({ decision }: Step): boolean {
  return decision.type === 'commit';
}
