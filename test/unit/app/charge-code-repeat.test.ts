import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeOrder } from '#app/close-order.ts';
import { isAuthCode } from '#core/values/ids.ts';
import { at } from '../../support/clock.ts';
import { codeOrder, orderKey, outTradeNo, valid, wake } from '../../support/order-builder.ts';
import type { Death } from '../../support/reaper.ts';
import type { TestBed } from '../../support/test-bed.ts';
import { charge, till, typing } from './charging.ts';
import { lifeOf } from './living.ts';
import { eventTypesOf, look, standing } from './looking.ts';

const otherCode = valid('101234567890123456', isAuthCode);
const waits = { out_trade_no: 'A-1001', status: 'CREATED', created: false, waits: true };

/** The request died just before, or just after, it charged the code; 8 s have passed since. */
async function diedAtTheCharge(when: Death): Promise<TestBed> {
  for (let n = 1; n < 9; n += 1) {
    const bed = till('pays');
    if ((await bed.kill(n, when, () => charge(bed))) === 'micropay') {
      bed.clock.advance(8_000);
      return bed;
    }
  }
  return assert.fail('the charge is one of its operations');
}

test('the same request again charges nothing, and answers the order as it stands', async () => {
  const bed = await typing();
  bed.clock.advance(3_000);
  const before = standing(bed);
  assert.deepEqual(await charge(bed), { ok: true, value: waits });
  assert.deepEqual([standing(bed), bed.world.callsOf(), bed.timers.sends()], [before, 1, 1]);
  bed.world.pay(outTradeNo);
  await look(bed, wake({ slot: at('2026-11-21T04:00:05Z') }));
  const paid = { out_trade_no: 'A-1001', status: 'PAID', created: false };
  assert.deepEqual(await charge(bed), { ok: true, value: paid });
  assert.equal(bed.world.callsOf('micropay'), 1);
});

test('another request for the number is a conflict, be it for another code alone', async () => {
  const bed = await typing();
  const answer = await charge(bed, codeOrder({ auth_code: otherCode, bodySha256: 'other' }));
  assert.deepEqual(answer, { ok: false, refusal: { code: 'order_conflict' } });
  assert.equal(bed.world.callsOf('micropay'), 1);
});

test('a repeat once a close was asked for is refused, and charges nothing', async () => {
  const bed = await typing();
  assert.ok((await closeOrder(bed, orderKey)).ok);
  const answer = await charge(bed);
  assert.deepEqual(answer, { ok: false, refusal: { code: 'order_closing' } });
  assert.equal(bed.world.callsOf('micropay'), 1);
});

for (const [when, charges, event] of [
  ['crash-before', 0, 'order.closed'],
  ['crash-after', 1, 'order.paid'],
] as const) {
  test(`a repeat of a request that died (${when} the charge) charges nothing`, async () => {
    const bed = await diedAtTheCharge(when);
    assert.deepEqual(await charge(bed), { ok: true, value: waits });
    await lifeOf(bed).untilRest();
    assert.deepEqual([bed.world.callsOf('micropay'), eventTypesOf(bed)], [charges, [event]]);
  });
}

test('many identical requests at once charge the code once', async () => {
  const bed = till('pays');
  const order = () => codeOrder();
  const answers = await Promise.all([1, 2, 3, 4].map(() => charge(bed, order())));
  const created = answers.filter((answer) => answer.ok && answer.value.created);
  assert.deepEqual([created.length, bed.world.callsOf('micropay')], [1, 1]);
});
