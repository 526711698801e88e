import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { launchOf, signPlanEventData, signPlanView } from '#core/subjects/sign-plan/describe.ts';
import { signPlanStatuses } from '#core/subjects/sign-plan/sign-plan.ts';
import { openid } from '../../fixtures.ts';
import { now, pendingOf, signPlanId } from '../../payscore/fixtures.ts';
import { detailsIn, overAt, signedAt, signPlanIn, signPlanOf, signPlanRecord } from './fixtures.ts';

const row = { at: now, from: 'UNSIGNED', to: 'SIGNED', because: 'notice', evidence: 'SIGNED' };
const details = [
  {
    plan_detail_no: 1,
    merchant_plan_detail_no: 'lesson-1',
    actual_price: 18_000,
    plan_detail_state: 'USED',
  },
  {
    plan_detail_no: 2,
    merchant_plan_detail_no: 'lesson-2',
    actual_price: 12_000,
    plan_detail_state: 'USING',
  },
  {
    plan_detail_no: 3,
    merchant_plan_detail_no: 'lesson-3',
    actual_price: 0,
    plan_detail_state: 'NOT_USED',
  },
];
const record = {
  ...signPlanIn('SIGN_PLAN_CANCEL', {
    details: detailsIn('USED', 'USING', 'NOT_USED'),
    signedAt,
    overAt,
    cancel_sign_type: 'USER',
  }),
  history: [row],
  historyCount: 1,
};
const facts = {
  status: 'SIGN_PLAN_CANCEL',
  merchant_plan_no: 'lessons-2026',
  plan_id: '1405458854',
  sign_plan_id: signPlanId,
  cancel_sign_type: 'USER',
  sign_time: '2026-11-21T06:30:00.000Z',
  plan_over_time: '2027-09-17T06:30:00.000Z',
  details,
};
const launched = 'DJIOSQPYWDxsj/dldeuw+hd=odw&x';

describe('a sign plan', () => {
  it('is told of by its facts', () => {
    assert.deepEqual(signPlanEventData(record, signPlanOf(record)), {
      mchid: '1900000001',
      merchant_sign_plan_no: 'sign-1',
      ...facts,
    });
  });

  it('is shown with them', () => {
    assert.deepEqual(signPlanView(record, signPlanOf(record)), {
      merchant_sign_plan_no: 'sign-1',
      mchid: '1900000001',
      ...facts,
      appid: 'wx8888888888888888',
      service_id: '00004000000000162930000000000001',
      created_at: '2026-11-21T04:00:00.000Z',
      history: [{ ...row, at: '2026-11-21T07:00:00.000Z' }],
      history_count: 1,
    });
  });

  it('is shown before WeChat knows it, its creation pending', () => {
    const fresh = signPlanRecord();
    const view = signPlanView(fresh, signPlanOf(fresh));
    assert.equal(view['pending_command'], 'create-sign-plan');
    for (const name of ['sign_plan_id', 'sign_time', 'plan_over_time', 'package', 'launch']) {
      assert.ok(!(name in view), name);
    }
  });

  it('is launched in three ways while it waits for its signature', () => {
    const waiting = signPlanIn('UNSIGNED', { package: launched });
    const query = 'package=DJIOSQPYWDxsj%2Fdldeuw%2Bhd%3Dodw%26x';
    const launch = {
      package: launched,
      launch: {
        mini_program: { business_type: 'wxpayScorePlan', extra_data: { package: launched } },
        web: { business_type: 'wxpayScorePlan', query_string: query },
        app: { business_type: 'wxpayScorePlan', query },
      },
    };
    assert.deepEqual(launchOf(signPlanOf(waiting)), launch);
    const view = signPlanView(waiting, signPlanOf(waiting));
    assert.deepEqual({ package: view['package'], launch: view['launch'] }, launch);
  });

  for (const status of signPlanStatuses.filter((one) => one !== 'UNSIGNED')) {
    it(`is not launched while it is ${status}`, () => {
      assert.deepEqual(launchOf(signPlanOf(signPlanIn(status, { package: launched }))), {});
    });
  }

  it('is not launched without a package, and no event ever holds one', () => {
    assert.deepEqual(launchOf(signPlanOf(signPlanIn('UNSIGNED'))), {});
    const waiting = signPlanIn('UNSIGNED', { package: launched });
    const data = signPlanEventData(waiting, signPlanOf(waiting));
    assert.ok(!('package' in data) && !('launch' in data));
  });

  for (const status of signPlanStatuses) {
    it(`never shows who signed, nor a command's bytes, while it is ${status}`, () => {
      const secret = signPlanIn(status, {
        package: launched,
        pending: pendingOf('create-sign-plan', { body: JSON.stringify({ openid }) }),
        ended: { name: 'stop-sign-plan', sha256: 'x', outcome: 'refused', code: 'X' },
      });
      const signPlan = signPlanOf(secret);
      const text = JSON.stringify([
        signPlanView(secret, signPlan),
        signPlanEventData(secret, signPlan),
      ]);
      for (const word of [openid, 'openid', 'body', 'sha256', 'requestId']) {
        assert.ok(!text.includes(word), word);
      }
    });
  }
});
