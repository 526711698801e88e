import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hintReasons } from '#core/messages.ts';
import { judgeOwner } from '#core/subjects/order/claim.ts';
import { hint, wake } from '../support/order-builder.ts';
import { createTestBed } from '../support/test-bed.ts';
import { allCases, cellNames } from './order-expected.ts';
import { isAsExpected, verdictOf } from './order-judge.ts';
import { laws, lawsOfAsides, lawsOfCommits } from './order-laws.ts';
import { learnCases, learnCells } from './order-learn.ts';
import { expectedOfOwner, ownerCases } from './order-owner.ts';
import { resolveCases } from './order-requests.ts';
import {
  looksAtCodes,
  looksOnly,
  type Scope,
  withAsides,
  withAsidesOfCodes,
  withItsRefund,
} from './order-scopes.ts';
import { makeStarts } from './order-starts.ts';
import { type Step, storyOf, type Written } from './order-steps.ts';
import { walk } from './order-walk.ts';

const met = new Set<readonly [string, string]>();
const told = new Set<string>();
const toldOfCodes = new Set<string>();
/** The shortest story that breaks a cell or a law. */
const broken = new Map<string, string>();
const decided = new Set<string>();
let commits = 0;

const lawsOf = {
  looks: Object.entries(laws),
  commits: Object.entries(lawsOfCommits),
  asides: Object.entries(lawsOfAsides),
};

function complain(name: string, step: Step, wanted = ''): void {
  if (!broken.has(name)) {
    broken.set(name, `${storyOf(step)}${wanted}`);
  }
}

function show(step: Step): void {
  const verdict = verdictOf(step);
  const { cell, cases, effect } = verdict;
  decided.add(cell);
  for (const one of cases) {
    met.add(one);
  }
  if (!isAsExpected(step, verdict)) {
    complain(cell, step, `, but the table says ${JSON.stringify(effect)}`);
  }
  if (step.type === 'look') {
    judge(step, lawsOf.looks, step);
  }
  if (step.after !== undefined) {
    showWritten(step, step.after);
  }
}

function tellInto(sequences: Set<string>): (step: Step) => void {
  return (step) => {
    show(step);
    if (step.after !== undefined) {
      sequences.add([...step.state.events, ...step.after.change.events].join(' '));
    }
  };
}

function showWritten(step: Step, after: Written): void {
  commits += 1;
  if (step.type === 'look') {
    judge({ ...step, after }, lawsOf.commits, step);
  } else {
    judge({ ...step, after }, lawsOf.asides, step);
  }
  const { cases, finding } = expectedOfOwner(after.order);
  for (const one of cases) {
    met.add(one);
  }
  if (judgeOwner(after.order) !== finding) {
    complain(owner, step, `, which is ${finding} to another order`);
  }
}

function judge<S>(
  what: S,
  all: readonly (readonly [string, (what: S) => boolean])[],
  step: Step,
): void {
  for (const [law, holds] of all) {
    if (!holds(what)) {
      complain(law, step);
    }
  }
}

const owner = 'the owner of a `reference`';
const starts = await makeStarts();

/** What comes of these starts in a scope. */
function walked(names: readonly string[], scope: Scope, each = show) {
  const chosen = starts.filter(({ name }) => names.includes(name));
  commits = 0;
  const counts = chosen.map((start) => [start.name, walk(start, scope, each)] as const);
  return { ...Object.fromEntries(counts), commits };
}

// Looks alone are walked over every answer and moment; what is beside them multiplies the histories, so
// that is walked from fewer starts, over one answer or two of a row, on time and a day after.
const codes = starts.map(({ name }) => name).filter((name) => name.startsWith('a code payment'));
const others = starts.map(({ name }) => name).filter((name) => !codes.includes(name));
const withLooks = walked(others, looksOnly, tellInto(told));
const withCodes = walked(codes, looksAtCodes, tellInto(toldOfCodes));
const withOneOfCodes = walked(['a code payment, with a reference'], withAsidesOfCodes);
const withOne = walked(['AWAITING, with a reference', 'never placed by us'], withAsides(1));
const withTwo = walked(['REFUSED, with a reference', 'UNMATCHED, paid'], withAsides(2));
const withThree = walked(['CREATED'], withItsRefund);

describe('every history of an order', () => {
  it('is walked to its end from every record that no look made', () => {
    assert.deepEqual(withLooks, {
      CREATED: { states: 1323, decisions: 208_692, looks: 7 },
      'AWAITING, with a reference': { states: 2067, decisions: 356_643, looks: 8 },
      'never placed by us': { states: 1015, decisions: 103_785, looks: 7 },
      'REFUSED, with a reference': { states: 462, decisions: 65_016, looks: 5 },
      'CREATED, close asked for': { states: 907, decisions: 159_477, looks: 7 },
      'AWAITING, any payer, close asked for': { states: 1012, decisions: 167_739, looks: 8 },
      'CLOSED, another payment of it went back': { states: 238, decisions: 46_368, looks: 5 },
      'UNMATCHED, paid': { states: 7, decisions: 357, looks: 1 },
      'UNMATCHED, paid back': { states: 7, decisions: 357, looks: 1 },
      commits: 346_461,
    });
  });

  it('is walked so of code payments, at their own boundaries', () => {
    assert.deepEqual(withCodes, {
      'a code payment, with a reference': { states: 2461, decisions: 380_961, looks: 8 },
      'a code payment, AWAITING, close asked for': { states: 1442, decisions: 213_044, looks: 8 },
      'a code payment, never placed by us': { states: 1141, decisions: 114_291, looks: 7 },
      'a code payment, REFUSED': { states: 421, decisions: 49_521, looks: 5 },
      commits: 253_918,
    });
  });

  it('is walked with one thing beside the looks at a code payment', () => {
    assert.deepEqual(withOneOfCodes, {
      'a code payment, with a reference': { states: 3394, decisions: 155_095, looks: 13 },
      commits: 73_668,
    });
  });

  it('is walked with one thing beside its looks, at fewer moments and answers', () => {
    assert.deepEqual(withOne, {
      'AWAITING, with a reference': { states: 2443, decisions: 104_412, looks: 12 },
      'never placed by us': { states: 1502, decisions: 42_591, looks: 11 },
      commits: 70_250,
    });
  });

  it('is walked with any two, from the start with the fewest records', () => {
    assert.deepEqual(withTwo, {
      'REFUSED, with a reference': { states: 3925, decisions: 159_684, looks: 14 },
      'UNMATCHED, paid': { states: 11, decisions: 211, looks: 3 },
      commits: 86_329,
    });
  });

  it('is walked with any three about its automatic refund and its resolutions', () => {
    assert.deepEqual(withThree, {
      CREATED: { states: 4739, decisions: 138_861, looks: 20 },
      commits: 65_204,
    });
  });

  it('tells the merchant one of these sequences of events, if nothing is beside its looks', () => {
    assert.deepEqual([...told].sort(), [
      '',
      'order.closed',
      'order.closed order.duplicate',
      'order.closed order.duplicate order.review',
      'order.closed order.paid',
      'order.closed order.paid order.review',
      'order.closed order.paid_late',
      'order.closed order.paid_late order.review',
      'order.closed order.review',
      'order.duplicate',
      'order.duplicate order.review',
      'order.paid',
      'order.paid order.review',
      'order.paid_late',
      'order.paid_late order.review',
      'order.review',
      'order.review order.closed',
      'order.review order.closed order.duplicate',
      'order.review order.closed order.duplicate order.review',
      'order.review order.closed order.paid',
      'order.review order.closed order.paid order.review',
      'order.review order.closed order.paid_late',
      'order.review order.closed order.paid_late order.review',
      'order.review order.closed order.review',
      'order.review order.duplicate',
      'order.review order.duplicate order.review',
      'order.review order.paid',
      'order.review order.paid order.review',
    ]);
  });

  it('tells of a code payment one of these', () => {
    assert.deepEqual([...toldOfCodes].sort(), [
      '',
      'order.closed',
      'order.closed order.duplicate',
      'order.closed order.duplicate order.review',
      'order.closed order.paid',
      'order.closed order.paid order.review',
      'order.closed order.paid_late',
      'order.closed order.paid_late order.review',
      'order.closed order.review',
      'order.duplicate',
      'order.duplicate order.review',
      'order.paid',
      'order.paid order.review',
      'order.paid_late',
      'order.paid_late order.review',
      'order.review',
      'order.review order.closed',
      'order.review order.closed order.paid_late',
      'order.review order.closed order.review',
    ]);
  });

  it('meets every case of the tables', () => {
    const all = [...allCases(), ...learnCases(), ...resolveCases, ...ownerCases];
    assert.deepEqual(
      all.filter((one) => !met.has(one)),
      [],
    );
  });

  const cells = [...cellNames.order, ...cellNames.codes, ...cellNames.resolved, ...learnCells];
  for (const cell of [...cells, 'a refund is asked for', 'a person resolves']) {
    it(`decides as the table says: ${cell}`, () => {
      assert.equal(broken.get(cell), undefined);
      assert.ok(decided.has(cell), 'never decided');
    });
  }

  const names = [...lawsOf.looks, ...lawsOf.commits, ...lawsOf.asides].map(([name]) => name);
  for (const name of new Set([owner, ...names])) {
    it(name, () => assert.equal(broken.get(name), undefined));
  }
});

describe('the owner of a `reference` that has no record', () => {
  it('is doubtful: a record that is missing was lost, not closed', () => {
    assert.equal(judgeOwner(undefined), 'doubtful');
  });
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
