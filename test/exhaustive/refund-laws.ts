import {
  isRefundSettled,
  isWithoutMoney,
  type RefundStatus,
} from '#core/subjects/refund/refund.ts';
import { look, type Step, stateAfter, type Written } from './refund-steps.ts';

type Laws<S> = Readonly<Record<string, (step: S) => boolean>>;
type Commit = Step & { readonly after: Written };

const minuteMs = 60_000;
const eventOf: Readonly<Partial<Record<RefundStatus, string>>> = {
  SUCCESS: 'refund.succeeded',
  CLOSED: 'refund.closed',
  ABNORMAL: 'refund.abnormal',
  REFUSED: 'refund.refused',
};

/** What holds of every decision, whatever the table says. */
export const laws: Laws<Step> = {
  'never sends two commands in one look': ({ decision, applied }) =>
    applied === undefined || decision.type !== 'command',
  'applies only for what WeChat is not known to have, from its start on, never after a refusal': ({
    decision,
    state,
    now,
  }) =>
    decision.type !== 'command' ||
    (decision.command === 'apply' &&
      state.refund.status === 'CREATED' &&
      now >= state.refund.startAt &&
      state.refusedSince === undefined),
  'changes nothing on an answer without content': ({ answer, decision }) =>
    answer.isSigned || answer.name === 'not-found' || decision.type === 'unknown',
  'never rests on an open refund': ({ decision, state }) =>
    isRefundSettled(state.refund) || decision.type !== 'quiet',
};

/** What holds of every commit. */
export const lawsOfCommits: Laws<Commit> = {
  'raises the version by one and adds one row': ({ state: { record: before }, after }) =>
    after.owing.version === before.version + 1 &&
    after.owing.historyCount === before.historyCount + 1,
  'never leaves SUCCESS': ({ state }) => state.refund.status !== 'SUCCESS',
  'never goes back to CREATED': ({ state, after }) =>
    state.refund.status === 'CREATED' || after.refund.status !== 'CREATED',
  'leaves CLOSED and REFUSED only as WeChat says that money moved, or moves': (step) =>
    !isWithoutMoney(step.state.refund.status) ||
    (step.answer.isSigned && !isWithoutMoney(step.after.refund.status)),
  'becomes what WeChat says of it, or REFUSED': ({ answer, after, state }) =>
    after.refund.status === state.refund.status ||
    after.refund.status === 'REFUSED' ||
    after.refund.status === answer.row,
  'becomes REFUSED only where WeChat has another, or a minute after a refusal still none': (
    step,
  ) => {
    const { answer, state, now, after } = step;
    const isLong = state.refusedSince !== undefined && now - state.refusedSince >= minuteMs;
    return (
      after.refund.status !== 'REFUSED' ||
      answer.row === 'another refund has this number' ||
      (answer.name === 'not-found' && isLong)
    );
  },
  'says what it has become, once': ({ state, after }) => {
    const event =
      after.refund.status === state.refund.status ? undefined : eventOf[after.refund.status];
    return after.change.events.join() === (event ?? '');
  },
  'never lets its order count what is over, or not count what may move': (step) => {
    const told = stateAfter(step)?.told ?? 'CREATED';
    return isWithoutMoney(told) === isWithoutMoney(step.after.refund.status);
  },
  'numbers the events of a type without a gap': ({ state, after }) =>
    after.owing.outbox.every(
      (entry) =>
        entry.type !== 'event' || entry.n === (state.record.eventCounts[entry.event] ?? 0) + 1,
    ),
  'tells its order before it announces': ({ after: { owing } }) => {
    const types = owing.outbox.map(({ type }) => type).join();
    return ['', 'tell', 'tell,event'].includes(types);
  },
  'keeps its terms': ({ state, after }) =>
    JSON.stringify(after.refund.terms) === JSON.stringify(state.refund.terms),
  'leaves a look on an open refund, and on what it owes': ({ after: { owing, record, refund } }) =>
    (isRefundSettled(refund) || record.dueAt !== undefined) &&
    (owing.outbox.length === 0 || owing.dueAt !== undefined),
  'is not made twice for the same answer': (step) => {
    const { decision: _, after, applied: __, ...seen } = step;
    const then = { ...seen.state, record: after.record, refund: after.refund };
    return look({ ...seen, state: then }).decision.type !== 'commit';
  },
};
