import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { virtualTimers } from '../../unit/simulator/virtual-timers.ts';
import { REFUNDS } from './outside-client.ts';
import { collectionOf, ORDERS, openSchool } from './payscore-shop.ts';

const clock = virtualTimers(Date.now() - 100_000);
const school = await openSchool({ timers: clock.timers });
after(() => school.simulator.close());

const kept = async (order: string): Promise<Readonly<Record<string, unknown>>> => {
  const { service_orders: found } = await school.read(`service-orders?out_order_no=${order}`);
  return (found as Readonly<Record<string, unknown>>[])[0] ?? {};
};

const statusOf = async (name: string, input: object) =>
  (await school.tryControl(name, input)).status;

describe('the payer', () => {
  test('a charge succeeds after its failures, one each delay', async () => {
    await school.control('payscore-charges', {
      outcome: 'paid',
      delay_s: 2,
      failures: 2,
      times: 1,
    });
    const order = await school.started('0001');
    await school.good('POST', `${ORDERS}/${order}/complete`, school.completeBody(18000));
    await clock.advance(5_999);
    const before = await kept(order);
    assert.deepEqual([before['state'], before['failed_charges']], ['DOING', 2]);
    await clock.advance(1);
    assert.equal((await kept(order))['state'], 'DONE');
  });

  test('a failing charge stays so until the merchant asks again; a coming one is not put off', async () => {
    const order = await school.owed('0002');
    const ask = () => school.good('POST', `${ORDERS}/${order}/pay`, school.caller);
    await clock.advance(10_000);
    assert.equal(collectionOf(await school.query(order))['state'], 'USER_PAYING');
    const { order_id: id } = await school.query(order);
    assert.deepEqual(await ask(), {
      out_order_no: order,
      ...school.caller,
      mchid: school.merchant.mchid,
      order_id: id,
    });
    await clock.advance(3_000);
    await ask();
    await clock.advance(2_000);
    assert.equal((await school.query(order))['state'], 'DONE');
  });

  test('what ends an order calls its charge off', async () => {
    const paidAt = new Date(clock.timers.now() + 28_830_000).toISOString().replace(/\D/g, '');
    const detail = { paid_time: paidAt.slice(0, 14) };
    const ends: Readonly<Record<string, object>> = {
      cancel: { ...school.caller, reason: '取消' },
      sync: { ...school.caller, type: 'Order_Paid', detail },
      modify: school.modifyBody(0),
    };
    for (const [step, body] of Object.entries(ends)) {
      const order = await school.started(`01-${step}`);
      await school.good('POST', `${ORDERS}/${order}/complete`, school.completeBody(18000));
      assert.equal((await kept(order))['charge_to_come'], true);
      await school.good('POST', `${ORDERS}/${order}/${step}`, body);
      assert.equal((await kept(order))['charge_to_come'], false, step);
    }
    const order = await school.started('01-pay');
    await school.good('POST', `${ORDERS}/${order}/complete`, school.completeBody(18000));
    await school.control('payscore-pay', { out_order_no: order, notice: 'lost' });
    assert.equal((await kept(order))['charge_to_come'], false);
  });

  test('completing again starts no charge, and a free order uses no plan for charges up', async () => {
    const order = await school.owed('0007');
    await school.good('POST', `${ORDERS}/${order}/complete`, school.completeBody(18000));
    assert.equal((await kept(order))['charge_to_come'], false);
    await school.control('payscore-charges', { outcome: 'failing', times: 1 });
    const free = await school.started('0008');
    await school.good('POST', `${ORDERS}/${free}/complete`, school.completeBody(0));
    const { standing_charges: standing } = await school.read('state');
    assert.deepEqual(standing, { outcome: 'failing', remaining: 1 });
    await school.control('payscore-charges', { outcome: 'paid' });
  });

  test('two payments have two numbers', async () => {
    const numbers: unknown[] = [];
    for (const number of ['0009', '0010']) {
      const order = await school.owed(number);
      await school.control('payscore-pay', { out_order_no: order, notice: 'lost' });
      const { details } = collectionOf(await school.query(order)) as {
        details: [{ transaction_id: string }];
      };
      numbers.push(details[0].transaction_id);
    }
    assert.notEqual(numbers[0], numbers[1]);
  });

  test('a forced charge comes although the order was cancelled, or paid by another way', async () => {
    const cancelled = await school.owed('0003');
    const why = { ...school.caller, reason: '取消' };
    await school.good('POST', `${ORDERS}/${cancelled}/cancel`, why);
    const named = { out_order_no: cancelled };
    assert.equal(await statusOf('payscore-pay', named), 409);
    await school.control('payscore-pay', { ...named, force: true, notice: 'lost' });
    assert.equal((await school.query(cancelled))['state'], 'DONE');
    assert.equal(await statusOf('payscore-pay', { ...named, force: true }), 409);

    const synced = await school.owed('0004');
    const paidAt = new Date(clock.timers.now() + 28_830_000).toISOString().replace(/\D/g, '');
    const detail = { paid_time: paidAt.slice(0, 14) };
    const body = { ...school.caller, type: 'Order_Paid', detail };
    await school.good('POST', `${ORDERS}/${synced}/sync`, body);
    await school.control('payscore-pay', { out_order_no: synced, force: true, notice: 'lost' });
    const details = collectionOf(await school.query(synced))['details'] as { paid_type: string }[];
    assert.deepEqual(
      details.map(({ paid_type }) => paid_type),
      ['MCH', 'NEWTON'],
    );
  });

  test('what cannot be is refused', async () => {
    const order = await school.started('0005');
    const named = { out_order_no: order };
    const signPlan = { merchant_sign_plan_no: 'sign-0005' };
    assert.equal(await statusOf('payscore-pay', named), 409);
    assert.equal(await statusOf('payscore-pay', { ...named, force: true }), 409);
    assert.equal(await statusOf('payscore-charging', { ...named, charging: true }), 409);
    assert.equal(await statusOf('payscore-confirm', named), 409);
    assert.equal(await statusOf('payscore-sign', signPlan), 409);
    await school.offered('0006');
    const unsigned = { merchant_sign_plan_no: 'sign-0006' };
    assert.equal(await statusOf('payscore-user-cancel', unsigned), 409);
    await school.control('payscore-expire', unsigned);
    assert.equal((await school.querySignPlan('0006'))['sign_state'], 'EXPIRE');
    assert.equal(await statusOf('payscore-sign', unsigned), 409);
    assert.equal(await statusOf('payscore-expire', unsigned), 409);
  });

  const inputs: readonly (readonly [string, object, number])[] = [
    ['payscore-sign', {}, 400],
    ['payscore-sign', { merchant_sign_plan_no: 'sign-9999' }, 404],
    ['payscore-sign', { merchant_sign_plan_no: 'sign-0005', mchid: '1' }, 400],
    ['payscore-sign', { merchant_sign_plan_no: 'sign-0005', notice: 'late' }, 400],
    ['payscore-user-cancel', { merchant_sign_plan_no: 'sign-0005', type: 'MERCHANT' }, 400],
    ['payscore-user-cancel', { merchant_sign_plan_no: 'sign-0005', delay_s: 1 }, 400],
    ['payscore-user-cancel', { merchant_sign_plan_no: 'sign-9999' }, 404],
    ['payscore-expire', { merchant_sign_plan_no: 1 }, 400],
    ['payscore-expire', { merchant_sign_plan_no: 'sign-9999' }, 404],
    ['payscore-pay', { out_order_no: 'lesson-9999-1' }, 404],
    ['payscore-pay', { out_order_no: 'lesson-0005-1', force: 1 }, 400],
    ['payscore-pay', { out_order_no: 'lesson-0005-1', notice: 'never' }, 400],
    ['payscore-confirm', { out_order_no: 'lesson-9999-1' }, 404],
    ['payscore-confirm', { out_order_no: 'lesson-0005-1', notice: 'late' }, 400],
    ['payscore-charging', { out_order_no: 'lesson-0005-1' }, 400],
    ['payscore-charging', { out_order_no: 'lesson-9999-1', charging: true }, 404],
    ['payscore-charges', { outcome: 'normal' }, 400],
    ['payscore-charges', { outcome: 'failing', delay_s: 1 }, 400],
    ['payscore-charges', { outcome: 'failing', failures: 1 }, 400],
    ['payscore-charges', { outcome: 'paid', times: 0 }, 400],
    ['payscore-order-state', { state: 'DONE' }, 400],
    ['payscore-texts', {}, 400],
    ['payscore-odd-samples', { on: 'yes' }, 400],
    ['notices', { mode: 'lost', of: 'plans' }, 400],
  ];
  for (const [name, input, status] of inputs) {
    test(`${name} ${JSON.stringify(input)} is ${status}`, async () => {
      assert.equal(await statusOf(name, input), status);
    });
  }
});

describe('refunds of a service order', () => {
  test('by the transaction; the order stays done, and its number is of no use', async () => {
    const order = await school.owed('1001');
    await school.control('payscore-pay', { out_order_no: order, notice: 'lost' });
    const done = await school.query(order);
    const [paid] = collectionOf(done)['details'] as [{ transaction_id: string }];
    const body = {
      transaction_id: paid.transaction_id,
      out_refund_no: 'refund-1001',
      amount: { refund: 8000, total: 18000, currency: 'CNY' },
    };
    const byNumber = { ...body, transaction_id: undefined, out_trade_no: order };
    const unknown = [404, 'RESOURCE_NOT_EXISTS'];
    assert.deepEqual(await school.refused('POST', REFUNDS, byNumber), unknown);
    const refund = await school.good('POST', REFUNDS, body);
    const { out_trade_no: made } = refund;
    assert.match(String(made), /^1000\d{24}$/);
    await clock.advance(5_000);
    const { data } = await school.queryRefund('refund-1001');
    assert.deepEqual([data['status'], data['out_trade_no']], ['SUCCESS', made]);
    assert.deepEqual(await school.query(order), done);
    const byMade = { ...byNumber, out_trade_no: made, out_refund_no: 'refund-1002' };
    const more = await school.refused('POST', REFUNDS, {
      ...byMade,
      amount: { ...body.amount, refund: 10001 },
    });
    assert.deepEqual(more, [400, 'INVALID_REQUEST']);
  });

  test('what was paid by another way, or cost nothing, has no transaction', async () => {
    const order = await school.owed('1002');
    const paidAt = new Date(clock.timers.now() + 28_830_000).toISOString().replace(/\D/g, '');
    const detail = { paid_time: paidAt.slice(0, 14) };
    const body = { ...school.caller, type: 'Order_Paid', detail };
    const synced = await school.good('POST', `${ORDERS}/${order}/sync`, body);
    const [paid] = collectionOf(synced)['details'] as [object];
    assert.equal('transaction_id' in paid, false);
  });
});

describe('readings', () => {
  test('plans, sign plans and orders, newest first, and those that are asked for', async () => {
    await school.started('3001');
    await school.started('3002');
    const numbers = async (name: string, field: string) => {
      const [found] = Object.values(await school.read(name)) as Record<string, unknown>[][];
      return found?.map((one) => one[field]);
    };
    assert.deepEqual(await numbers('plans?limit=2', 'merchant_plan_no'), [
      'plan-3002',
      'plan-3001',
    ]);
    const one = 'sign-plans?merchant_sign_plan_no=sign-3001';
    assert.deepEqual(await numbers(one, 'merchant_sign_plan_no'), ['sign-3001']);
    const orders = 'service-orders?merchant_sign_plan_no=sign-3002';
    assert.deepEqual(await numbers(orders, 'out_order_no'), ['lesson-3002-1']);
    assert.deepEqual(await numbers('plans?mchid=1', 'merchant_plan_no'), []);
    for (const name of ['plans', 'sign-plans', 'service-orders']) {
      assert.match(String((await school.read(`${name}?limit=0`))['error']), /^\/limit/);
    }
  });

  test('the state tells what stands', async () => {
    await school.control('payscore-charges', { outcome: 'failing', times: 3 });
    await school.control('payscore-order-state', { state: 'CREATED', times: 2 });
    await school.control('notices', { of: 'sign-plans', mode: 'lost', times: 1 });
    const state = await school.read('state');
    assert.deepEqual(
      [
        state['standing_charges'],
        state['standing_creations'],
        state['standing_sign_plan_notices'],
        state['standing_service_order_notices'],
        state['payscore_texts'],
        state['payscore_odd_samples'],
      ],
      [
        { outcome: 'failing', remaining: 3 },
        { state: 'CREATED', remaining: 2 },
        { mode: 'lost', remaining: 1 },
        { mode: 'normal' },
        false,
        false,
      ],
    );
    const [merchant] = state['merchants'] as [{ services: unknown }];
    assert.deepEqual(merchant.services, [
      { id: school.service.id, max_days: 365, max_deductions: 100 },
    ]);
  });
});

test('a stopped simulator owes no charge', async () => {
  const other = virtualTimers(Date.now());
  const brief = await openSchool({ timers: other.timers });
  const order = await brief.started('0001');
  await brief.good('POST', `${ORDERS}/${order}/complete`, brief.completeBody(18000));
  assert.equal(other.waiting(), 1);
  await brief.simulator.close();
  assert.equal(other.waiting(), 0);
});
