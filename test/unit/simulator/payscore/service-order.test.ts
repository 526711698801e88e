import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  askForCharge,
  beforeCollection,
  type CompletionWish,
  cancelOrder,
  chargeOrder,
  completeOrder,
  modifyOrder,
  orderStateOf,
  type ServiceOrder,
  type Stepped,
  syncOrder,
  useOf,
} from '../../../../simulator/payscore/service-order.ts';
import { anOrder, DAY, NOW } from './samples.ts';

const WISH: CompletionWish = {
  payments: [{ name: '课', amount: 18000 }],
  discounts: [],
  total: 18000,
  timeRange: { start_time: '20260301091010', end_time: '20260301121010' },
  location: {},
  fingerprint: 'complete 1',
};

const done = (stepped: Stepped): ServiceOrder => {
  if (!stepped.ok) throw new Error(stepped.because);
  return stepped.order;
};
const because = (stepped: Stepped): string => (stepped.ok ? 'done' : stepped.because);

const bill = (total: number) => ({ payments: [], discounts: [], total });
const FACTS = { atMs: NOW + 5_000, noticeId: 'n-2', transactionId: '4200002001' };

const CREATED = anOrder({ confirmed: undefined });
const DOING = anOrder();
const OWED = done(completeOrder(DOING, WISH, NOW));
const PAID = done(chargeOrder(OWED, FACTS));
const FREE = done(completeOrder(DOING, { ...WISH, total: 0 }, NOW));
const REVOKED = done(cancelOrder(DOING, 'cancel 1', NOW));
const CHARGING = { ...OWED, charging: true };

describe('the state of a service order', () => {
  test('each has its own, and its detail follows', () => {
    const states = [CREATED, DOING, OWED, PAID, FREE, REVOKED].map((order) => [
      orderStateOf(order, NOW),
      useOf(order, NOW).state,
    ]);
    assert.deepEqual(states, [
      ['CREATED', 'USING'],
      ['DOING', 'USING'],
      ['DOING', 'USING'],
      ['DONE', 'USED'],
      ['DONE', 'USED'],
      ['REVOKED', 'SIGN_PLAN_DETAIL_CANCEL'],
    ]);
  });

  test('one that was only created runs out after 30 days, and its detail with it', () => {
    assert.equal(orderStateOf(CREATED, NOW + 30 * DAY - 1), 'CREATED');
    assert.equal(orderStateOf(CREATED, NOW + 30 * DAY), 'EXPIRED');
    assert.equal(orderStateOf(DOING, NOW + 31 * DAY), 'DOING');
    const { state, cancelledAtMs } = useOf(CREATED, NOW + 31 * DAY);
    assert.deepEqual([state, cancelledAtMs], ['SIGN_PLAN_DETAIL_CANCEL', NOW + 30 * DAY]);
  });

  test('what a detail costs in the end is what the completion says', () => {
    assert.deepEqual([useOf(DOING, NOW).total, useOf(OWED, NOW).total], [undefined, 18000]);
    assert.equal(useOf(done(modifyOrder(OWED, bill(1))), NOW).total, 1);
  });

  test('an answer that lags behind knows of no payment', () => {
    assert.deepEqual(beforeCollection(PAID), OWED);
  });
});

describe('completing', () => {
  test('the same again is the same; anything else is another call', () => {
    assert.equal(done(completeOrder(OWED, WISH, NOW + 1)), OWED);
    assert.equal(done(completeOrder(PAID, WISH, NOW + 1)), PAID);
    const other = { ...WISH, fingerprint: 'complete 2' };
    for (const order of [OWED, PAID, FREE]) {
      assert.equal(because(completeOrder(order, other, NOW)), 'other-parameters');
    }
  });

  test('not before it can be used, not after it was cancelled, not above its price', () => {
    assert.equal(because(completeOrder(CREATED, WISH, NOW)), 'not-usable');
    assert.equal(because(completeOrder(CREATED, WISH, NOW + 31 * DAY)), 'not-usable');
    assert.equal(because(completeOrder(REVOKED, WISH, NOW)), 'cancelled');
    const revoked = done(cancelOrder(OWED, 'cancel 1', NOW));
    assert.equal(because(completeOrder(revoked, WISH, NOW)), 'cancelled');
    assert.equal(because(completeOrder(DOING, { ...WISH, total: 18001 }, NOW)), 'above-price');
  });
});

describe('cancelling', () => {
  test('at any time before the payment, be it only created', () => {
    for (const order of [CREATED, DOING, OWED]) {
      const revoked = done(cancelOrder(order, 'cancel 1', NOW));
      assert.equal(orderStateOf(revoked, NOW), 'REVOKED');
      assert.equal(done(cancelOrder(revoked, 'cancel 1', NOW + 1)), revoked);
      assert.equal(because(cancelOrder(revoked, 'cancel 2', NOW)), 'other-parameters');
    }
  });

  test('not once it is done, not during a charge, not when it ran out', () => {
    assert.equal(because(cancelOrder(PAID, 'cancel 1', NOW)), 'done');
    assert.equal(because(cancelOrder(FREE, 'cancel 1', NOW)), 'done');
    assert.equal(because(cancelOrder(CHARGING, 'cancel 1', NOW)), 'charging');
    assert.equal(because(cancelOrder(CREATED, 'cancel 1', NOW + 30 * DAY)), 'not-usable');
  });
});

describe('what is owed', () => {
  const steps: Readonly<Record<string, (order: ServiceOrder) => Stepped>> = {
    modify: (order) => modifyOrder(order, bill(17000)),
    sync: (order) => syncOrder(order, NOW + 1_000, { noticeId: 'n-3', nowMs: NOW }),
    ask: askForCharge,
    charge: (order) => chargeOrder(order, FACTS),
  };
  for (const [name, step] of Object.entries(steps)) {
    test(`${name}: only of an order that waits for its payment`, () => {
      assert.equal(because(step(CREATED)), 'not-completed');
      assert.equal(because(step(DOING)), 'not-completed');
      assert.equal(because(step(PAID)), 'done');
      assert.equal(because(step(FREE)), 'done');
      assert.equal(because(step(REVOKED)), 'cancelled');
      assert.equal(step(OWED).ok, true);
    });
  }

  test('it cannot be changed during a charge, and the charge ends that', () => {
    assert.equal(because(modifyOrder(CHARGING, bill(1))), 'charging');
    const facts = { noticeId: 'n-3', nowMs: NOW };
    assert.equal(because(syncOrder(CHARGING, NOW + 1_000, facts)), 'charging');
    assert.equal(done(chargeOrder(CHARGING, FACTS)).charging, false);
  });

  test('it only falls', () => {
    assert.equal(because(modifyOrder(OWED, bill(18000))), 'not-lower');
    const less = done(modifyOrder(OWED, bill(17999)));
    assert.equal(because(modifyOrder(less, bill(17999))), 'not-lower');
    assert.equal(done(chargeOrder(less, FACTS)).collected[0]?.amount, 17999);
    assert.equal(orderStateOf(done(modifyOrder(OWED, bill(0))), NOW), 'DONE');
  });

  test('a payment by another way lies after the completion and at most a minute ahead', () => {
    const sync = (paidAtMs: number) => syncOrder(OWED, paidAtMs, { noticeId: 'n-3', nowMs: NOW });
    assert.equal(because(sync(NOW)), 'paid-time');
    assert.equal(because(sync(NOW - 1_000)), 'paid-time');
    assert.equal(because(sync(NOW + 60_001)), 'paid-time');
    assert.equal(because(sync(NOW + 60_000)), 'done');
    assert.deepEqual(done(sync(NOW + 1_000)).collected, [
      { atMs: NOW + 1_000, noticeId: 'n-3', amount: 18000 },
    ]);
  });

  test('a forced charge needs a total, and comes once', () => {
    const revoked = done(cancelOrder(OWED, 'cancel 1', NOW));
    assert.equal(orderStateOf(done(chargeOrder(revoked, FACTS, true)), NOW), 'DONE');
    const synced = done(syncOrder(OWED, NOW + 1_000, { noticeId: 'n-3', nowMs: NOW }));
    assert.equal(done(chargeOrder(synced, FACTS, true)).collected.length, 2);
    assert.equal(because(chargeOrder(PAID, FACTS, true)), 'done');
    assert.equal(because(chargeOrder(FREE, FACTS, true)), 'done');
    assert.equal(because(chargeOrder(DOING, FACTS, true)), 'not-completed');
    assert.equal(because(chargeOrder(REVOKED, FACTS, true)), 'cancelled');
  });
});
