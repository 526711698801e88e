import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { first, noticeReader } from './notice-reader.ts';
import { collectionOf, ORDERS, openSchool, SIGN_PLANS } from './payscore-shop.ts';
import { startReceiver } from './receiver.ts';

const school = await openSchool({ answerLimitMs: 500 });
after(() => school.simulator.close());
const { opened, verifies } = noticeReader(school);

const receiver = await startReceiver(204);
after(receiver.close);
await school.offered('0001', { notify_url: receiver.url });
await school.signed('0002', { notify_url: receiver.url });
const running = await school.started('0003', { notify_url: receiver.url });
const paid = await school.owed('0004', { notify_url: receiver.url });
await school.control('payscore-pay', { out_order_no: paid, notice: 'lost' });

const UNSIGNED = { merchant_sign_plan_no: 'sign-0001' };
const SIGNED = { merchant_sign_plan_no: 'sign-0002' };
const RUNNING = { out_order_no: running };
const PAID = { out_order_no: paid };

/** Sends one and gives it as it came. */
const sent = async (input: object) => {
  const before = receiver.received.length;
  const answer = await school.control('payscore-notice', input);
  assert.deepEqual([answer['statuses'], answer['errors']], [[204], []]);
  return first(receiver.received.slice(before));
};

describe('odd notices of PayScore', () => {
  for (const [what, named, eventType] of [
    ['sign plan', SIGNED, 'PAYSCORE.USER_SIGN_PLAN'],
    ['service order', PAID, 'PAYSCORE.USER_PAID'],
  ] as const) {
    test(`a ${what}'s own notice again has the same id; an untrue one has its own`, async () => {
      const ids: string[] = [];
      for (const kind of ['true', 'true', 'untrue']) {
        const notice = await sent({ ...named, kind });
        assert.equal(verifies(notice), true);
        const { id, event_type } = JSON.parse(notice.body);
        assert.equal(event_type, eventType);
        ids.push(id);
      }
      assert.equal(ids[0], ids[1]);
      assert.notEqual(ids[0], ids[2]);
    });

    test(`a ${what}'s forged, tampered and probing notices do not verify`, async () => {
      for (const kind of ['forged', 'tampered', 'probe']) {
        assert.equal(verifies(await sent({ ...named, kind })), false, kind);
      }
    });

    test(`a ${what}'s stale notice verifies and is ten minutes old`, async () => {
      const notice = await sent({ ...named, kind: 'stale' });
      assert.equal(verifies(notice), true);
      const age = Date.now() / 1000 - Number(notice.headers['wechatpay-timestamp']);
      assert.equal(Math.abs(age - 600) < 10, true);
    });

    test(`a ${what}'s notice under another key does not open`, async () => {
      const notice = await sent({ ...named, kind: 'wrong-apiv3-key' });
      assert.equal(verifies(notice), true);
      assert.throws(() => opened(notice));
    });

    test(`a ${what}'s unknown event and foreign merchant are well signed`, async () => {
      const unknown = await sent({ ...named, kind: 'unknown-event' });
      assert.equal(JSON.parse(unknown.body).event_type, 'PAYSCORE.UNHEARD_OF');
      const foreign = await sent({ ...named, kind: 'foreign-mchid' });
      assert.deepEqual([verifies(foreign), opened(foreign)['mchid']], [true, '1900000001']);
    });
  }

  test('an untrue one says signed, or cancelled, which is not so', async () => {
    const signed = opened(await sent({ ...UNSIGNED, kind: 'untrue' }));
    assert.equal(signed['sign_state'], 'SIGNED');
    assert.match(String(signed['sign_time']), /\+08:00$/);
    const cancelled = opened(await sent({ ...SIGNED, kind: 'untrue', event: 'cancelled' }));
    assert.deepEqual(
      [cancelled['sign_state'], cancelled['cancel_sign_type']],
      ['SIGN_PLAN_CANCEL', 'USER'],
    );
    assert.equal((await school.querySignPlan('0001'))['sign_state'], 'UNSIGNED');
    assert.equal((await school.querySignPlan('0002'))['sign_state'], 'SIGNED');
  });

  test('the own notice says again what it said, whatever came after it', async () => {
    await school.signed('0006', { notify_url: receiver.url });
    await school.use('0006', 1);
    const named = { merchant_sign_plan_no: 'sign-0006' };
    await school.control('payscore-user-cancel', { ...named, notice: 'lost' });
    const signed = opened(await sent({ ...named, kind: 'true', event: 'signed' }));
    assert.deepEqual([signed['sign_state'], signed['going_detail_no']], ['SIGNED', 0]);
    const cancelled = opened(await sent({ ...named, kind: 'true' }));
    assert.deepEqual(
      [cancelled['sign_state'], cancelled['going_detail_no']],
      ['SIGN_PLAN_CANCEL', 1],
    );
  });

  test('a stop by the merchant has no notice', async () => {
    await school.signed('0007', { notify_url: receiver.url });
    const url = `${SIGN_PLANS}/merchant-sign-plan-no/sign-0007/stop`;
    await school.good('POST', url, { stop_reason: '停' });
    const named = { merchant_sign_plan_no: 'sign-0007' };
    const answer = await school.tryControl('payscore-notice', { ...named, kind: 'true' });
    assert.equal(answer.status, 409);
  });

  test('an untrue one says signed of what is over', async () => {
    await school.signed('0005', { notify_url: receiver.url });
    const named = { merchant_sign_plan_no: 'sign-0005' };
    await school.control('payscore-expire', named);
    const told = opened(await sent({ ...named, kind: 'untrue' }));
    assert.equal(told['sign_state'], 'SIGNED');
    assert.equal((await school.querySignPlan('0005'))['sign_state'], 'EXPIRE');
  });

  test('an untrue one says paid, which is not so', async () => {
    const content = opened(await sent({ ...RUNNING, kind: 'untrue' }));
    assert.deepEqual(
      [content['state'], collectionOf(content)['state'], collectionOf(content)['paid_amount']],
      ['DONE', 'USER_PAID', 18000],
    );
    assert.equal((await school.query(running))['state_description'], 'USER_CONFIRM');
  });

  test('an untrue one says paid of what was cancelled', async () => {
    await school.signed('0008');
    const order = await school.use('0008', 1, { notify_url: receiver.url });
    const url = `${ORDERS}/${order}/cancel`;
    await school.good('POST', url, { ...school.caller, reason: '取消' });
    const content = opened(await sent({ out_order_no: order, kind: 'untrue' }));
    assert.equal(content['state'], 'DONE');
    assert.equal((await school.query(order))['state'], 'REVOKED');
  });

  test('what is not so has no true notice; wrong inputs are named', async () => {
    const statusOf = async (input: object) =>
      (await school.tryControl('payscore-notice', input)).status;
    assert.equal(await statusOf({ ...UNSIGNED, kind: 'true' }), 409);
    assert.equal(await statusOf({ ...SIGNED, kind: 'true', event: 'cancelled' }), 409);
    assert.equal(await statusOf({ ...RUNNING, kind: 'true' }), 409);
    assert.equal(await statusOf({ ...RUNNING, kind: 'doctype' }), 409);
    assert.equal(await statusOf({ ...RUNNING, kind: 'odd' }), 400);
    assert.equal(await statusOf({ ...RUNNING, ...SIGNED, kind: 'untrue' }), 400);
    assert.equal(await statusOf({ kind: 'untrue' }), 400);
    assert.equal(await statusOf({ ...SIGNED, kind: 'untrue', event: 'paid' }), 400);
    assert.equal(await statusOf({ ...RUNNING, kind: 'untrue', event: 'signed' }), 400);
    assert.equal(await statusOf({ out_order_no: 'lesson-9999-1', kind: 'true' }), 404);
    assert.equal(await statusOf({ merchant_sign_plan_no: 'sign-9999', kind: 'true' }), 404);
  });
});
