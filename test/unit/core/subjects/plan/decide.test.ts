import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyChange } from '#core/commit.ts';
import type { PlanEvidence } from '#core/payscore/evidence.ts';
import { decidePlan } from '#core/subjects/plan/decide.ts';
import { changeOf } from '../../fixtures.ts';
import {
  brief,
  contextOf,
  now,
  otherServiceId,
  pendingOf,
  planId,
  sents,
  sha,
} from '../../payscore/fixtures.ts';
import { normalPlan, planOf, planRecord, planSays } from './fixtures.ts';

const columns = {
  CREATED: planRecord(),
  NORMAL: normalPlan,
  'NORMAL, stopping': planRecord(
    { status: 'NORMAL' },
    { plan_id: planId, pending: pendingOf('stop-plan') },
  ),
  STOP: planRecord({ status: 'STOP' }, { plan_id: planId, pending: undefined }),
  REFUSED: planRecord({ status: 'REFUSED' }, { pending: undefined }),
} as const;
type Column = keyof typeof columns;
const columnNames = Object.keys(columns) as readonly Column[];

const evidences = {
  NORMAL: planSays('NORMAL'),
  STOP: planSays('STOP'),
  'another plan': planSays('NORMAL', { service_id: otherServiceId }),
  'a new word': planSays('PAUSED'),
  'in lower case': planSays('normal'),
  'no such plan': { type: 'not-found', code: 'RESOURCE_NOT_EXISTS' },
  'no answer': { type: 'unknown', code: 'TIMEOUT' },
  fault: { type: 'fault', code: 'SIGN_ERROR' },
} as const satisfies Readonly<Record<string, PlanEvidence>>;
type Row = keyof typeof evidences;

const made = '→ NORMAL [create-plan done]';
const stopDone = '→ STOP [stop-plan done]';
const used = '→ REFUSED plan.refused [create-plan refused NUMBER_USED]';
const gone = '? RESOURCE_NOT_EXISTS';
const every = (text: string): readonly string[] => [text, text, text, text, text];

/** Before anything was sent: CREATED, NORMAL, NORMAL and stopping, STOP, REFUSED. */
const table: Readonly<Record<Row, readonly string[]>> = {
  NORMAL: [made, '–', 'send', '–', '→ NORMAL'],
  STOP: ['→ STOP [create-plan done]', '→ STOP', stopDone, '–', '→ STOP'],
  'another plan': [used, '? OTHER_PLAN', '? OTHER_PLAN', '? OTHER_PLAN', '–'],
  'a new word': every('? UNDOCUMENTED'),
  'in lower case': every('? UNDOCUMENTED'),
  'no such plan': ['send', gone, gone, gone, '–'],
  'no answer': every('? TIMEOUT'),
  fault: every('! SIGN_ERROR'),
};

const stopRefused = '→ NORMAL plan.refused [stop-plan refused INVALID_ORDER_STATE]';
const creationRefused = '→ REFUSED plan.refused [create-plan refused INVALID_ORDER_STATE]';

/** By how the send ended: unsent, accepted, refused, unknown, fault. */
const afterSends: Readonly<Record<string, readonly [Column, Row, readonly string[]]>> = {
  'a creation that does not show': [
    'CREATED',
    'no such plan',
    ['send', '? NOT_SHOWN', creationRefused, '? SYSTEM_ERROR', '! NO_AUTH'],
  ],
  'a creation that shows': ['CREATED', 'NORMAL', every(made)],
  'a creation of a number that is used': ['CREATED', 'another plan', every(used)],
  'a creation that nobody can see': ['CREATED', 'no answer', every('? TIMEOUT')],
  'a stop that does not show': [
    'NORMAL, stopping',
    'NORMAL',
    ['send', '? NOT_SHOWN', stopRefused, '? SYSTEM_ERROR', '! NO_AUTH'],
  ],
  'a stop that shows': ['NORMAL, stopping', 'STOP', every(stopDone)],
  'a stop of a plan that is gone': ['NORMAL, stopping', 'no such plan', every(gone)],
};

describe('what a plan is decided to be', () => {
  for (const [row, cells] of Object.entries(table)) {
    for (const [n, column] of columnNames.entries()) {
      it(`${row} on ${column}`, () => {
        const decision = decidePlan(planOf(columns[column]), evidences[row as Row], { now });
        assert.equal(brief(decision), cells[n]);
      });
    }
  }

  for (const [what, [column, row, cells]] of Object.entries(afterSends)) {
    for (const [n, sent] of sents.entries()) {
      it(`${what}, ${sent}`, () => {
        const plan = planOf(columns[column]);
        assert.equal(brief(decidePlan(plan, evidences[row], contextOf(sent))), cells[n]);
      });
    }
  }

  it("keeps WeChat's id, and takes the command away", () => {
    const change = changeOf(decidePlan(planOf(columns.CREATED), evidences.NORMAL, { now }));
    assert.deepEqual(change, {
      status: 'NORMAL',
      patch: {
        set: { ended: { name: 'create-plan', sha256: sha, outcome: 'done' }, plan_id: planId },
        unset: ['pending'],
      },
      events: [],
      evidence: 'NORMAL',
    });
  });
});

describe('of a plan', () => {
  const all = columnNames.flatMap((column) =>
    Object.values(evidences).flatMap((evidence) =>
      sents.map((sent) => ({
        record: columns[column],
        evidence,
        sent,
        decision: decidePlan(planOf(columns[column]), evidence, contextOf(sent)),
      })),
    ),
  );

  it('no send follows a send in one look', () => {
    assert.ok(all.every(({ sent, decision }) => sent === 'unsent' || decision.type !== 'command'));
  });

  it('the same answer twice changes nothing the second time', () => {
    for (const { record, evidence, decision } of all) {
      if (decision.type === 'commit') {
        const after = applyChange(record, decision.change, { now, because: 'timer' });
        assert.notEqual(decidePlan(planOf(after), evidence, { now }).type, 'commit');
      }
    }
  });

  it('STOP is never left', () => {
    for (const { record, decision } of all) {
      const left = decision.type === 'commit' && decision.change.status !== 'STOP';
      assert.ok(!(record.status === 'STOP' && left));
    }
  });
});
