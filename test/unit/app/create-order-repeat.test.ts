import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrder } from '#app/create-order.ts';
import { at } from '../../support/clock.ts';
import type { StoredOrder } from '../../support/order-builder.ts';
import { account, hint, newOrder, outTradeNo, storedOrder } from '../../support/order-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { assertFaultsCame, placed, standing } from './looking.ts';

const firstLink = 'weixin://wxpay/bizpayurl?pr=A-1001-1';

function stored(status: string, overrides: StoredOrder = {}): TestBed {
  const bed = createTestBed();
  bed.store.put(storedOrder(status, overrides));
  return bed;
}

async function refusalOf(bed: TestBed, request = newOrder()): Promise<string | undefined> {
  const answer = await createOrder(bed, account, request);
  return answer.ok ? undefined : answer.refusal.code;
}

test('the same request again answers the same link and asks WeChat nothing', async () => {
  const bed = await placed();
  const calls = bed.world.callsOf();
  const answer = await createOrder(bed, account, newOrder());
  assert.deepEqual(answer, {
    ok: true,
    value: { out_trade_no: 'A-1001', status: 'AWAITING', created: false, code_url: firstLink },
  });
  assert.deepEqual([bed.world.callsOf(), bed.timers.sends()], [calls, 1]);
});

test('another request for the same number is a conflict and changes nothing', async () => {
  const bed = await placed();
  const before = standing(bed);
  assert.equal(await refusalOf(bed, newOrder({ bodySha256: 'other' })), 'order_conflict');
  assert.deepEqual([standing(bed), bed.world.callsOf('prepay')], [before, 1]);
});

for (const status of ['PAID', 'CLOSED', 'REVIEW']) {
  test(`a repeat on ${status} answers the status and hands out no link`, async () => {
    const bed = stored(status);
    const answer = await createOrder(bed, account, newOrder());
    assert.deepEqual(answer, {
      ok: true,
      value: { out_trade_no: 'A-1001', status, created: false },
    });
    assert.equal(bed.world.callsOf(), 0);
  });
}

test('a payment that nobody ordered blocks its number', async () => {
  const bed = createTestBed();
  const { data, ...record } = storedOrder('CREATED');
  const { createdAt = 0, closeAt = 0 } = data;
  bed.store.put({ ...record, status: 'UNMATCHED', data: { createdAt, closeAt, attempts: 0 } });
  assert.equal(await refusalOf(bed), 'order_conflict');
});

test('a repeat after a placing without an answer places it again, identically', async () => {
  const bed = createTestBed();
  bed.world.plan('prepay', (honest) => {
    honest();
    return { type: 'unknown', code: 'TIMEOUT' };
  });
  assert.equal(await refusalOf(bed), 'wechat_unavailable');
  bed.clock.advance(5_000);
  const answer = await createOrder(bed, account, newOrder());
  assert.deepEqual([answer.ok && answer.value.created, bed.timers.sends()], [false, 1]);
  assert.equal(standing(bed).status, 'AWAITING');
  assert.equal(standing(bed).data['attempts'], 2);
});

test('a refusal after an attempt without an answer proves nothing: it is looked into', async () => {
  const bed = createTestBed();
  const refused = { type: 'refused', code: 'PARAM_ERROR' } as const;
  bed.world.plan('prepay', { type: 'unknown', code: 'TIMEOUT' }, refused);
  await createOrder(bed, account, newOrder());
  assert.equal(await refusalOf(bed), 'wechat_looking');
  assert.equal(standing(bed).status, 'CREATED');
  assert.deepEqual(bed.hints.messages(), [hint({ reason: 'request' })]);
});

test('of two placings at once a refused one does not give away the number of the other', async () => {
  const bed = createTestBed();
  bed.world.plan('prepay', async () => {
    const other = await createOrder(bed, account, newOrder());
    assert.ok(other.ok && !other.value.created);
    return { type: 'refused', code: 'PARAM_ERROR' };
  });
  assert.equal(await refusalOf(bed), 'wechat_looking');
  assert.equal(standing(bed).status, 'AWAITING');
});

test('a refusal does not give away the number while another placing has no answer', async () => {
  const bed = createTestBed();
  bed.world.plan(
    'prepay',
    async () => {
      assert.equal(await refusalOf(bed), 'wechat_unavailable');
      return { type: 'refused', code: 'PARAM_ERROR' };
    },
    { type: 'unknown', code: 'TIMEOUT' },
  );
  assert.equal(await refusalOf(bed), 'wechat_looking');
  assert.equal(standing(bed).status, 'CREATED');
});

test('many identical requests at once are one order with one chain', async () => {
  const bed = createTestBed();
  const requests = Array.from({ length: 5 }, () => {
    bed.clock.advance(1);
    return createOrder(bed, account, newOrder());
  });
  const answers = await Promise.all(requests);
  assert.equal(answers.filter((answer) => answer.ok && answer.value.created).length, 1);
  assert.deepEqual([bed.timers.sends(), bed.store.records().length], [1, 1]);
  const link = standing(bed).data['link'];
  assert.ok(link !== undefined && answers.every((answer) => answer.ok));
});

test('of two different requests at once one is the order, the other a conflict', async () => {
  const bed = createTestBed();
  const codes = await Promise.all([
    refusalOf(bed),
    refusalOf(bed, newOrder({ bodySha256: 'other' })),
  ]);
  assert.deepEqual(codes, [undefined, 'order_conflict']);
});

test('a repeat is judged by its record, not by the clock of today', async () => {
  const bed = stored('PAID');
  bed.clock.advanceTo(at('2026-11-25T04:00:00Z'));
  const expiresAt = at('2026-11-21T06:00:00Z');
  const answer = await createOrder(bed, account, newOrder({ expiresAt }));
  assert.ok(answer.ok && answer.value.status === 'PAID');
});

test('a link is handed out until the expiry, and renewed no later than a minute before it', async () => {
  for (const [time, code, prepays] of [
    ['2026-11-21T05:49:59Z', undefined, 0],
    ['2026-11-21T05:50:01Z', undefined, 1],
    ['2026-11-21T05:59:00Z', undefined, 1],
    ['2026-11-21T05:59:00.001Z', 'order_expired', 0],
    ['2026-11-21T06:00:00Z', 'order_expired', 0],
  ] as const) {
    const bed = stored('AWAITING');
    bed.clock.advanceTo(at(time));
    assert.equal(await refusalOf(bed), code, time);
    assert.equal(bed.world.callsOf('prepay'), prepays, time);
  }
});

test('a renewal keeps the expiry that was fixed, and moves the close after its own placing', async () => {
  const bed = stored('AWAITING');
  bed.clock.advanceTo(at('2026-11-21T05:58:00Z'));
  await createOrder(bed, account, newOrder());
  assert.equal(bed.world.order(outTradeNo)?.request.expiresAt, at('2026-11-21T06:00:00Z'));
  assert.equal(standing(bed).data['closeAt'], at('2026-11-21T06:03:00Z'));
});

test('an order that is to be closed is not placed again', async () => {
  const bed = stored('AWAITING', { data: { closeReason: 'requested' } });
  assert.equal(await refusalOf(bed), 'order_closing');
  assert.equal(bed.world.callsOf(), 0);
});

test('a close that is asked for just before a renewal wins over it', async () => {
  const bed = stored('CREATED');
  bed.faults.store.plan('amend', () => {
    const record = standing(bed);
    bed.store.put({ ...record, data: { ...record.data, closeReason: 'requested' } });
  });
  assert.equal(await refusalOf(bed), 'order_closing');
  assert.equal(bed.world.callsOf(), 0);
  assertFaultsCame(bed);
});

test('a renewal that cannot be noted is not begun', async () => {
  const bed = stored('CREATED');
  const faults = ['unknown-not-done', 'unknown-not-done', 'unknown-not-done'] as const;
  bed.faults.store.plan('amend', ...faults);
  assert.equal(await refusalOf(bed), 'store_unavailable');
  assert.equal(bed.world.callsOf(), 0);
});

test('a record that cannot be read is refused, not overwritten', async () => {
  const bed = stored('AWAITING', { data: { expiresAt: 'soon' } });
  const before = standing(bed);
  assert.equal(await refusalOf(bed), 'record_undecodable');
  assert.deepEqual([standing(bed), bed.world.callsOf()], [before, 0]);
});

test('a repeat that meets the next life of its number notes nothing there and places nothing', async () => {
  const bed = stored('CREATED', { data: { requestId: 'first-life' } });
  const next = storedOrder('CREATED', {
    data: { requestId: 'second-life', bodySha256: 'another-body' },
  });
  bed.faults.store.plan('amend', () => bed.store.put(next));
  assert.equal(await refusalOf(bed), 'order_conflict');
  assert.deepEqual(standing(bed), next);
  assert.equal(bed.world.callsOf('prepay'), 0);
});
