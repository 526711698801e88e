import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { createMerchant } from '../../../simulator/merchant.ts';
import { rawCall } from './outside-client.ts';
import { NEW_ORDER, ORDERS, openSchool, PLANS, SIGN_PLANS } from './payscore-shop.ts';

const school = await openSchool();
after(() => school.simulator.close());

const lesson = (original: number, actual: number) => ({
  plan_detail_name: '课',
  original_price: original,
  actual_price: actual,
});

const keptCount = async (): Promise<number> =>
  ((await school.read('plans'))['plans'] as unknown[]).length;

describe('refusals of a plan', () => {
  const PARAM = (field: string) => [400, 'PARAM_ERROR', `/body/${field}`];
  const refusals: Readonly<Record<string, readonly [object, readonly unknown[]]>> = {
    'no name': [{ plan_name: undefined }, PARAM('plan_name')],
    'a name of 21 characters': [{ plan_name: '课'.repeat(21) }, PARAM('plan_name')],
    'no number': [{ merchant_plan_no: undefined }, PARAM('merchant_plan_no')],
    'a number of 33 characters': [{ merchant_plan_no: 'a'.repeat(33) }, PARAM('merchant_plan_no')],
    'a number with a bar': [{ merchant_plan_no: 'plan|0001' }, PARAM('merchant_plan_no')],
    'no service': [{ service_id: undefined }, PARAM('service_id')],
    'no appid': [{ appid: undefined }, PARAM('appid')],
    'no days': [{ plan_duration: 0 }, PARAM('plan_duration')],
    'days as text': [{ plan_duration: '300' }, PARAM('plan_duration')],
    'no deductions': [{ deduction_quantity: 0, plan_detail_list: [] }, PARAM('deduction_quantity')],
    'fewer details than deductions': [{ deduction_quantity: 4 }, PARAM('plan_detail_list')],
    'more details than deductions': [{ deduction_quantity: 2 }, PARAM('plan_detail_list')],
    'no details': [{ plan_detail_list: undefined }, PARAM('plan_detail_list')],
    'a detail without a name': [
      { plan_detail_list: [{ original_price: 1, actual_price: 1 }] },
      PARAM('plan_detail_list/0/plan_detail_name'),
    ],
    'a price below nothing': [
      { plan_detail_list: [lesson(1, -1)] },
      PARAM('plan_detail_list/0/actual_price'),
    ],
    'a price that is null': [
      { plan_detail_list: [{ ...lesson(1, 1), original_price: null }] },
      PARAM('plan_detail_list/0/original_price'),
    ],
    'a price above the original': [
      {
        deduction_quantity: 1,
        plan_detail_list: [lesson(100, 101)],
        total_original_price: 100,
        total_actual_price: 101,
      },
      PARAM('plan_detail_list/0/actual_price'),
    ],
    'a price above the one before it': [
      {
        deduction_quantity: 2,
        plan_detail_list: [lesson(100, 50), lesson(100, 51)],
        total_original_price: 200,
        total_actual_price: 101,
      },
      PARAM('plan_detail_list/1/actual_price'),
    ],
    'another sum of originals': [{ total_original_price: 53999 }, PARAM('total_original_price')],
    'another sum of prices': [{ total_actual_price: 30001 }, PARAM('total_actual_price')],
    'longer than the service allows': [{ plan_duration: 366 }, [400, 'INVALID_REQUEST']],
    'more details than the service allows': [
      {
        deduction_quantity: 101,
        plan_detail_list: Array.from({ length: 101 }, () => lesson(1, 1)),
        total_original_price: 101,
        total_actual_price: 101,
      },
      [400, 'INVALID_REQUEST'],
    ],
    'a service that is not open': [{ service_id: '500001' }, [403, 'NO_AUTH']],
    'an appid of somebody else': [{ appid: 'wx0000000000000000' }, [403, 'NO_AUTH']],
  };
  for (const [what, [change, answer]] of Object.entries(refusals)) {
    test(`${what} is ${answer.join(' ')} and leaves no plan`, async () => {
      const body = school.planBody('0001', change);
      assert.deepEqual(await school.refused('POST', PLANS, body), answer);
      assert.equal(await keptCount(), 0);
    });
  }

  test('no JSON, no content type and an empty body are refused', async () => {
    const call = { method: 'POST', target: PLANS };
    for (const wrong of [{ body: '{' }, { body: '' }, { body: '[]' }]) {
      const answer = await school.raw({ ...call, ...wrong });
      assert.deepEqual([answer.status, JSON.parse(answer.body).code], [400, 'PARAM_ERROR']);
    }
    const body = JSON.stringify(school.planBody('0001'));
    const text = await school.raw({ ...call, body, headers: { 'content-type': 'text/plain' } });
    assert.deepEqual([text.status, JSON.parse(text.body).code], [400, 'INVALID_REQUEST']);
    const unsigned = await school.raw({ ...call, body, signedTarget: '/' });
    assert.deepEqual([unsigned.status, JSON.parse(unsigned.body).code], [401, 'SIGN_ERROR']);
    assert.equal(await keptCount(), 0);
  });

  test('a plan that nobody made can be neither queried nor stopped', async () => {
    const url = `${PLANS}/merchant-plan-no/plan-9999`;
    assert.deepEqual(await school.refused('GET', url), [404, 'RESOURCE_NOT_EXISTS']);
    assert.deepEqual(await school.refused('POST', `${url}/stop`), [404, 'RESOURCE_NOT_EXISTS']);
    const odd = `${PLANS}/merchant-plan-no/plan%7C1`;
    assert.deepEqual(await school.refused('GET', odd), [
      400,
      'PARAM_ERROR',
      '/path/merchant_plan_no',
    ]);
  });
});

describe('refusals after a plan was made', () => {
  const changes: Readonly<Record<string, object>> = {
    plan_name: { plan_name: '羽毛球课' },
    plan_duration: { plan_duration: 299 },
    'the description of a discount': {
      plan_detail_list: [
        lesson(18000, 18000),
        lesson(18000, 12000),
        { ...lesson(18000, 0), plan_discount_description: '送' },
      ],
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    test(`the same number with another ${what} is refused`, async () => {
      await school.good('POST', PLANS, school.planBody('1001'));
      const body = school.planBody('1001', change);
      assert.deepEqual(await school.refused('POST', PLANS, body), [400, 'INVALID_REQUEST']);
    });
  }
});

describe('two services and two merchants', () => {
  test('a plan is signed under its own service only', async (t) => {
    const services = ['500001', '500002'].map((id) => ({ id, maxDays: 300, maxDeductions: 3 }));
    const two = await openSchool({}, await createMerchant({ services }));
    t.after(() => two.simulator.close());
    const plan = await two.good('POST', PLANS, two.planBody('0001'));
    assert.equal(plan['service_id'], '500001');
    const body = two.signPlanBody('0001', plan['plan_id'], { service_id: '500002' });
    assert.deepEqual(await two.refused('POST', SIGN_PLANS, body), [400, 'INVALID_REQUEST']);
    const days = two.planBody('0002', { plan_duration: 301 });
    assert.deepEqual(await two.refused('POST', PLANS, days), [400, 'INVALID_REQUEST']);
  });

  test('an order and its steps name the service and the appid of their creation', async (t) => {
    const services = ['500001', '500002'].map((id) => ({ id, maxDays: 300, maxDeductions: 3 }));
    const merchant = await createMerchant({ services });
    const appids = [...merchant.appids, 'wx0000000000000002'];
    const two = await openSchool({}, { ...merchant, appids });
    t.after(() => two.simulator.close());
    const { sign_plan_id: id } = await two.signed('0001');
    const others = [{ service_id: '500002' }, { appid: 'wx0000000000000002' }];
    for (const other of others) {
      const body = two.orderBody('0001', 1, id, other);
      assert.deepEqual(await two.refused('POST', NEW_ORDER, body), [400, 'INVALID_REQUEST']);
    }
    const order = await two.use('0001', 1);
    for (const other of others) {
      const query = new URLSearchParams({ ...two.caller, ...other, out_order_no: order });
      const target = `${ORDERS}?${query}`;
      assert.deepEqual(await two.refused('GET', target), [400, 'INVALID_REQUEST']);
      const url = `${ORDERS}/${order}/complete`;
      const body = two.completeBody(18000, other);
      assert.deepEqual(await two.refused('POST', url, body), [400, 'INVALID_REQUEST']);
    }
    assert.equal((await two.query(order))['state_description'], 'USER_CONFIRM');
  });

  test('nobody but its merchant finds a plan, a sign plan or an order', async (t) => {
    const other = await createMerchant();
    const shared = await openSchool({ merchants: [other] });
    t.after(() => shared.simulator.close());
    await shared.started('0001');
    const stranger = rawCall(other, shared.simulator.origin);
    const codeOf = async (method: string, target: string, body = '') => {
      const answer = await stranger({ method, target, body });
      return [answer.status, JSON.parse(answer.body).code];
    };
    const plan = `${PLANS}/merchant-plan-no/plan-0001`;
    const signPlan = `${SIGN_PLANS}/merchant-sign-plan-no/sign-0001`;
    const unknown = [404, 'RESOURCE_NOT_EXISTS'];
    assert.deepEqual(await codeOf('GET', plan), unknown);
    assert.deepEqual(await codeOf('POST', `${plan}/stop`), unknown);
    assert.deepEqual(await codeOf('GET', signPlan), unknown);
    assert.deepEqual(await codeOf('POST', `${signPlan}/stop`, '{"stop_reason":"a"}'), unknown);
    const own = { service_id: String(other.services[0]?.id), appid: other.appid };
    const query = new URLSearchParams({ ...own, out_order_no: 'lesson-0001-1' });
    assert.deepEqual(await codeOf('GET', `${ORDERS}?${query}`), [404, 'ORDER_NOT_EXIST']);
    const pay = `${ORDERS}/lesson-0001-1/pay`;
    assert.deepEqual(await codeOf('POST', pay, JSON.stringify(own)), [404, 'ORDER_NOT_EXIST']);
    const named = { merchant_sign_plan_no: 'sign-0001', mchid: other.mchid };
    assert.equal((await shared.tryControl('payscore-expire', named)).status, 404);
    assert.equal((await shared.querySignPlan('0001'))['sign_state'], 'SIGNED');
  });

  for (const [issue, services] of Object.entries({
    'must be digits': [{ id: 'a', maxDays: 1, maxDeductions: 1 }],
    'the same id': [
      { id: '1', maxDays: 1, maxDeductions: 1 },
      { id: '1', maxDays: 2, maxDeductions: 2 },
    ],
    'maxDays must be at least 1': [{ id: '1', maxDays: 0, maxDeductions: 1 }],
    'maxDeductions must be 1 to 100': [{ id: '1', maxDays: 1, maxDeductions: 101 }],
  })) {
    test(`no merchant is opened when: ${issue}`, async () => {
      const merchant = await createMerchant({ services });
      await assert.rejects(() => openSchool({}, merchant), new RegExp(issue));
    });
  }
});
