import { type Order, type ResolveAction, resolveActions } from '#core/subjects/order/order.ts';
import { firstThatHolds } from './cases.ts';
import { type RowName, rowNames, rowOf } from './order-answers.ts';
import { codeColumnNames, codeColumnOf, codeTable } from './order-codes.ts';
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
  const { cell, name } = cellOf(row, given.order);
  const { cases, effect } = effectOf(cell, given);
  return { cell: name, cases, effect: forgetting(given, effect) };
}

function cellOf(row: RowName, order: Order): { readonly cell: Cell; readonly name: string } {
  const action = order.status === 'REVIEW' ? order.resolution?.action : undefined;
  if (action !== undefined) {
    return { cell: resolvedTable[row][action], name: nameOf(row, action) };
  }
  const column = columnOf(order);
  const codeColumn = codeColumnOf(order);
  const ofCodes = codeColumn === undefined ? undefined : codeTable[row]?.[codeColumn];
  return codeColumn === undefined || ofCodes === undefined
    ? { cell: orderTable[row][column], name: nameOf(row, column) }
    : { cell: ofCodes, name: nameOfCodes(row, codeColumn) };
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

function nameOfCodes(row: RowName, column: string): string {
  return `${row} on a code payment that ${column}`;
}

/** Every cell of the order's own table, then of a code payment's and of a resolved REVIEW's. */
export const cellNames = {
  order: rowNames.flatMap((row) => columnNames.map((column) => nameOf(row, column))),
  codes: rowNames.flatMap((row) =>
    codeColumnNames
      .filter((column) => codeTable[row]?.[column] !== undefined)
      .map((column) => nameOfCodes(row, column)),
  ),
  resolved: rowNames.flatMap((row) => resolveActions.map((action) => nameOf(row, action))),
};

/** Every case of the tables and their procedures; one that several cells share counts once. */
export function allCases(): ReadonlySet<Case> {
  const cells: readonly Cell[] = [orderTable, codeTable, resolvedTable].flatMap((table) =>
    Object.values(table).flatMap((row): readonly Cell[] => Object.values(row)),
  );
  return new Set([...cells, ...Object.values(procedures)].flat());
}
