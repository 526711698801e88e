import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  commandCall,
  planQueryCall,
  serviceOrderQueryCall,
  signPlanQueryCall,
} from '#adapters/wechat/v3/payscore-calls.ts';
import { type CommandName, commandNames } from '#core/payscore/evidence.ts';
import {
  isAppid,
  isMerchantPlanNo,
  isMerchantSignPlanNo,
  isOutOrderNo,
  isServiceId,
} from '#core/values/ids.ts';
import { known } from './support.ts';

const targets: Readonly<Record<CommandName, string>> = {
  'create-plan': '/v3/payscore/plan/payscore-plans',
  'stop-plan': '/v3/payscore/plan/payscore-plans/merchant-plan-no/n-1_2*/stop',
  'create-sign-plan': '/v3/payscore/sign-plan/user-sign-plans',
  'stop-sign-plan': '/v3/payscore/sign-plan/user-sign-plans/merchant-sign-plan-no/n-1_2*/stop',
  'create-service-order': '/v3/payscore/sign-plan/serviceorder',
  complete: '/v3/payscore/serviceorder/n-1_2*/complete',
  cancel: '/v3/payscore/serviceorder/n-1_2*/cancel',
  modify: '/v3/payscore/serviceorder/n-1_2*/modify',
  sync: '/v3/payscore/serviceorder/n-1_2*/sync',
  pay: '/v3/payscore/serviceorder/n-1_2*/pay',
};

suite('a command', () => {
  for (const name of commandNames) {
    test(`${name} goes to its own path, with its body as it is`, () => {
      for (const body of ['', '{}', '{ "b":1,\n"a" : "支付分" }', 'not even JSON']) {
        assert.deepEqual(commandCall({ name, number: 'n-1_2*', body }), {
          method: 'POST',
          target: targets[name],
          body,
        });
      }
    });
  }

  test('writes a number that a path cannot hold percent-encoded', () => {
    const number = '../a b/c?d#e%支';
    const encoded = '..%2Fa%20b%2Fc%3Fd%23e%25%E6%94%AF';
    for (const name of commandNames) {
      const { target } = commandCall({ name, number, body: '' });
      assert.equal(target, targets[name].replace('n-1_2*', encoded));
    }
  });
});

suite('a query', () => {
  test('of a plan asks by the number alone', () => {
    assert.deepEqual(planQueryCall(known('plan-1_2*', isMerchantPlanNo)), {
      method: 'GET',
      target: '/v3/payscore/plan/payscore-plans/merchant-plan-no/plan-1_2*',
    });
  });

  test('of a sign plan asks by the number alone', () => {
    assert.deepEqual(signPlanQueryCall(known('sign-1_2*', isMerchantSignPlanNo)), {
      method: 'GET',
      target: '/v3/payscore/sign-plan/user-sign-plans/merchant-sign-plan-no/sign-1_2*',
    });
  });

  test('of a service order names service, number and appid, in this order', () => {
    const asked = {
      appid: known('wxd678efh567hg6787', isAppid),
      out_order_no: known('lesson-7_2*', isOutOrderNo),
      service_id: known('00109000000000169034377913212082', isServiceId),
    };
    assert.deepEqual(serviceOrderQueryCall(asked), {
      method: 'GET',
      target:
        '/v3/payscore/serviceorder?service_id=00109000000000169034377913212082' +
        '&out_order_no=lesson-7_2*&appid=wxd678efh567hg6787',
    });
  });
});
