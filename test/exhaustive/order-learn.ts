import { isObject, type JsonObject } from '#core/values/json.ts';
import { type Cases, type Conditions, firstThatHolds } from './cases.ts';
import { type AsideEffect, type Met, notesOf, nothing, writing } from './order-aside.ts';
import { type ColumnName, columnNames, columnOf } from './order-table.ts';

type Given = Met<'learn'>;

const conditions = {
  else: () => true,
  'its payment is known': ({ order }) => order.transaction_id !== undefined,
  'opened for `not-found`, `user-paying` or `reverse`': ({ order }) =>
    ['not-found', 'user-paying', 'reverse'].includes(order.reviewReason ?? ''),
  'it is the automatic one, and `order.paid` was never said': ({ record, out_refund_no }) =>
    out_refund_no === `back-${record.key.number}` && record.eventCounts['order.paid'] === undefined,
} as const satisfies Conditions<string, Given>;

const outcomes = {
  listed: (given) => learned(given, {}),
  'listed, and the reason `refund` from now on': (given) =>
    learned(given, { set: { ...paymentOf(given), reviewReason: 'refund' } }),
  'REVIEW, `order.review`': (given) => {
    const isLate = given.order.status === 'CLOSED' || given.order.status === 'REFUSED';
    const set = { ...paymentOf(given), reviewReason: 'refund', ...(isLate && { late: true }) };
    return learned(given, { status: 'REVIEW', set, events: ['order.review'] });
  },
  'REVIEW for `refund-failed`, `order.review`': (given) =>
    learned(given, {
      status: 'REVIEW',
      set: { reviewReason: 'refund-failed' },
      unset: ['contradictedAt', 'contradiction'],
      events: ['order.review'],
    }),
} as const satisfies Readonly<Record<string, (given: Given) => AsideEffect>>;

type Cell = Cases<keyof typeof conditions, keyof typeof outcomes>;
export type LearnCase = Cell[number];

const listed: Cell = [['else', 'listed']];
const review: Cell = [['else', 'REVIEW, `order.review`']];
const reviewed: Cell = [
  ['its payment is known', 'listed'],
  [
    'opened for `not-found`, `user-paying` or `reverse`',
    'listed, and the reason `refund` from now on',
  ],
  ['else', 'listed'],
];
const failed: Cell = [
  [
    'it is the automatic one, and `order.paid` was never said',
    'REVIEW for `refund-failed`, `order.review`',
  ],
  ['else', 'listed'],
];

export const learnRows = ['PROCESSING, SUCCESS, ABNORMAL', 'CLOSED', 'REFUSED'] as const;
type LearnRow = (typeof learnRows)[number];

/** What an order's record does with a refund of it that has just come to this. */
export const learnTable: Readonly<Record<LearnRow, Readonly<Record<ColumnName, Cell>>>> = {
  'PROCESSING, SUCCESS, ABNORMAL': {
    'CREATED, AWAITING': review,
    PAID: listed,
    CLOSED: [
      ['its payment is known', 'listed'],
      ['else', 'REVIEW, `order.review`'],
    ],
    REFUSED: review,
    REVIEW: reviewed,
    UNMATCHED: listed,
  },
  // That there was one shows that the order was paid.
  CLOSED: {
    'CREATED, AWAITING': review,
    PAID: failed,
    CLOSED: [
      ['its payment is known', 'REVIEW for `refund-failed`, `order.review`'],
      ['else', 'REVIEW, `order.review`'],
    ],
    REFUSED: review,
    REVIEW: reviewed,
    UNMATCHED: listed,
  },
  REFUSED: {
    'CREATED, AWAITING': listed,
    PAID: failed,
    CLOSED: [
      ['its payment is known', 'REVIEW for `refund-failed`, `order.review`'],
      ['else', 'listed'],
    ],
    REFUSED: listed,
    REVIEW: listed,
    UNMATCHED: listed,
  },
};

/** What the table says must come out; a status that is listed already is no news. */
export function expectedOfLearning(given: Given): {
  readonly cell: string;
  readonly cases: readonly LearnCase[];
  readonly effect: AsideEffect;
} {
  const { status } = given.refund;
  const row = status === 'CLOSED' || status === 'REFUSED' ? status : learnRows[0];
  const column = columnOf(given.order);
  const cell = nameOf(row, column);
  const held = firstThatHolds(conditions, learnTable[row][column], given);
  return noteOf(given)?.['status'] === status
    ? { cell, cases: [], effect: nothing() }
    : { cell, cases: [held], effect: outcomes[held[1]](given) };
}

function nameOf(row: LearnRow, column: ColumnName): string {
  return `a refund that is ${row} on ${column}`;
}

export const learnCells = learnRows.flatMap((row) =>
  columnNames.map((column) => nameOf(row, column)),
);

export function learnCases(): ReadonlySet<LearnCase> {
  return new Set(Object.values(learnTable).flatMap((row) => Object.values(row).flat()));
}

function learned(
  given: Given,
  change: {
    readonly status?: string;
    readonly set?: JsonObject;
    readonly unset?: readonly string[];
    readonly events?: readonly string[];
  },
): AsideEffect {
  const { record, out_refund_no, refund } = given;
  const { status, startAt, terms } = refund;
  const before = notesOf(record);
  const known = noteOf(given);
  const refunds =
    known === undefined
      ? [...before, { out_refund_no, refundFen: terms.refundFen, startAt, status }]
      : before.map((note) => (note === known ? { ...known, status } : note));
  return writing(record, {
    ...change,
    set: { ...change.set, refunds },
    because: `refund ${out_refund_no} ${status}`,
  });
}

function noteOf({ record, out_refund_no }: Given): JsonObject | undefined {
  const notes = notesOf(record).filter(isObject);
  return notes.find((note) => note['out_refund_no'] === out_refund_no);
}

function paymentOf({ refund: { terms } }: Given): JsonObject {
  return { transaction_id: terms.transaction_id, paidFen: terms.totalFen };
}
