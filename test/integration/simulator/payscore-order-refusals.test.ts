import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NEW_ORDER, ORDERS, openSchool } from './payscore-shop.ts';

const school = await openSchool();
after(() => school.simulator.close());

const PARAM = (field: string) => [400, 'PARAM_ERROR', `/body/${field}`];
const INVALID = [400, 'INVALID_REQUEST'];
const NO_ORDER = [404, 'ORDER_NOT_EXIST'];

type Refusals = Readonly<Record<string, readonly [object, readonly unknown[]]>>;

describe('refusals of a service order', () => {
  const refusals: Refusals = {
    'no number': [{ out_trade_no: undefined }, PARAM('out_trade_no')],
    'the number under its later name': [
      { out_trade_no: undefined, out_order_no: 'lesson-0001-1' },
      PARAM('out_trade_no'),
    ],
    'no sign plan': [{ sign_plan_id: undefined }, PARAM('sign_plan_id')],
    'no detail': [{ plan_detail_no: undefined }, PARAM('plan_detail_no')],
    'detail 0': [{ plan_detail_no: 0 }, PARAM('plan_detail_no')],
    'no user': [{ openid: undefined }, PARAM('openid')],
    'no introduction': [{ service_introduction: undefined }, PARAM('service_introduction')],
    'an introduction of 21 characters': [
      { service_introduction: '课'.repeat(21) },
      PARAM('service_introduction'),
    ],
    'no notify_url': [{ notify_url: undefined }, PARAM('notify_url')],
    'a notify_url of 257 characters': [
      { notify_url: `https://pay.example.com/${'a'.repeat(233)}` },
      PARAM('notify_url'),
    ],
    'a notify_url with a query': [
      { notify_url: 'https://pay.example.com/?a' },
      PARAM('notify_url'),
    ],
    'no times': [{ time_range: undefined }, PARAM('time_range')],
    'no start': [{ time_range: {} }, PARAM('time_range/start_time')],
    'a start in RFC 3339': [
      { time_range: { start_time: '2026-01-01T09:10:10+08:00' } },
      PARAM('time_range/start_time'),
    ],
    'a start on no day': [
      { time_range: { start_time: '20260230091010' } },
      PARAM('time_range/start_time'),
    ],
    'an end at the start': [
      { time_range: { start_time: '20260101091010', end_time: '20260101091010' } },
      PARAM('time_range/end_time'),
    ],
    'an attachment of 257 characters': [{ attach: 'a'.repeat(257) }, PARAM('attach')],
    'a sign plan that nobody made': [
      { sign_plan_id: '0'.repeat(32) },
      [404, 'RESOURCE_NOT_EXISTS'],
    ],
    'another user': [{ openid: 'oSomebodyElse' }, INVALID],
    'a detail that the plan has not': [{ plan_detail_no: 4 }, INVALID],
    'the number of another detail': [{ out_trade_no: 'lesson-0001-2' }, INVALID],
    'a number of no detail': [{ out_trade_no: 'lesson-9999-1' }, INVALID],
    'the second detail before the first': [
      { plan_detail_no: 2, out_trade_no: 'lesson-0001-2' },
      INVALID,
    ],
    'a service that is not open': [{ service_id: '500001' }, [403, 'NO_AUTH']],
    'an appid of somebody else': [{ appid: 'wx0000000000000000' }, [403, 'NO_AUTH']],
  };
  before(async () => {
    await school.signed('0001');
  });
  for (const [what, [change, answer]] of Object.entries(refusals)) {
    test(`${what} is ${answer.join(' ')} and leaves no order`, async () => {
      const { sign_plan_id: id } = await school.querySignPlan('0001');
      const body = school.orderBody('0001', 1, id, change);
      assert.deepEqual(await school.refused('POST', NEW_ORDER, body), answer);
      assert.deepEqual((await school.read('service-orders'))['service_orders'], []);
    });
  }

  const create = async (number: string, no: number, change: object = {}) => {
    const { sign_plan_id: id } = await school.querySignPlan(number);
    return school.refused('POST', NEW_ORDER, school.orderBody(number, no, id, change));
  };

  test('nobody signed, it was cancelled, or its time is over', async () => {
    await school.offered('0002');
    assert.deepEqual(await create('0002', 1), INVALID);
    await school.signed('0003');
    await school.control('payscore-user-cancel', { merchant_sign_plan_no: 'sign-0003' });
    assert.deepEqual(await create('0003', 1), INVALID);
    await school.signed('0004');
    await school.control('payscore-expire', { merchant_sign_plan_no: 'sign-0004' });
    assert.deepEqual(await create('0004', 1), INVALID);
  });

  test('one order at a time: in use, completed, and not before its payment', async () => {
    const order = await school.started('0005');
    assert.deepEqual(await create('0005', 2), INVALID);
    await school.control('payscore-charges', { outcome: 'failing', times: 1 });
    await school.good('POST', `${ORDERS}/${order}/complete`, school.completeBody(18000));
    assert.deepEqual(await create('0005', 2), INVALID);
    await school.control('payscore-pay', { out_order_no: order, notice: 'lost' });
    assert.deepEqual(await create('0005', 3), INVALID);
    await school.use('0005', 2);
  });

  test('the same number with another field is refused, be it a remark', async () => {
    await school.started('0006');
    for (const change of [
      { service_introduction: '课' },
      { time_range: { start_time: '20260101091010', start_time_remark: '早' } },
      { attach: 'a' },
      { plan_detail_no: 2 },
    ]) {
      assert.deepEqual(await create('0006', 1, change), INVALID);
    }
  });

  test('a detail that was cancelled cannot be used again', async () => {
    const order = await school.started('0007');
    const why = { ...school.caller, reason: '取消' };
    await school.good('POST', `${ORDERS}/${order}/cancel`, why);
    assert.deepEqual(await create('0007', 1, { attach: 'again' }), INVALID);
    assert.equal((await school.query(order))['state'], 'REVOKED');
  });
});

describe('refusals of a query', () => {
  const refusals: Readonly<Record<string, readonly [(query: URLSearchParams) => void, unknown[]]>> =
    {
      'neither number': [
        (query) => query.delete('out_order_no'),
        [400, 'PARAM_ERROR', '/query/out_order_no'],
      ],
      'both numbers': [
        (query) => query.set('query_id', 'a'),
        [400, 'PARAM_ERROR', '/query/out_order_no'],
      ],
      'no service': [
        (query) => query.delete('service_id'),
        [400, 'PARAM_ERROR', '/query/service_id'],
      ],
      'no appid': [(query) => query.delete('appid'), [400, 'PARAM_ERROR', '/query/appid']],
      'a service that is not open': [
        (query) => query.set('service_id', '500001'),
        [403, 'NO_AUTH'],
      ],
      'an appid of somebody else': [(query) => query.set('appid', 'wx1'), [403, 'NO_AUTH']],
      'an unknown number': [(query) => query.set('out_order_no', 'lesson-9999-1'), NO_ORDER],
    };
  for (const [what, [change, answer]] of Object.entries(refusals)) {
    test(`${what} is ${answer.join(' ')}`, async () => {
      const query = new URLSearchParams({ ...school.caller, out_order_no: 'lesson-0006-1' });
      change(query);
      assert.deepEqual(await school.refused('GET', `${ORDERS}?${query}`), answer);
    });
  }
});
