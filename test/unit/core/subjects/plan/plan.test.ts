import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodePlan, isPlanSettled, planStatuses } from '#core/subjects/plan/plan.ts';
import { appid } from '../../fixtures.ts';
import { notedAt, now, pendingOf, planId, serviceId, sha } from '../../payscore/fixtures.ts';
import { newPlan, planOf, planRecord } from './fixtures.ts';

const ended = { name: 'stop-plan', sha256: 'stop', outcome: 'refused', code: 'INVALID_REQUEST' };
const full = planRecord(
  { status: 'NORMAL' },
  { plan_id: planId, ended, pending: pendingOf('stop-plan', { refusals: 1, refusedAt: now }) },
);
const optional = ['plan_id', 'pending', 'ended'];

describe('reading a plan out of its record', () => {
  it('gives every field that a record may hold', () => {
    assert.deepEqual(planOf(full), {
      status: 'NORMAL',
      service_id: serviceId,
      appid,
      plan_name: '羽毛球课3节',
      plan_duration: 300,
      details: [
        { original_price: 18_000, actual_price: 18_000 },
        { original_price: 18_000, actual_price: 12_000 },
        { original_price: 18_000, actual_price: 0 },
      ],
      createdAt: notedAt,
      bodySha256: sha,
      requestId: newPlan.requestId,
      plan_id: planId,
      pending: {
        name: 'stop-plan',
        body: '{}',
        sha256: sha,
        at: notedAt,
        refusals: 1,
        refusedAt: now,
      },
      ended,
    });
  });

  it('does without what WeChat has not said and nobody has asked', () => {
    const plan = planOf(planRecord({}, { pending: undefined }));
    assert.deepEqual([plan.plan_id, plan.pending, plan.ended], [undefined, undefined, undefined]);
  });

  const names = Object.keys(full.data);
  for (const name of names.filter((one) => !optional.includes(one))) {
    it(`fails with the name of ${name} when that is missing`, () => {
      assert.deepEqual(decodePlan(planRecord({}, { [name]: undefined })), {
        ok: false,
        error: name,
      });
    });
  }

  for (const name of names) {
    for (const damage of [null, {}, []]) {
      it(`fails with the name of ${name} when that is ${JSON.stringify(damage)}`, () => {
        assert.deepEqual(decodePlan(planRecord({}, { [name]: damage })), {
          ok: false,
          error: name,
        });
      });
    }
  }

  for (const [name, value] of [
    ['service_id', 'a/b'],
    ['appid', ''],
    ['plan_name', 7],
    ['plan_duration', -1],
    ['plan_duration', 1.5],
    ['details', [{ original_price: 1 }]],
    ['details', [{ actual_price: 1 }]],
    ['details', [{ original_price: 1, actual_price: -1 }]],
    ['details', [{ original_price: '1', actual_price: 1 }]],
    ['details', [{ original_price: 1, actual_price: 1 }, null]],
    ['createdAt', '2026-11-21T04:00:00Z'],
    ['plan_id', 'a/b'],
    ['pending', { name: 'stop-plan' }],
    ['ended', { name: 'stop-plan' }],
  ] as const) {
    it(`fails for ${name} ${JSON.stringify(value)}`, () => {
      assert.deepEqual(decodePlan(planRecord({}, { [name]: value })), { ok: false, error: name });
    });
  }

  for (const status of ['', 'normal', 'SIGNED', 'UNMATCHED', 'STOPPED']) {
    it(`fails for the status ${JSON.stringify(status)}`, () => {
      const decoded = decodePlan(planRecord({ status }, { status: 'NORMAL' }));
      assert.deepEqual(decoded, { ok: false, error: 'status' });
    });
  }
});

describe('a plan', () => {
  it('is settled where nothing is pending and WeChat knows it, or never will', () => {
    const settled = planStatuses.filter((status) => isPlanSettled({ status, pending: undefined }));
    assert.deepEqual(settled, ['NORMAL', 'STOP', 'REFUSED']);
  });

  it('is never settled while a command is pending', () => {
    const { pending } = planOf(full);
    assert.ok(planStatuses.every((status) => !isPlanSettled({ status, pending })));
  });
});
