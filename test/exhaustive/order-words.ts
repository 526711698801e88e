import type { LatePolicy } from '#core/account.ts';
import type { CloseOutcome } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import type { Order } from '#core/subjects/order/order.ts';
import type { JsonObject } from '#core/values/json.ts';
import type { Instant } from '#core/values/time.ts';
import type { Answer } from './order-answers.ts';

/** What a decision is made of. */
export type Given = {
  readonly record: StoredRecord;
  readonly order: Order;
  readonly answer: Answer;
  readonly now: Instant;
  readonly policy: LatePolicy;
  /** How the close ended that was sent earlier in this look. */
  readonly closed?: CloseOutcome;
};

/** What comes of a decision: what the record is after it, what is told and sent, when to look next. */
export type Effect =
  | { readonly type: 'rest' }
  | { readonly type: 'look'; readonly at?: number }
  | { readonly type: 'unanswered'; readonly isFault: boolean }
  | { readonly type: 'close' }
  | {
      readonly type: 'write';
      readonly status: string;
      readonly data: JsonObject;
      readonly events: readonly string[];
      readonly lookAt?: number;
      readonly lookAfterClose: boolean;
      readonly because: string;
    };

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;
const reasonsWithoutMoney = ['not-found', 'user-paying'];

/** What the words before a colon mean. */
export const conditions = {
  else: () => true,
  'policy `hold`': ({ policy }) => policy === 'hold',
  'policy `fulfil`': ({ policy }) => policy === 'fulfil',
  'before `closeAt`': ({ order, now }) => now < order.closeAt,
  'before `closeAt` + 10 min': ({ order, now }) => now < order.closeAt + 10 * minuteMs,
  'before `closeAt` + 24 h': ({ order, now }) => now < order.closeAt + dayMs,
  'never placed by us': ({ order }) => order.unplaced,
  'never placed by us, from `closeAt` on': ({ order, now }) =>
    order.unplaced && now >= order.closeAt,
  'we hold its link': ({ order }) => order.link !== undefined,
  'no definite answer to a close yet': ({ closed }) => !isDefinite(closed),
  'not found for the first time': ({ order }) => order.notFoundAt === undefined,
  'for less than 90 s': ({ order, now }) => now < (order.notFoundAt ?? 0) + 90 * secondMs,
  'a close met a fault': ({ closed }) => closed?.type === 'fault',
  'a close met no definite answer': ({ closed }) => closed !== undefined && !isDefinite(closed),
  'a look is owed, or in doubt, or CLOSED and we hold its link (14 times at most)': ({ order }) =>
    order.unknownLooks < 14 &&
    (order.unknownLooks > 0 ||
      isInDoubt(order) ||
      (order.status === 'CLOSED' && order.link !== undefined)),
  'in doubt': ({ order }) => isInDoubt(order),
  'opened for `not-found` or `user-paying`': ({ order }) =>
    reasonsWithoutMoney.includes(order.reviewReason ?? ''),
  'opened for `user-paying`': ({ order }) => order.reviewReason === 'user-paying',
  'money was seen': ({ order }) =>
    order.transaction_id !== undefined || !reasonsWithoutMoney.includes(order.reviewReason ?? ''),
  'noted before': ({ order, answer }) => order.noted === answer.word,
  'not sent in this look': ({ closed }) => closed === undefined,
  'still waits': ({ order }) =>
    ['CREATED', 'AWAITING'].includes(order.status) || order.reviewReason === 'user-paying',
  'raised before': ({ order }) => order.contradiction,
  'for the first time': ({ order }) => order.contradictedAt === undefined,
  'for less than 10 min': ({ order, now }) => now < (order.contradictedAt ?? 0) + 10 * minuteMs,
} as const satisfies Readonly<Record<string, (given: Given) => boolean>>;
export type Condition = keyof typeof conditions;

/** What the words after a colon mean. */
export const outcomes = {
  '–': () => ({ type: 'rest' }),
  'next wake': () => ({ type: 'look' }),
  'look again in 30 s': ({ now }) => ({ type: 'look', at: now + 30 * secondMs }),
  'look when they are over': ({ order }) => ({
    type: 'look',
    at:
      order.status === 'PAID'
        ? (order.contradictedAt ?? 0) + 10 * minuteMs
        : (order.notFoundAt ?? 0) + 90 * secondMs,
  }),
  'look again, pauses growing': () => ({ type: 'unanswered', isFault: false }),
  'look again in an hour': () => ({ type: 'unanswered', isFault: true }),
  'send it and ask WeChat again': () => ({ type: 'close' }),
  'look again in 90 s': (given) =>
    write(given, { set: { notFoundAt: given.now }, lookAt: given.now + 90 * secondMs }),
  'look again in 10 min': (given) =>
    write(given, { set: { contradictedAt: given.now }, lookAt: given.now + 10 * minuteMs }),
  '`contradiction`, `order.review`': (given) =>
    write(given, { set: { contradiction: true }, events: ['order.review'] }),
  'no longer in doubt': (given) => write(given, { unset: 'contradictedAt' }),
  'noted, no longer in doubt': (given) =>
    write(given, { set: { noted: given.answer.word }, unset: 'contradictedAt' }),
  noted: (given) => write(given, { set: { ...keptIfNew(given), noted: given.answer.word } }),
  'noted, and the reason from now on': (given) =>
    write(given, {
      set: { ...keptIfNew(given), noted: given.answer.word, reviewReason: reasonOf(given) },
    }),
  'PAID, `order.paid`': (given) =>
    write(given, {
      status: 'PAID',
      set: given.answer.kept,
      unset: 'reviewReason',
      events: ['order.paid'],
    }),
  'PAID, `order.paid` with `late`': (given) =>
    write(given, {
      status: 'PAID',
      set: { ...given.answer.kept, late: true },
      events: ['order.paid'],
    }),
  'REVIEW, `order.paid_late`': (given) =>
    write(given, {
      status: 'REVIEW',
      set: { ...given.answer.kept, late: true, reviewReason: 'late', noted: given.answer.word },
      events: ['order.paid_late'],
    }),
  'REVIEW, `order.review`': (given) =>
    write(given, {
      status: 'REVIEW',
      set: {
        ...given.answer.kept,
        noted: given.answer.word,
        reviewReason: reasonOf(given),
        ...(['CLOSED', 'REFUSED'].includes(given.order.status) && { late: true }),
      },
      events: ['order.review'],
    }),
  'REVIEW, `order.review`, a look every 10 min': (given) =>
    write(given, {
      status: 'REVIEW',
      set: { reviewReason: 'user-paying' },
      events: ['order.review'],
      lookAt: given.now + 10 * minuteMs,
    }),
  'REVIEW, `order.review`, one more look': (given) =>
    write(given, {
      status: 'REVIEW',
      set: { reviewReason: 'not-found' },
      events: ['order.review'],
      lookAfterClose: true,
    }),
  'CLOSED, `order.closed`': (given) =>
    write(given, {
      status: 'CLOSED',
      set: { closeReason: closeReasonOf(given) },
      unset: 'reviewReason',
      events: ['order.closed'],
      lookAfterClose: true,
    }),
  REFUSED: (given) => write(given, { status: 'REFUSED', unset: 'unplaced' }),
} as const satisfies Readonly<Record<string, (given: Given) => Effect>>;
export type Outcome = keyof typeof outcomes;

/**
 * A signed answer that knows a waiting order ends an earlier "no such order": that is written before
 * anything else is done (decision 0008).
 */
export function forgetting(given: Given, effect: Effect): Effect {
  const { order, answer, now } = given;
  const isWaiting = order.status === 'CREATED' || order.status === 'AWAITING';
  const isToForget = isWaiting && order.notFoundAt !== undefined && answer.isSigned;
  if (!isToForget || effect.type === 'write') {
    return effect;
  }
  const lookAt = effect.type === 'look' ? effect.at : now;
  return write(given, { unset: 'notFoundAt', ...(lookAt !== undefined && { lookAt }) });
}

type Writing = {
  readonly status?: string;
  readonly set?: JsonObject;
  readonly unset?: string;
  readonly events?: readonly string[];
  readonly lookAt?: number;
  readonly lookAfterClose?: boolean;
};

function write({ record, answer }: Given, writing: Writing): Effect {
  const { [writing.unset ?? '']: _, ...data } = record.data;
  return {
    type: 'write',
    status: writing.status ?? record.status,
    data: { ...data, ...writing.set },
    events: writing.events ?? [],
    lookAfterClose: writing.lookAfterClose ?? false,
    because: answer.word,
    ...(writing.lookAt !== undefined && { lookAt: writing.lookAt }),
  };
}

function isDefinite(closed: CloseOutcome | undefined): boolean {
  return closed?.type === 'done' || closed?.type === 'no-such-order';
}

function isInDoubt(order: Order): boolean {
  return order.contradictedAt !== undefined && !order.contradiction;
}

function reasonOf({ answer }: Given): string {
  return answer.word === 'REFUND' ? 'refund' : (answer.differs ?? '');
}

function keptIfNew({ order, answer }: Given): JsonObject {
  return order.transaction_id === undefined ? answer.kept : {};
}

function closeReasonOf({ order, now }: Given): string {
  return order.closeReason ?? (now < order.closeAt ? 'wechat' : 'expired');
}
