import type { Command } from '#core/decision.ts';
import type { OutboxEntry } from '#core/record.ts';
import { isObject, type Json, type JsonObject } from '#core/values/json.ts';
import { type Given, isCode } from './order-conditions.ts';

/** A subject that a write begins. */
export type Start = Omit<Extract<OutboxEntry, { readonly type: 'start' }>, 'type' | 'at'>;

/** What comes of a decision: what the record is after it, what is told and sent, when to look next. */
export type Effect =
  | { readonly type: 'rest' }
  | { readonly type: 'look'; readonly at?: number }
  | { readonly type: 'unanswered'; readonly isFault: boolean }
  | { readonly type: 'unclaimed' }
  | { readonly type: 'claim-waits' }
  | { readonly type: Command }
  | {
      readonly type: 'write';
      readonly status: string;
      readonly data: JsonObject;
      readonly events: readonly string[];
      readonly starts: readonly Start[];
      readonly lookAt?: number;
      readonly lookAfterClose: boolean;
      readonly looksOn?: true;
      readonly because: string;
    };

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

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
  'claim it, then decide': () => ({ type: 'unclaimed' }),
  'look again, for the owner too': () => ({ type: 'claim-waits' }),
  'send it and ask WeChat again': ({ order }) => ({ type: isCode(order) ? 'reverse' : 'close' }),
  'noted that it is, and looked on at once': (given) =>
    write(given, {
      set: { reversedAt: given.now },
      lookAt: given.now + 30 * secondMs,
      looksOn: true,
    }),
  'look again in 90 s': (given) =>
    write(given, { set: { notFoundAt: given.now }, lookAt: given.now + 90 * secondMs }),
  'look again in 10 min': (given) =>
    write(given, { set: { contradictedAt: given.now }, lookAt: given.now + 10 * minuteMs }),
  '`contradiction`, `order.review`': (given) =>
    write(given, { set: { contradiction: true }, events: ['order.review'] }),
  'no longer in doubt': (given) => write(given, { unset: ['contradictedAt'] }),
  'noted, no longer in doubt': (given) =>
    write(given, { set: { noted: given.answer.word }, unset: ['contradictedAt'] }),
  noted: (given) => write(given, { set: { ...keptIfNew(given), noted: given.answer.word } }),
  'noted, and the reason from now on': (given) =>
    write(given, {
      set: { ...keptIfNew(given), noted: given.answer.word, reviewReason: reasonOf(given) },
    }),
  'PAID, `order.paid`': (given) => paid(given, { events: ['order.paid'] }),
  'PAID, `order.paid_late`, all of it goes back': (given) =>
    paid(given, { events: ['order.paid_late'], ...allBack(given, 'late', late) }),
  'PAID, `order.duplicate`, all of it goes back': (given) =>
    paid(given, {
      events: ['order.duplicate'],
      ...allBack(given, 'duplicate', { duplicateOf: ownerOf(given) }),
    }),
  'REVIEW, `order.paid_late`': (given) =>
    held(given, 'order.paid_late', { ...late, reviewReason: 'late' }),
  'REVIEW, `order.duplicate`': (given) =>
    held(given, 'order.duplicate', {
      ...lateIfOver(given),
      duplicateOf: ownerOf(given),
      reviewReason: 'duplicate',
    }),
  'REVIEW, `order.review`': (given) =>
    held(given, 'order.review', { ...lateIfOver(given), reviewReason: reasonOf(given) }),
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
  'REVIEW for `reverse`, `order.review`': (given) =>
    held(given, 'order.review', { reviewReason: 'reverse' }),
  'CLOSED, `order.closed`': (given) => closed(given),
  'CLOSED, `order.closed`, the payment noted': (given) =>
    closed(given, { ...given.answer.kept, noted: given.answer.word }),
  REFUSED: (given) => write(given, { status: 'REFUSED', unset: ['unplaced'] }),
  'PAID, `order.paid` with `accepted_by`': (given) =>
    paid(given, { set: resolved(given), unset: ['resolution'], events: ['order.paid'] }),
  'PAID, all of it goes back': (given) =>
    paid(given, { unset: ['resolution'], ...allBack(given, 'resolve', resolved(given)) }),
  'CLOSED, `order.closed` with `resolved`': (given) =>
    write(given, {
      status: 'CLOSED',
      // Their payment is known now: the same answer once more is no news.
      set: {
        ...given.answer.kept,
        ...resolved(given),
        ...(given.answer.word === 'REFUND' && { noted: 'REFUND' }),
        closeReason: 'resolved',
      },
      unset: ['resolution', 'reviewReason'],
      events: ['order.closed'],
      lookAfterClose: true,
    }),
  'not possible': (given) =>
    write(given, { set: resolved(given, 'impossible'), unset: ['resolution'] }),
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
  if (!isToForget || effect.type === 'write' || effect.type === 'unclaimed') {
    return effect;
  }
  const lookAt = effect.type === 'look' ? effect.at : now;
  return write(given, { unset: ['notFoundAt'], ...(lookAt !== undefined && { lookAt }) });
}

type Writing = {
  readonly status?: string;
  readonly set?: JsonObject;
  readonly unset?: readonly string[];
  readonly events?: readonly string[];
  readonly starts?: readonly Start[];
  readonly lookAt?: number;
  readonly lookAfterClose?: boolean;
  readonly looksOn?: true;
};

function write({ record, answer }: Given, writing: Writing): Effect {
  const { status, set, unset, events = [], starts = [], lookAfterClose = false } = writing;
  const { lookAt, looksOn } = writing;
  return {
    type: 'write',
    status: status ?? record.status,
    data: { ...without(record.data, unset), ...set },
    events,
    starts,
    lookAfterClose,
    because: answer.word,
    ...(lookAt !== undefined && { lookAt }),
    ...(looksOn !== undefined && { looksOn }),
  };
}

/** The data without these names. */
export function without(data: JsonObject, names: readonly string[] = []): JsonObject {
  const kept: Record<string, Json> = { ...data };
  for (const name of names) {
    delete kept[name];
  }
  return kept;
}

function paid(given: Given, { set, unset = [], ...writing }: Writing): Effect {
  return write(given, {
    ...writing,
    status: 'PAID',
    set: { ...given.answer.kept, ...lateIfOver(given), ...set },
    unset: [...unset, 'reviewReason'],
  });
}

function held(given: Given, event: string, set: JsonObject): Effect {
  const { kept, word } = given.answer;
  return write(given, {
    status: 'REVIEW',
    set: { ...kept, noted: word, ...set },
    events: [event],
  });
}

function closed(given: Given, set: JsonObject = {}): Effect {
  const { order, answer } = given;
  // No link of a code payment says that WeChat knew it.
  const noted = isCode(order) && answer.isSigned ? { noted: answer.word } : {};
  return write(given, {
    status: 'CLOSED',
    set: { ...set, ...noted, closeReason: closeReasonOf(given) },
    unset: ['reviewReason'],
    events: ['order.closed'],
    lookAfterClose: true,
  });
}

const late = { late: true };

function lateIfOver({ order }: Given): JsonObject {
  return order.status === 'CLOSED' || order.status === 'REFUSED' ? late : {};
}

/** What the payer reads beside the money that comes back. */
const backReasons = {
  late: '订单已关闭，款项原路退回',
  duplicate: '重复支付，款项原路退回',
  resolve: '订单已取消，款项原路退回',
};

function allBack(
  { record, order, answer, now }: Given,
  origin: keyof typeof backReasons,
  set: JsonObject = {},
): Writing {
  const { paidFen = '', transaction_id = '' } = answer.kept;
  const { number: out_trade_no } = record.key;
  const number = `back-${out_trade_no}`;
  const { refunds = [] } = record.data;
  const before = Array.isArray(refunds) ? refunds : [];
  const note = { out_refund_no: number, refundFen: paidFen, startAt: now, status: 'CREATED' };
  const data = {
    out_trade_no,
    transaction_id,
    refundFen: paidFen,
    totalFen: paidFen,
    origin,
    reason: backReasons[origin],
    notify_url: order.terms?.notify_url ?? '',
  };
  return {
    set: { ...set, refunds: [...before, note] },
    starts: [{ kind: 'refund', number, startAt: now, data }],
  };
}

function ownerOf({ claim }: Given): JsonObject {
  return claim !== undefined && 'owner' in claim ? { ...claim.owner } : {};
}

function resolved({ record }: Given, outcome = 'done'): JsonObject {
  const { resolution = null } = record.data;
  return { resolved: { ...(isObject(resolution) && resolution), outcome } };
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
