import { serviceOrderEventData, serviceOrderView } from '#core/subjects/service-order/describe.ts';
import type { ServiceOrderStatus } from '#core/subjects/service-order/service-order.ts';
import { minuteMs } from '#core/values/time.ts';
import { type Answer, openid } from './service-order-answers.ts';
import {
  type Asked,
  doneTotal,
  type Look,
  look,
  type Step,
  stateAfter,
  type Written,
} from './service-order-steps.ts';

type Laws<S> = Readonly<Record<string, (step: S) => boolean>>;
type Commit = Look & { readonly after: Written };

const priceFen = 12_000;
const open: readonly ServiceOrderStatus[] = ['CREATED', 'DOING', 'COMPLETED'];
const kept: readonly ServiceOrderStatus[] = ['PAID', 'REVIEW', 'UNMATCHED'];
const over: readonly ServiceOrderStatus[] = ['DONE', 'REVOKED', 'EXPIRED'];
const eventOf: Readonly<Partial<Record<ServiceOrderStatus, string>>> = {
  DOING: 'service-order.doing',
  COMPLETED: 'service-order.completed',
  PAID: 'service-order.paid',
  DONE: 'service-order.completed',
  REVOKED: 'service-order.revoked',
  EXPIRED: 'service-order.expired',
  REVIEW: 'service-order.review',
};
const detailAfter: Readonly<Partial<Record<ServiceOrderStatus, string>>> = {
  PAID: 'used',
  DONE: 'used',
  REVIEW: 'used',
  REVOKED: 'cancelled',
  EXPIRED: 'cancelled',
  REFUSED: 'free',
};

/** What holds of every decision. */
export const laws: Laws<Look> = {
  'never sends two commands in one look': ({ decision, sent }) =>
    sent === undefined || decision.type !== 'command',
  'sends only what stands in the record, and not within three minutes of a refusal': (step) => {
    const { pending } = step.state.order;
    const isSoon = pending?.refusedAt !== undefined && step.now - pending.refusedAt < 3 * minuteMs;
    return step.decision.type !== 'command' || (pending !== undefined && !isSoon);
  },
  'sends nothing but a creation to an order that WeChat does not find': ({ answer, ...step }) =>
    answer.means !== 'not found' ||
    step.decision.type !== 'command' ||
    step.state.order.pending?.name === 'create-service-order',
  'changes nothing on an answer without content': ({ answer, decision }) =>
    answer.means !== 'nothing' || decision.type === 'unknown',
  'never rests on an open record, nor while a command is pending': ({ decision, state }) =>
    decision.type !== 'quiet' ||
    (!open.includes(state.order.status) && state.order.pending === undefined),
};

/** What holds of every commit of a look. */
export const lawsOfCommits: Laws<Commit> = {
  'raises the version by one and adds one row': ({ state: { record }, after }) =>
    after.owing.version === record.version + 1 &&
    after.owing.historyCount === record.historyCount + 1,
  'never leaves PAID, REVIEW or UNMATCHED': ({ state, after }) =>
    !kept.includes(state.order.status) || after.order.status === state.order.status,
  'leaves what is over only for a review, as money came': ({ state, after, answer }) =>
    !over.includes(state.order.status) ||
    after.order.status === state.order.status ||
    (after.order.status === 'REVIEW' &&
      after.order.reviewReason === 'revoked' &&
      answer.means === 'PAID'),
  'never goes back': ({ state, after }) => {
    const [from, to] = [state.order.status, after.order.status].map((one) => open.indexOf(one));
    return from === undefined || to === undefined || from === -1 || to === -1 || to >= from;
  },
  'becomes what WeChat says of it, or REFUSED, or REVIEW': ({ state, after, answer }) => {
    const { status } = after.order;
    const isSame = status === state.order.status;
    return isSame || ['REFUSED', 'REVIEW', answer.means].includes(status);
  },
  'becomes REFUSED only as nothing of it was ever seen': ({ state, after, answer, sent }) =>
    after.order.status !== 'REFUSED' ||
    state.order.status === 'REFUSED' ||
    (state.order.status === 'CREATED' &&
      (answer.means === 'another order' ||
        (answer.means === 'not found' && sent?.type === 'refused'))),
  'announces a payment exactly as it becomes PAID': ({ state, after }) => {
    const becomes = after.order.status === 'PAID' && state.order.status !== 'PAID';
    return after.change.events.includes('service-order.paid') === becomes;
  },
  'becomes PAID only with what was agreed, within the price, by who signed': (step) => {
    const { answer, after, state } = step;
    const isNew = after.order.status === 'PAID' && state.order.status !== 'PAID';
    return !isNew || (isAgreed(step) && answer.isOtherPayer !== true);
  },
  'reviews only money that is not as it was agreed': (step) => {
    const { answer, after, state } = step;
    const isNew = after.order.status === 'REVIEW' && state.order.status !== 'REVIEW';
    const isWrong =
      over.includes(state.order.status) || answer.isOtherPayer === true || !isAgreed(step);
    return !isNew || (answer.means === 'PAID' && isWrong);
  },
  'says what it has become and what was refused, once each, and no more': ({ state, after }) => {
    const { status, pending, ended } = after.order;
    const event = status === state.order.status ? undefined : eventOf[status];
    const isRefused = status === 'REFUSED' && state.order.status !== 'REFUSED';
    const isOver = state.order.pending !== undefined && pending === undefined;
    const refused = isRefused || (isOver && ended?.outcome === 'refused');
    const expected = [...(event === undefined ? [] : [event]), refused && 'service-order.refused'];
    return after.change.events.join() === expected.filter((one) => one !== false).join();
  },
  'ends a command with its outcome, and leaves its bytes alone until then': ({ state, after }) => {
    const { pending } = state.order;
    const now = after.order.pending;
    return pending === undefined
      ? now === undefined
      : now === undefined
        ? after.order.ended?.name === pending.name && after.order.ended.sha256 === pending.sha256
        : now.name === pending.name && now.body === pending.body && now.at === pending.at;
  },
  'takes a command for done only where that shows': (step) => {
    const { pending } = step.state.order;
    const { ended } = step.after.order;
    const isDone =
      pending !== undefined && step.after.order.pending === undefined && ended?.outcome === 'done';
    return !isDone || shows(pending.name, step);
  },
  'looks on at once only to send what nobody has sent in this look': ({ after, sent }) =>
    after.change.looksOn !== true || (after.order.pending !== undefined && sent === undefined),
  'has no command on a record that is over': ({ after }) =>
    open.includes(after.order.status) || after.order.pending === undefined,
  'lets its sign plan think of its detail what is so': (step) => {
    const told = stateAfter(step)?.told ?? 'CREATED';
    const { status } = step.after.order;
    return (detailAfter[told] ?? 'in use') === (detailAfter[status] ?? 'in use');
  },
  'tells its sign plan before it announces': ({ after: { owing } }) => {
    const types = owing.outbox.map(({ type }) => type);
    return !types.slice(1).includes('tell');
  },
  'numbers the events of a type without a gap': ({ state, after }) =>
    after.owing.outbox.every(
      (entry) =>
        entry.type !== 'event' || entry.n === (state.record.eventCounts[entry.event] ?? 0) + 1,
    ),
  'keeps a payment only with money': ({ after: { order } }) =>
    order.status === 'PAID' ||
    order.status === 'REVIEW' ||
    (order.transaction_id === undefined &&
      order.paidFen === undefined &&
      order.successAt === undefined),
  'leaves a look on an open record, and on what it owes': ({ after: { owing, record, order } }) =>
    ((!open.includes(order.status) && order.pending === undefined) || record.dueAt !== undefined) &&
    (owing.outbox.length === 0 || owing.dueAt !== undefined),
  'is not made twice for the same answer': (step) => {
    const { decision: _, after, sent: __, ...seen } = step;
    const then = { ...seen.state, record: after.record, order: after.order };
    return look({ ...seen, state: then }).decision.type !== 'commit';
  },
  'keeps its terms, and never tells who pays': ({ state, after: { order, record } }) => {
    const terms = ({ order: one }: { readonly order: typeof order }) =>
      JSON.stringify([one.priceFen, one.openid, one.service_id, one.appid, one.startTime]);
    const shown = [serviceOrderView(record, order), serviceOrderEventData(record, order)];
    return terms(state) === terms({ order }) && !JSON.stringify(shown).includes(openid);
  },
};

/** What holds of every request. */
export const lawsOfRequests: Laws<Asked> = {
  'a request moves nothing and announces nothing': ({ state, after }) =>
    after === undefined ||
    (after.order.status === state.order.status &&
      after.owing.outbox.length === 0 &&
      after.change.events.length === 0),
  'a request never takes the place of a pending command': ({ state, after }) =>
    state.order.pending === undefined || after === undefined,
  'a request is noted only on a service that runs, with a look after it': ({ state, after }) =>
    after === undefined ||
    (['DOING', 'COMPLETED'].includes(state.order.status) &&
      after.order.pending !== undefined &&
      after.record.dueAt !== undefined),
  'a request is never for more than was signed, nor raises an amount': ({ state, after }) => {
    const body: { readonly total_amount?: number } = JSON.parse(after?.order.pending?.body ?? '{}');
    const total = body.total_amount ?? 0;
    return total <= priceFen && (state.agreedFen === undefined || total < state.agreedFen);
  },
};

/** What was agreed is what was done last; where nothing was, WeChat's total; never more than was signed. */
function isAgreed(step: Commit): boolean {
  const { paidFen, totalFen } = step.answer;
  const agreedFen = doneTotal(step) ?? step.state.agreedFen ?? totalFen;
  return paidFen !== undefined && paidFen === agreedFen && paidFen <= priceFen;
}

function shows(name: string, { answer, sent, state }: Step & Commit): boolean {
  const total: { readonly total_amount?: number } = JSON.parse(state.order.pending?.body ?? '{}');
  switch (name) {
    case 'create-service-order':
      return answer.evidence.type === 'state' && answer.means !== 'another order';
    case 'complete':
      return isCompleted(answer) && (answer.totalFen ?? total.total_amount) === total.total_amount;
    case 'modify':
      return answer.totalFen === total.total_amount || answer.paidFen === total.total_amount;
    case 'cancel':
      return answer.means === 'REVOKED';
    case 'sync':
      return answer.means === 'DONE' || (answer.means === 'PAID' && answer.isByCharge !== true);
    case 'pay':
      return answer.means === 'PAID' || sent?.type === 'accepted';
    default:
      return false;
  }
}

function isCompleted({ means }: Answer): boolean {
  return means === 'COMPLETED' || means === 'PAID' || means === 'DONE';
}
