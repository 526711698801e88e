import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { pagePath, withOrderTable } from '../exhaustive/order-page.ts';
import { withRefundTable } from '../exhaustive/refund-page.ts';

const page = readFileSync(pagePath, 'utf8');
const command = 'npm run order-table';

type Block = {
  readonly name: string;
  readonly write: (page: string) => string;
  /** Columns and rows of each of its tables. */
  readonly tables: readonly (readonly [columns: number, rows: number])[];
  readonly changes: Readonly<Record<string, (text: string) => string>>;
};

const blocks: readonly Block[] = [
  {
    name: 'order-table',
    write: withOrderTable,
    tables: [
      [5, 9],
      [4, 6],
      [4, 9],
      [6, 3],
    ],
    changes: {
      'one word of a cell': (text) => text.replace('PAID, `order.paid` with `accepted_by`', 'PAID'),
      'a row less': (text) => text.replace(/^\| REFUND .*\n/m, ''),
      'a case less': (text) => text.replace('before `closeAt` + 24 h: **close**; ', ''),
      'a procedure less': (text) => text.replace(/^- \*\*announced\*\*.*\n/m, ''),
      'a line more': (text) => text.replace('<!-- /order-table -->', 'More.\n$&'),
    },
  },
  {
    name: 'refund-table',
    write: withRefundTable,
    tables: [[7, 8]],
    changes: {
      'one word of a cell': (text) => text.replace('CLOSED, `refund.closed`', 'CLOSED'),
      'a row less': (text) => text.replace(/^\| ABNORMAL .*\n/m, ''),
      'a case less': (text) => text.replace('refused less than a minute ago: ', ''),
      'a line more': (text) => text.replace('<!-- /refund-table -->', 'More.\n$&'),
    },
  },
];

for (const { name, write, tables, changes } of blocks) {
  describe(`the ${name} in docs/architecture.md`, () => {
    it('is the one that the exhaustive test proves', () => {
      assert.equal(page, write(page), `The table has changed; write it with: ${command}`);
    });

    it('says what comes out in every row', () => {
      const [block = ''] = page.split(`<!-- ${name}:`)[1]?.split(`<!-- /${name} -->`) ?? [];
      const shown = block.matchAll(/(?:^\| .*\n)(?:^\|(?:---\|)+\n)((?:^\| .*\n)+)/gm);
      const sizes = [...shown].map(([table, body = '']) => {
        const [head = ''] = table.split('\n');
        const rows = body.trim().split('\n');
        const cells = rows.map((row) => row.match(/ [^|]+(?= \|)/g)?.length);
        assert.deepEqual(new Set(cells), new Set([head.split(' | ').length]));
        return [head.split(' | ').length, rows.length];
      });
      assert.deepEqual(sizes, tables);
    });

    for (const [what, change] of Object.entries(changes)) {
      it(`would be found wrong with ${what}`, () => {
        assert.notEqual(change(page), page);
        assert.equal(write(change(page)), page);
      });
    }

    it('cannot be lost with its marks', () => {
      for (const mark of [`<!-- ${name}:`, `<!-- /${name} -->`]) {
        assert.throws(() => write(page.replace(mark, '')), /lacks the marks/);
      }
    });
  });
}

describe('the two tables in docs/architecture.md', () => {
  it('are in order, each under its heading', () => {
    const order = ['## The life of an order', '<!-- order-table', '<!-- /order-table'];
    const refund = ['## The life of a refund', '<!-- refund-table', '<!-- /refund-table'];
    const places = [...order, ...refund].map((text) => page.indexOf(text));
    assert.deepEqual(
      places,
      [...places].sort((one, other) => one - other),
    );
    assert.ok(places.every((place) => place >= 0));
  });
});
