import type { Change } from '#core/decision.ts';
import { isSettled, isWaiting, type Order } from '#core/subjects/order/order.ts';
import { rowOf } from './order-answers.ts';
import { isCode } from './order-conditions.ts';
import { type Look, look, type Meeting, meet, type Written } from './order-steps.ts';

type Laws<S> = Readonly<Record<string, (step: S) => boolean>>;
type Commit = Look & { readonly after: Written };
type Aside = Meeting & { readonly after: Written };

const notFoundTwiceMs = 90_000;
/** A code that WeChat does not know by then was never charged, whatever it says to our reversal. */
const deadCodeMs = 600_000;
const reversalWithinMs = 30_000;

/** What holds of every decision, whatever the table says. */
export const laws: Laws<Look> = {
  'never sends two commands in one look': ({ decision, earlier }) =>
    earlier === undefined || decision.type !== 'command',
  'never closes at WeChat what was paid, refused or never placed by us': ({ decision, state }) =>
    decision.type !== 'command' ||
    (['CREATED', 'AWAITING', 'CLOSED', 'REVIEW'].includes(state.order.status) &&
      !state.order.unplaced),
  'sends a code payment a reversal, and any other order a close': ({ decision, state }) =>
    decision.type !== 'command' || decision.command === (isCode(state.order) ? 'reverse' : 'close'),
  'reverses only what its record says is being reversed': ({ decision, state }) =>
    !isReversal(decision) || state.record.data['reversedAt'] !== undefined,
  'reverses nothing that was announced as paid, and nothing that waits before `closeAt`': ({
    decision,
    state: { order, events },
    now,
  }) =>
    !isReversal(decision) ||
    (!events.includes('order.paid') && (!isWaiting(order) || now >= order.closeAt)),
  'changes nothing on an answer without content': ({ answer, decision }) =>
    answer.isSigned || answer.word === 'not-found' || decision.type === 'unknown',
  'never rests on an open order': ({ decision, state }) =>
    isSettled(state.order) || decision.type !== 'quiet',
  'says which answer was of no use': (step) =>
    step.decision.type !== 'unknown' || codesOf(step).includes(step.decision.code),
  'asks a claim of nobody who is not about to be announced as paid': ({
    decision,
    state,
    answer,
  }) =>
    decision.type !== 'unknown' ||
    decision.code !== 'UNCLAIMED' ||
    (state.order.resolution === undefined && state.record.data['reversedAt'] === undefined) ||
    (state.order.resolution?.action === 'accept' && answer.isSigned),
};

/** What holds of every commit. */
export const lawsOfCommits: Laws<Commit> = {
  'raises the version by one and adds one row': isOneChange,
  'never leaves PAID': ({ state, after }) =>
    state.order.status !== 'PAID' || after.order.status === 'PAID',
  'never goes back to CREATED, AWAITING or UNMATCHED': ({ state, after }) =>
    after.order.status === state.order.status ||
    ['PAID', 'CLOSED', 'REVIEW', 'REFUSED'].includes(after.order.status),
  'says `order.paid` only on a SUCCESS that matches, or as a person accepted': (step) =>
    !tells(step, 'order.paid') || isMatching(step) || isAccepting(step),
  'says `order.paid` only as PAID, and only as the one of its `reference`': (step) =>
    !tells(step, 'order.paid') ||
    (step.after.order.status === 'PAID' &&
      (step.state.order.terms?.reference === undefined ||
        step.claim?.type === 'taken' ||
        (isAccepting(step) && step.claim !== undefined))),
  'says `order.paid` of what is being reversed only as a person accepted': (step) =>
    !tells(step, 'order.paid') ||
    step.state.record.data['reversedAt'] === undefined ||
    isAccepting(step),
  'notes a reversal before it is sent, on an order that is over, and looks on at once': (step) =>
    (beginsReversal(step) ? isReversible(step) : step.after.change.looksOn === undefined) &&
    keepsReversal(step),
  'leaves the looks that are owed owed, where it notes a reversal on a settled order': (step) =>
    !beginsReversal(step) ||
    !isSettled(step.state.order) ||
    step.after.owing.unknownLooks === step.state.record.unknownLooks,
  'says `order.paid` once at most': ({ state, after }) =>
    countOf([...state.events, ...after.change.events], 'order.paid') <= 1,
  'becomes PAID to be announced, or to be given back, never both': (step) => {
    const isPaid = step.state.order.status !== 'PAID' && step.after.order.status === 'PAID';
    const isBack = (step.after.change.starts ?? []).length === 1;
    return isPaid ? tells(step, 'order.paid') !== isBack : !isBack;
  },
  'gives back once, all that a signed SUCCESS says was paid, while nothing else does': (step) =>
    (step.after.change.starts ?? []).every(
      ({ number }) =>
        number === 'back-A-1001' &&
        step.answer.word === 'SUCCESS' &&
        step.state.order.refunds.every((note) => note.out_refund_no !== number && isOver(note)) &&
        step.answer.kept['paidFen'] === sumOf(step.after.order),
    ),
  'announces nothing on time, and closes nothing, of which it knows that money went back': (step) =>
    step.state.order.refunds.every(isOver) ||
    ['CLOSED', 'REFUSED'].includes(step.state.order.status) ||
    step.state.order.resolution !== undefined ||
    !['order.paid', 'order.closed'].some((event) => tells(step, event)),
  'changes a PAID order on no unsigned answer': ({ state, answer }) =>
    state.order.status !== 'PAID' || answer.isSigned,
  'becomes CLOSED only on a signed answer, or not found twice in a row, or as resolved': (step) => {
    const isClosed = step.state.order.status !== 'CLOSED' && step.after.order.status === 'CLOSED';
    return isClosed === tells(step, 'order.closed') && (!isClosed || mayClose(step));
  },
  'becomes REFUSED only on a signed answer, or not found twice in a row': (step) =>
    step.state.order.status === 'REFUSED' ||
    step.after.order.status !== 'REFUSED' ||
    step.answer.isSigned ||
    isUnknownTwice(step),
  'numbers the events of a type without a gap': isNumbered,
  'leaves the next look on an open order, and on one in doubt': ({ after: { record, order } }) => {
    const isInDoubt = order.contradictedAt !== undefined && !order.contradiction;
    return (isSettled(order) && !isInDoubt) || record.dueAt !== undefined;
  },
  'begins what an event speaks of before it is heard': ({ after: { owing } }) => {
    const heard = owing.outbox.findIndex(({ type }) => type === 'event');
    return heard === -1 || !owing.outbox.slice(heard).some(({ type }) => type === 'start');
  },
  'leaves a look on what it owes': isLookedAfter,
  'writes the reason of a close with it, whatever stood there': (step) =>
    !tells(step, 'order.closed') || step.after.change.patch.set?.['closeReason'] !== undefined,
  'looks once more after a close': (step) =>
    !tells(step, 'order.closed') || step.after.owing.outbox.some(({ type }) => type === 'look'),
  'carries a resolution out once, or says that it was not possible': ({ state, after }) =>
    state.order.status !== 'REVIEW' ||
    state.order.resolution === undefined ||
    after.change.looksOn === true ||
    (after.order.resolution === undefined &&
      after.order.resolved?.at === state.order.resolution.at &&
      (after.order.resolved.outcome === 'done') === (after.order.status !== 'REVIEW')),
  'is not made twice for the same answer': (step) => {
    const { decision } = again(step);
    return decision.type !== 'commit' || mayFollow(step, decision.change);
  },
};

/** What holds of every change beside a look. */
export const lawsOfAsides: Laws<Aside> = {
  'neither begins nor ends a reversal': (step) => !beginsReversal(step) && keepsReversal(step),
  'raises the version by one and adds one row': isOneChange,
  'leaves PAID only unannounced, for its own refund that came to nothing': (step) =>
    step.state.order.status !== 'PAID' ||
    step.after.order.status === 'PAID' ||
    (!step.state.events.includes('order.paid') &&
      step.after.order.refunds.some(
        (note) => note.out_refund_no === 'back-A-1001' && isOver(note),
      )),
  'has no doubt of a payment that it no longer holds for certain': ({ after: { order } }) =>
    order.status === 'PAID' || (order.contradictedAt === undefined && !order.contradiction),
  'leaves the looks that are owed as they are': ({ state: { record: before }, after }) =>
    after.owing.unknownLooks === before.unknownLooks &&
    after.owing.leases === before.leases &&
    (before.dueAt === undefined || after.owing.dueAt !== undefined),
  'starts no more than was paid': ({ after: { change, order } }) =>
    change.starts === undefined || sumOf(order) <= (order.paidFen ?? 0),
  'numbers the events of a type without a gap': isNumbered,
  'leaves a look on what it owes': isLookedAfter,
  'leaves the next look on an open order': ({ after: { record, order } }) =>
    isSettled(order) || record.dueAt !== undefined,
  'is not made twice': ({ state, now, aside, after }) =>
    aside.type === 'start' ||
    meet({ state: { ...state, ...after }, now, aside }).after === undefined,
};

function isOneChange({ state, after }: Commit | Aside): boolean {
  return (
    after.owing.version === state.record.version + 1 &&
    after.owing.historyCount === state.record.historyCount + 1
  );
}

function isNumbered({ state, after }: Commit | Aside): boolean {
  return after.owing.outbox.every(
    (entry) => entry.type !== 'event' || entry.n === countOf(state.events, entry.event) + 1,
  );
}

function isLookedAfter({ after: { owing } }: Commit | Aside): boolean {
  return owing.outbox.length === 0 || owing.dueAt !== undefined;
}

function isReversal(decision: Look['decision']): boolean {
  return decision.type === 'command' && decision.command === 'reverse';
}

function beginsReversal({ state, after }: Commit | Aside): boolean {
  const { reversedAt: before } = state.record.data;
  return before === undefined && after.record.data['reversedAt'] !== undefined;
}

function keepsReversal({ state, after }: Commit | Aside): boolean {
  const { reversedAt: before } = state.record.data;
  return before === undefined || after.record.data['reversedAt'] === before;
}

function isReversible({ state: { order, events }, now, after }: Commit): boolean {
  const { change, record } = after;
  return (
    isCode(order) &&
    !order.unplaced &&
    !events.includes('order.paid') &&
    (!isWaiting(order) || now >= order.closeAt) &&
    change.looksOn === true &&
    change.status === undefined &&
    change.events.length === 0 &&
    record.data['reversedAt'] === now &&
    (record.dueAt ?? Infinity) <= now + reversalWithinMs
  );
}

function codesOf({ answer, earlier }: Look): readonly string[] {
  const codeOf = (from: object): readonly string[] =>
    'code' in from && typeof from.code === 'string' ? [from.code] : [];
  const still = earlier === undefined ? [] : ['STILL_PAYABLE'];
  const claims = answer.isSigned ? ['UNCLAIMED', 'CLAIM_WAITS'] : [];
  return [...codeOf(answer.evidence), ...codeOf(earlier?.closed ?? {}), ...still, ...claims];
}

function tells({ after }: Commit, event: string): boolean {
  return after.change.events.some((one) => one === event);
}

function isMatching({ answer, state }: Commit): boolean {
  return rowOf(answer, state.order) === 'SUCCESS, money and identity match';
}

function isAccepting({ answer, state }: Commit): boolean {
  const isPaid = answer.word === 'SUCCESS' || answer.word === 'REFUND';
  return isPaid && state.order.resolution?.action === 'accept';
}

function isOver({ status }: Order['refunds'][number]): boolean {
  return status === 'CLOSED' || status === 'REFUSED';
}

function sumOf({ refunds }: Order): number {
  const counted = refunds.filter((note) => !isOver(note));
  return counted.reduce((sum, { refundFen }) => sum + refundFen, 0);
}

function mayClose(step: Commit): boolean {
  const { state, answer, earlier } = step;
  if (answer.word === 'CLOSED' || answer.word === 'REVOKED') {
    return true;
  }
  const type = earlier?.closed.type;
  const isDefinite = type === 'done' || type === 'no-such-order';
  const isReversed = state.order.reversedAt !== undefined && type === 'done';
  if (answer.word === 'REFUND' && isWaiting(state.order)) {
    return isReversed;
  }
  if (state.order.resolution?.action === 'close') {
    return answer.word === 'REFUND' || (answer.word === 'not-found' && isDefinite);
  }
  const isOver = isUnknownTwice(step, isDefinite ? notFoundTwiceMs : deadCodeMs);
  const mayEnd = isDefinite || (isCode(state.order) && type !== undefined && type !== 'fault');
  return mayEnd && isWaiting(state.order) && state.order.link === undefined && isOver;
}

function isUnknownTwice(
  { state, now, answer, earlier }: Commit,
  apartMs: number = notFoundTwiceMs,
): boolean {
  const before = earlier?.answer.isSigned === true ? undefined : state.unknownSince;
  return answer.word === 'not-found' && before !== undefined && now - before >= apartMs;
}

function countOf(events: readonly string[], event: string): number {
  return events.filter((one) => one === event).length;
}

/** What a person decided stands; what the answer means besides is noted, or decided where it was in vain. */
function mayFollow({ state, after }: Commit, { status, events }: Change): boolean {
  const isResolved = state.order.resolution !== undefined && after.order.resolution === undefined;
  const isNote = status === undefined && events.length === 0;
  return isResolved && (isNote || after.order.resolved?.outcome === 'impossible');
}

/** The next look gets the last answer at once; the same look again, where one answer was all it had. */
function again(step: Commit): Look {
  const { type: _, state, decision: __, after, earlier, ...seen } = step;
  const then = { ...state, record: after.record, order: after.order };
  const once = look({ ...seen, state: then });
  const isRepeat = once.decision.type === 'command' && earlier?.answer === seen.answer;
  return isRepeat ? look({ ...seen, state: then, earlier }) : once;
}
