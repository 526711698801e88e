import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { virtualTimers } from '../../unit/simulator/virtual-timers.ts';
import { collectionOf, detailsOf, ORDERS, openSchool } from './payscore-shop.ts';

// Calls may be five minutes off either way; the tests move the clock by two in all.
const clock = virtualTimers(Date.now() - 60_000);
const school = await openSchool({ timers: clock.timers });
after(() => school.simulator.close());

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/;

describe('service orders', () => {
  test('an order is in use at once, and its number has another name from then on', async () => {
    await school.signed('2001');
    const { sign_plan_id: id } = await school.querySignPlan('2001');
    const more = { attach: 'a%3D1', location: { start_location: 'xxx体育馆' } };
    const body = school.orderBody('2001', 1, id, more);
    const url = '/v3/payscore/sign-plan/serviceorder';
    const { order_id: orderId, ...order } = await school.good('POST', url, body);
    assert.match(String(orderId), /^150000\d{26}$/);
    const known = {
      out_order_no: 'lesson-2001-1',
      service_id: school.service.id,
      appid: school.merchant.appid,
      mchid: school.merchant.mchid,
      service_introduction: '羽毛球基础课程',
      state: 'DOING',
      state_description: 'USER_CONFIRM',
      post_payments: [],
      post_discounts: [],
      risk_fund: { name: 'ESTIMATE_ORDER_COST', amount: 18000 },
      time_range: { start_time: '20260101091010' },
      location: { start_location: 'xxx体育馆' },
      attach: 'a%3D1',
      notify_url: 'https://pay.example.com/payscore',
    };
    assert.deepEqual(order, known);
    assert.deepEqual(await school.good('POST', url, body), { ...order, order_id: orderId });
    const seen = await school.query('lesson-2001-1');
    assert.deepEqual(seen, { ...known, openid: body['openid'], order_id: orderId });
  });

  test('a detail is paid five seconds after its completion, and the next one can be used', async () => {
    const order = await school.started('2002');
    const url = `${ORDERS}/${order}/complete`;
    const completed = await school.good('POST', url, school.completeBody(18000));
    assert.deepEqual(
      [completed['state'], completed['state_description'], completed['need_collection']],
      ['DOING', 'MCH_COMPLETE', true],
    );
    assert.deepEqual(completed['time_range'], {
      start_time: '20260101091010',
      end_time: '20260101121010',
    });
    assert.equal('collection' in completed, false);
    await clock.advance(4_999);
    const owed = await school.query(order);
    assert.deepEqual(owed['collection'], {
      state: 'USER_PAYING',
      total_amount: 18000,
      paying_amount: 18000,
      paid_amount: 0,
      details: [],
    });
    await clock.advance(1);
    const done = await school.query(order);
    assert.deepEqual([done['state'], 'state_description' in done], ['DONE', false]);
    const [paid] = collectionOf(done)['details'] as [Record<string, unknown>];
    const { transaction_id: transactionId, paid_time: paidAt, ...rest } = paid;
    assert.match(String(transactionId), /^4200002001\d{18}$/);
    assert.match(String(paidAt), /^\d{14}$/);
    assert.deepEqual(rest, { seq: 1, amount: 18000, paid_type: 'NEWTON', promotion_detail: [] });
    assert.deepEqual(
      { ...collectionOf(done), details: undefined },
      {
        state: 'USER_PAID',
        total_amount: 18000,
        paying_amount: 0,
        paid_amount: 18000,
        details: undefined,
        bank_type: 'OTHERS',
      },
    );
    const signPlan = await school.querySignPlan('2002');
    const [first] = detailsOf(signPlan);
    assert.deepEqual(
      [signPlan['going_detail_no'], first?.['plan_detail_state'], first?.['actual_pay_price']],
      [1, 'USED', 18000],
    );
    assert.match(String(first?.['use_time']), RFC3339);
    assert.match(String(first?.['complete_time']), RFC3339);
    assert.equal(first?.['order_id'], done['order_id']);
    await school.use('2002', 2);
    assert.equal((await school.querySignPlan('2002'))['going_detail_no'], 2);
  });

  test('a sign plan is complete when each detail is used or cancelled', async () => {
    const first = await school.owed('2003');
    await school.control('payscore-pay', { out_order_no: first, notice: 'lost' });
    const second = await school.use('2003', 2);
    const reason = { ...school.caller, reason: '用户投诉' };
    const names = await school.good('POST', `${ORDERS}/${second}/cancel`, reason);
    const { order_id: id, ...rest } = names;
    assert.match(String(id), /^150000\d{26}$/);
    assert.deepEqual(rest, {
      out_order_no: second,
      ...school.caller,
      mchid: school.merchant.mchid,
    });
    assert.deepEqual(await school.good('POST', `${ORDERS}/${second}/cancel`, reason), names);
    const third = await school.use('2003', 3);
    assert.equal((await school.querySignPlan('2003'))['sign_state'], 'SIGNED');
    const free = await school.good('POST', `${ORDERS}/${third}/complete`, school.completeBody(0));
    assert.deepEqual(
      [free['state'], free['need_collection'], free['total_amount']],
      ['DONE', false, 0],
    );
    const signPlan = await school.querySignPlan('2003');
    assert.equal(signPlan['sign_state'], 'COMPLETE');
    const states = detailsOf(signPlan).map((detail) => detail['plan_detail_state']);
    assert.deepEqual(states, ['USED', 'SIGN_PLAN_DETAIL_CANCEL', 'USED']);
    assert.match(String(detailsOf(signPlan)[1]?.['cancel_time']), RFC3339);
    const {
      service_orders: [told],
    } = (await school.read(`service-orders?out_order_no=${third}`)) as {
      service_orders: [Record<string, unknown>];
    };
    assert.deepEqual([told['deliveries'], 'collection' in told], [[], false]);
  });

  test('an order is found by the query_id of the front end', async () => {
    const order = await school.started('2004');
    const {
      service_orders: [told],
    } = (await school.read(`service-orders?out_order_no=${order}`)) as {
      service_orders: [Record<string, unknown>];
    };
    const { id } = school.service;
    const asked = `service_id=${id}&query_id=${told['query_id']}&appid=${school.merchant.appid}`;
    assert.deepEqual(await school.good('GET', `${ORDERS}?${asked}`), await school.query(order));
  });

  test('completing again with the same fields is the same answer, whatever became of it', async () => {
    const location = { start_location: 'A', end_location: 'B' };
    const order = await school.started('2005', { location, attach: 'a' });
    const url = `${ORDERS}/${order}/complete`;
    const body = school.completeBody(18000, { location: { end_location: 'C' } });
    const first = await school.good('POST', url, body);
    const { order_id: id } = first;
    assert.deepEqual(first, {
      out_order_no: order,
      ...school.caller,
      mchid: school.merchant.mchid,
      order_id: id,
      service_introduction: '羽毛球基础课程',
      state: 'DOING',
      state_description: 'MCH_COMPLETE',
      post_payments: [{ name: '羽毛球课', amount: 18000 }],
      post_discounts: [],
      risk_fund: { name: 'ESTIMATE_ORDER_COST', amount: 18000 },
      total_amount: 18000,
      need_collection: true,
      time_range: { start_time: '20260101091010', end_time: '20260101121010' },
      location: { start_location: 'A', end_location: 'C' },
    });
    assert.deepEqual(await school.good('POST', url, body), first);
    await clock.advance(5_000);
    const later = await school.good('POST', url, body);
    assert.equal(later['state'], 'DONE');
  });

  test('less can be asked for, and less again; the charge takes what is asked for then', async () => {
    const order = await school.started('2006');
    await school.good('POST', `${ORDERS}/${order}/complete`, school.completeBody(18000));
    const url = `${ORDERS}/${order}/modify`;
    const less = await school.good('POST', url, school.modifyBody(17000));
    assert.deepEqual([less['total_amount'], less['state_description']], [17000, 'MCH_COMPLETE']);
    await school.good('POST', url, school.modifyBody(16000));
    await clock.advance(5_000);
    const done = await school.query(order);
    assert.deepEqual([done['state'], collectionOf(done)['paid_amount']], ['DONE', 16000]);
    const [first] = detailsOf(await school.querySignPlan('2006'));
    assert.equal(first?.['actual_pay_price'], 16000);
  });

  test('nothing to pay any more is done, and no charge comes', async () => {
    const order = await school.started('2007');
    await school.good('POST', `${ORDERS}/${order}/complete`, school.completeBody(18000));
    const free = await school.good('POST', `${ORDERS}/${order}/modify`, school.modifyBody(0));
    assert.deepEqual([free['state'], free['need_collection']], ['DONE', false]);
    await clock.advance(5_000);
    assert.equal('collection' in (await school.query(order)), false);
  });

  test('what the merchant got by another way ends the charges', async () => {
    const order = await school.started('2008');
    await school.good('POST', `${ORDERS}/${order}/complete`, school.completeBody(18000));
    await clock.advance(2_000);
    const paidAt = new Date(clock.timers.now() + 28_800_000).toISOString().replace(/\D/g, '');
    const synced = await school.good('POST', `${ORDERS}/${order}/sync`, {
      ...school.caller,
      type: 'Order_Paid',
      detail: { paid_time: paidAt.slice(0, 14) },
    });
    const details = [
      {
        seq: 1,
        amount: 18000,
        paid_type: 'MCH',
        paid_time: paidAt.slice(0, 14),
        promotion_detail: [],
      },
    ];
    assert.deepEqual([synced['state'], collectionOf(synced)['details']], ['DONE', details]);
    await clock.advance(5_000);
    assert.deepEqual(await school.query(order), synced);
  });

  test('an order that waits for its payment can be cancelled, and no charge comes', async () => {
    const order = await school.started('2009');
    await school.good('POST', `${ORDERS}/${order}/complete`, school.completeBody(18000));
    const reason = { ...school.caller, reason: '用户投诉' };
    await school.good('POST', `${ORDERS}/${order}/cancel`, reason);
    await clock.advance(5_000);
    assert.equal((await school.query(order))['state'], 'REVOKED');
  });
});
