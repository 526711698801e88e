import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOutOrderNo } from '#core/values/ids.ts';
import { minuteMs } from '#core/values/time.ts';
import { assertRefused, fresh, type PayscoreCalls } from './payscore-gateway-harness.ts';

export function serviceOrderRules(calls: PayscoreCalls): void {
  const { site, signed, unsigned, order, started, completed, paid } = calls;
  const { send, mustSend, queryOrder, stateOfOrder, stateOfSignPlan, time } = calls;
  const create = async (made: ReturnType<typeof order>) =>
    await send('create-service-order', made.number, made.body);

  test('a service order that nobody made is not found', async () => {
    assert.equal((await queryOrder(fresh(isOutOrderNo))).type, 'not-found');
    const { details } = await signed();
    for (const number of details) {
      assert.equal((await queryOrder(number)).type, 'not-found');
    }
  });

  test('a service order that was made runs, and its detail is USING', async () => {
    const { number, of } = await started();
    const { order_id, ...state } = await stateOfOrder(number);
    const { service_id, appid, openid } = of.body;
    assert.deepEqual(state, {
      type: 'state',
      state: 'DOING',
      state_description: 'USER_CONFIRM',
      out_order_no: number,
      service_id,
      appid,
      openid,
    });
    assert.ok(order_id !== undefined);
    const { details } = await stateOfSignPlan(of.number);
    assert.deepEqual(
      details.map(({ state }) => state),
      ['USING', 'NOT_USED', 'NOT_USED'],
    );
  });

  test('the same service order again is accepted and the same, another one refused', async () => {
    const { number, body } = await started();
    const { order_id } = await stateOfOrder(number);
    assert.deepEqual(await send('create-service-order', number, body), { type: 'accepted' });
    const other = { ...body, service_introduction: '游泳课' };
    assertRefused(await send('create-service-order', number, other));
    assert.equal((await stateOfOrder(number)).order_id, order_id);
  });

  test('a service order needs a signature that still holds', async () => {
    const open = await unsigned();
    assertRefused(await create(order(open, 1)));
    const cancelled = await signed();
    await site().userCancel(cancelled.number, 'USER');
    assertRefused(await create(order(cancelled, 1)));
    const over = await signed();
    await site().expire(over.number);
    assertRefused(await create(order(over, 1)));
    assert.equal((await queryOrder(order(open, 1).number)).type, 'not-found');
  });

  test('the details are used one after the other, each when those before it are over', async () => {
    const of = await signed();
    assertRefused(await create(order(of, 2)), 'the first was not used');
    const first = await started(of);
    assertRefused(await create(order(of, 2)), 'the first runs');
    await mustSend('complete', first.number, calls.completion());
    assertRefused(await create(order(of, 2)), 'the first is not paid');
    await site().charge(first.number);
    assertRefused(await create(order(of, 3)), 'the second was not used');
    await started(of, 2);
  });

  for (const [what, changes] of [
    ['another number than that of its detail', { out_trade_no: 'contract-other' }],
    ['the name of the number in later calls', { out_trade_no: undefined, out_order_no: 'a' }],
    ['no time', { time_range: {} }],
    ['a time that PayScore does not read', { time_range: { start_time: '2026-11-21T12:00:00Z' } }],
    ['no introduction', { service_introduction: undefined }],
    ['another payer', { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6p' }],
  ] as const) {
    test(`a service order with ${what} is refused and not known afterwards`, async () => {
      const of = await signed();
      assertRefused(await create(order(of, 1, changes)));
      assert.equal((await queryOrder(order(of, 1).number)).type, 'not-found');
    });
  }

  test('a completed service order is charged, and says what', async () => {
    const { number, of } = await completed();
    const evidence = await stateOfOrder(number);
    const { state, state_description, collection_state, need_collection, totalFen } = evidence;
    assert.deepEqual(
      [state, state_description, collection_state, need_collection, totalFen],
      ['DOING', 'MCH_COMPLETE', 'USER_PAYING', true, 18_000],
    );
    assert.equal('transaction_id' in evidence || 'paidAt' in evidence, false);
    assert.equal((await stateOfSignPlan(of.number)).details[0]?.state, 'USING');
  });

  test('the same completion again is accepted, another one refused', async () => {
    const { number, body } = await completed();
    assert.deepEqual(await send('complete', number, body), { type: 'accepted' });
    assertRefused(await send('complete', number, calls.completion(17_999)));
    const { totalFen } = await stateOfOrder(number);
    assert.equal(totalFen, 18_000);
  });

  test('a completion that does not add up, or not in time, is refused and changes nothing', async () => {
    const { number } = await started();
    const payments = (...post_payments: readonly object[]) => ({ post_payments });
    for (const [what, body] of [
      ['a wrong sum', calls.completion(18_000, payments({ name: '课时费', amount: 17_999 }))],
      ['no payments', calls.completion(18_000, payments())],
      ['an item without amount', calls.completion(0, payments({ name: '课时费' }))],
      ['a total below nothing', calls.completion(-1)],
      ['a total above the price', calls.completion(18_001)],
      ['no end', calls.completion(18_000, { time_range: undefined })],
      [
        'an end ahead of us',
        calls.completion(18_000, { time_range: { end_time: time(-minuteMs) } }),
      ],
      [
        'an end before',
        calls.completion(18_000, { time_range: { end_time: time(61 * minuteMs) } }),
      ],
    ] as const) {
      assertRefused(await send('complete', number, body), what);
    }
    assert.equal((await stateOfOrder(number)).state_description, 'USER_CONFIRM');
  });

  test('a discount is taken off', async () => {
    const { number } = await started();
    const body = calls.completion(17_000, {
      post_payments: [{ name: '课时费', amount: 18_000 }],
      post_discounts: [{ name: '老学员', amount: 1_000, description: '优惠10元' }],
    });
    await mustSend('complete', number, body);
    assert.equal((await stateOfOrder(number)).totalFen, 17_000);
  });

  test('a service order that was paid says what, when and how, and its detail is USED', async () => {
    const { number, of } = await paid();
    const evidence = await stateOfOrder(number);
    const { state, collection_state, totalFen, paidFen, paid_type } = evidence;
    assert.deepEqual(
      [state, collection_state, totalFen, paidFen, paid_type],
      ['DONE', 'USER_PAID', 18_000, 18_000, 'NEWTON'],
    );
    assert.ok(evidence.transaction_id !== undefined && evidence.paidAt !== undefined);
    assert.equal('state_description' in evidence, false);
    assert.equal((await stateOfSignPlan(of.number)).details[0]?.state, 'USED');
  });
}

export function serviceOrderEndRules(calls: PayscoreCalls): void {
  const { site, signed, order, started, completed, paid, cancellation } = calls;
  const { send, mustSend, stateOfOrder, stateOfSignPlan, modification, synchronization } = calls;
  const { time, reminder } = calls;

  test('with nothing to pay a completed order is DONE at once', async () => {
    const { number, of } = await completed(undefined, 1, 0);
    const evidence = await stateOfOrder(number);
    assert.equal(evidence.state, 'DONE');
    assert.equal(evidence.need_collection, false);
    assert.equal('collection_state' in evidence || 'transaction_id' in evidence, false);
    assert.equal((await stateOfSignPlan(of.number)).details[0]?.state, 'USED');
  });

  test('a sign plan is COMPLETE with its last detail', async () => {
    const of = await signed();
    await paid(of, 1);
    const { number } = await started(of, 2);
    await mustSend('cancel', number, cancellation());
    assert.equal((await stateOfSignPlan(of.number)).state, 'SIGNED');
    await completed(of, 3, 0);
    assert.equal((await stateOfSignPlan(of.number)).state, 'COMPLETE');
  });

  test('an order that runs can be ended when its sign plan is over', async () => {
    const { number, of } = await started();
    await mustSend('stop-sign-plan', of.number, { stop_reason: '停课' });
    await mustSend('complete', number, calls.completion());
    await site().charge(number);
    assert.equal((await stateOfOrder(number)).state, 'DONE');
    const { state, details } = await stateOfSignPlan(of.number);
    assert.deepEqual([state, details[0]?.state], ['SIGN_PLAN_CANCEL', 'USED']);
    const next = order(of, 2);
    assertRefused(await send('create-service-order', next.number, next.body));
  });

  test('a cancelled order is REVOKED, its detail over, and the next one can be used', async () => {
    const { number, of } = await started();
    await mustSend('cancel', number, cancellation());
    assert.deepEqual(await send('cancel', number, cancellation()), { type: 'accepted' });
    assert.equal((await stateOfOrder(number)).state, 'REVOKED');
    const { details } = await stateOfSignPlan(of.number);
    assert.equal(details[0]?.state, 'SIGN_PLAN_DETAIL_CANCEL');
    await started(of, 2);
  });

  test('an order that is being charged can be cancelled, or WeChat says no and goes on', async () => {
    const { number, of } = await completed();
    const { type } = await send('cancel', number, cancellation());
    const { state } = await stateOfOrder(number);
    const detail = (await stateOfSignPlan(of.number)).details[0]?.state;
    assert.deepEqual(
      [state, detail],
      type === 'accepted' ? ['REVOKED', 'SIGN_PLAN_DETAIL_CANCEL'] : ['DOING', 'USING'],
    );
  });

  test('what is over is neither completed, nor cancelled, nor changed', async () => {
    const cancelled = await started();
    await mustSend('cancel', cancelled.number, cancellation());
    const { number } = await paid();
    for (const [one, state] of [
      [cancelled.number, 'REVOKED'],
      [number, 'DONE'],
    ] as const) {
      assertRefused(await send('complete', one, calls.completion(9_000)));
      assertRefused(await send('cancel', one, { ...cancellation(), reason: '别的原因' }));
      assertRefused(await send('modify', one, modification(9_000)));
      assertRefused(await send('sync', one, synchronization(time(0))));
      assertRefused(await send('pay', one, reminder()));
      assert.equal((await stateOfOrder(one)).state, state);
    }
  });

  test('what is charged can become less, and never more', async () => {
    const { number } = await completed();
    await mustSend('modify', number, modification(17_000));
    await send('modify', number, modification(17_000));
    assert.equal((await stateOfOrder(number)).totalFen, 17_000);
    await mustSend('modify', number, modification(9_000));
    assertRefused(await send('modify', number, modification(9_001)));
    const { totalFen, collection_state } = await stateOfOrder(number);
    assert.deepEqual([totalFen, collection_state], [9_000, 'USER_PAYING']);
    await site().charge(number);
    assert.equal((await stateOfOrder(number)).paidFen, 9_000);
  });

  test('what was paid another way is DONE, without a number of WeChat', async () => {
    const { number, of } = await completed();
    site().later(5_000);
    await mustSend('sync', number, synchronization(time(0)));
    const evidence = await stateOfOrder(number);
    assert.deepEqual([evidence.state, evidence.collection_state], ['DONE', 'USER_PAID']);
    assert.equal(evidence.paid_type, 'MCH');
    assert.equal('transaction_id' in evidence, false);
    assert.equal((await stateOfSignPlan(of.number)).details[0]?.state, 'USED');
  });

  test('nothing is paid another way before its completion, or far ahead of us', async () => {
    const { number } = await completed();
    for (const agoMs of [5 * minuteMs, -2 * minuteMs]) {
      assertRefused(await send('sync', number, synchronization(time(agoMs))));
    }
    assert.equal((await stateOfOrder(number)).collection_state, 'USER_PAYING');
  });

  test('before its completion nothing is changed, paid or asked for', async () => {
    const { number } = await started();
    assertRefused(await send('modify', number, modification(9_000)));
    assertRefused(await send('sync', number, synchronization(time(0))));
    assertRefused(await send('pay', number, reminder()));
    assert.equal((await stateOfOrder(number)).state_description, 'USER_CONFIRM');
  });

  test('WeChat can be asked to charge again', async () => {
    const { number } = await completed();
    await mustSend('pay', number, reminder());
    await mustSend('pay', number, reminder());
    assert.equal((await stateOfOrder(number)).totalFen, 18_000);
  });

  test('nothing can be done with an order that nobody made', async () => {
    const number = fresh(isOutOrderNo);
    assertRefused(await send('complete', number, calls.completion()));
    assertRefused(await send('cancel', number, cancellation()));
    assertRefused(await send('modify', number, modification(1)));
    assertRefused(await send('sync', number, synchronization(time(0))));
    assertRefused(await send('pay', number, reminder()));
    assert.equal((await calls.queryOrder(number)).type, 'not-found');
  });

  test('a step that does not name the service and the appid is refused', async () => {
    const { number } = await started();
    const { appid: _, ...nameless } = cancellation();
    assertRefused(await send('cancel', number, nameless));
    assertRefused(await send('complete', number, { ...calls.completion(), appid: undefined }));
    assert.equal((await stateOfOrder(number)).state, 'DOING');
  });
}
