import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { virtualTimers } from '../../unit/simulator/virtual-timers.ts';
import { detailsOf, ORDERS, openSchool, PLANS, SIGN_PLANS } from './payscore-shop.ts';

// Calls may be five minutes off either way; the tests move the clock by two in all.
const clock = virtualTimers(Date.now() - 60_000);
const school = await openSchool({ timers: clock.timers });
after(() => school.simulator.close());

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/;

describe('plans', () => {
  test('a plan is what was asked for, its details numbered from 1', async () => {
    const { plan_id: planId, ...plan } = await school.good('POST', PLANS, school.planBody('0001'));
    assert.match(String(planId), /^010000\d{26}$/);
    assert.deepEqual(plan, {
      service_id: school.service.id,
      mchid: school.merchant.mchid,
      appid: school.merchant.appid,
      merchant_plan_no: 'plan-0001',
      plan_name: '羽毛球课3节',
      plan_duration: 300,
      plan_state: 'NORMAL',
      total_original_price: 54000,
      deduction_quantity: 3,
      total_actual_price: 30000,
      plan_detail_list: [
        {
          plan_detail_no: 1,
          plan_detail_name: '第一节课',
          original_price: 18000,
          actual_price: 18000,
        },
        {
          plan_detail_no: 2,
          plan_detail_name: '第二节课',
          original_price: 18000,
          actual_price: 12000,
          plan_discount_description: '优惠60元',
        },
        {
          plan_detail_no: 3,
          plan_detail_name: '第三节课',
          original_price: 18000,
          actual_price: 0,
          plan_discount_description: '送一节课',
        },
      ],
    });
  });

  test('the same number and parameters are the same plan, unknown fields apart', async () => {
    const first = await school.good('POST', PLANS, school.planBody('0002'));
    const again = await school.good('POST', PLANS, school.planBody('0002', { colour: 'red' }));
    assert.deepEqual(again, first);
    assert.deepEqual(await school.good('GET', `${PLANS}/merchant-plan-no/plan-0002`), first);
  });

  test('a plan is stopped for good, with an empty body', async () => {
    const plan = await school.good('POST', PLANS, school.planBody('0003'));
    const url = `${PLANS}/merchant-plan-no/plan-0003`;
    const stopped = await school.good('POST', `${url}/stop`);
    const { stop_time: stoppedAt, ...rest } = stopped;
    assert.match(String(stoppedAt), RFC3339);
    assert.deepEqual(rest, { ...plan, plan_state: 'STOP', stop_mchid: school.merchant.mchid });
    await clock.advance(2_000);
    assert.deepEqual(await school.good('POST', `${url}/stop`), stopped);
    assert.deepEqual(await school.good('GET', url), stopped);
  });
});

describe('sign plans', () => {
  test('a sign plan waits for its user, with nothing used', async () => {
    const plan = await school.good('POST', PLANS, school.planBody('1001'));
    const body = school.signPlanBody('1001', plan['plan_id']);
    const answer = await school.good('POST', SIGN_PLANS, body);
    assert.deepEqual(Object.keys(answer), ['sign_plan', 'package']);
    assert.match(String(answer['package']), /^[\w-]{128}$/);
    const { sign_plan_id: id, ...signPlan } = answer['sign_plan'] as Record<string, unknown>;
    assert.match(String(id), /^010200\d{26}$/);
    assert.deepEqual(detailsOf(signPlan)[1], {
      plan_detail_no: 2,
      original_price: 18000,
      actual_price: 12000,
      plan_discount_description: '优惠60元',
      plan_detail_state: 'NOT_USED',
      merchant_plan_detail_no: 'lesson-1001-2',
      plan_detail_name: '第二节课',
    });
    assert.deepEqual(
      { ...signPlan, signed_detail_list: undefined },
      {
        openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
        service_id: school.service.id,
        mchid: school.merchant.mchid,
        appid: school.merchant.appid,
        merchant_sign_plan_no: 'sign-1001',
        merchant_callback_url: 'https://pay.example.com/payscore',
        plan_id: plan['plan_id'],
        going_detail_no: 0,
        sign_state: 'UNSIGNED',
        cancel_sign_type: 'NOT_CANCEL',
        plan_name: '羽毛球课3节',
        total_origin_price: 54000,
        deduction_quantity: 3,
        total_actual_price: 30000,
        signed_detail_list: undefined,
      },
    );
    assert.deepEqual(await school.good('POST', SIGN_PLANS, body), answer);
    assert.deepEqual(await school.querySignPlan('1001'), { sign_plan_id: id, ...signPlan });
  });

  test('its days count from the signing', async () => {
    await school.signed('1002');
    const signPlan = await school.querySignPlan('1002');
    assert.equal(signPlan['sign_state'], 'SIGNED');
    const [signedAt, overAt] = ['sign_time', 'plan_over_time'].map((name) =>
      Date.parse(String(signPlan[name])),
    );
    assert.equal((overAt ?? 0) - (signedAt ?? 0), 25_920_000_000);
  });

  test('a merchant stops one, signed or not; a second time changes nothing', async () => {
    await school.offered('1003');
    await school.signed('1004');
    for (const number of ['1003', '1004']) {
      const url = `${SIGN_PLANS}/merchant-sign-plan-no/sign-${number}/stop`;
      const stopped = await school.good('POST', url, { stop_reason: '用户协商终止' });
      const { sign_state: state, cancel_sign_type: type, cancel_reason: reason } = stopped;
      assert.deepEqual([state, type, reason], ['SIGN_PLAN_CANCEL', 'MERCHANT', '用户协商终止']);
      assert.match(String(stopped['cancel_sign_time']), RFC3339);
      assert.deepEqual(await school.good('POST', url, { stop_reason: '再来一次' }), stopped);
      assert.deepEqual(await school.querySignPlan(number), stopped);
    }
  });

  test('who signed goes on when the plan is stopped', async () => {
    await school.signed('1005');
    await school.good('POST', `${PLANS}/merchant-plan-no/plan-1005/stop`);
    assert.equal(await school.use('1005', 1), 'lesson-1005-1');
  });

  test('a user cancels, or withdraws the service; details without an order are lost', async () => {
    await school.started('1006');
    const cancelled = await school.control('payscore-user-cancel', {
      merchant_sign_plan_no: 'sign-1006',
      type: 'REVOKE_SERVICE',
      notice: 'lost',
    });
    assert.equal(cancelled['cancel_sign_type'], 'REVOKE_SERVICE');
    const signPlan = await school.querySignPlan('1006');
    assert.equal(signPlan['sign_state'], 'SIGN_PLAN_CANCEL');
    const states = detailsOf(signPlan).map((detail) => detail['plan_detail_state']);
    assert.deepEqual(states, ['USING', 'NOT_USED', 'NOT_USED']);
    const url = `${ORDERS}/lesson-1006-1/complete`;
    assert.equal((await school.good('POST', url, school.completeBody(18000)))['state'], 'DOING');
  });
});
