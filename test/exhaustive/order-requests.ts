import type { Order } from '#core/subjects/order/order.ts';
import type { RefundNote } from '#core/subjects/refund/note.ts';
import { instant } from '#core/values/time.ts';
import { type Cases, type Conditions, firstThatHolds } from './cases.ts';
import { type AsideEffect, type Met, notesOf, nothing, refused, writing } from './order-aside.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const refundConditions = {
  else: () => true,
  'CREATED, AWAITING, CLOSED, REFUSED': ({ order }) =>
    ['CREATED', 'AWAITING', 'CLOSED', 'REFUSED'].includes(order.status),
  'its payment is not known': ({ order }) =>
    order.transaction_id === undefined || order.paidFen === undefined,
  'a person has resolved its REVIEW, and WeChat was not asked yet': ({ order }) =>
    order.status === 'REVIEW' && order.resolution !== undefined,
  'paid 365 d ago': ({ order, now }) =>
    order.successAt !== undefined && now - order.successAt >= 365 * dayMs,
  '50 refunds of it count': ({ order }) => countedOf(order).length >= 50,
  'more than is left of what was paid': ({ order, request }) =>
    sumOf(countedOf(order)) + request.refundFen > (order.paidFen ?? 0),
} as const satisfies Conditions<string, Met<'start'>>;

const refundOutcomes = {
  '`order_conflict`': () => refused('order_conflict'),
  '`order_unpaid`': () => refused('order_unpaid'),
  '`refund_too_late`': () => refused('refund_too_late'),
  '`refund_limit`': () => refused('refund_limit'),
  '`refund_exceeds`': () => refused('refund_exceeds'),
  'listed and started, a minute after each that counts': (given) => started(given),
} as const satisfies Readonly<Record<string, (given: Met<'start'>) => AsideEffect>>;

/** A refund is asked for. */
export const refundCases: Cases<keyof typeof refundConditions, keyof typeof refundOutcomes> = [
  ['a person has resolved its REVIEW, and WeChat was not asked yet', '`order_conflict`'],
  ['CREATED, AWAITING, CLOSED, REFUSED', '`order_unpaid`'],
  ['its payment is not known', '`order_unpaid`'],
  ['paid 365 d ago', '`refund_too_late`'],
  ['50 refunds of it count', '`refund_limit`'],
  ['more than is left of what was paid', '`refund_exceeds`'],
  ['else', 'listed and started, a minute after each that counts'],
];

const resolveConditions = {
  else: () => true,
  'not in REVIEW': ({ order }) => order.status !== 'REVIEW',
  'just this is noted': ({ order: { resolution }, asked }) =>
    resolution?.action === asked.action &&
    resolution.by === asked.by &&
    resolution.why === asked.why,
  'another is noted': ({ order }) => order.resolution !== undefined,
} as const satisfies Conditions<string, Met<'resolve'>>;

const resolveOutcomes = {
  '–': nothing,
  '`order_not_in_review`': () => refused('order_not_in_review'),
  '`order_conflict`': () => refused('order_conflict'),
  'noted, a look within 2 min': ({ record, asked, now }) =>
    writing(record, {
      set: { resolution: { ...asked, at: now } },
      lookAt: now + 2 * minuteMs,
      because: `resolve ${asked.action}`,
    }),
} as const satisfies Readonly<Record<string, (given: Met<'resolve'>) => AsideEffect>>;

/** A person resolves a REVIEW. */
export const resolveCases: Cases<keyof typeof resolveConditions, keyof typeof resolveOutcomes> = [
  ['not in REVIEW', '`order_not_in_review`'],
  ['just this is noted', '–'],
  ['another is noted', '`order_conflict`'],
  ['else', 'noted, a look within 2 min'],
];

export type RequestCase = (typeof refundCases)[number] | (typeof resolveCases)[number];

/** The case that holds, and what must come out. */
export function expectedOfRequest(given: Met<'start'> | Met<'resolve'>): {
  readonly cases: readonly RequestCase[];
  readonly effect: AsideEffect;
} {
  if (given.type === 'start') {
    const held = firstThatHolds(refundConditions, refundCases, given);
    return { cases: [held], effect: refundOutcomes[held[1]](given) };
  }
  const held = firstThatHolds(resolveConditions, resolveCases, given);
  return { cases: [held], effect: resolveOutcomes[held[1]](given) };
}

function started({ record, order, now, request }: Met<'start'>): AsideEffect {
  const { out_refund_no, refundFen, of, ...others } = request;
  const rest = { ...others, ...of };
  const startAt = instant(
    Math.max(now, ...countedOf(order).map((note) => note.startAt + minuteMs)),
  );
  const data = {
    ...rest,
    refundFen,
    transaction_id: order.transaction_id ?? '',
    totalFen: order.paidFen ?? 0,
    origin: 'request',
  };
  return writing(record, {
    set: {
      refunds: [...notesOf(record), { out_refund_no, refundFen, startAt, status: 'CREATED' }],
    },
    starts: [{ kind: 'refund', number: out_refund_no, startAt, data }],
    because: `refund ${out_refund_no}`,
  });
}

/** CLOSED and REFUSED refunds moved no money. */
function countedOf({ refunds }: Order): readonly RefundNote[] {
  return refunds.filter(({ status }) => status !== 'CLOSED' && status !== 'REFUSED');
}

function sumOf(notes: readonly RefundNote[]): number {
  return notes.reduce((sum, { refundFen }) => sum + refundFen, 0);
}
