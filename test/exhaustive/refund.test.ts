import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { laws, lawsOfCommits } from './refund-laws.ts';
import { makeStarts } from './refund-starts.ts';
import { effectOf, expectedHere, type Step, storyOf } from './refund-steps.ts';
import { allCases, type Case, cellNames } from './refund-table.ts';
import { walk } from './refund-walk.ts';

const met = new Set<Case>();
const moves = new Set<string>();
/** The shortest story that breaks a cell or a law. */
const broken = new Map<string, string>();
const decided = new Set<string>();

const lawsOfAll = Object.entries(laws);
const lawsOfChanges = Object.entries(lawsOfCommits);

function complain(name: string, step: Step, wanted = ''): void {
  if (!broken.has(name)) {
    broken.set(name, `${storyOf(step)}${wanted}`);
  }
}

function show(step: Step): void {
  const { cell, cases, effect } = expectedHere(step);
  decided.add(cell);
  for (const one of cases) {
    met.add(one);
  }
  if (!isDeepStrictEqual(effectOf(step), effect)) {
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
  const { state, after } = step;
  if (after === undefined) {
    return;
  }
  const told = after.owing.outbox.map((entry) => ('event' in entry ? entry.event : entry.type));
  moves.add(`${state.refund.status} → ${after.refund.status}: ${told.join(', ')}`);
  for (const [law, holds] of lawsOfChanges) {
    if (!holds({ ...step, after })) {
      complain(law, step);
    }
  }
}

const starts = makeStarts();
const walked = starts.map((start) => [start.name, walk(start, show)] as const);

describe('every history of a refund', () => {
  it('is walked to its end from every record that no look made', () => {
    assert.deepEqual(Object.fromEntries(walked), {
      'started at once': { states: 122, decisions: 2210, looks: 3 },
      'the second part': { states: 140, decisions: 2444, looks: 3 },
      'made elsewhere, PROCESSING': { states: 48, decisions: 624, looks: 3 },
      'made elsewhere, SUCCESS': { states: 8, decisions: 104, looks: 1 },
      'made elsewhere, CLOSED': { states: 24, decisions: 312, looks: 2 },
      'made elsewhere, ABNORMAL': { states: 40, decisions: 520, looks: 2 },
    });
  });

  it('moves so and no other way, and tells this', () => {
    assert.deepEqual([...moves].sort(), [
      'ABNORMAL → CLOSED: tell, refund.closed',
      'ABNORMAL → PROCESSING: ',
      'ABNORMAL → SUCCESS: tell, refund.succeeded',
      'CLOSED → SUCCESS: tell, refund.succeeded',
      'CREATED → ABNORMAL: tell, refund.abnormal',
      'CREATED → CLOSED: tell, refund.closed',
      'CREATED → CREATED: ',
      'CREATED → PROCESSING: ',
      'CREATED → REFUSED: tell, refund.refused',
      'CREATED → SUCCESS: tell, refund.succeeded',
      'PROCESSING → ABNORMAL: tell, refund.abnormal',
      'PROCESSING → CLOSED: tell, refund.closed',
      'PROCESSING → SUCCESS: tell, refund.succeeded',
      'REFUSED → ABNORMAL: tell, refund.abnormal',
      'REFUSED → PROCESSING: tell',
      'REFUSED → SUCCESS: tell, refund.succeeded',
    ]);
  });

  it('meets every case of the table', () => {
    assert.deepEqual(
      [...allCases()].filter((one) => !met.has(one)),
      [],
    );
  });

  for (const cell of cellNames) {
    it(`decides as the table says: ${cell}`, () => {
      assert.equal(broken.get(cell), undefined);
      assert.ok(decided.has(cell), 'never decided');
    });
  }

  for (const [law] of [...lawsOfAll, ...lawsOfChanges]) {
    it(law, () => assert.equal(broken.get(law), undefined));
  }
});
