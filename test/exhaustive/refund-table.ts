import type { RefundStatus } from '#core/subjects/refund/refund.ts';
import { type Cases, firstThatHolds } from './cases.ts';
import { type RowName, rowNames } from './refund-answers.ts';
import {
  type Condition,
  conditions,
  type Effect,
  type Given,
  type Outcome,
  outcomes,
} from './refund-words.ts';

/** Our statuses: the columns of the refund's table. */
export const columnNames = [
  'CREATED',
  'PROCESSING',
  'ABNORMAL',
  'SUCCESS',
  'CLOSED',
  'REFUSED',
] as const satisfies readonly RefundStatus[];

export type Cell = Cases<Condition, Outcome | ProcedureName>;
export type Case = Cell[number];
export type ProcedureName = 'applied for';

/** What a cell says with one word. */
export const procedures: Readonly<Record<ProcedureName, Cases<Condition, Outcome>>> = {
  'applied for': [
    ['before its start', 'look at its start'],
    ['refused less than a minute ago', 'look when it is over'],
    ['refused before', 'REFUSED, `refund.refused`'],
    ['not applied for in this look', 'apply for it, and ask WeChat again'],
    ['WeChat refused it', 'noted, look again in a minute'],
    ['the apply met a fault', 'look again in an hour'],
    ['else', 'look again, pauses growing'],
  ],
};

const rest: Cell = [['else', '–']];
const wake: Cell = [['else', 'next wake']];
const lookAgain: Cell = [['else', 'look again, pauses growing']];
const succeeded: Cell = [['else', 'SUCCESS, `refund.succeeded`']];
const closed: Cell = [['else', 'CLOSED, `refund.closed`']];
const abnormal: Cell = [['else', 'ABNORMAL, `refund.abnormal`']];
const atRest = { SUCCESS: rest, CLOSED: rest, REFUSED: rest };

/**
 * What WeChat says × our status, written from the decisions and not from the code: the walk compares
 * each decision with it, and `docs/architecture.md` shows it.
 */
export const refundTable: Readonly<Record<RowName, Readonly<Record<RefundStatus, Cell>>>> = {
  PROCESSING: {
    ...atRest,
    CREATED: [['else', 'PROCESSING']],
    PROCESSING: wake,
    ABNORMAL: [['else', 'PROCESSING']],
    REFUSED: [['else', 'PROCESSING, its order is told']],
  },
  SUCCESS: {
    CREATED: succeeded,
    PROCESSING: succeeded,
    ABNORMAL: succeeded,
    SUCCESS: rest,
    CLOSED: succeeded,
    REFUSED: succeeded,
  },
  CLOSED: { ...atRest, CREATED: closed, PROCESSING: closed, ABNORMAL: closed },
  ABNORMAL: {
    ...atRest,
    CREATED: abnormal,
    PROCESSING: abnormal,
    ABNORMAL: wake,
    REFUSED: abnormal,
  },
  'another refund has this number': {
    ...atRest,
    CREATED: [['else', 'REFUSED, `refund.refused`']],
    PROCESSING: lookAgain,
    ABNORMAL: lookAgain,
  },
  'no such refund (unsigned)': {
    ...atRest,
    CREATED: [['else', 'applied for']],
    PROCESSING: lookAgain,
    ABNORMAL: lookAgain,
  },
  'no usable answer': everywhere('look again, pauses growing'),
  'our account is at fault': everywhere('look again in an hour'),
};

function everywhere(outcome: Outcome): Readonly<Record<RefundStatus, Cell>> {
  const cell: Cell = [['else', outcome]];
  return {
    CREATED: cell,
    PROCESSING: cell,
    ABNORMAL: cell,
    SUCCESS: cell,
    CLOSED: cell,
    REFUSED: cell,
  };
}

export type Expected = {
  /** What WeChat says, on what refund. */
  readonly cell: string;
  /** The case that held, and the one of its procedure. */
  readonly cases: readonly Case[];
  readonly effect: Effect;
};

/** What the table says must come out. */
export function expectedOf(given: Given): Expected {
  const { row } = given.answer;
  const { status } = given.refund;
  const cell = nameOf(row, status);
  const first = firstThatHolds(conditions, refundTable[row][status], given);
  if (!isProcedure(first[1])) {
    return { cell, cases: [first], effect: outcomes[first[1]](given) };
  }
  const second = firstThatHolds(conditions, procedures[first[1]], given);
  return { cell, cases: [first, second], effect: outcomes[second[1]](given) };
}

export const cellNames = rowNames.flatMap((row) =>
  columnNames.map((status) => nameOf(row, status)),
);

/** Every case of the table and its procedure; one that several cells share counts once. */
export function allCases(): ReadonlySet<Case> {
  const cells = Object.values(refundTable).flatMap((row) => Object.values(row));
  return new Set([...cells, ...Object.values(procedures)].flat());
}

function nameOf(row: RowName, status: RefundStatus): string {
  return `${row} on ${status}`;
}

function isProcedure(outcome: Outcome | ProcedureName): outcome is ProcedureName {
  return outcome in procedures;
}
