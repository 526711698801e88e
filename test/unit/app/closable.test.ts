import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeOrder } from '#app/close-order.ts';
import { createOrder } from '#app/create-order.ts';
import { at } from '../../support/clock.ts';
import {
  account,
  accountOfV2,
  accountWithCodes,
  codeOrder,
  hint,
  newOrder,
  orderKey,
  outTradeNo,
  storedOrder,
} from '../../support/order-builder.ts';
import { reference, secondKey, secondNumber } from '../../support/refund-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { charge, typing } from './charging.ts';
import { lifeOf } from './living.ts';
import { eventTypesOf, look, standing } from './looking.ts';

// What WeChat does not let be closed, or reversed, before its time. The fake refuses what comes too soon.

/** A link of an account of APIv2, placed at 04:00:00. */
async function placedOverV2(bed = createTestBed([accountOfV2])): Promise<TestBed> {
  assert.ok((await createOrder(bed, accountOfV2, newOrder())).ok);
  return bed;
}

function timesOf(bed: TestBed, key = orderKey): readonly unknown[] {
  const { data, dueAt } = standing(bed, key);
  return [data['closeReason'], data['closeAt'], dueAt];
}

test('WeChat is told when an order was made, the same at each placing', async () => {
  const bed = createTestBed([accountOfV2]);
  const createdAt = at('2026-11-21T04:00:00Z');
  bed.world.plan('prepay', (honest) => {
    honest();
    return { type: 'unknown', code: 'TIMEOUT' };
  });
  await createOrder(bed, accountOfV2, newOrder());
  assert.equal(bed.world.order(outTradeNo)?.request.createdAt, createdAt);
  bed.clock.advance(120_000);
  const answer = await createOrder(bed, accountOfV2, newOrder());
  assert.ok(answer.ok, 'else WeChat says that the number has other terms');
  assert.deepEqual(
    [bed.world.order(outTradeNo)?.request.createdAt, bed.world.order(outTradeNo)?.links],
    [createdAt, 2],
  );
});

test('a link of APIv2 can be closed five minutes after its placing, each placing anew', async () => {
  const bed = createTestBed([accountOfV2]);
  bed.world.plan('prepay', { type: 'unknown', code: 'TIMEOUT' });
  await createOrder(bed, accountOfV2, newOrder());
  assert.equal(standing(bed).data['closableAt'], at('2026-11-21T04:05:00Z'));
  bed.clock.advance(120_000);
  await createOrder(bed, accountOfV2, newOrder());
  assert.equal(standing(bed).data['closableAt'], at('2026-11-21T04:07:00Z'));
  await createOrder(bed, accountOfV2, newOrder());
  assert.equal(standing(bed).data['closableAt'], at('2026-11-21T04:07:00Z'), 'nothing was placed');
});

test('a link of APIv3 can be closed at any time, also after another placing', async () => {
  const bed = createTestBed();
  bed.world.plan('prepay', { type: 'unknown', code: 'TIMEOUT' });
  await createOrder(bed, account, newOrder());
  bed.clock.advance(120_000);
  await createOrder(bed, account, newOrder());
  assert.equal('closableAt' in standing(bed).data, false);
});

test('a close of APIv2 that comes too soon waits, and is sent once, in time', async () => {
  const bed = await placedOverV2();
  bed.clock.advance(60_000);
  assert.deepEqual(await closeOrder(bed, orderKey), { ok: true, value: { status: 'AWAITING' } });
  const closableAt = at('2026-11-21T04:05:00Z');
  assert.deepEqual(timesOf(bed), ['requested', closableAt, closableAt]);
  await lifeOf(bed).until(at('2026-11-21T04:04:59Z'));
  assert.equal(bed.world.callsOf('close'), 0);
  await lifeOf(bed).until(at('2026-11-21T04:06:00Z'));
  assert.deepEqual([standing(bed).status, bed.world.callsOf('close')], ['CLOSED', 1]);
  assert.equal(bed.events.published()[0]?.data['reason'], 'requested');
});

test('a close of APIv2 that comes in time is as one of APIv3', async () => {
  const bed = await placedOverV2();
  bed.clock.advance(300_000);
  await closeOrder(bed, orderKey);
  const [now, dueAt] = [at('2026-11-21T04:05:00Z'), at('2026-11-21T04:07:00Z')];
  assert.deepEqual(timesOf(bed), ['requested', now, dueAt]);
  await look(bed, hint({ reason: 'request' }));
  assert.deepEqual([standing(bed).status, bed.world.callsOf('close')], ['CLOSED', 1]);
});

test('a payer may pay while a close of APIv2 waits', async () => {
  const bed = await placedOverV2();
  bed.clock.advance(60_000);
  await closeOrder(bed, orderKey);
  bed.clock.advance(60_000);
  bed.world.pay(outTradeNo);
  await lifeOf(bed).untilRest();
  assert.deepEqual([eventTypesOf(bed), bed.world.callsOf('close')], [['order.paid'], 0]);
});

test('a link of APIv2 that nobody paid is closed after its expiry, in one call', async () => {
  const bed = await placedOverV2();
  await lifeOf(bed).untilRest();
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['CLOSED', ['order.closed']]);
  assert.equal(bed.world.callsOf('close'), 1);
});

test('a link of APIv2 that is replaced is closed when it may be, and no sooner', async () => {
  const bed = createTestBed([accountOfV2]);
  assert.ok((await createOrder(bed, accountOfV2, newOrder({ reference }))).ok);
  bed.clock.advance(5_000);
  const newer = newOrder({ reference, out_trade_no: secondNumber, bodySha256: 'newer' });
  assert.ok((await createOrder(bed, accountOfV2, newer)).ok);
  const closableAt = at('2026-11-21T04:05:00Z');
  assert.deepEqual(timesOf(bed), ['replaced', closableAt, closableAt]);
  assert.deepEqual(timesOf(bed, secondKey).slice(0, 1), [undefined]);
  await lifeOf(bed).until(at('2026-11-21T04:06:00Z'));
  assert.deepEqual([standing(bed).status, bed.world.callsOf('close')], ['CLOSED', 1]);
});

for (const [ageMs, closeAt, dueAt] of [
  [5_000, '2026-11-21T04:00:25Z', '2026-11-21T04:00:25Z'],
  [24_999, '2026-11-21T04:00:25Z', '2026-11-21T04:00:25Z'],
  [25_000, '2026-11-21T04:00:25Z', '2026-11-21T04:02:25Z'],
  [35_000, '2026-11-21T04:00:35Z', '2026-11-21T04:02:35Z'],
] as const) {
  test(`a close of a code payment ${ageMs} ms old takes it back at ${closeAt}`, async () => {
    const bed = await typing();
    bed.clock.advance(ageMs);
    assert.deepEqual(await closeOrder(bed, orderKey), { ok: true, value: { status: 'CREATED' } });
    assert.deepEqual(timesOf(bed), ['requested', at(closeAt), at(dueAt)]);
    await lifeOf(bed).until(at('2026-11-21T04:01:00Z'));
    assert.deepEqual(
      [standing(bed).status, bed.world.order(outTradeNo)?.state, eventTypesOf(bed)],
      ['CLOSED', 'REVOKED', ['order.closed']],
    );
    assert.deepEqual([bed.world.callsOf('reverse'), bed.world.callsOf('close')], [1, 0]);
    assert.equal(bed.events.published()[0]?.data['reason'], 'requested');
  });
}

test('a close never comes later than it would anyway', async () => {
  const bed = createTestBed([accountOfV2]);
  const [closableAt, closeAt] = [at('2026-11-21T04:10:00Z'), at('2026-11-21T04:08:00Z')];
  bed.store.put(storedOrder('AWAITING', { data: { closableAt, closeAt } }));
  await closeOrder(bed, orderKey);
  assert.deepEqual(timesOf(bed), ['requested', closeAt, closeAt]);
});

test('a close never puts off what takes a code payment back anyway', async () => {
  const bed = await typing();
  bed.clock.advance(45_000);
  const before = standing(bed);
  assert.ok((await closeOrder(bed, orderKey)).ok);
  assert.deepEqual([standing(bed), bed.hints.messages().length], [before, 1]);
});

test('a payer who confirms before a wanted reversal is paid', async () => {
  const bed = await typing();
  bed.clock.advance(5_000);
  await closeOrder(bed, orderKey);
  bed.world.pay(outTradeNo);
  await lifeOf(bed).untilRest();
  assert.deepEqual([eventTypesOf(bed), bed.world.callsOf('reverse')], [['order.paid'], 0]);
});

test('a code payment that is replaced is taken back, and the new one charged', async () => {
  const bed = createTestBed([accountWithCodes]);
  bed.world.payersAre('types-password');
  assert.ok((await charge(bed, codeOrder({ reference }))).ok);
  bed.clock.advance(5_000);
  bed.world.payersAre('pays');
  const newer = newOrder({ reference, out_trade_no: secondNumber, bodySha256: 'newer' });
  assert.ok((await createOrder(bed, accountWithCodes, newer)).ok);
  assert.deepEqual(timesOf(bed).slice(0, 2), ['replaced', at('2026-11-21T04:00:25Z')]);
  await lifeOf(bed).until(at('2026-11-21T04:01:00Z'));
  assert.deepEqual([standing(bed).status, bed.world.callsOf('reverse')], ['CLOSED', 1]);
  assert.equal(standing(bed, secondKey).status, 'AWAITING');
});

test('a code payment of a reference has the link before it closed first', async () => {
  const bed = createTestBed([accountWithCodes]);
  bed.world.payersAre('pays');
  assert.ok((await createOrder(bed, accountWithCodes, newOrder({ reference }))).ok);
  bed.clock.advance(5_000);
  bed.world.plan('micropay', (honest) => {
    assert.equal(standing(bed).data['closeReason'], 'replaced');
    return honest();
  });
  const code = codeOrder({ reference, out_trade_no: secondNumber, bodySha256: 'code' });
  const answer = await charge(bed, code);
  assert.equal(answer.ok && answer.value.status, 'PAID');
  await lifeOf(bed).until(at('2026-11-21T04:01:00Z'));
  assert.deepEqual([standing(bed).status, bed.world.callsOf('close')], ['CLOSED', 1]);
});
