import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommandName } from '#core/payscore/evidence.ts';
import { noteSignPlanStop } from '#core/subjects/sign-plan/commands.ts';
import type { JsonObject } from '#core/values/json.ts';
import { now, pendingOf, sha } from '../../payscore/fixtures.ts';
import { signPlanIn, signPlanOf } from './fixtures.ts';

const nothing = { ok: true, value: undefined };

function note(status: string, data: { pending?: JsonObject; ended?: JsonObject } = {}) {
  const signPlan = signPlanOf(signPlanIn(status, data));
  return noteSignPlanStop(signPlan, { stop_reason: '学员退课', sha256: sha, now });
}

describe("stopping a user's sign plan", () => {
  for (const status of ['UNSIGNED', 'SIGNED']) {
    it(`that is ${status} is noted with its reason`, () => {
      assert.deepEqual(note(status), {
        ok: true,
        value: {
          patch: {
            set: {
              pending: {
                name: 'stop-sign-plan',
                body: '{"stop_reason":"学员退课"}',
                sha256: sha,
                at: now,
                refusals: 0,
              },
            },
          },
          events: [],
          evidence: 'stop-sign-plan',
          nextLookAt: now + 120_000,
        },
      });
    });
  }

  for (const status of ['UNSIGNED', 'SIGNED', 'LAPSED']) {
    it(`changes nothing while this very request is pending on one that is ${status}`, () => {
      assert.deepEqual(note(status, { pending: pendingOf('stop-sign-plan') }), nothing);
    });
  }

  it('changes nothing where it is cancelled, whoever did it', () => {
    assert.deepEqual(note('SIGN_PLAN_CANCEL'), nothing);
    const ended = { name: 'stop-sign-plan', sha256: 'x', outcome: 'done' };
    assert.deepEqual(note('SIGN_PLAN_CANCEL', { ended }), nothing);
  });

  it('changes nothing where this very request was done, and is noted where it was refused', () => {
    const ended = { name: 'stop-sign-plan', sha256: sha, outcome: 'done' };
    assert.deepEqual(note('SIGN_PLAN_CANCEL', { ended }), nothing);
    const again = note('SIGNED', { ended: { ...ended, outcome: 'refused', code: 'X' } });
    assert.ok(again.ok && again.value !== undefined);
  });

  const create = pendingOf('create-sign-plan');
  const other = pendingOf('stop-sign-plan', { sha256: 'another reason' });
  const rows: readonly (readonly [string, JsonObject | undefined, string])[] = [
    ['CREATED', create, 'command_pending'],
    ['CREATED', undefined, 'sign_plan_not_signed'],
    ['UNSIGNED', create, 'command_pending'],
    ['UNSIGNED', other, 'command_pending'],
    ['SIGNED', other, 'command_pending'],
    ['SIGN_PLAN_CANCEL', other, 'command_pending'],
    ['COMPLETE', undefined, 'sign_plan_ended'],
    ['EXPIRE', undefined, 'sign_plan_ended'],
    ['LAPSED', undefined, 'sign_plan_not_signed'],
    ['LAPSED', create, 'command_pending'],
    ['REFUSED', undefined, 'sign_plan_not_signed'],
    ['UNMATCHED', undefined, 'sign_plan_not_signed'],
  ];
  for (const [status, pending, code] of rows) {
    const name = (pending?.['name'] ?? 'nothing') as CommandName | 'nothing';
    it(`that is ${status} with ${name} pending is refused with ${code}`, () => {
      const answer = note(status, pending === undefined ? {} : { pending });
      assert.deepEqual(answer, { ok: false, refusal: { code } });
    });
  }
});
