import { between, tableText, textOf } from './cases.ts';
import { rowNames } from './refund-answers.ts';
import { columnNames, procedures, refundTable } from './refund-table.ts';

const marks = {
  begin: '<!-- refund-table: made of test/exhaustive/refund-table.ts, not written here -->',
  end: '<!-- /refund-table -->',
};

/** The page with the refund's table as it is now between the two marks. */
export function withRefundTable(page: string): string {
  const rows = rowNames.map((row) => [
    row,
    ...columnNames.map((status) => textOf(refundTable[row][status], procedures)),
  ]);
  const lists = Object.entries(procedures).map(([name, cell]) => `- **${name}**: ${textOf(cell)}.`);
  const text = [
    tableText(['WeChat says', ...columnNames], rows),
    'The first case that holds counts. Where the table says',
    lists.join('\n'),
    'Whatever is announced, the order is told, and lists it. A refund that WeChat has not accepted within an hour of its start raises an alarm with each look that has no answer. Its number and its terms never change.',
  ];
  return between(page, marks, text.join('\n\n'));
}
