import type { Order } from '#core/subjects/order/order.ts';
import { type RowName, rowOf } from './order-answers.ts';
import {
  type Condition,
  conditions,
  type Effect,
  forgetting,
  type Given,
  type Outcome,
  outcomes,
} from './order-words.ts';

/** Our statuses: the columns of the order's table. */
export const columnNames = [
  'CREATED, AWAITING',
  'PAID',
  'CLOSED',
  'REFUSED',
  'REVIEW',
  'UNMATCHED',
] as const;
export type ColumnName = (typeof columnNames)[number];

/** Cases in order: the first whose condition holds says what comes out. */
export type Cell = readonly (readonly [Condition, Outcome | ProcedureName])[];

const rest: Cell = [['else', '–']];
const review: Cell = [['else', 'REVIEW, `order.review`']];
const against: Cell = [['else', 'a contradiction']];
const close: Cell = [['else', 'close']];
const late: Cell = [
  ['policy `hold`', 'REVIEW, `order.paid_late`'],
  ['policy `fulfil`', 'PAID, `order.paid` with `late`'],
];
const addedToReview: Cell = [
  ['money was seen', 'noted once'],
  ['else', 'noted, and the reason from now on'],
];
const doubted: Cell = [['else', 'not believed']];

/** What several cells say with one word. */
export const procedures = {
  close: [
    ['not sent in this look', 'send it and ask WeChat again'],
    ['a close met a fault', 'look again in an hour'],
    ['still waits', 'next wake'],
    ['else', 'look again, pauses growing'],
  ],
  'a contradiction': [
    ['raised before', '–'],
    ['for the first time', 'look again in 10 min'],
    ['for less than 10 min', 'look when they are over'],
    ['else', '`contradiction`, `order.review`'],
  ],
  'noted once': [
    ['noted before', '–'],
    ['else', 'noted'],
  ],
  'not believed': [
    ['a close met a fault', 'look again in an hour'],
    ['a close met no definite answer', 'look again, pauses growing'],
    [
      'a look is owed, or in doubt, or CLOSED and we hold its link (14 times at most)',
      'look again, pauses growing',
    ],
    ['still waits', 'next wake'],
    ['else', '–'],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly [Condition, Outcome])[]>>;
export type ProcedureName = keyof typeof procedures;

/**
 * What WeChat says × our status, written from the decisions and not from the code: the walk compares
 * each decision with it, and `docs/architecture.md` shows it.
 */
export const orderTable: Readonly<Record<RowName, Readonly<Record<ColumnName, Cell>>>> = {
  'SUCCESS, money and identity match': {
    'CREATED, AWAITING': [['else', 'PAID, `order.paid`']],
    PAID: [
      ['in doubt', 'no longer in doubt'],
      ['else', '–'],
    ],
    CLOSED: late,
    REFUSED: late,
    REVIEW: [
      ['opened for `not-found` or `user-paying`', 'PAID, `order.paid`'],
      ['else', 'noted once'],
    ],
    UNMATCHED: rest,
  },
  'SUCCESS; amount, currency, mchid, appid or payer differ': {
    'CREATED, AWAITING': review,
    PAID: against,
    CLOSED: review,
    REFUSED: review,
    REVIEW: addedToReview,
    UNMATCHED: rest,
  },
  REFUND: {
    'CREATED, AWAITING': review,
    PAID: [
      ['in doubt', 'noted, no longer in doubt'],
      ['else', 'noted once'],
    ],
    CLOSED: review,
    REFUSED: review,
    REVIEW: addedToReview,
    UNMATCHED: rest,
  },
  'NOTPAY, PAYERROR': {
    'CREATED, AWAITING': [
      ['before `closeAt`', 'next wake'],
      ['never placed by us', 'REFUSED'],
      ['else', 'close'],
    ],
    PAID: against,
    CLOSED: close,
    REFUSED: rest,
    REVIEW: [
      ['before `closeAt`', '–'],
      ['never placed by us', '–'],
      ['else', 'close'],
    ],
    UNMATCHED: rest,
  },
  'USERPAYING, ACCEPT': {
    'CREATED, AWAITING': [
      ['never placed by us, from `closeAt` on', 'REFUSED'],
      ['before `closeAt` + 10 min', 'look again in 30 s'],
      ['before `closeAt` + 24 h', 'close'],
      ['else', 'REVIEW, `order.review`, a look every 10 min'],
    ],
    PAID: against,
    CLOSED: close,
    REFUSED: rest,
    REVIEW: [
      ['opened for `user-paying`', 'next wake'],
      ['else', '–'],
    ],
    UNMATCHED: rest,
  },
  'CLOSED, REVOKED': {
    'CREATED, AWAITING': [
      ['never placed by us', 'REFUSED'],
      ['else', 'CLOSED, `order.closed`'],
    ],
    PAID: against,
    CLOSED: rest,
    REFUSED: rest,
    REVIEW: [
      ['money was seen', '–'],
      ['else', 'CLOSED, `order.closed`'],
    ],
    UNMATCHED: rest,
  },
  'no such order (unsigned)': {
    'CREATED, AWAITING': [
      ['before `closeAt`', 'next wake'],
      ['never placed by us', 'REFUSED'],
      ['no definite answer to a close yet', 'close'],
      ['not found for the first time', 'look again in 90 s'],
      ['for less than 90 s', 'look when they are over'],
      ['we hold its link', 'REVIEW, `order.review`, one more look'],
      ['else', 'CLOSED, `order.closed`'],
    ],
    PAID: doubted,
    CLOSED: doubted,
    REFUSED: doubted,
    REVIEW: doubted,
    UNMATCHED: doubted,
  },
  'no usable answer': everywhere('look again, pauses growing'),
  'our account is at fault': everywhere('look again in an hour'),
};

function everywhere(outcome: Outcome): Readonly<Record<ColumnName, Cell>> {
  const cell: Cell = [['else', outcome]];
  return {
    'CREATED, AWAITING': cell,
    PAID: cell,
    CLOSED: cell,
    REFUSED: cell,
    REVIEW: cell,
    UNMATCHED: cell,
  };
}

export type Case = Cell[number];

export type Expected = {
  readonly row: RowName;
  readonly column: ColumnName;
  /** The case that held, and the one of its procedure. */
  readonly cases: readonly Case[];
  readonly effect: Effect;
};

/** What the table says must come out. */
export function expectedOf(given: Given): Expected {
  const row = rowOf(given.answer, given.order);
  const column = columnOf(given.order);
  const first = firstThatHolds(orderTable[row][column], given);
  const [, outcome] = first;
  if (!isProcedure(outcome)) {
    return { row, column, cases: [first], effect: forgetting(given, outcomes[outcome](given)) };
  }
  const second = firstThatHolds(procedures[outcome], given);
  const effect = forgetting(given, outcomes[second[1]](given));
  return { row, column, cases: [first, second], effect };
}

/** Every case of the table and its procedures; one that several cells share counts once. */
export function allCases(): ReadonlySet<Case> {
  const cells = Object.values(orderTable).flatMap((row) => Object.values(row));
  return new Set([...cells, ...Object.values(procedures)].flat());
}

function firstThatHolds<O>(cell: readonly (readonly [Condition, O])[], given: Given) {
  const found = cell.find(([condition]) => conditions[condition](given));
  if (found === undefined) {
    throw new Error('No case of the cell holds.');
  }
  return found;
}

function isProcedure(outcome: Outcome | ProcedureName): outcome is ProcedureName {
  return outcome in procedures;
}

function columnOf({ status }: Order): ColumnName {
  return status === 'CREATED' || status === 'AWAITING' ? 'CREATED, AWAITING' : status;
}
