import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { openSchool, PLANS, SIGN_PLANS } from './payscore-shop.ts';

const school = await openSchool();
after(() => school.simulator.close());

const keptCount = async (): Promise<number> =>
  ((await school.read('sign-plans'))['sign_plans'] as unknown[]).length;

describe('refusals of a sign plan', () => {
  const named = (...details: readonly (readonly [number, string])[]) => ({
    sign_plan_detail: details.map(([no, number]) => ({
      plan_detail_no: no,
      merchant_plan_detail_no: number,
    })),
  });
  const PARAM = (field: string) => [400, 'PARAM_ERROR', `/body/${field}`];
  const INVALID = [400, 'INVALID_REQUEST'];
  const refusals: Readonly<Record<string, readonly [object, readonly unknown[]]>> = {
    'no plan': [{ plan_id: undefined }, PARAM('plan_id')],
    'no user': [{ openid: undefined }, PARAM('openid')],
    'a user of 129 characters': [{ openid: 'o'.repeat(129) }, PARAM('openid')],
    'no number': [{ merchant_sign_plan_no: undefined }, PARAM('merchant_sign_plan_no')],
    'a number with a space': [{ merchant_sign_plan_no: 'a b' }, PARAM('merchant_sign_plan_no')],
    'no notify_url': [{ notify_url: undefined }, PARAM('notify_url')],
    'a notify_url with a query': [
      { notify_url: 'https://pay.example.com/a?b=1' },
      PARAM('notify_url'),
    ],
    'a notify_url without TLS': [{ notify_url: 'http://pay.example.com/a' }, PARAM('notify_url')],
    'no details': [{ sign_plan_detail: undefined }, PARAM('sign_plan_detail')],
    'a number twice': [named([1, 'a'], [2, 'b'], [3, 'a']), PARAM('sign_plan_detail')],
    'a detail without a number': [
      { sign_plan_detail: [{ plan_detail_no: 1 }] },
      PARAM('sign_plan_detail/0/merchant_plan_detail_no'),
    ],
    'too few details': [named([1, 'a'], [2, 'b']), INVALID],
    'too many details': [named([1, 'a'], [2, 'b'], [3, 'c'], [4, 'd']), INVALID],
    'a detail that the plan has not': [named([1, 'a'], [2, 'b'], [4, 'd']), INVALID],
    'a detail twice': [named([1, 'a'], [2, 'b'], [2, 'c']), INVALID],
    'a plan that nobody made': [{ plan_id: '0'.repeat(32) }, [404, 'RESOURCE_NOT_EXISTS']],
    'a service that is not open': [{ service_id: '500001' }, [403, 'NO_AUTH']],
    'an appid of somebody else': [{ appid: 'wx0000000000000000' }, [403, 'NO_AUTH']],
  };
  for (const [what, [change, answer]] of Object.entries(refusals)) {
    test(`${what} is ${answer.join(' ')} and leaves no sign plan`, async () => {
      const plan = await school.good('POST', PLANS, school.planBody('2001'));
      const body = school.signPlanBody('2001', plan['plan_id'], change);
      assert.deepEqual(await school.refused('POST', SIGN_PLANS, body), answer);
      assert.equal(await keptCount(), 0);
    });
  }

  test('a stopped plan can be signed neither by a call nor by a user', async () => {
    await school.offered('2002');
    const plan = await school.good('POST', `${PLANS}/merchant-plan-no/plan-2002/stop`);
    const body = school.signPlanBody('2003', plan['plan_id']);
    assert.deepEqual(await school.refused('POST', SIGN_PLANS, body), INVALID);
    const signed = await school.tryControl('payscore-sign', { merchant_sign_plan_no: 'sign-2002' });
    assert.equal(signed.status, 409);
    assert.equal((await school.querySignPlan('2002'))['sign_state'], 'UNSIGNED');
  });

  test('the same number with another detail, user or address is refused', async () => {
    const { plan_id: planId } = await school.offered('2004');
    for (const change of [
      named([1, 'lesson-2004-1'], [2, 'lesson-2004-2'], [3, 'lesson-2004-4']),
      { openid: 'oSomebodyElse' },
      { notify_url: 'https://pay.example.com/other' },
    ]) {
      const body = school.signPlanBody('2004', planId, change);
      assert.deepEqual(await school.refused('POST', SIGN_PLANS, body), INVALID);
    }
  });

  test('the number of a detail is used once in all sign plans', async () => {
    const { plan_id: planId } = await school.offered('2005');
    const numbers = named([1, 'lesson-2006-1'], [2, 'lesson-2005-2'], [3, 'lesson-2006-3']);
    const body = school.signPlanBody('2006', planId, numbers);
    assert.deepEqual(await school.refused('POST', SIGN_PLANS, body), INVALID);
  });

  test('a stop needs a reason, and a sign plan that was made', async () => {
    await school.offered('2007');
    const url = (number: string) => `${SIGN_PLANS}/merchant-sign-plan-no/sign-${number}/stop`;
    const why = { stop_reason: '协商' };
    assert.deepEqual(await school.refused('POST', url('2007'), {}), PARAM('stop_reason'));
    const long = { stop_reason: '长'.repeat(51) };
    assert.deepEqual(await school.refused('POST', url('2007'), long), PARAM('stop_reason'));
    assert.deepEqual(await school.refused('POST', url('9999'), why), [404, 'RESOURCE_NOT_EXISTS']);
    const query = url('9999').replace('/stop', '');
    assert.deepEqual(await school.refused('GET', query), [404, 'RESOURCE_NOT_EXISTS']);
    assert.equal((await school.querySignPlan('2007'))['sign_state'], 'UNSIGNED');
  });

  test('one whose time is over can be stopped no more', async () => {
    await school.signed('2008');
    await school.control('payscore-expire', { merchant_sign_plan_no: 'sign-2008' });
    const url = `${SIGN_PLANS}/merchant-sign-plan-no/sign-2008/stop`;
    assert.deepEqual(await school.refused('POST', url, { stop_reason: '协商' }), INVALID);
    assert.equal((await school.querySignPlan('2008'))['sign_state'], 'EXPIRE');
  });
});
