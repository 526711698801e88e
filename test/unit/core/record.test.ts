import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyChange } from '#core/commit.ts';
import { renewed, subjectId } from '#core/record.ts';
import { decidePlan } from '#core/subjects/plan/decide.ts';
import { changeOf } from './fixtures.ts';
import { contextOf, now } from './payscore/fixtures.ts';
import { planOf, planRecord } from './subjects/plan/fixtures.ts';

describe('a new life under a number that was refused', () => {
  const notFound = { type: 'not-found', code: 'RESOURCE_NOT_EXISTS' } as const;
  const refuse = (record: ReturnType<typeof planRecord>) => {
    const change = changeOf(decidePlan(planOf(record), notFound, contextOf('refused')));
    return applyChange(record, change, { now, because: 'request' });
  };
  const standing = refuse(planRecord());
  const fresh = planRecord({}, { plan_name: '另一个' });
  const born = renewed(standing, fresh);

  it('goes on with the version and the counts of the one before, and with nothing else', () => {
    assert.equal(standing.version, 2);
    assert.deepEqual(born, { ...fresh, version: 3, eventCounts: { 'plan.refused': 1 } });
    assert.equal(planOf(born).ended, undefined);
  });

  it('numbers its events after those that were announced', () => {
    const again = refuse(born);
    assert.deepEqual(again.outbox, [{ type: 'event', event: 'plan.refused', n: 2, at: now }]);
    assert.equal(again.version, 4);
  });

  it('is the same subject', () => {
    assert.equal(subjectId(born.key), 'plan#1900000001#lessons-2026');
  });
});
