import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveActions } from '#core/subjects/order/order.ts';
import { between, type Cases, tableText, textOf } from './cases.ts';
import { rowNames } from './order-answers.ts';
import { codeColumnNames, codeTable } from './order-codes.ts';
import { learnRows, learnTable } from './order-learn.ts';
import { type Cell, isProcedure, type ProcedureName, procedures } from './order-procedures.ts';
import { refundCases, resolveCases } from './order-requests.ts';
import { resolvedTable } from './order-resolved.ts';
import { type ColumnName, orderTable } from './order-table.ts';
import { withRefundTable } from './refund-page.ts';

export const pagePath = join(import.meta.dirname, '..', '..', 'docs', 'architecture.md');
const marks = {
  begin: '<!-- order-table: made of test/exhaustive/order-table.ts, not written here -->',
  end: '<!-- /order-table -->',
};

/** UNMATCHED stands beside the table: nobody looks at it. */
const shownColumns: readonly (readonly ColumnName[])[] = [
  ['CREATED, AWAITING'],
  ['PAID'],
  ['CLOSED', 'REFUSED'],
  ['REVIEW'],
];

/** The page with the order's tables as they are now between the two marks. */
export function withOrderTable(page: string): string {
  return between(
    page,
    marks,
    [...lookTexts(), ...codeTexts(), ...resolvedTexts(), ...besideTexts()].join('\n\n'),
  );
}

function lookTexts(): readonly string[] {
  const rows = rowNames.map((row) => [
    row,
    ...shownColumns.map((names) => cellText(orderTable[row], names)),
  ]);
  const head = ['WeChat says', ...shownColumns.map((names) => names.join(', '))];
  return [
    tableText(head, rows),
    'The first case that holds counts. Where the table says',
    procedureList(proceduresOf(orderCells())),
    'A look is *owed* while the one before had no answer. A signed answer that knows a waiting order first of all ends an earlier "no such order". A payment after CLOSED or REFUSED is marked `late`. Whoever pays an order that names no payer is the right one; and an order that a person accepted or gave back was paid right if WeChat still says the same amount. UNMATCHED is never looked at.',
  ];
}

function orderCells(): readonly Cell[] {
  return Object.values(orderTable).flatMap((row) => Object.values(row));
}

function cellText(
  cells: Readonly<Record<ColumnName, Cases<string, string>>>,
  names: readonly ColumnName[],
): string {
  const own = names.map((name) => textOf(cells[name], procedures));
  return new Set(own).size === 1
    ? (own[0] ?? '')
    : names.map((name, index) => `${name}: ${own[index]}`).join('; ');
}

/** Where a code payment differs. */
function codeTexts(): readonly string[] {
  const rows = rowNames.flatMap((row) => {
    const own = codeTable[row];
    return own === undefined
      ? []
      : [[row, ...codeColumnNames.map((name) => codeText(own[name]))] as const];
  });
  const cells = Object.values(codeTable).flatMap((row) => Object.values(row));
  const own = proceduresOf(cells).filter((name) => !proceduresOf(orderCells()).includes(name));
  return [
    'A code payment has no close: what is sent in its place is its *reversal*, and that is noted first, for no query shows that one is on its way. Besides, a code payment that',
    tableText(['WeChat says', ...codeColumnNames], rows),
    procedureList(own),
    'What is being reversed is announced as paid by nobody but a person. A signed answer that closes a code payment is noted: WeChat knew it for certain, as it knew every order whose link we hold.',
  ];
}

function codeText(cell: Cell | undefined): string {
  return cell === undefined ? 'as of every order' : textOf(cell, procedures);
}

/** A REVIEW that a person resolved. */
function resolvedTexts(): readonly string[] {
  const rows = rowNames.map((row) => [
    row,
    ...resolveActions.map((action) => textOf(resolvedTable[row][action], procedures)),
  ]);
  const cells = Object.values(resolvedTable).flatMap((row) => Object.values(row));
  return [
    'What a person decided about a REVIEW is done when WeChat was asked again, and its answer allows it:',
    tableText(['WeChat says', ...resolveActions], rows),
    procedureList(proceduresOf(cells)),
    'A resolution that is not possible is over, too: the REVIEW stays, and a person decides anew.',
  ];
}

/** What happens beside the looks. */
function besideTexts(): readonly string[] {
  const columns: readonly (readonly ColumnName[])[] = [
    ['CREATED, AWAITING', 'REFUSED'],
    ['PAID'],
    ['CLOSED'],
    ['REVIEW'],
    ['UNMATCHED'],
  ];
  const head = ['a refund is', ...columns.map((names) => names.join(', '))];
  const rows = learnRows.map((row) => [
    row,
    ...columns.map((names) => cellText(learnTable[row], names)),
  ]);
  return [
    'The record of an order lists its refunds, whoever made them, and learns what becomes of each. A status that is listed already changes nothing.',
    tableText(head, rows),
    'A refund *counts* unless it is CLOSED or REFUSED. Where somebody asks for',
    [
      `- **a refund**: ${textOf(refundCases)}.`,
      `- **a resolution**: ${textOf(resolveCases)}.`,
    ].join('\n'),
  ];
}

function procedureList(names: readonly ProcedureName[]): string {
  return names.map((name) => `- **${name}**: ${textOf(procedures[name], procedures)}.`).join('\n');
}

/** What these cells say with one word, and what that says so. */
function proceduresOf(cells: readonly Cell[]): readonly ProcedureName[] {
  const own = cells.flatMap((cell) => cell.map(([, then]) => then).filter(isProcedure));
  const within = own.length === 0 ? [] : proceduresOf(own.map((name) => procedures[name]));
  return [...new Set([...own, ...within])];
}

if (import.meta.main) {
  const page = readFileSync(pagePath, 'utf8');
  writeFileSync(pagePath, withRefundTable(withOrderTable(page)));
}
