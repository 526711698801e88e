import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { pagePath, withOrderTable } from '../exhaustive/order-page.ts';

const page = readFileSync(pagePath, 'utf8');
const command = 'npm exec -- node test/exhaustive/order-page.ts';

describe("the order's table in docs/architecture.md", () => {
  it('is the one that the exhaustive test proves', () => {
    assert.equal(page, withOrderTable(page), `The table has changed; write it with: ${command}`);
  });

  it('says what comes out in every row', () => {
    const rows = [...page.matchAll(/^\| (SUCCESS|REFUND|NOTPAY|USERPAYING|CLOSED|no|our).*$/gm)];
    assert.equal(rows.length, 9);
    for (const [row] of rows) {
      assert.match(row, /^(\| [^|]+ ){5}\|$/);
    }
  });

  const changes: Readonly<Record<string, (text: string) => string>> = {
    'one word of a cell': (text) => text.replace('PAID, `order.paid` with `late`', 'PAID'),
    'a row less': (text) => text.replace(/^\| REFUND .*\n/m, ''),
    'a line more': (text) => text.replace('<!-- /order-table -->', 'More.\n$&'),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`would be found wrong with ${what}`, () => {
      assert.notEqual(change(page), page);
      assert.equal(withOrderTable(change(page)), page);
    });
  }

  it('cannot be lost with its marks', () => {
    for (const mark of ['<!-- order-table', '<!-- /order-table -->']) {
      assert.throws(() => withOrderTable(page.replace(mark, '')), /lacks the marks/);
    }
  });
});
