import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noteStop } from '#core/subjects/plan/commands.ts';
import { now, pendingOf, planId } from '../../payscore/fixtures.ts';
import { normalPlan, planOf, planRecord } from './fixtures.ts';

const nothing = { ok: true, value: undefined };

describe('stopping a plan', () => {
  it('is noted without a body', () => {
    assert.deepEqual(noteStop(planOf(normalPlan), now), {
      ok: true,
      value: {
        patch: {
          set: {
            pending: { name: 'stop-plan', body: '', sha256: 'stop', at: now, refusals: 0 },
          },
        },
        events: [],
        evidence: 'stop-plan',
        nextLookAt: now + 120_000,
      },
    });
  });

  it('is noted again after WeChat has refused it', () => {
    const ended = { name: 'stop-plan', sha256: 'stop', outcome: 'refused', code: 'X' };
    const plan = planOf(
      planRecord({ status: 'NORMAL' }, { plan_id: planId, pending: undefined, ended }),
    );
    const answer = noteStop(plan, now);
    assert.ok(answer.ok && answer.value !== undefined);
  });

  it('changes nothing while it is pending, or is done', () => {
    const pending = pendingOf('stop-plan');
    assert.deepEqual(noteStop(planOf(planRecord({ status: 'NORMAL' }, { pending })), now), nothing);
    const stopped = planRecord({ status: 'STOP' }, { pending: undefined });
    assert.deepEqual(noteStop(planOf(stopped), now), nothing);
  });

  for (const [what, record, code] of [
    ['that is being made', planRecord(), 'command_pending'],
    ['that is NORMAL, its creation pending', planRecord({ status: 'NORMAL' }), 'command_pending'],
    [
      'that nobody knows of',
      planRecord({ status: 'CREATED' }, { pending: undefined }),
      'plan_not_open',
    ],
    [
      'that was refused',
      planRecord({ status: 'REFUSED' }, { pending: undefined }),
      'plan_not_open',
    ],
  ] as const) {
    it(`${what} is refused with ${code}`, () => {
      assert.deepEqual(noteStop(planOf(record), now), { ok: false, refusal: { code } });
    });
  }
});
