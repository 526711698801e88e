import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRefund } from '#app/create-refund.ts';
import { isAppError } from '#core/errors.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import { at } from '../../support/clock.ts';
import { account, orderKey, outTradeNo, storedOrder, valid } from '../../support/order-builder.ts';
import {
  appAccount,
  newRefund,
  refundKey,
  refundNamed,
  refundWake,
} from '../../support/refund-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { lifeOf } from './living.ts';
import {
  assertFaultsCame,
  dyingLook,
  eventTypesOf,
  look,
  paidSeen,
  paidUnseen,
  standing,
} from './looking.ts';

async function codeOf(bed: TestBed, request: NewRefund = newRefund()): Promise<string> {
  const answer = await createRefund(bed, account, request);
  return answer.ok ? `created ${answer.value.created}` : answer.refusal.code;
}

function refundsOf(bed: TestBed): readonly string[] {
  return bed.store.records().flatMap(({ key }) => (key.kind === 'refund' ? [key.number] : []));
}

function numbersNoted(bed: TestBed): unknown {
  const { refunds } = standing(bed).data;
  return Array.isArray(refunds) ? refunds.map(({ out_refund_no }) => out_refund_no) : [];
}

test('a refund is noted in its order, written, and gets its first wake; WeChat is not asked', async () => {
  const bed = await paidSeen();
  const calls = bed.world.callsOf();
  const answer = await createRefund(bed, account, newRefund({ reason: '少发一件' }));
  assert.deepEqual(answer, {
    ok: true,
    value: {
      created: true,
      view: {
        out_refund_no: 'R-1001',
        mchid: '1900000001',
        status: 'CREATED',
        out_trade_no: 'A-1001',
        transaction_id: '4200A1001',
        amount: { refund: 3000, total: 8800, currency: 'CNY' },
        origin: 'request',
        refund_reason: '少发一件',
        created_at: '2026-11-21T04:00:20.000Z',
        start_at: '2026-11-21T04:00:20.000Z',
        history: [],
        history_count: 0,
      },
    },
  });
  assert.deepEqual([numbersNoted(bed), standing(bed).version], [['R-1001'], 3]);
  assert.deepEqual([standing(bed).outbox, standing(bed).dueAt], [[], undefined]);
  assert.equal(standing(bed, refundKey).dueAt, at('2026-11-21T04:02:20Z'));
  assert.deepEqual(bed.timers.messages().at(-1), refundWake());
  assert.equal(bed.world.callsOf(), calls);
});

test('the same request again answers for the refund as it stands, and does nothing', async () => {
  const bed = await paidSeen();
  await createRefund(bed, account, newRefund());
  const before = bed.store.records();
  assert.equal(await codeOf(bed), 'created false');
  assert.deepEqual(bed.store.records(), before);
  await look(bed, refundWake());
  const answer = await createRefund(bed, account, newRefund());
  assert.equal(answer.ok && answer.value.view['status'], 'PROCESSING');
});

test('another request for the same number is a conflict and changes nothing', async () => {
  const bed = await paidSeen();
  await createRefund(bed, account, newRefund());
  const before = bed.store.records();
  assert.equal(await codeOf(bed, newRefund({ bodySha256: 'other' })), 'refund_conflict');
  assert.equal(await codeOf(bed, refundNamed('R-1001', 3000)), 'refund_conflict');
  assert.deepEqual(bed.store.records(), before);
});

test('many identical requests at once are one refund', async () => {
  const bed = await paidSeen();
  const codes = await Promise.all(Array.from({ length: 3 }, () => codeOf(bed)));
  assert.deepEqual(codes.sort(), ['created false', 'created false', 'created true']);
  assert.deepEqual([refundsOf(bed), numbersNoted(bed)], [['R-1001'], ['R-1001']]);
});

test('of two different requests at once under one number one is the refund', async () => {
  const bed = await paidSeen();
  const codes = await Promise.all([codeOf(bed), codeOf(bed, refundNamed('R-1001', 100))]);
  assert.deepEqual(codes.sort(), ['created true', 'refund_conflict']);
  assert.deepEqual([refundsOf(bed), numbersNoted(bed)], [['R-1001'], ['R-1001']]);
});

test('of two refunds at once that are too much together one is refused', async () => {
  const bed = await paidSeen();
  const codes = await Promise.all([
    codeOf(bed, refundNamed('R-1001', 5000)),
    codeOf(bed, refundNamed('R-1002', 5000)),
  ]);
  assert.deepEqual(codes.sort(), ['created true', 'refund_exceeds']);
  assert.equal(refundsOf(bed).length, 1);
});

test('two refunds at once that fit start a minute apart', async () => {
  const bed = await paidSeen();
  const codes = await Promise.all([
    codeOf(bed, refundNamed('R-1001', 4400)),
    codeOf(bed, refundNamed('R-1002', 4400)),
  ]);
  assert.deepEqual(codes, ['created true', 'created true']);
  const starts = refundsOf(bed).map(
    (number) => standing(bed, { ...refundKey, number }).data['startAt'],
  );
  assert.deepEqual(starts.sort(), [at('2026-11-21T04:00:20Z'), at('2026-11-21T04:01:20Z')]);
  await lifeOf(bed).until(at('2026-11-21T04:05:00Z'));
  const accepted = bed.world.refunds.refundsOf(outTradeNo).map(({ acceptedAt }) => acceptedAt);
  assert.ok((accepted[1] ?? 0) - (accepted[0] ?? 0) >= 60_000, 'WeChat gets them a minute apart');
});

test('a refund that starts too far ahead for a message is found by the sweep', async () => {
  const bed = await paidSeen();
  for (let part = 0; part < 17; part += 1) {
    assert.equal(await codeOf(bed, refundNamed(`R-20${part + 10}`, 100)), 'created true');
  }
  const last = { ...refundKey, number: 'R-2026' };
  assert.equal(standing(bed, last).dueAt, at('2026-11-21T04:16:20Z'));
  await lifeOf(bed).until(at('2026-11-21T04:20:00Z'));
  assert.equal(standing(bed, last).status, 'PROCESSING');
});

test('a refund of more than is left is refused at its amount', async () => {
  const bed = await paidSeen();
  await createRefund(bed, account, newRefund());
  const answer = await createRefund(bed, account, refundNamed('R-1002', 5801));
  const refusal = { code: 'refund_exceeds', pointer: '/amount/refund' };
  assert.deepEqual(answer, { ok: false, refusal });
  assert.deepEqual(refundsOf(bed), ['R-1001']);
});

test('a refund a year after its payment is refused', async () => {
  const bed = await paidSeen();
  bed.clock.advanceTo(at('2027-11-21T04:00:20Z'));
  assert.equal(await codeOf(bed), 'refund_too_late');
});

for (const status of ['CREATED', 'AWAITING', 'CLOSED', 'REFUSED']) {
  test(`a refund of an order that is ${status} is refused and leaves no trace`, async () => {
    const bed = createTestBed();
    bed.store.put(storedOrder(status));
    const before = bed.store.records();
    assert.equal(await codeOf(bed), 'order_unpaid');
    assert.deepEqual(bed.store.records(), before);
  });
}

test('a refund of an order that nobody knows is refused, and so is one of another account', async () => {
  const bed = createTestBed([account, appAccount]);
  assert.equal(await codeOf(bed), 'order_unknown');
  await paidSeen(bed);
  const answer = await createRefund(bed, appAccount, newRefund());
  assert.deepEqual(answer, { ok: false, refusal: { code: 'order_unknown' } });
  assert.deepEqual(refundsOf(bed), []);
});

test('the same number under another order is a conflict', async () => {
  const bed = await paidSeen();
  await createRefund(bed, account, newRefund());
  const out_trade_no = valid('A-1002', isOutTradeNo);
  const other = newRefund({ of: { out_trade_no }, bodySha256: 'other' });
  assert.equal(await codeOf(bed, other), 'refund_conflict');
});

for (const status of ['UNMATCHED', 'REVIEW']) {
  test(`an order that is ${status} can be refunded, and stays so`, async () => {
    const bed = createTestBed();
    const money = { transaction_id: '4200A1001', paidFen: 8800 };
    const record = storedOrder('REVIEW', { data: { reviewReason: 'late', ...money } });
    bed.store.put({ ...record, status });
    assert.equal(await codeOf(bed), 'created true');
    assert.equal(standing(bed).status, status);
  });
}

test('what its order owes is out before a refund is noted', async () => {
  const bed = await paidUnseen();
  bed.faults.store.plan('commit', 'crash-after');
  await dyingLook(bed);
  assert.equal(await codeOf(bed), 'created true');
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

for (const fault of ['unknown-done', 'unknown-not-done', 'lost-done'] as const) {
  for (const operation of ['commit', 'clear'] as const) {
    test(`a refund whose ${operation} ends ${fault} is one refund`, async () => {
      const bed = await paidSeen();
      bed.faults.store.plan(operation, fault);
      assert.match(await codeOf(bed), /^created /);
      assert.deepEqual([refundsOf(bed), numbersNoted(bed)], [['R-1001'], ['R-1001']]);
      assertFaultsCame(bed);
    });
  }
}

for (const fault of ['unknown-done', 'unknown-not-done', 'fail'] as const) {
  test(`a refund whose record ends ${fault} says so, and is finished by its repetition`, async () => {
    const bed = await paidSeen();
    bed.faults.store.plan('create', fault);
    await assert.rejects(() => createRefund(bed, account, newRefund()), isAppError);
    assert.equal(await codeOf(bed), 'created false');
    assert.deepEqual([refundsOf(bed), numbersNoted(bed)], [['R-1001'], ['R-1001']]);
    await lifeOf(bed).until(at('2026-11-21T04:05:00Z'));
    assert.deepEqual([standing(bed).outbox, standing(bed).dueAt], [[], undefined]);
    assert.equal(bed.world.callsOf('apply'), 1);
    assertFaultsCame(bed);
  });
}

test('a refund that cannot be noted says so', async () => {
  const bed = await paidSeen();
  const faults = Array.from({ length: 4 }, () => 'unknown-not-done' as const);
  bed.faults.store.plan('commit', ...faults);
  assert.equal(await codeOf(bed), 'store_unavailable');
  assert.deepEqual([refundsOf(bed), numbersNoted(bed)], [[], []]);
});

test('a refund whose first wake is not taken is found by the sweep', async () => {
  const bed = await paidSeen();
  bed.faults.timers.plan('send', 'fail');
  assert.equal(await codeOf(bed), 'created true');
  await lifeOf(bed).until(at('2026-11-21T04:04:00Z'));
  assert.equal(standing(bed, refundKey).status, 'PROCESSING');
});

test('an order or a refund that cannot be read is refused, not overwritten', async () => {
  const bed = await paidSeen();
  await createRefund(bed, account, newRefund());
  const record = standing(bed, refundKey);
  bed.store.put({ ...record, data: { ...record.data, refundFen: 'many' } });
  assert.equal(await codeOf(bed), 'record_undecodable');
  const order = standing(bed);
  bed.store.put({ ...order, data: { ...order.data, paidFen: 'many' } });
  await assert.rejects(
    () => codeOf(bed, refundNamed('R-1002', 100)),
    (error) => isAppError(error) && error.code === 'record_undecodable',
  );
  assert.equal(bed.store.peek({ ...orderKey, kind: 'refund', number: 'R-1002' }), undefined);
});
