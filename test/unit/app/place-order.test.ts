import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeOrder } from '#app/close-order.ts';
import { createOrder } from '#app/create-order.ts';
import type { Answer } from '#core/refusal.ts';
import type { JsonObject } from '#core/values/json.ts';
import { at } from '../../support/clock.ts';
import {
  account,
  hint,
  newOrder,
  orderKey,
  outTradeNo,
  wake,
} from '../../support/order-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { assertFaultsCame, eventTypesOf, look, standing } from './looking.ts';

const link = 'weixin://wxpay/bizpayurl?pr=A-1001-1';

/** Places an order; `meanwhile` happens after WeChat placed it and before the link is written back. */
function placeWhile(
  bed: TestBed,
  meanwhile: () => void | Promise<void>,
): Promise<Answer<{ readonly status: string; readonly code_url?: string }>> {
  bed.world.plan('prepay', async (honest) => {
    const outcome = honest();
    await meanwhile();
    return outcome;
  });
  return createOrder(bed, account, newOrder());
}

function becomes(bed: TestBed, status: string, data: JsonObject = {}): void {
  const record = standing(bed);
  bed.store.put({ ...record, status, data: { ...record.data, ...data } });
}

for (const status of ['CLOSED', 'REVIEW', 'REFUSED']) {
  test(`a write-back that meets ${status} hands out no link and leaves a hint`, async () => {
    const bed = createTestBed();
    const answer = await placeWhile(bed, () => becomes(bed, status));
    assert.deepEqual(answer, { ok: false, refusal: { code: 'order_settled' } });
    assert.deepEqual(bed.hints.messages(), [hint({ reason: 'request' })]);
    assert.equal(Object.hasOwn(standing(bed).data, 'link'), false);
  });
}

test('a write-back that meets CLOSED with the very same link hands out nothing either', async () => {
  const bed = createTestBed();
  const answer = await placeWhile(bed, () => becomes(bed, 'CLOSED', { link }));
  assert.deepEqual(answer, { ok: false, refusal: { code: 'order_settled' } });
  assert.deepEqual(bed.hints.messages(), [hint({ reason: 'request' })]);
});

test('a write-back that meets PAID answers so, without a link', async () => {
  const bed = createTestBed();
  const answer = await placeWhile(bed, async () => {
    bed.world.pay(outTradeNo);
    await look(bed);
  });
  assert.ok(answer.ok);
  assert.deepEqual([answer.value.status, answer.value.code_url], ['PAID', undefined]);
});

test('a link that stands on a paid order is not handed out', async () => {
  const bed = createTestBed();
  const answer = await placeWhile(bed, () => becomes(bed, 'PAID', { link }));
  assert.ok(answer.ok);
  assert.deepEqual([answer.value.status, answer.value.code_url], ['PAID', undefined]);
});

test('a write-back that meets a close on request hands out no link and leaves a hint', async () => {
  const bed = createTestBed();
  const answer = await placeWhile(bed, async () => {
    bed.clock.advance(1_000);
    assert.ok((await closeOrder(bed, orderKey)).ok);
  });
  assert.deepEqual(answer, { ok: false, refusal: { code: 'order_closing' } });
  assert.equal(bed.hints.messages().length, 2, 'one of the close, one of the placing');
  await look(bed, hint({ reason: 'request' }));
  assert.deepEqual(
    [standing(bed).status, bed.world.order(outTradeNo)?.state],
    ['CLOSED', 'CLOSED'],
  );
});

for (const fault of ['unknown-done', 'unknown-not-done', 'lost-done'] as const) {
  test(`a write-back that ends ${fault} hands out the link once it stands`, async () => {
    const bed = createTestBed();
    bed.faults.store.plan('amend', fault);
    const answer = await createOrder(bed, account, newOrder());
    assert.ok(answer.ok);
    assert.deepEqual([answer.value.code_url, answer.value.created], [link, true]);
    assert.equal(standing(bed).data['link'], link);
    assertFaultsCame(bed);
  });
}

test('a link that never came to stand is not handed out', async () => {
  const bed = createTestBed();
  const faults = ['unknown-not-done', 'unknown-not-done', 'unknown-not-done'] as const;
  bed.faults.store.plan('amend', ...faults);
  const answer = await createOrder(bed, account, newOrder());
  assert.deepEqual(answer, { ok: false, refusal: { code: 'store_unavailable' } });
  assert.equal(Object.hasOwn(standing(bed).data, 'link'), false);
});

test('a link whose record is gone is not handed out', async () => {
  const bed = createTestBed();
  const answer = await placeWhile(bed, () => bed.store.drop(orderKey));
  assert.equal(answer.ok, false);
});

test('a link whose record cannot be read any more is not handed out', async () => {
  const bed = createTestBed();
  const answer = await placeWhile(bed, () => becomes(bed, 'PAID', { paidFen: 'much' }));
  assert.equal(answer.ok, false);
});

test('a hint queue that is down changes no answer: the dueAt makes somebody look', async () => {
  const bed = createTestBed();
  bed.world.plan('prepay', { type: 'look', code: 'OUT_TRADE_NO_USED' });
  bed.faults.hints.plan('send', 'fail');
  const answer = await createOrder(bed, account, newOrder());
  assert.deepEqual(answer.ok || answer.refusal.code, 'wechat_looking');
  assert.ok(standing(bed).dueAt !== undefined);
});

test('an order that turns out paid at WeChat ends as paid by the look that was hinted', async () => {
  const bed = createTestBed();
  bed.world.plan('prepay', (honest) => {
    honest();
    bed.world.pay(outTradeNo);
    return { type: 'look', code: 'ORDERPAID' };
  });
  await createOrder(bed, account, newOrder());
  for (const message of bed.hints.messages()) {
    await look(bed, message);
  }
  assert.equal(standing(bed).status, 'PAID');
});

test('an order of somebody else under the number is looked at and never closed', async () => {
  const bed = createTestBed();
  await createOrder(bed, account, newOrder({ requestId: 'of-another-system' }));
  bed.store.drop(orderKey);
  bed.world.plan('prepay', { type: 'look', code: 'OUT_TRADE_NO_USED' });
  await createOrder(bed, account, newOrder());
  assert.equal(standing(bed).data['unplaced'], true);
  bed.clock.advanceTo(at('2026-11-21T06:01:00Z'));
  await look(bed, wake({ origin: 'sweep' }));
  assert.deepEqual([standing(bed).status, standing(bed).dueAt], ['REFUSED', undefined]);
  await look(bed, hint({ reason: 'request' }));
  assert.deepEqual([bed.world.callsOf('close'), eventTypesOf(bed)], [0, []]);
});

test('a repeat that WeChat takes makes the order ours again', async () => {
  const bed = createTestBed();
  bed.world.plan('prepay', { type: 'look', code: 'OUT_TRADE_NO_USED' });
  await createOrder(bed, account, newOrder());
  bed.world.plan('prepay', { type: 'look', code: 'OUT_TRADE_NO_USED' });
  await createOrder(bed, account, newOrder());
  assert.deepEqual([standing(bed).data['unplaced'], standing(bed).data['attempts']], [true, 2]);
  const placed = await createOrder(bed, account, newOrder());
  assert.ok(placed.ok && placed.value.code_url !== undefined);
  assert.equal(standing(bed).data['unplaced'], undefined);
});

test('after an attempt without an answer the number counts as ours', async () => {
  const bed = createTestBed();
  bed.world.plan('prepay', { type: 'unknown', code: 'TIMEOUT' });
  await createOrder(bed, account, newOrder());
  bed.world.plan('prepay', { type: 'look', code: 'OUT_TRADE_NO_USED' });
  await createOrder(bed, account, newOrder());
  assert.equal(standing(bed).data['unplaced'], undefined);
});
