import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowNames } from './order-answers.ts';
import { type Cell, type ColumnName, orderTable, procedures } from './order-table.ts';
import type { Condition, Outcome } from './order-words.ts';

export const pagePath = join(import.meta.dirname, '..', '..', 'docs', 'architecture.md');
const begin = '<!-- order-table: made of test/exhaustive/order-table.ts, not written here -->';
const end = '<!-- /order-table -->';

/** UNMATCHED stands beside the table: nobody looks at it. */
const shownColumns: readonly (readonly ColumnName[])[] = [
  ['CREATED, AWAITING'],
  ['PAID'],
  ['CLOSED', 'REFUSED'],
  ['REVIEW'],
];

/** The page with the order's table as it is now between the two marks. */
export function withOrderTable(page: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) {
    throw new Error(`The page lacks the marks ${begin} and ${end}.`);
  }
  return `${page.slice(0, from + begin.length)}\n${orderTableText()}\n${page.slice(to)}`;
}

function orderTableText(): string {
  const head = ['WeChat says', ...shownColumns.map((names) => names.join(', '))];
  const rows = rowNames.map((row) => rowText([row, ...cellTexts(orderTable[row])]));
  const lists = Object.entries(procedures).map(([name, cell]) => `- **${name}**: ${textOf(cell)}.`);
  return [
    rowText(head),
    `|${'---|'.repeat(head.length)}`,
    ...rows,
    '',
    'The first case that holds counts. Where the table says',
    '',
    ...lists,
    '',
    'A look is *owed* while the one before had no answer. A signed answer that knows a waiting order first of all ends an earlier "no such order". UNMATCHED is never looked at.',
  ].join('\n');
}

function cellTexts(cells: Readonly<Record<ColumnName, Cell>>): readonly string[] {
  const texts = shownColumns.map((names) => {
    const own = names.map((name) => textOf(cells[name]));
    return new Set(own).size === 1
      ? (own[0] ?? '')
      : names.map((name, index) => `${name}: ${own[index]}`).join('; ');
  });
  return texts.map((text, index) =>
    isLong(text) && text === texts[index - 1] ? 'the same' : text,
  );
}

function isLong(text: string): boolean {
  return text.length > 'the same'.length;
}

function textOf(cell: readonly (readonly [Condition, Outcome | string])[]): string {
  return cell
    .map(([when, then]) => {
      const word = then in procedures ? `**${then}**` : then;
      const isElse = when === 'else';
      return isElse ? `${cell.length === 1 ? '' : 'else '}${word}` : `${when}: ${word}`;
    })
    .join('; ');
}

function rowText(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

if (import.meta.main) {
  writeFileSync(pagePath, withOrderTable(readFileSync(pagePath, 'utf8')));
}
