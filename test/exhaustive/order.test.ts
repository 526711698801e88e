import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hintReasons } from '#core/messages.ts';
import { hint, wake } from '../support/order-builder.ts';
import { createTestBed } from '../support/test-bed.ts';
import { rowNames } from './order-answers.ts';
import { expectedHere, isAsExpected, laws, lawsOfCommits } from './order-judge.ts';
import { makeStarts } from './order-starts.ts';
import { type Step, storyOf } from './order-steps.ts';
import { allCases, type Case, columnNames } from './order-table.ts';
import { walk } from './order-walk.ts';

const met = new Set<Case>();
const told = new Set<string>();
/** The shortest story that breaks a cell or a law. */
const broken = new Map<string, string>();
const decided = new Map<string, number>();
let commits = 0;

const lawsOfAll = Object.entries(laws);
const lawsOfChanges = Object.entries(lawsOfCommits);

function complain(name: string, step: Step, wanted = ''): void {
  if (!broken.has(name)) {
    broken.set(name, `${storyOf(step)}${wanted}`);
  }
}

function show(step: Step): void {
  const expected = expectedHere(step);
  const { row, column, cases, effect } = expected;
  const cell = `${row} on ${column}`;
  decided.set(cell, (decided.get(cell) ?? 0) + 1);
  for (const one of cases) {
    met.add(one);
  }
  if (!isAsExpected(step, expected)) {
    complain(cell, step, `, but the table says ${JSON.stringify(effect)}`);
  }
  for (const [law, holds] of lawsOfAll) {
    if (!holds(step)) {
      complain(law, step);
    }
  }
  showCommit(step);
}

function showCommit(step: Step): void {
  const { after, state } = step;
  if (after === undefined) {
    return;
  }
  commits += 1;
  told.add([...state.events, ...after.change.events].join(' '));
  for (const [law, holds] of lawsOfChanges) {
    if (!holds({ ...step, after })) {
      complain(law, step);
    }
  }
}

const starts = await makeStarts();
const walked = starts.map((start) => [start.name, walk(start, show)] as const);

describe('every history of an order', () => {
  it('is walked to its end from every record that no look made', () => {
    assert.deepEqual(Object.fromEntries(walked), {
      CREATED: { states: 1101, decisions: 231_778, looks: 7 },
      AWAITING: { states: 1242, decisions: 260_916, looks: 8 },
      'never placed by us': { states: 494, decisions: 62_492, looks: 6 },
      REFUSED: { states: 256, decisions: 46_308, looks: 5 },
      'CREATED, close asked for': { states: 779, decisions: 178_772, looks: 7 },
      'AWAITING, any payer, close asked for': { states: 852, decisions: 186_966, looks: 8 },
      'UNMATCHED, paid': { states: 7, decisions: 476, looks: 1 },
      'UNMATCHED, paid back': { states: 7, decisions: 476, looks: 1 },
    });
    assert.equal(commits, 275_156);
  });

  it('tells the merchant one of these sequences of events', () => {
    assert.deepEqual([...told].sort(), [
      '',
      'order.closed',
      'order.closed order.paid',
      'order.closed order.paid order.review',
      'order.closed order.paid_late',
      'order.closed order.review',
      'order.paid',
      'order.paid order.review',
      'order.paid_late',
      'order.review',
      'order.review order.closed',
      'order.review order.closed order.paid',
      'order.review order.closed order.paid order.review',
      'order.review order.closed order.paid_late',
      'order.review order.closed order.review',
      'order.review order.paid',
      'order.review order.paid order.review',
    ]);
  });

  it('meets every case of the table', () => {
    assert.deepEqual(
      [...allCases()].filter((one) => !met.has(one)),
      [],
    );
  });

  for (const row of rowNames) {
    for (const column of columnNames) {
      const cell = `${row} on ${column}`;
      it(`decides as the table says: ${cell}`, () => {
        assert.equal(broken.get(cell), undefined);
        assert.ok((decided.get(cell) ?? 0) > 0, 'never decided');
      });
    }
  }

  for (const [law] of [...lawsOfAll, ...lawsOfChanges]) {
    it(law, () => assert.equal(broken.get(law), undefined));
  }
});

describe('an UNMATCHED order', () => {
  it('is never looked at, whatever the message', () => {
    const { kinds } = createTestBed();
    const hints = hintReasons.map((reason) => hint({ reason }));
    const wakes = (['chain', 'sweep', 'after-close'] as const).map((origin) => wake({ origin }));
    for (const { record } of starts.filter(({ name }) => name.startsWith('UNMATCHED'))) {
      const opened = kinds.order.open(record);
      assert.ok(opened.ok);
      for (const message of [...hints, ...wakes]) {
        assert.equal(opened.value.looksFor(message), false);
      }
    }
  });
});
