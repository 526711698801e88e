import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { virtualTimers } from '../../unit/simulator/virtual-timers.ts';
import { first, noticeReader } from './notice-reader.ts';
import {
  collectionOf,
  detailsOf,
  NEW_ORDER,
  ORDERS,
  openSchool,
  SIGN_PLANS,
} from './payscore-shop.ts';
import { type Received, startReceiver } from './receiver.ts';

const school = await openSchool({ answerLimitMs: 500 });
after(() => school.simulator.close());
const { opened, verifies } = noticeReader(school);

const outer = ({ body }: Received) => JSON.parse(body);

/** A sign plan, not signed yet, that tells a receiver. */
const offeredTo = async (number: string, notify_url: string) => {
  await school.offered(number, { notify_url });
  return { merchant_sign_plan_no: `sign-${number}` };
};

/** An order that waits for its payment and tells a receiver. */
const owedTo = async (number: string, notify_url: string) => ({
  out_order_no: await school.owed(number, { notify_url }),
});

describe('notices of sign plans', () => {
  test('that a plan was signed is told at once, signed and encrypted', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await school.control('payscore-sign', await offeredTo('0001', receiver.url));
    await receiver.arrived(1);
    const notice = first(receiver.received);
    assert.equal(verifies(notice), true);
    const { id, create_time: createdAt, resource, ...rest } = outer(notice);
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.match(createdAt, /\+08:00$/);
    assert.deepEqual(rest, {
      resource_type: 'encrypt-resource',
      event_type: 'PAYSCORE.USER_SIGN_PLAN',
      summary: '用户签约计划',
    });
    assert.deepEqual([resource.original_type, resource.associated_data], ['payscore', 'payscore']);
    const seen = await school.querySignPlan('0001');
    assert.deepEqual(opened(notice), {
      ...seen,
      cancel_sign_time: '',
      cancel_reason: '',
      signed_detail_list: detailsOf(seen).map((detail) => ({
        order_id: '',
        plan_discount_description: '',
        actual_pay_price: 0,
        use_time: '',
        complete_time: '',
        cancel_time: '',
        ...detail,
      })),
    });
  });

  test('a user who cancels is told under another id; a merchant who stops is told nothing', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    const named = await offeredTo('0002', receiver.url);
    await school.control('payscore-sign', named);
    await school.control('payscore-user-cancel', { ...named, reason: '不学了' });
    await receiver.arrived(2);
    const [signed, cancelled] = receiver.received.map(outer);
    assert.equal(cancelled.event_type, 'PAYSCORE.USER_CANCEL_SIGN_PLAN');
    assert.notEqual(cancelled.id, signed.id);
    const content = opened(receiver.received[1] ?? first([]));
    assert.deepEqual(
      [content['sign_state'], content['cancel_sign_type'], content['cancel_reason']],
      ['SIGN_PLAN_CANCEL', 'USER', '不学了'],
    );
    const other = await offeredTo('0003', receiver.url);
    await school.control('payscore-sign', { ...other, notice: 'lost' });
    const url = `${SIGN_PLANS}/merchant-sign-plan-no/sign-0003/stop`;
    await school.good('POST', url, { stop_reason: '停' });
    const {
      sign_plans: [told],
    } = (await school.read('sign-plans?merchant_sign_plan_no=sign-0003')) as {
      sign_plans: [{ deliveries: { error: string }[] }];
    };
    assert.deepEqual(
      told.deliveries.map(({ error }) => error),
      ['lost on the way'],
    );
    assert.equal(receiver.received.length, 2);
  });

  test('one that nobody takes comes every minute, eleven times in all', async () => {
    const clock = virtualTimers(Date.now());
    const other = await openSchool({ timers: clock.timers });
    await other.offered('0001');
    await other.control('payscore-sign', { merchant_sign_plan_no: 'sign-0001' });
    const sends = async () => {
      const {
        sign_plans: [told],
      } = (await other.read('sign-plans')) as {
        sign_plans: [{ deliveries: { attempt: number }[] }];
      };
      return told.deliveries.length;
    };
    await clock.advance(59_999);
    assert.equal(await sends(), 1);
    await clock.advance(1);
    assert.equal(await sends(), 2);
    await clock.advance(86_400_000);
    assert.equal(await sends(), 11);
    assert.equal(clock.waiting(), 0);
    await other.simulator.close();
  });

  test('standing modes strike the notices of sign plans, and of nothing else', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await school.control('notices', { of: 'sign-plans', mode: 'tripled', times: 1 });
    const named = await offeredTo('0004', receiver.url);
    const order = await owedTo('0005', receiver.url);
    await school.control('payscore-pay', order);
    await receiver.arrived(1);
    assert.equal(outer(first(receiver.received)).event_type, 'PAYSCORE.USER_PAID');
    await school.control('payscore-sign', named);
    await receiver.arrived(4);
    await school.control('notices', { of: 'service-orders', mode: 'lost', times: 1 });
    await school.control('payscore-pay', await owedTo('0006', receiver.url));
    const {
      service_orders: [told],
    } = (await school.read('service-orders?out_order_no=lesson-0006-1')) as {
      service_orders: [{ deliveries: { error: string }[] }];
    };
    assert.equal(told.deliveries[0]?.error, 'lost on the way');
    assert.equal(receiver.received.length, 4);
  });

  test('a first try may be a probe', async (t) => {
    const receiver = await startReceiver(401, 204);
    t.after(receiver.close);
    const named = await offeredTo('0007', receiver.url);
    await school.control('payscore-sign', { ...named, notice: 'probed' });
    await receiver.arrived(1);
    const notice = first(receiver.received);
    assert.match(String(notice.headers['wechatpay-signature']), /^WECHATPAY\/SIGNTEST\//);
    assert.equal(verifies(notice), false);
  });
});

describe('notices of service orders', () => {
  test('that an order was paid is told as the query shows it', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    const order = await owedTo('1001', receiver.url);
    await school.control('payscore-pay', order);
    await receiver.arrived(1);
    const notice = first(receiver.received);
    assert.equal(verifies(notice), true);
    assert.deepEqual(opened(notice), await school.query(order.out_order_no));
    const { event_type: eventType, resource, summary } = outer(notice);
    assert.deepEqual([eventType, summary], ['PAYSCORE.USER_PAID', '用户支付成功']);
    assert.deepEqual(
      [resource.original_type, resource.associated_data],
      ['payscore', 'transaction'],
    );
  });

  test('a confirmation is told for an order that was only created', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await school.control('payscore-order-state', { state: 'CREATED', times: 1 });
    const order = await school.started('1002', { notify_url: receiver.url });
    await school.control('payscore-confirm', { out_order_no: order });
    await receiver.arrived(1);
    const notice = first(receiver.received);
    assert.equal(outer(notice).event_type, 'PAYSCORE.USER_CONFIRM');
    const { state, state_description: description } = opened(notice);
    assert.deepEqual([state, description], ['DOING', 'USER_CONFIRM']);
    const again = await school.tryControl('payscore-confirm', { out_order_no: order });
    assert.equal(again.status, 409);
  });

  test('one that nobody takes is sent sixteen times in a day', async () => {
    const clock = virtualTimers(Date.now());
    const other = await openSchool({ timers: clock.timers });
    const order = await other.owed('0001');
    await other.control('payscore-pay', { out_order_no: order });
    await clock.advance(86_639_999);
    const sends = async () => {
      const {
        service_orders: [told],
      } = (await other.read('service-orders')) as {
        service_orders: [{ deliveries: unknown[] }];
      };
      return told.deliveries.length;
    };
    assert.equal(await sends(), 15);
    await clock.advance(1);
    assert.equal(await sends(), 16);
    assert.equal(clock.waiting(), 0);
    await other.simulator.close();
  });

  test('a service is given and withdrawn', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    const user = { openid: 'oUser', notify_url: receiver.url };
    await school.control('payscore-service', { ...user, status: 'open' });
    await receiver.arrived(1);
    await school.control('payscore-service', { ...user, status: 'close' });
    await receiver.arrived(2);
    const events = receiver.received.map((notice) => outer(notice).event_type);
    assert.deepEqual(events, ['PAYSCORE.USER_OPEN_SERVICE', 'PAYSCORE.USER_CLOSE_SERVICE']);
    const { openorclose_time: at, ...content } = opened(receiver.received[1] ?? first([]));
    assert.match(String(at), /^\d{14}$/);
    assert.deepEqual(content, {
      ...school.caller,
      mchid: school.merchant.mchid,
      openid: 'oUser',
      user_service_status: 'USER_CLOSE_SERVICE',
      authorization_code: '',
      out_request_no: '',
    });
    for (const wrong of [
      { ...user, status: 'open', service_id: '1' },
      { ...user, status: 'open', notify_url: 'http://pay.example.com' },
      { ...user, status: 'shut' },
      { status: 'open', notify_url: receiver.url },
    ]) {
      const { status } = await school.tryControl('payscore-service', wrong);
      assert.notEqual(status, 200);
    }
  });
});

describe('contents like the samples of WeChat Pay', () => {
  test('notices contradict themselves when told to; queries do not', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    const named = await offeredTo('2001', receiver.url);
    await school.control('payscore-odd-samples', { on: true });
    t.after(() => school.control('payscore-odd-samples', { on: false }));
    await school.control('payscore-sign', named);
    await receiver.arrived(1);
    assert.equal(opened(first(receiver.received))['sign_state'], 'UNSIGNED');
    assert.equal((await school.querySignPlan('2001'))['sign_state'], 'SIGNED');
    const { sign_plan_id: id } = await school.querySignPlan('2001');
    const body = school.orderBody('2001', 1, id, { notify_url: receiver.url });
    await school.good('POST', NEW_ORDER, body);
    await school.control('payscore-charges', { outcome: 'failing', times: 1 });
    const url = `${ORDERS}/lesson-2001-1/complete`;
    await school.good('POST', url, school.completeBody(18000));
    await school.control('payscore-pay', { out_order_no: 'lesson-2001-1' });
    await receiver.arrived(2);
    const paid = opened(receiver.received[1] ?? first([]));
    const { state, paying_amount: paying } = collectionOf(paid);
    assert.deepEqual([paid['state'], state, paying], ['DONE', '', 18000]);
    assert.equal(collectionOf(await school.query('lesson-2001-1'))['state'], 'USER_PAID');
  });

  test('answers print numbers as text when told to, still signed', async (t) => {
    const order = await school.owed('2002');
    await school.control('payscore-texts', { on: true });
    t.after(() => school.control('payscore-texts', { on: false }));
    const seen = await school.query(order);
    assert.deepEqual(
      [seen['total_amount'], collectionOf(seen)['paying_amount']],
      ['18000', '18000'],
    );
    assert.equal(seen['need_collection'], true);
    assert.equal(detailsOf(await school.querySignPlan('2002'))[2]?.['actual_price'], '0');
  });
});
