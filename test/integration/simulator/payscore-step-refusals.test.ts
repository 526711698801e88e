import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { virtualTimers } from '../../unit/simulator/virtual-timers.ts';
import { ORDERS, openSchool } from './payscore-shop.ts';

const clock = virtualTimers(Date.now());
const school = await openSchool({ timers: clock.timers });
after(() => school.simulator.close());

const PARAM = (field: string) => [400, 'PARAM_ERROR', `/body/${field}`];
const INVALID = [400, 'INVALID_REQUEST'];
const STATE = [400, 'INVALID_ORDER_STATE'];
const CANCELED = [400, 'ORDER_CANCELED'];
const DONE = [400, 'ORDER_DONE'];
const NO_ORDER = [404, 'ORDER_NOT_EXIST'];

type Refusals = Readonly<Record<string, readonly [object, readonly unknown[]]>>;

const beijing = (awayMs: number): string =>
  new Date(clock.timers.now() + 28_800_000 + awayMs).toISOString().replace(/\D/g, '').slice(0, 14);

describe('refusals of a completion', () => {
  const payment = (name: string, amount: number) => ({ name, amount });
  const refusals: Refusals = {
    'no payments': [{ post_payments: undefined }, PARAM('post_payments')],
    'an empty list of payments': [{ post_payments: [], total_amount: 0 }, PARAM('post_payments')],
    '101 payments': [
      { post_payments: Array.from({ length: 101 }, (_, index) => payment(`课${index}`, 0)) },
      PARAM('post_payments'),
    ],
    'a payment without amount and description': [
      { post_payments: [payment('课', 18000), { name: '水' }] },
      PARAM('post_payments/1/amount'),
    ],
    'a name twice': [
      { post_payments: [payment('课', 9000), payment('课', 9000)] },
      PARAM('post_payments'),
    ],
    'a name of 21 characters': [
      { post_payments: [payment('课'.repeat(21), 18000)] },
      PARAM('post_payments/0/name'),
    ],
    'a count of 101': [
      { post_payments: [{ ...payment('课', 18000), count: 101 }] },
      PARAM('post_payments/0/count'),
    ],
    '31 discounts': [
      { post_discounts: Array.from({ length: 31 }, (_, index) => payment(`券${index}`, 0)) },
      PARAM('post_discounts'),
    ],
    'a discount twice': [
      { post_discounts: [payment('券', 0), payment('券', 0)] },
      PARAM('post_discounts'),
    ],
    'a discount without an amount': [
      { post_discounts: [{ name: '券' }] },
      PARAM('post_discounts/0/amount'),
    ],
    'no total': [{ total_amount: undefined }, PARAM('total_amount')],
    'another total': [{ total_amount: 17999 }, PARAM('total_amount')],
    'a total that forgets the discount': [
      { post_discounts: [payment('券', 1)] },
      PARAM('total_amount'),
    ],
    'a total below nothing': [
      { post_discounts: [payment('券', 18001)], total_amount: -1 },
      PARAM('total_amount'),
    ],
    'no end, as the creation had none': [{ time_range: undefined }, PARAM('time_range/end_time')],
    'an end before the start of the creation': [
      { time_range: { end_time: '20260101091009' } },
      PARAM('time_range/end_time'),
    ],
    'an end at the start of the creation': [
      { time_range: { end_time: '20260101091010' } },
      PARAM('time_range/end_time'),
    ],
    'an end before its own start': [
      { time_range: { start_time: '20260101121011', end_time: '20260101121010' } },
      PARAM('time_range/end_time'),
    ],
    'an end that is no time': [
      { time_range: { end_time: '20260101' } },
      PARAM('time_range/end_time'),
    ],
    'an end later than the call': [
      { time_range: { end_time: beijing(3_000_000) } },
      PARAM('time_range/end_time'),
    ],
    'sharing as text': [{ profit_sharing: 'false' }, PARAM('profit_sharing')],
    'more than the detail costs': [
      { post_payments: [payment('课', 18001)], total_amount: 18001 },
      INVALID,
    ],
    'a service that is not open': [{ service_id: '500001' }, [403, 'NO_AUTH']],
    'an appid of somebody else': [{ appid: 'wx0000000000000000' }, [403, 'NO_AUTH']],
  };
  before(async () => {
    await school.started('1001');
  });
  for (const [what, [change, answer]] of Object.entries(refusals)) {
    test(`${what} is ${answer.join(' ')} and completes nothing`, async () => {
      const body = school.completeBody(18000, change);
      const url = `${ORDERS}/lesson-1001-1/complete`;
      assert.deepEqual(await school.refused('POST', url, body), answer);
      assert.equal((await school.query('lesson-1001-1'))['state_description'], 'USER_CONFIRM');
    });
  }

  test('an end that the creation had need not be said again', async () => {
    await school.started('1002', {
      time_range: { start_time: '20260101091010', end_time: '20260101121010' },
    });
    const body = school.completeBody(18000, { time_range: undefined });
    await school.good('POST', `${ORDERS}/lesson-1002-1/complete`, body);
  });

  test('again with another end, total or service is refused, paid or not', async () => {
    const order = await school.owed('1003');
    const url = `${ORDERS}/${order}/complete`;
    const later = school.completeBody(18000, { time_range: { end_time: '20260101121011' } });
    assert.deepEqual(await school.refused('POST', url, later), INVALID);
    assert.deepEqual(await school.refused('POST', url, school.completeBody(17000)), INVALID);
    await school.control('payscore-pay', { out_order_no: order, notice: 'lost' });
    assert.deepEqual(await school.refused('POST', url, later), INVALID);
  });
});

describe('steps that do not fit', () => {
  const STEPS: Readonly<Record<string, object>> = {
    complete: school.completeBody(18000),
    cancel: { ...school.caller, reason: '取消' },
    modify: school.modifyBody(17000),
    sync: {
      ...school.caller,
      type: 'Order_Paid',
      detail: { paid_time: beijing(30_000) },
    },
    pay: school.caller,
  };
  const take = (order: string, step: string, change: object = {}) =>
    school.refused('POST', `${ORDERS}/${order}/${step}`, { ...STEPS[step], ...change });

  for (const step of Object.keys(STEPS)) {
    test(`${step}: an unknown order, another caller, no JSON`, async () => {
      await school.started(`20-${step}`);
      const order = `lesson-20-${step}-1`;
      assert.deepEqual(await take('lesson-9999-1', step), NO_ORDER);
      assert.deepEqual(await take(order, step, { service_id: '500001' }), [403, 'NO_AUTH']);
      assert.deepEqual(await take(order, step, { appid: 'wx1' }), [403, 'NO_AUTH']);
      assert.deepEqual(await take(order, step, { appid: undefined }), PARAM('appid'));
      const target = `${ORDERS}/${order}/${step}`;
      const { status } = await school.raw({ method: 'POST', target, body: '{' });
      assert.equal(status, 400);
      assert.equal((await school.query(order))['state'], 'DOING');
    });
  }

  test('before the completion there is nothing to modify, to sync or to charge', async () => {
    const order = await school.started('2001');
    for (const step of ['modify', 'sync', 'pay']) {
      assert.deepEqual(await take(order, step), STATE, step);
    }
  });

  test('an order that was only created can be cancelled, and nothing else', async () => {
    await school.control('payscore-order-state', { state: 'CREATED', times: 1 });
    const order = await school.started('2002');
    assert.equal((await school.query(order))['state'], 'CREATED');
    for (const step of ['complete', 'modify', 'sync', 'pay']) {
      assert.deepEqual(await take(order, step), STATE, step);
    }
    const url = `${ORDERS}/${order}/cancel`;
    await school.good('POST', url, STEPS['cancel']);
  });

  test('what is cancelled is cancelled; another reason is another call', async () => {
    const order = await school.owed('2003');
    await school.good('POST', `${ORDERS}/${order}/cancel`, STEPS['cancel']);
    for (const step of ['complete', 'modify', 'sync', 'pay']) {
      assert.deepEqual(await take(order, step), CANCELED, step);
    }
    assert.deepEqual(await take(order, 'cancel', { reason: '别的' }), INVALID);
  });

  test('what is done is done', async () => {
    const order = await school.owed('2004');
    await school.control('payscore-pay', { out_order_no: order, notice: 'lost' });
    for (const step of ['cancel', 'modify', 'sync', 'pay']) {
      assert.deepEqual(await take(order, step), DONE, step);
    }
  });

  test('while it is being charged it cannot be changed, and afterwards it can', async () => {
    const order = await school.owed('2005');
    await school.control('payscore-charging', { out_order_no: order, charging: true });
    for (const step of ['cancel', 'modify', 'sync']) {
      assert.deepEqual(await take(order, step), INVALID, step);
    }
    await school.control('payscore-charging', { out_order_no: order, charging: false });
    await school.good('POST', `${ORDERS}/${order}/modify`, STEPS['modify']);
  });

  test('what shall be paid only falls', async () => {
    const order = await school.owed('2006');
    const total = (amount: number) => school.modifyBody(amount);
    assert.deepEqual(await take(order, 'modify', total(18000)), INVALID);
    await school.good('POST', `${ORDERS}/${order}/modify`, total(17000));
    assert.deepEqual(await take(order, 'modify', total(17000)), INVALID);
    assert.deepEqual(await take(order, 'modify', { total_amount: 1 }), PARAM('total_amount'));
    assert.deepEqual(await take(order, 'modify', { reason: undefined }), PARAM('reason'));
    const long = { reason: '长'.repeat(51) };
    assert.deepEqual(await take(order, 'modify', long), PARAM('reason'));
    assert.deepEqual(await take(order, 'cancel', long), PARAM('reason'));
    assert.deepEqual(await take(order, 'cancel', { reason: undefined }), PARAM('reason'));
    assert.equal((await school.query(order))['total_amount'], 17000);
  });

  test('a payment by another way came after the completion, and not in the future', async () => {
    const order = await school.owed('2007');
    const paid = (paid_time: string) => ({ detail: { paid_time } });
    for (const time of [beijing(-1_000), beijing(0), beijing(61_000), beijing(0).slice(0, 8)]) {
      assert.deepEqual(await take(order, 'sync', paid(time)), PARAM('detail/paid_time'), time);
    }
    assert.deepEqual(await take(order, 'sync', paid('2026')), PARAM('detail/paid_time'));
    assert.deepEqual(await take(order, 'sync', { type: 'ORDER_PAID' }), PARAM('type'));
    assert.deepEqual(await take(order, 'sync', { detail: undefined }), PARAM('detail'));
    assert.equal((await school.query(order))['state'], 'DOING');
  });
});
