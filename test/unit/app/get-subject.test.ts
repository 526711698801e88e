import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRefund } from '#app/create-refund.ts';
import { getOrder, getRefund } from '#app/get-subject.ts';
import type { Answer } from '#core/refusal.ts';
import type { JsonObject } from '#core/values/json.ts';
import { account, orderKey, storedOrder } from '../../support/order-builder.ts';
import { newRefund, outRefundNo, refundKey } from '../../support/refund-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { lastWake, overdue, typing } from './charging.ts';
import { eventTypesOf, look, paidSeen, paidUnseen, placed, standing } from './looking.ts';

function get(bed: TestBed, refresh: boolean): Promise<Answer<JsonObject>> {
  return getOrder(bed, { account: account.name, key: orderKey, refresh });
}

test('an order is shown as it stands, and WeChat is not asked', async () => {
  const bed = await paidUnseen();
  const calls = bed.world.callsOf();
  const answer = await get(bed, false);
  assert.deepEqual(answer, {
    ok: true,
    value: {
      out_trade_no: 'A-1001',
      mchid: '1900000001',
      status: 'AWAITING',
      trade_type: 'NATIVE',
      appid: 'wxd678efh567hg6787',
      time_expire: '2026-11-21T06:00:00.000Z',
      created_at: '2026-11-21T04:00:00.000Z',
      amount: { total: 8800, currency: 'CNY' },
      history: [
        {
          at: '2026-11-21T04:00:00.000Z',
          from: 'CREATED',
          to: 'AWAITING',
          because: 'request',
        },
      ],
      history_count: 1,
    },
  });
  assert.equal(bed.world.callsOf(), calls);
});

test('a code payment is shown with the moment at which it is taken back, and without its code', async () => {
  const bed = await typing();
  const answer = await get(bed, false);
  const value = {
    out_trade_no: 'A-1001',
    mchid: '1900000001',
    status: 'CREATED',
    trade_type: 'MICROPAY',
    appid: 'wxd678efh567hg6787',
    time_expire: '2026-11-21T04:00:45.000Z',
    created_at: '2026-11-21T04:00:00.000Z',
    amount: { total: 8800, currency: 'CNY' },
    history: [],
    history_count: 0,
  };
  assert.deepEqual(answer, { ok: true, value });
});

test('a code payment that is taken back shows its close and no payment', async () => {
  const bed = await overdue();
  await look(bed, lastWake);
  const answer = await get(bed, false);
  assert.ok(answer.ok);
  const { status, close_reason, transaction_id, paid_total, history } = answer.value;
  assert.deepEqual([status, close_reason], ['CLOSED', 'expired']);
  assert.deepEqual([transaction_id, paid_total], [undefined, undefined]);
  assert.deepEqual(history, [
    {
      at: '2026-11-21T04:00:45.000Z',
      from: 'CREATED',
      to: 'CREATED',
      because: 'timer',
      evidence: 'USERPAYING',
    },
    {
      at: '2026-11-21T04:00:45.000Z',
      from: 'CREATED',
      to: 'CLOSED',
      because: 'timer',
      evidence: 'REVOKED',
    },
  ]);
});

test('a refresh of a code payment sees its payer confirm', async () => {
  const bed = await typing();
  bed.world.pay('A-1001');
  const answer = await get(bed, true);
  assert.ok(answer.ok);
  assert.deepEqual([answer.value['status'], answer.value['refreshed']], ['PAID', true]);
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

test('a refresh looks at WeChat first, and announces what it finds', async () => {
  const bed = await paidUnseen();
  const answer = await get(bed, true);
  assert.ok(answer.ok);
  assert.deepEqual([answer.value['status'], answer.value['paid_total']], ['PAID', 8800]);
  assert.equal(answer.value['refreshed'], true);
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

test('a refresh while WeChat does not answer shows the order as it stands', async () => {
  const bed = await paidUnseen();
  bed.world.plan('query', { type: 'unknown', code: 'TIMEOUT' });
  const answer = await get(bed, true);
  assert.ok(answer.ok && answer.value['status'] === 'AWAITING');
  assert.equal(answer.value['refreshed'], false);
  assert.ok(standing(bed).dueAt !== undefined);
});

test('a refresh arms nothing on an order that WeChat shows unpaid', async () => {
  const bed = await placed();
  const [before, sends] = [standing(bed), bed.timers.sends()];
  await get(bed, true);
  assert.deepEqual([standing(bed), bed.timers.sends()], [before, sends]);
});

for (const refresh of [false, true]) {
  test(`an order that nobody placed is unknown, refresh ${refresh}, and WeChat is not asked`, async () => {
    const bed = createTestBed();
    assert.deepEqual(await get(bed, refresh), { ok: false, refusal: { code: 'order_unknown' } });
    assert.deepEqual([bed.world.callsOf(), bed.store.records()], [0, []]);
  });

  test(`a record that cannot be read is refused, refresh ${refresh}`, async () => {
    const bed = createTestBed();
    bed.store.put(storedOrder('AWAITING', { data: { appid: 7 } }));
    const answer = await get(bed, refresh);
    assert.deepEqual(answer, { ok: false, refusal: { code: 'record_undecodable' } });
    assert.equal(bed.world.callsOf(), 0);
  });
}

test('nothing of the payer is shown', async () => {
  const bed = createTestBed();
  bed.store.put(storedOrder('PAID', { data: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' } }));
  assert.equal(JSON.stringify(await get(bed, false)).includes('oUpF8'), false);
});

test('an order in review says why, a closed one as well', async () => {
  const bed = createTestBed();
  bed.store.put(storedOrder('REVIEW'));
  const review = await get(bed, false);
  assert.deepEqual(review.ok && review.value['review_reason'], 'amount');
  bed.store.put(storedOrder('CLOSED', { data: { closeReason: 'requested' } }));
  const closed = await get(bed, false);
  assert.deepEqual(closed.ok && closed.value['close_reason'], 'requested');
});

test('two refreshes and a notice at once announce a payment once', async () => {
  const bed = await paidUnseen();
  await Promise.all([get(bed, true), get(bed, true), look(bed)]);
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

test('an order shows its refunds, and what a person decided about it', async () => {
  const bed = await paidSeen();
  await createRefund(bed, account, newRefund());
  const paid = await get(bed, false);
  assert.deepEqual(paid.ok && paid.value['refunds'], [
    { out_refund_no: 'R-1001', amount: { refund: 3000, currency: 'CNY' }, status: 'CREATED' },
  ]);
  const decided = { action: 'accept', by: 'lin', why: 'called the payer' };
  const at = bed.clock.now();
  bed.store.put(storedOrder('REVIEW', { data: { resolution: { ...decided, at } } }));
  const open = await get(bed, false);
  const shown = { ...decided, at: '2026-11-21T04:00:20.000Z' };
  assert.deepEqual(open.ok && open.value['resolution'], shown);
});

function getOne(bed: TestBed, refresh: boolean): Promise<Answer<JsonObject>> {
  return getRefund(bed, { account: account.name, key: refundKey, refresh });
}

test('a refund is shown as it stands, and WeChat is not asked', async () => {
  const bed = await paidSeen();
  await createRefund(bed, account, newRefund());
  const calls = bed.world.callsOf();
  assert.deepEqual(await getOne(bed, false), {
    ok: true,
    value: {
      out_refund_no: 'R-1001',
      mchid: '1900000001',
      status: 'CREATED',
      out_trade_no: 'A-1001',
      transaction_id: '4200A1001',
      amount: { refund: 3000, total: 8800, currency: 'CNY' },
      origin: 'request',
      created_at: '2026-11-21T04:00:20.000Z',
      start_at: '2026-11-21T04:00:20.000Z',
      history: [],
      history_count: 0,
    },
  });
  assert.equal(bed.world.callsOf(), calls);
});

test('a refresh of a refund looks at WeChat first, and announces what it finds', async () => {
  const bed = await paidSeen();
  await createRefund(bed, account, newRefund());
  await getOne(bed, true);
  bed.world.refunds.settle(outRefundNo, 'SUCCESS');
  const answer = await getOne(bed, true);
  assert.ok(answer.ok);
  assert.deepEqual([answer.value['status'], answer.value['refreshed']], ['SUCCESS', true]);
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'refund.succeeded']);
});

test('a refresh of a refund while WeChat does not answer shows it as it stands', async () => {
  const bed = await paidSeen();
  await createRefund(bed, account, newRefund());
  bed.world.plan('refund-query', { type: 'unknown', code: 'TIMEOUT' });
  const answer = await getOne(bed, true);
  assert.ok(answer.ok);
  assert.deepEqual([answer.value['status'], answer.value['refreshed']], ['CREATED', false]);
  assert.equal(bed.world.callsOf('apply'), 0);
});

for (const refresh of [false, true]) {
  test(`a refund that nobody made is unknown, refresh ${refresh}, and WeChat is not asked`, async () => {
    const bed = createTestBed();
    const answer = await getOne(bed, refresh);
    assert.deepEqual(answer, { ok: false, refusal: { code: 'refund_unknown' } });
    assert.deepEqual([bed.world.callsOf(), bed.store.records()], [0, []]);
  });

  test(`a refund that cannot be read is refused, refresh ${refresh}`, async () => {
    const bed = await paidSeen();
    await createRefund(bed, account, newRefund());
    const record = standing(bed, refundKey);
    bed.store.put({ ...record, data: { ...record.data, origin: 'back' } });
    const answer = await getOne(bed, refresh);
    assert.deepEqual(answer, { ok: false, refusal: { code: 'record_undecodable' } });
    assert.equal(bed.world.callsOf('refund-query'), 0);
  });
}
