import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secondMs } from '#core/values/time.ts';
import { traitsOf, unknownsOf } from './gateway-faults.ts';
import type { PayscoreCalls } from './payscore-gateway-harness.ts';

/** What every call makes of what may befall it; APIv3 signs no error, so none of them proves anything. */
export function payscoreFaultRules(calls: PayscoreCalls): void {
  const { site, planned, plan, signPlan, signed, started, completed, order } = calls;
  const { send, queryPlan, querySignPlan, queryOrder, stateOfSignPlan, stateOfOrder } = calls;

  for (const [fault, code] of unknownsOf('v3')) {
    test(`${fault}: every call of PayScore ends in unknown, ${code}`, async () => {
      // Each has a subject of its own: some of the faults spoil the answer alone.
      const [known, toStop] = [await planned(), await planned()];
      const [running, toCancel] = [await started(), await started()];
      const [toModify, toSync, toPay] = [await completed(), await completed(), await completed()];
      const [nextPlan, nextSignPlan] = [plan(), signPlan(known)];
      const [toEnd, nextOrder] = [await signed(), order(await signed(), 1)];
      await site().fail(fault);
      const outcomes = await Promise.all([
        queryPlan(known.number),
        querySignPlan(running.of.number),
        queryOrder(running.number),
        send('create-plan', nextPlan.number, nextPlan.body),
        send('stop-plan', toStop.number, ''),
        send('create-sign-plan', nextSignPlan.number, nextSignPlan.body),
        send('stop-sign-plan', toEnd.number, { stop_reason: '停课' }),
        send('create-service-order', nextOrder.number, nextOrder.body),
        send('complete', running.number, calls.completion()),
        send('cancel', toCancel.number, calls.cancellation()),
        send('modify', toModify.number, calls.modification(9_000)),
        send('sync', toSync.number, calls.synchronization(calls.time(-5 * secondMs))),
        send('pay', toPay.number, calls.reminder()),
      ]);
      for (const outcome of outcomes) {
        assert.deepEqual(outcome, { type: 'unknown', code });
      }
    });
  }

  test('an answer that says not here never says more than that', async () => {
    const { number, of } = await started();
    await site().fail('not-here');
    assert.equal((await queryOrder(number)).type, 'not-found');
    assert.equal((await querySignPlan(of.number)).type, 'not-found');
    assert.equal((await send('cancel', number, calls.cancellation())).type, 'refused');
    await site().heal();
    assert.equal((await stateOfOrder(number)).state, 'DOING');
    assert.equal((await stateOfSignPlan(of.number)).state, 'SIGNED');
  });

  for (const fault of traitsOf.v3.lostBy) {
    test(`what was carried out and answered by ${fault} shows in the query, and repeats`, async () => {
      const nextPlan = plan();
      const running = await started();
      const completion = calls.completion();
      await site().fail(fault, true);
      const lost = [
        await send('create-plan', nextPlan.number, nextPlan.body),
        await send('complete', running.number, completion),
      ];
      for (const outcome of lost) {
        assert.notEqual(outcome.type, 'accepted');
      }
      await site().heal();
      assert.equal((await queryPlan(nextPlan.number)).type, 'state');
      assert.equal((await stateOfOrder(running.number)).state_description, 'MCH_COMPLETE');
      const again = [
        await send('create-plan', nextPlan.number, nextPlan.body),
        await send('complete', running.number, completion),
      ];
      assert.deepEqual(again, [{ type: 'accepted' }, { type: 'accepted' }]);
    });
  }
}
