import { type ResolveAction, resolveActions } from '#core/subjects/order/order.ts';
import { firstThatHolds } from './cases.ts';
import { type RowName, rowNames, rowOf } from './order-answers.ts';
import { conditions, type Given } from './order-conditions.ts';
import { type Effect, forgetting, outcomes } from './order-outcomes.ts';
import { type Cell, isProcedure, procedures } from './order-procedures.ts';
import { resolvedTable } from './order-resolved.ts';
import { type ColumnName, columnNames, columnOf, orderTable } from './order-table.ts';

export type Case = Cell[number];

export type Expected = {
  /** What WeChat says, on what order. */
  readonly cell: string;
  /** The case that held, and those of its procedures. */
  readonly cases: readonly Case[];
  readonly effect: Effect;
};

/** What the tables say must come out. */
export function expectedOf(given: Given): Expected {
  const row = rowOf(given.answer, given.order);
  const action = given.order.status === 'REVIEW' ? given.order.resolution?.action : undefined;
  const column = columnOf(given.order);
  const cell = action === undefined ? orderTable[row][column] : resolvedTable[row][action];
  const { cases, effect } = effectOf(cell, given);
  return { cell: nameOf(row, action ?? column), cases, effect: forgetting(given, effect) };
}

function effectOf(cell: Cell, given: Given): Pick<Expected, 'cases' | 'effect'> {
  const held = firstThatHolds(conditions, cell, given);
  const [, outcome] = held;
  if (!isProcedure(outcome)) {
    return { cases: [held], effect: outcomes[outcome](given) };
  }
  const { cases, effect } = effectOf(procedures[outcome], given);
  return { cases: [held, ...cases], effect };
}

function nameOf(row: RowName, column: ColumnName | ResolveAction): string {
  return `${row} on ${column in resolvedTable[row] ? `REVIEW, resolved by ${column}` : column}`;
}

/** Every cell of the order's own table, then of a resolved REVIEW's. */
export const cellNames = {
  order: rowNames.flatMap((row) => columnNames.map((column) => nameOf(row, column))),
  resolved: rowNames.flatMap((row) => resolveActions.map((action) => nameOf(row, action))),
};

/** Every case of the tables and their procedures; one that several cells share counts once. */
export function allCases(): ReadonlySet<Case> {
  const tables = [...Object.values(orderTable), ...Object.values(resolvedTable)];
  const cells: readonly Cell[] = tables.flatMap((row) => Object.values(row));
  return new Set([...cells, ...Object.values(procedures)].flat());
}
