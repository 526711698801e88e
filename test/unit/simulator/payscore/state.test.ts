import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createAlarms } from '../../../../simulator/alarms.ts';
import {
  chargeAlarm,
  createPayscoreState,
  detailName,
  idName,
  nameOf,
  ordersOf,
} from '../../../../simulator/payscore/state.ts';
import { virtualTimers } from '../virtual-timers.ts';
import { anOrder, aPlan, aSignPlan, NOW } from './samples.ts';

const MCHID = '1900000109';

const aState = () => {
  const clock = virtualTimers(NOW);
  const alarms = createAlarms(clock.timers);
  const state = createPayscoreState(
    {
      timers: clock.timers,
      transmit: async () => ({ status: 500 }),
      compose: () => ({ headers: {}, body: '' }),
    },
    alarms,
  );
  return { clock, alarms, state };
};

const numbered = (count: number) =>
  aSignPlan({
    merchantSignPlanNo: `sign-${count}`,
    signPlanId: `id-${count}`,
    detailNumbers: [{ planDetailNo: 1, merchantPlanDetailNo: `lesson-${count}` }],
  });

describe('what is kept of PayScore', () => {
  test('a sign plan is found by its numbers and by those of its details, of its merchant only', () => {
    const { state } = aState();
    const signPlan = aSignPlan();
    state.signPlans.put(signPlan);
    for (const name of [
      nameOf(MCHID, 'sign-0001'),
      idName(MCHID, signPlan.signPlanId),
      detailName(MCHID, 'lesson-2'),
    ]) {
      assert.equal(state.signPlans.get(name), signPlan);
    }
    assert.equal(state.signPlans.get(nameOf('1900000110', 'sign-0001')), undefined);
    assert.equal(state.signPlans.get(nameOf(MCHID, 'lesson-2')), undefined);
  });

  test('the orders of a sign plan come in the order of its details', () => {
    const { state } = aState();
    const [second, first] = [2, 1].map((no) =>
      anOrder({ outOrderNo: `lesson-${no}`, planDetailNo: no, queryId: `query-${no}` }),
    );
    for (const order of [second, first]) if (order !== undefined) state.orders.put(order);
    assert.deepEqual(ordersOf(state.orders, aSignPlan()), [first, second]);
  });

  test('10,000 plans and 10,000 sign plans; with the oldest go its orders and their charges', () => {
    const { alarms, clock, state } = aState();
    const order = anOrder({ outOrderNo: 'lesson-0' });
    state.signPlans.put(numbered(0));
    state.orders.put(order);
    const notice = {
      id: 'n-1',
      mchid: MCHID,
      url: 'https://pay.example.com/notify',
      createdAtMs: NOW,
      eventType: 'PAYSCORE.USER_PAID',
      content: {},
    };
    state.notices.orders.start({ ...notice, outTradeNo: 'lesson-0' }, { mode: 'lost' });
    state.notices.signPlans.start({ ...notice, outTradeNo: 'sign-0' }, { mode: 'lost' });
    alarms.set(chargeAlarm(order), 1_000, () => assert.fail('charged'));
    for (let count = 1; count <= 10_000; count += 1) {
      state.signPlans.put(numbered(count));
      state.plans.put(aPlan({ merchantPlanNo: `plan-${count}`, planId: `id-${count}` }));
    }
    state.plans.put(aPlan());
    assert.deepEqual([state.signPlans.size(), state.plans.size()], [10_000, 10_000]);
    assert.equal(state.plans.get(nameOf(MCHID, 'plan-1')), undefined);
    assert.equal(state.orders.get(nameOf(MCHID, 'lesson-0')), undefined);
    assert.equal(alarms.isSet(chargeAlarm(order)), false);
    assert.deepEqual(state.notices.orders.deliveries(MCHID, 'lesson-0'), []);
    assert.deepEqual(state.notices.signPlans.deliveries(MCHID, 'sign-0'), []);
    assert.equal(clock.waiting(), 0);
  });
});
