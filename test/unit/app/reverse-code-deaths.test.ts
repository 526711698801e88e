import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../support/clock.ts';
import { outTradeNo, wake } from '../../support/order-builder.ts';
import type { TestBed } from '../../support/test-bed.ts';
import { lastWake, overdue } from './charging.ts';
import { dieEverywhere, handledTypesOf } from './dying.ts';
import { lifeOf } from './living.ts';
import { dyingLook, eventTypesOf, look, standing } from './looking.ts';

/** Our status, what became of it at WeChat, and what the merchant heard. */
function endOf(bed: TestBed): readonly unknown[] {
  return [standing(bed).status, bed.world.order(outTradeNo)?.state, eventTypesOf(bed)];
}

test('a run that dies between the note and the reversal is healed by the next look', async () => {
  for (const payer of ['types', 'confirms'] as const) {
    const bed = await overdue();
    bed.faults.store.plan('commit', 'crash-after');
    await dyingLook(bed, lastWake);
    assert.deepEqual(
      [bed.world.callsOf('reverse'), standing(bed).dueAt],
      [0, at('2026-11-21T04:01:15Z')],
    );
    if (payer === 'confirms') {
      bed.world.pay(outTradeNo);
    }
    bed.clock.advanceTo(at('2026-11-21T04:01:15Z'));
    await look(bed, wake({ origin: 'sweep' }));
    assert.deepEqual(endOf(bed), ['CLOSED', 'REVOKED', ['order.closed']], payer);
  }
});

test('a run that dies anywhere reverses in the end, and says so once', async () => {
  await dieEverywhere(7, {
    prepare: () => overdue(),
    job: (bed) => look(bed, lastWake),
    after: async (bed, where) => {
      if (bed.world.order(outTradeNo)?.state === 'USERPAYING' && standing(bed).version > 1) {
        bed.world.pay(outTradeNo);
      }
      await lifeOf(bed).untilRest();
      const [status, state] = endOf(bed);
      assert.deepEqual([status, state], ['CLOSED', 'REVOKED'], where);
      assert.deepEqual(handledTypesOf(bed), ['order.closed'], where);
    },
  });
});

test('a payer who confirms while a run dies is paid or gets it back, never neither', async () => {
  await dieEverywhere(7, {
    prepare: () => overdue(),
    job: (bed) => look(bed, lastWake),
    after: async (bed, where) => {
      if (bed.world.order(outTradeNo)?.state === 'USERPAYING') {
        bed.world.pay(outTradeNo);
      }
      await lifeOf(bed).untilRest();
      const [status, state] = endOf(bed);
      const ends = { PAID: 'SUCCESS', CLOSED: 'REVOKED' };
      assert.equal(state, Object.entries(ends).find(([key]) => key === status)?.[1], where);
      const expected = status === 'PAID' ? ['order.paid'] : ['order.closed'];
      assert.deepEqual(handledTypesOf(bed), expected, where);
    },
  });
});

test('two looks at once reverse what nobody paid, and say so once', async () => {
  const bed = await overdue();
  await Promise.all([look(bed, lastWake), look(bed, wake({ origin: 'sweep' }))]);
  await lifeOf(bed).untilRest();
  assert.deepEqual(endOf(bed), ['CLOSED', 'REVOKED', ['order.closed']]);
});
