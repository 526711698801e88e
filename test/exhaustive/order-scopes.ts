import type { Account, DuplicatePolicy, LatePolicy } from '#core/account.ts';
import type { CloseOutcome } from '#core/evidence.ts';
import type { ClaimFinding } from '#core/subjects/order/claim.ts';
import { resolveActions } from '#core/subjects/order/order.ts';
import type { Refund, RefundStatus } from '#core/subjects/refund/refund.ts';
import { isOutRefundNo, isTransactionId, type OutRefundNo } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { dayMs, type Instant, minuteMs, secondMs } from '#core/values/time.ts';
import { bodySha256, outTradeNo, valid } from '../support/order-builder.ts';
import { type Answer, answers, claimFindings, closeOutcomes } from './order-answers.ts';
import type { Aside } from './order-aside.ts';
import type { State } from './order-steps.ts';

/** What a walk tries at each of its moments. */
export type Scope = {
  /** The boundaries of the table, just before each and on it, and moments by which the pauses are over. */
  readonly fromCloseAtMs: readonly number[];
  readonly surroundings: readonly Surrounding[];
  readonly claims: readonly ClaimFinding[];
  /** How much may happen beside the looks in one history; what comes after that is judged, too. */
  readonly mostAsides: number;
  readonly asidesOf: (state: State, now: Instant) => readonly Aside[];
  /** What of the events told so far makes two histories different. */
  readonly toldOf: (events: readonly string[]) => unknown;
};

/** What can stand around a look: the policies, and how many looks before it had no answer. */
export type Surrounding = Pick<Account, 'latePolicy' | 'duplicatePolicy'> & {
  readonly unknownLooks: number;
  readonly answers: readonly Answer[];
  /** How a close may end; where nothing is named, a look ends at the command. */
  readonly closed: readonly CloseOutcome['type'][];
};

const everyEnd = closeOutcomes.map(({ type }) => type);

/** Every answer at every moment, every end of a close, and each policy with definite and open ones. */
export const looksOnly: Scope = {
  fromCloseAtMs: [
    ...[-30 * minuteMs, -1, 0, 90 * secondMs - 1, 90 * secondMs],
    ...[10 * minuteMs - 1, 10 * minuteMs, dayMs - 1, dayMs],
  ],
  surroundings: [
    around('refund', 'hold', { unknownLooks: 0, closed: everyEnd }),
    around('hold', 'hold', { unknownLooks: 13, closed: ['done', 'fault'] }),
    around('fulfil', 'refund', { unknownLooks: 14, closed: ['done', 'unknown'] }),
  ],
  claims: claimFindings,
  mostAsides: 0,
  asidesOf: () => [],
  toldOf: (events) => events,
};

/** As many answers and ends around a code payment, at its own boundaries: it waits for 45 s. */
export const looksAtCodes: Scope = {
  ...looksOnly,
  fromCloseAtMs: [
    ...[-45 * secondMs, -1, 0, 90 * secondMs - 1, 90 * secondMs],
    ...[10 * minuteMs - 1, 10 * minuteMs, dayMs - 1, dayMs],
  ],
  surroundings: [
    around('refund', 'hold', { unknownLooks: 0, closed: everyEnd }),
    around('hold', 'hold', { unknownLooks: 13, closed: ['done', 'refused', 'fault'] }),
    around('fulfil', 'refund', { unknownLooks: 14, closed: ['done', 'refused', 'unknown'] }),
  ],
};

const fewNames = [
  ...['SUCCESS', 'SUCCESS, another amount', 'SUCCESS, another appid', 'REFUND'],
  ...['REFUND, amount unreadable', 'NOTPAY', 'USERPAYING', 'CLOSED', 'not-found'],
  ...['unknown', 'fault'],
];
const fewAnswers = answers.filter(({ name }) => fewNames.includes(name));
const justPaid = answers.filter(({ name }) => name === 'SUCCESS');
const fewAround: Pick<Scope, 'fromCloseAtMs' | 'surroundings' | 'claims' | 'toldOf'> = {
  fromCloseAtMs: [-30 * minuteMs, dayMs],
  surroundings: [
    around('refund', 'refund', { closed: ['done', 'unknown', 'fault'], answers: fewAnswers }),
    around('hold', 'hold', { closed: [], answers: justPaid }),
    around('fulfil', 'refund', { closed: [], answers: justPaid }),
  ],
  claims: claimFindings.filter(({ type }) => type === 'taken' || type === 'duplicate'),
  toldOf: (events) => events.includes('order.paid'),
};

/** As much beside the looks: a refund made in the console or here, the automatic one, a person. */
export function withAsides(mostAsides: number): Scope {
  return {
    ...fewAround,
    mostAsides,
    asidesOf: (state, now) => [...learnings(state), ...othersOf(state, now), ...resolutions],
  };
}

/** The same of a code payment, whose reversal may be refused, too. */
export const withAsidesOfCodes: Scope = {
  ...withAsides(1),
  fromCloseAtMs: [-1, dayMs],
  surroundings: [
    around('refund', 'refund', { closed: everyEnd, answers: fewAnswers }),
    around('fulfil', 'hold', { closed: [], answers: justPaid }),
  ],
};

/** Longer histories of the automatic refund, and of what persons decide. */
export const withItsRefund: Scope = {
  ...fewAround,
  mostAsides: 3,
  asidesOf: (state) => [...learnings(state), ...resolutions],
};

function around(
  latePolicy: LatePolicy,
  duplicatePolicy: DuplicatePolicy,
  rest: Pick<Surrounding, 'closed'> & Partial<Surrounding>,
): Surrounding {
  return { latePolicy, duplicatePolicy, unknownLooks: 0, answers, ...rest };
}

const made = valid('R-1001', isOutRefundNo);
const elsewhere = valid('50300', isOutRefundNo);

/** What a refund may tell next; a merchant's own begins as CREATED, one made elsewhere as anything. */
const nextStatuses: Readonly<Record<RefundStatus | 'unheard', readonly RefundStatus[]>> = {
  unheard: ['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL', 'REFUSED'],
  CREATED: ['SUCCESS', 'CLOSED', 'ABNORMAL', 'REFUSED'],
  PROCESSING: ['SUCCESS', 'CLOSED', 'ABNORMAL'],
  ABNORMAL: ['SUCCESS', 'CLOSED'],
  REFUSED: ['PROCESSING', 'SUCCESS', 'ABNORMAL'],
  CLOSED: ['SUCCESS'],
  SUCCESS: [],
};

/** Those that the record knows of. */
function learnings({ order }: State): readonly Aside[] {
  return order.refunds.flatMap(({ out_refund_no, refundFen, startAt, status }) =>
    [status, ...nextStatuses[status]].map((next) =>
      learning(out_refund_no, { refundFen, startAt, status: next, totalFen: order.paidFen }),
    ),
  );
}

/** One besides the automatic one: made in the console, or here. */
function othersOf({ order }: State, now: Instant): readonly Aside[] {
  const isThere = order.refunds.some((note) => [made, elsewhere].includes(note.out_refund_no));
  const first = { refundFen: 100, startAt: now };
  const heard = nextStatuses.unheard.map((status) => learning(elsewhere, { ...first, status }));
  return isThere ? [] : [...heard, refundAskedFor(100)];
}

function learning(
  out_refund_no: OutRefundNo,
  refund: Pick<Refund, 'startAt' | 'status'> & {
    readonly refundFen: number;
    readonly totalFen?: number | undefined;
  },
): Aside {
  const { refundFen, totalFen = 8800, startAt, status } = refund;
  return {
    type: 'learn',
    out_refund_no,
    refund: {
      status,
      startAt,
      createdAt: startAt,
      origin: 'request',
      terms: {
        out_trade_no: outTradeNo,
        out_order_no: undefined,
        transaction_id: valid('4200A1001', isTransactionId),
        refundFen: valid(refundFen, isFen),
        totalFen: valid(totalFen, isFen),
        reason: undefined,
        funds_account: undefined,
        notify_url: undefined,
      },
      bodySha256: undefined,
      refund_id: undefined,
      successAt: undefined,
      refusal: undefined,
      refusedAt: undefined,
    },
  };
}

const resolutions = resolveActions.map((action): Aside => {
  return { type: 'resolve', asked: { action, by: 'Ann', why: 'as agreed' } };
});

/** A refund of this much, under a number of its own. */
export function refundAskedFor(refundFen: number): Aside {
  return {
    type: 'start',
    request: {
      out_refund_no: made,
      of: { out_trade_no: outTradeNo },
      refundFen: valid(refundFen, isFen),
      notify_url: 'https://pay.example.com/notify/shop',
      bodySha256,
    },
  };
}
