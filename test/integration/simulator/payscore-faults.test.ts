import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { NEW_ORDER, ORDERS, openSchool, PLANS, SIGN_PLANS } from './payscore-shop.ts';

const school = await openSchool();
after(() => school.simulator.close());

describe('faults', () => {
  const strike = (operation: string, fault: string, more: object = {}) =>
    school.control('faults', { operation, fault, ...more });

  test('each call can be struck by its name', async () => {
    await school.owed('2001');
    const { plan_id: planId, sign_plan_id: id } = await school.querySignPlan('2001');
    const calls: Readonly<Record<string, readonly [string, string, object?]>> = {
      'payscore-create-plan': ['POST', PLANS, school.planBody('2001')],
      'payscore-query-plan': ['GET', `${PLANS}/merchant-plan-no/plan-2001`],
      'payscore-stop-plan': ['POST', `${PLANS}/merchant-plan-no/plan-2001/stop`],
      'payscore-create-sign-plan': ['POST', SIGN_PLANS, school.signPlanBody('2001', planId)],
      'payscore-query-sign-plan': ['GET', `${SIGN_PLANS}/merchant-sign-plan-no/sign-2001`],
      'payscore-stop-sign-plan': ['POST', `${SIGN_PLANS}/merchant-sign-plan-no/sign-2001/stop`, {}],
      'payscore-create-order': ['POST', NEW_ORDER, school.orderBody('2001', 1, id)],
      'payscore-query-order': ['GET', `${ORDERS}?out_order_no=lesson-2001-1`],
      'payscore-complete': ['POST', `${ORDERS}/lesson-2001-1/complete`, {}],
      'payscore-cancel': ['POST', `${ORDERS}/lesson-2001-1/cancel`, {}],
      'payscore-modify': ['POST', `${ORDERS}/lesson-2001-1/modify`, {}],
      'payscore-sync': ['POST', `${ORDERS}/lesson-2001-1/sync`, {}],
      'payscore-pay': ['POST', `${ORDERS}/lesson-2001-1/pay`, {}],
    };
    for (const [operation, [method, target, body]] of Object.entries(calls)) {
      await strike(operation, '429');
      assert.deepEqual(await school.refused(method, target, body), [429, 'FREQUENCY_LIMITED']);
      await strike(operation, '500');
      assert.deepEqual(await school.refused(method, target, body), [500, 'SYSTEM_ERROR']);
      await strike(operation, 'unsigned-404');
      const code = operation.endsWith('-plan') ? 'RESOURCE_NOT_EXISTS' : 'ORDER_NOT_EXIST';
      assert.deepEqual(await school.refused(method, target, body), [404, code]);
    }
    const { faults } = await school.read('state');
    assert.deepEqual(faults, []);
    assert.equal((await school.query('lesson-2001-1'))['state_description'], 'MCH_COMPLETE');
  });

  test('a call that fails may take effect all the same', async () => {
    await strike('payscore-create-plan', '500', { carry_out: true });
    const body = school.planBody('2002');
    assert.deepEqual(await school.refused('POST', PLANS, body), [500, 'SYSTEM_ERROR']);
    await school.good('POST', PLANS, body);
    await strike('payscore-complete', 'reset', { carry_out: true });
    const order = await school.started('2003');
    const url = `${ORDERS}/${order}/complete`;
    const first = await school.call('POST', url, school.completeBody(18000));
    assert.equal(first.failure, 'ECONNRESET');
    assert.equal((await school.query(order))['state_description'], 'MCH_COMPLETE');
  });

  test('good answers lose their signature, and the outside library believes none of them', async () => {
    for (const fault of ['unsigned-2xx', 'bad-signature', 'probe']) {
      await strike('payscore-query-plan', fault);
      const { failure } = await school.call('GET', `${PLANS}/merchant-plan-no/plan-2001`);
      assert.notEqual(failure, undefined, fault);
    }
  });

  test('a stale query answers as if nothing had happened; no other call is stale', async () => {
    const order = await school.owed('2004');
    await school.control('payscore-pay', { out_order_no: order, notice: 'lost' });
    await school.good('POST', `${PLANS}/merchant-plan-no/plan-2004/stop`);
    await strike('payscore-query-order', 'stale');
    await strike('payscore-query-sign-plan', 'stale');
    await strike('payscore-query-plan', 'stale');
    await strike('payscore-pay', 'stale');
    assert.equal((await school.query(order))['state_description'], 'MCH_COMPLETE');
    assert.equal((await school.querySignPlan('2004'))['sign_state'], 'UNSIGNED');
    const url = `${PLANS}/merchant-plan-no/plan-2004`;
    assert.equal((await school.good('GET', url))['plan_state'], 'NORMAL');
    assert.equal((await school.query(order))['state'], 'DONE');
    const asked = await school.refused('POST', `${ORDERS}/${order}/pay`, school.caller);
    assert.deepEqual(asked, [400, 'ORDER_DONE']);
    await school.tryControl('faults/clear', {});
  });

  test('words of APIv2 spare them', async () => {
    await strike('payscore-query-plan', 'return-fail');
    const answer = await school.good('GET', `${PLANS}/merchant-plan-no/plan-2001`);
    assert.equal(answer['plan_state'], 'NORMAL');
    await school.tryControl('faults/clear', {});
  });
});
