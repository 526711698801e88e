import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  decodeSignPlan,
  isEnd,
  isSignPlanSettled,
  signPlanStatuses,
} from '#core/subjects/sign-plan/sign-plan.ts';
import { appid, openid } from '../../fixtures.ts';
import { notedAt, pendingOf, planId, serviceId, sha, signPlanId } from '../../payscore/fixtures.ts';
import { planNo } from '../plan/fixtures.ts';
import {
  detailsIn,
  newSignPlan,
  overAt,
  signedAt,
  signPlanOf,
  signPlanRecord,
} from './fixtures.ts';

const ended = { name: 'create-sign-plan', sha256: sha, outcome: 'done' };
const full = signPlanRecord(
  { status: 'SIGN_PLAN_CANCEL' },
  {
    sign_plan_id: signPlanId,
    package: 'DJIOSQPYWDxsjdldeuwhdodwxasd_dDiodnwjh9we',
    signedAt,
    overAt,
    cancel_sign_type: 'USER',
    pending: pendingOf('stop-sign-plan'),
    ended,
    details: detailsIn('USED', 'USING', 'SIGN_PLAN_DETAIL_CANCEL'),
  },
);
const optional = [
  'merchant_plan_no',
  'sign_plan_id',
  'package',
  'signedAt',
  'overAt',
  'cancel_sign_type',
  'pending',
  'ended',
];

describe('reading a sign plan out of its record', () => {
  it('gives every field that a record may hold', () => {
    assert.deepEqual(signPlanOf(full), {
      status: 'SIGN_PLAN_CANCEL',
      merchant_plan_no: planNo,
      plan_id: planId,
      service_id: serviceId,
      appid,
      openid,
      details: detailsIn('USED', 'USING', 'SIGN_PLAN_DETAIL_CANCEL'),
      createdAt: notedAt,
      bodySha256: sha,
      requestId: newSignPlan.requestId,
      sign_plan_id: signPlanId,
      package: 'DJIOSQPYWDxsjdldeuwhdodwxasd_dDiodnwjh9we',
      signedAt,
      overAt,
      cancel_sign_type: 'USER',
      pending: { ...pendingOf('stop-sign-plan'), refusedAt: undefined },
      ended: { ...ended, code: undefined },
    });
  });

  const names = Object.keys(full.data);
  for (const name of names.filter((one) => !optional.includes(one))) {
    it(`fails with the name of ${name} when that is missing`, () => {
      const decoded = decodeSignPlan(signPlanRecord({}, { [name]: undefined }));
      assert.deepEqual(decoded, { ok: false, error: name });
    });
  }

  for (const name of optional) {
    it(`does without ${name}`, () => {
      const plan = signPlanOf(signPlanRecord({}, { ...full.data, [name]: undefined }));
      assert.equal(Reflect.get(plan, name), undefined);
    });
  }

  for (const name of names) {
    for (const damage of [null, {}, 7]) {
      const isTime = damage === 7 && ['createdAt', 'signedAt', 'overAt'].includes(name);
      it(`fails with the name of ${name} when that is ${JSON.stringify(damage)}`, () => {
        const decoded = decodeSignPlan(signPlanRecord({}, { [name]: damage }));
        assert.equal(decoded.ok ? undefined : decoded.error, isTime ? undefined : name);
      });
    }
  }

  const [detail] = detailsIn('NOT_USED');
  for (const [name, value] of [
    ['merchant_plan_no', 'a/b'],
    ['plan_id', ''],
    ['openid', 'a b'],
    ['details', [null]],
    ['details', [{ ...detail, plan_detail_no: -1 }]],
    ['details', [{ ...detail, merchant_plan_detail_no: 'a|b' }]],
    ['details', [{ ...detail, actualFen: 0.5 }]],
    ['details', [{ ...detail, state: 'DONE' }]],
    ['details', [{ ...detail, state: undefined }]],
    ['signedAt', -1],
    ['pending', { name: 'stop-sign-plan' }],
  ] as const) {
    it(`fails for ${name} ${JSON.stringify(value)}`, () => {
      const record = signPlanRecord();
      const damaged = { ...record, data: { ...record.data, [name]: value as never } };
      assert.deepEqual(decodeSignPlan(damaged), { ok: false, error: name });
    });
  }

  for (const status of ['', 'signed', 'CANCELLED', 'STOP', 'PAID']) {
    it(`fails for the status ${JSON.stringify(status)}`, () => {
      const decoded = decodeSignPlan(signPlanRecord({ status }));
      assert.deepEqual(decoded, { ok: false, error: 'status' });
    });
  }
});

describe('a sign plan', () => {
  it('has three ends that WeChat never changes', () => {
    assert.deepEqual(signPlanStatuses.filter(isEnd), ['SIGN_PLAN_CANCEL', 'COMPLETE', 'EXPIRE']);
  });

  it('is settled at its ends and where nobody can sign it, and not while it is signed', () => {
    const settled = signPlanStatuses.filter((status) =>
      isSignPlanSettled({ status, pending: undefined }),
    );
    const over = ['SIGN_PLAN_CANCEL', 'COMPLETE', 'EXPIRE', 'LAPSED', 'REFUSED', 'UNMATCHED'];
    assert.deepEqual(settled, over);
  });

  it('is never settled while a command is pending', () => {
    const { pending } = signPlanOf(full);
    assert.ok(signPlanStatuses.every((status) => !isSignPlanSettled({ status, pending })));
  });
});
