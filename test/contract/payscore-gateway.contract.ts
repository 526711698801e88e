import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { isMerchantPlanNo, isMerchantSignPlanNo } from '#core/values/ids.ts';
import { payscoreFaultRules } from './payscore-gateway-faults.contract.ts';
import {
  assertRefused,
  fresh,
  type PayscoreCalls,
  type PayscoreSite,
  payscoreCallsOf,
  service,
} from './payscore-gateway-harness.ts';
import { serviceOrderEndRules, serviceOrderRules } from './payscore-gateway-orders.contract.ts';

/** What every `PayscoreGateway` does, whoever plays WeChat Pay behind it. */
export function payscoreGatewayContract(name: string, open: () => Promise<PayscoreSite>): void {
  suite(name, () => {
    let site: PayscoreSite;

    before(async () => {
      site = await open();
    });
    afterEach(async () => {
      await site.heal();
    });
    after(async () => {
      await site.end();
    });

    const calls = payscoreCallsOf(() => site);
    planRules(calls);
    signPlanRules(calls);
    signPlanEndRules(calls);
    serviceOrderRules(calls);
    serviceOrderEndRules(calls);
    payscoreFaultRules(calls);
  });
}

function planRules({ plan, planned, send, queryPlan }: PayscoreCalls): void {
  test('a plan that nobody made is not found', async () => {
    assert.equal((await queryPlan(fresh(isMerchantPlanNo))).type, 'not-found');
  });

  test('a plan that was made is NORMAL and says what it is', async () => {
    const { number, plan_id } = await planned();
    assert.deepEqual(await queryPlan(number), {
      type: 'state',
      state: 'NORMAL',
      merchant_plan_no: number,
      plan_id,
      service_id: service.id,
    });
  });

  test('the same plan again is accepted and the same, another one of its number is refused', async () => {
    const { number, body, plan_id } = await planned();
    assert.deepEqual(await send('create-plan', number, body), { type: 'accepted' });
    assertRefused(await send('create-plan', number, { ...body, plan_name: '瑜伽课' }));
    const evidence = await queryPlan(number);
    assert.equal(evidence.type === 'state' && evidence.plan_id, plan_id);
  });

  const free = { original_price: 18_000, actual_price: 0, plan_detail_name: '免费' };
  for (const [what, changes] of [
    ['a price that rises', { plan_detail_list: [free, free, { ...free, actual_price: 30_000 }] }],
    ['a total that is no sum', { total_actual_price: 29_999 }],
    ['an original total that is no sum', { total_original_price: 54_001 }],
    ['a detail too few', { deduction_quantity: 4 }],
    ['more days than the service allows', { plan_duration: service.maxDays + 1 }],
    ['no days', { plan_duration: 0 }],
    ['no details', { plan_detail_list: [], deduction_quantity: 0 }],
    ['no name', { plan_name: undefined }],
    ['a name that is too long', { plan_name: '课'.repeat(21) }],
    ['a number that is no number', { total_actual_price: '30000' }],
  ] as const) {
    test(`a plan with ${what} is refused and not known afterwards`, async () => {
      const { number, body } = plan(changes);
      assertRefused(await send('create-plan', number, body));
      assert.equal((await queryPlan(number)).type, 'not-found');
    });
  }

  test('a plan for a service that is not ours is a fault', async () => {
    const { number, body } = plan({ service_id: '00109000000000000000000000000000' });
    assert.equal((await send('create-plan', number, body)).type, 'fault');
    assert.equal((await queryPlan(number)).type, 'not-found');
  });

  test('a plan that was stopped is STOP, however often it is stopped', async () => {
    const { number } = await planned();
    assert.deepEqual(await send('stop-plan', number, ''), { type: 'accepted' });
    await send('stop-plan', number, '');
    const evidence = await queryPlan(number);
    assert.equal(evidence.type === 'state' && evidence.state, 'STOP');
  });

  test('a plan that nobody made cannot be stopped', async () => {
    const number = fresh(isMerchantPlanNo);
    assertRefused(await send('stop-plan', number, ''));
    assert.equal((await queryPlan(number)).type, 'not-found');
  });
}

function signPlanRules(calls: PayscoreCalls): void {
  const { planned, signPlan, unsigned, send, mustSend, querySignPlan, stateOfSignPlan } = calls;

  test('a sign plan that nobody made is not found', async () => {
    assert.equal((await querySignPlan(fresh(isMerchantSignPlanNo))).type, 'not-found');
  });

  test('a sign plan that was made is UNSIGNED, with our numbers for its details', async () => {
    const plan = await planned();
    const made = await unsigned(plan);
    const { sign_plan_id, details, ...state } = await stateOfSignPlan(made.number);
    assert.deepEqual(state, {
      type: 'state',
      state: 'UNSIGNED',
      merchant_sign_plan_no: made.number,
      plan_id: plan.plan_id,
      service_id: service.id,
      openid: made.body['openid'],
    });
    assert.equal(sign_plan_id, made.sign_plan_id);
    assert.deepEqual(
      details,
      made.details.map((merchant_plan_detail_no, n) => ({
        plan_detail_no: n + 1,
        merchant_plan_detail_no,
        state: 'NOT_USED',
        actualFen: [18_000, 12_000, 0][n],
      })),
    );
  });

  test('a sign plan has a package, the same one again too', async () => {
    const { number, body } = signPlan(await planned());
    for (let times = 0; times < 2; times += 1) {
      const outcome = await mustSend('create-sign-plan', number, body);
      assert.match((outcome.type === 'accepted' && outcome.package) || '', /^[\x21-\x7e]+$/);
    }
  });

  test('another sign plan of the same number is refused', async () => {
    const { number, body, sign_plan_id } = await unsigned();
    const other = { ...body, openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6p' };
    assertRefused(await send('create-sign-plan', number, other));
    assert.equal((await stateOfSignPlan(number)).sign_plan_id, sign_plan_id);
  });

  for (const [what, changes] of [
    ['of a plan that nobody made', { plan_id: '01000000000000000000000000000000' }],
    ['without its details', { sign_plan_detail: [] }],
    ['without a payer', { openid: undefined }],
    ['whose notices have no address', { notify_url: 'pay.example.com' }],
    ['whose notices have an address with a query', { notify_url: 'https://pay.example.com/?a=1' }],
  ] as const) {
    test(`a sign plan ${what} is refused and not known afterwards`, async () => {
      const { number, body } = signPlan(await planned(), changes);
      assertRefused(await send('create-sign-plan', number, body));
      assert.equal((await querySignPlan(number)).type, 'not-found');
    });
  }

  test('a sign plan with a detail too few, or with a number that is used, is refused', async () => {
    const plan = await planned();
    const first = await unsigned(plan);
    for (const details of [
      first.details.slice(1),
      [first.details[0], 'contract-other-2', 'contract-other-3'],
      ['contract-other-1', 'contract-other-1', 'contract-other-3'],
    ]) {
      const sign_plan_detail = details.map((merchant_plan_detail_no, n) => ({
        plan_detail_no: n + 1,
        merchant_plan_detail_no,
      }));
      const { number, body } = signPlan(plan, { sign_plan_detail });
      assertRefused(await send('create-sign-plan', number, body));
      assert.equal((await querySignPlan(number)).type, 'not-found');
    }
  });

  test('a plan that was stopped cannot be signed any more', async () => {
    const plan = await planned();
    await mustSend('stop-plan', plan.number, '');
    const { number, body } = signPlan(plan);
    assertRefused(await send('create-sign-plan', number, body));
    assert.equal((await querySignPlan(number)).type, 'not-found');
  });
}

function signPlanEndRules(calls: PayscoreCalls): void {
  const { site, planned, unsigned, signed, send, mustSend, stateOfSignPlan } = calls;
  const stop = { stop_reason: '用户协商终止' };

  test('a sign plan that was signed says when, and until when', async () => {
    const { number } = await signed();
    const { state, signedAt, overAt } = await stateOfSignPlan(number);
    assert.equal(state, 'SIGNED');
    assert.ok(signedAt !== undefined && overAt !== undefined && overAt > signedAt);
  });

  test('who signed a plan goes on when it is stopped', async () => {
    const plan = await planned();
    const { number } = await signed(plan);
    await mustSend('stop-plan', plan.number, '');
    assert.equal((await stateOfSignPlan(number)).state, 'SIGNED');
  });

  for (const how of ['USER', 'REVOKE_SERVICE'] as const) {
    test(`a sign plan that the user ended is SIGN_PLAN_CANCEL, ${how}`, async () => {
      const { number } = await signed();
      await site().userCancel(number, how);
      const { state, cancel_sign_type } = await stateOfSignPlan(number);
      assert.deepEqual([state, cancel_sign_type], ['SIGN_PLAN_CANCEL', how]);
    });
  }

  test('a sign plan that the merchant ended is SIGN_PLAN_CANCEL, MERCHANT, for ever', async () => {
    const { number } = await signed();
    await mustSend('stop-sign-plan', number, stop);
    await send('stop-sign-plan', number, stop);
    const { state, cancel_sign_type } = await stateOfSignPlan(number);
    assert.deepEqual([state, cancel_sign_type], ['SIGN_PLAN_CANCEL', 'MERCHANT']);
  });

  test('a signature runs out by itself', async () => {
    const { number } = await signed();
    const { overAt } = await stateOfSignPlan(number);
    site().later(Number(overAt) - site().now() + 1_000);
    assert.equal((await stateOfSignPlan(number)).state, 'EXPIRE');
  });

  test('a sign plan can expire, and is not stopped then', async () => {
    const { number } = await unsigned();
    await site().expire(number);
    assert.equal((await stateOfSignPlan(number)).state, 'EXPIRE');
    assertRefused(await send('stop-sign-plan', number, stop));
    assert.equal((await stateOfSignPlan(number)).state, 'EXPIRE');
  });

  test('a stop without a reason, or of what nobody made, is refused', async () => {
    const { number } = await signed();
    assertRefused(await send('stop-sign-plan', number, {}));
    assert.equal((await stateOfSignPlan(number)).state, 'SIGNED');
    assertRefused(await send('stop-sign-plan', fresh(isMerchantSignPlanNo), stop));
  });
}
