import type { Command } from '#core/decision.ts';
import type { ApplyOutcome } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import type { Refund, RefundStatus } from '#core/subjects/refund/refund.ts';
import type { JsonObject } from '#core/values/json.ts';
import type { Instant } from '#core/values/time.ts';
import type { Conditions } from './cases.ts';
import { without } from './order-outcomes.ts';
import type { Answer } from './refund-answers.ts';

/** What a decision is made of. */
export type Given = {
  readonly record: StoredRecord;
  readonly refund: Refund;
  readonly answer: Answer;
  readonly now: Instant;
  /** How the apply ended that was sent earlier in this look. */
  readonly applied?: ApplyOutcome;
};

/** What comes of a decision: what the record is after it, who is told, when to look next. */
export type Effect =
  | { readonly type: 'rest' }
  | { readonly type: 'look'; readonly at?: number }
  | {
      readonly type: 'unanswered';
      readonly code: string;
      readonly isFault: boolean;
      readonly isOverdue: boolean;
    }
  | { readonly type: Command }
  | {
      readonly type: 'write';
      readonly status: string;
      readonly data: JsonObject;
      readonly events: readonly string[];
      readonly tells: boolean;
      readonly lookAt?: number;
      readonly because: string;
    };

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What the words before a colon mean. */
export const conditions = {
  else: () => true,
  'before its start': ({ refund, now }) => now < refund.startAt,
  'refused less than a minute ago': ({ refund, now }) =>
    refund.refusedAt !== undefined && now - refund.refusedAt < minuteMs,
  'refused before': ({ refund }) => refund.refusedAt !== undefined,
  'not applied for in this look': ({ applied }) => applied === undefined,
  'WeChat refused it': ({ applied }) => applied?.type === 'refused',
  'the apply met a fault': ({ applied }) => applied?.type === 'fault',
} as const satisfies Conditions<string, Given>;
export type Condition = keyof typeof conditions;

/** What the words after a colon mean. */
export const outcomes = {
  '–': () => ({ type: 'rest' }),
  'next wake': () => ({ type: 'look' }),
  'look at its start': ({ refund }) => ({ type: 'look', at: refund.startAt }),
  'look when it is over': ({ refund }) => ({
    type: 'look',
    at: (refund.refusedAt ?? 0) + minuteMs,
  }),
  'look again, pauses growing': (given) => unanswered(given, false),
  'look again in an hour': (given) => unanswered(given, true),
  'apply for it, and ask WeChat again': () => ({ type: 'apply' }),
  'noted, look again in a minute': (given) => {
    const refusal = codeOf(given.applied);
    const set = { refusal, refusedAt: given.now };
    return { ...write(given, { set, because: refusal }), lookAt: given.now + minuteMs };
  },
  PROCESSING: (given) => moved(given, 'PROCESSING', { tells: false }),
  'PROCESSING, its order is told': (given) => moved(given, 'PROCESSING', { tells: true }),
  'SUCCESS, `refund.succeeded`': (given) => moved(given, 'SUCCESS', { event: 'refund.succeeded' }),
  'CLOSED, `refund.closed`': (given) => moved(given, 'CLOSED', { event: 'refund.closed' }),
  'ABNORMAL, `refund.abnormal`': (given) => moved(given, 'ABNORMAL', { event: 'refund.abnormal' }),
  'REFUSED, `refund.refused`': (given) => {
    const refusal = given.answer.isSigned ? 'NUMBER_USED' : (given.refund.refusal ?? '');
    return write(given, {
      status: 'REFUSED',
      set: { refusal },
      unset: ['refusedAt'],
      event: 'refund.refused',
      because: refusal,
    });
  },
} as const satisfies Readonly<Record<string, (given: Given) => Effect>>;
export type Outcome = keyof typeof outcomes;

type Writing = {
  readonly status?: RefundStatus;
  readonly set: JsonObject;
  readonly unset?: readonly string[];
  readonly event?: string;
  readonly tells?: boolean;
  readonly because: string;
};

/** Whatever is announced, its order is told. */
function write({ record }: Given, writing: Writing): Extract<Effect, { readonly type: 'write' }> {
  const { status, set, unset, event, tells = event !== undefined, because } = writing;
  return {
    type: 'write',
    status: status ?? record.status,
    data: { ...without(record.data, unset), ...set },
    events: event === undefined ? [] : [event],
    tells,
    because,
  };
}

function moved(
  given: Given,
  status: RefundStatus,
  told: { readonly event?: string; readonly tells?: boolean },
): Effect {
  const unset = ['refusal', 'refusedAt'];
  return write(given, { status, set: given.answer.kept, unset, because: status, ...told });
}

function unanswered(given: Given, isFault: boolean): Effect {
  const { refund, now } = given;
  return {
    type: 'unanswered',
    code: reasonOf(given),
    isFault,
    isOverdue: refund.status === 'CREATED' && now >= refund.startAt + hourMs,
  };
}

/** Why there is no answer: what the apply met, where WeChat then knew of no refund. */
function reasonOf({ answer, applied }: Given): string {
  if (answer.isSigned) {
    return 'OTHER_REFUND';
  }
  const isUnknownThere = answer.row === 'no such refund (unsigned)';
  return (isUnknownThere && codeOf(applied)) || codeOf(answer.evidence);
}

function codeOf(from: object | undefined): string {
  return from !== undefined && 'code' in from ? String(from.code) : '';
}
