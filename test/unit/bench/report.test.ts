import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { areKept, jsonOf, type Line, tableOf, verdictOf } from '../../../bench/report.ts';

function line(figure: number, bound?: { atMost: number } | { atLeast: number }): Line {
  return { what: 'a thing', figure, unit: 'x', ...(bound !== undefined && { bound }) };
}

function section(...lines: readonly Line[]) {
  return { title: 'things', lines, notes: [] };
}

const skipped: Line = { what: 'a thing', skipped: 'there is no Java here' };

describe('a verdict', () => {
  const cases: readonly (readonly [string, Line, string])[] = [
    ['below an upper bound', line(1.09, { atMost: 1.1 }), 'met'],
    ['on an upper bound', line(1.1, { atMost: 1.1 }), 'met'],
    ['above an upper bound', line(1.101, { atMost: 1.1 }), 'MISSED'],
    ['above a lower bound', line(1.6, { atLeast: 1.5 }), 'met'],
    ['on a lower bound', line(1.5, { atLeast: 1.5 }), 'met'],
    ['below a lower bound', line(1.499, { atLeast: 1.5 }), 'MISSED'],
    ['no number below a bound', line(Number.NaN, { atMost: 1.1 }), 'MISSED'],
    ['no number above a bound', line(Number.NaN, { atLeast: 1.5 }), 'MISSED'],
    ['without a bound', line(99), 'no bound'],
    ['skipped', skipped, 'SKIPPED'],
  ];
  for (const [what, given, verdict] of cases) {
    it(`${what}: ${verdict}`, () => assert.equal(verdictOf(given), verdict));
  }
});

describe('the whole bench', () => {
  it('is kept when nothing is missed, skipped lines included', () => {
    assert.ok(areKept([section(line(1, { atMost: 2 }), line(5)), section(skipped)]));
  });

  it('is not kept when one line of one section is missed', () => {
    const fine = section(line(1, { atMost: 2 }));
    assert.ok(!areKept([fine, section(line(1), line(3, { atMost: 2 })), fine]));
  });
});

describe('the table', () => {
  it('shows bound, figure, spread and verdict', () => {
    const table = tableOf(
      section({ ...line(1.084, { atMost: 1.1 }), spread: [1.0649, 1.095] } as Line),
    );
    assert.match(table, /^ {2}a thing +<= 1\.10 +1\.08 x {2}\(1\.06 to 1\.09\) +met$/m);
  });

  it('shows lower bounds, counts, money, and no verdict where there is no bound', () => {
    const table = tableOf(
      section(
        { what: 'speed', figure: 7312, unit: 'schedules/s', bound: { atLeast: 5000 } },
        { what: 'cost', figure: 9.75, unit: '$' },
        { what: 'size', figure: 304.23, unit: 'KB' },
      ),
    );
    assert.match(table, /^ {2}speed +>= 5,000 +7,312 schedules\/s +met$/m);
    assert.match(table, /^ {2}cost +\$9\.75$/m);
    assert.match(table, /^ {2}size +304\.2 KB$/m);
  });

  it('says aloud what was skipped, and why', () => {
    assert.match(tableOf(section(skipped)), /^ {2}a thing: SKIPPED, there is no Java here$/m);
  });

  it('fits into 120 columns, its notes wrapped', () => {
    const note = 'a word and another '.repeat(30).trim();
    const wide = { ...line(123.45, { atMost: 234.5 }), spread: [100.11, 140.22] } as Line;
    const table = tableOf({ title: 'wide', lines: [wide], notes: [note] });
    const lines = table.split('\n');
    assert.ok(lines.length > 6);
    assert.ok(
      lines.every((one) => one.length <= 120),
      table,
    );
    assert.equal(lines.slice(3).join(' ').replaceAll(/\s+/g, ' ').trim(), `- ${note}`);
  });
});

describe('the JSON', () => {
  it('has a verdict for each line', () => {
    assert.deepEqual(jsonOf(section(line(3, { atMost: 2 }), skipped)), {
      title: 'things',
      lines: [
        { what: 'a thing', figure: 3, unit: 'x', bound: { atMost: 2 }, verdict: 'MISSED' },
        { what: 'a thing', skipped: 'there is no Java here', verdict: 'SKIPPED' },
      ],
      notes: [],
    });
  });
});
