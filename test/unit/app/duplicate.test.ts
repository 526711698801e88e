import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '#core/account.ts';
import { isAppError } from '#core/errors.ts';
import type { JsonObject } from '#core/values/json.ts';
import { at } from '../../support/clock.ts';
import { account, orderKey, outTradeNo, storedOrder } from '../../support/order-builder.ts';
import {
  appAccount,
  reference,
  refundKey,
  secondKey,
  secondNumber,
} from '../../support/refund-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { dieEverywhere, handledTypesOf } from './dying.ts';
import { lifeOf } from './living.ts';
import { assertFaultsCame, eventTypesOf, look, standing } from './looking.ts';
import {
  claimKey,
  first,
  firstHint,
  paidBoth,
  placedBoth,
  secondHint,
  secondKeyOf,
} from './paying-twice.ts';

const done = { type: 'done' };
const ahead = { type: 'retry', reason: 'notice_ahead', afterMs: 5_000 };
const backOfSecond = { ...refundKey, number: 'back-B-1001' };

function bothOf(bed: TestBed, holder = account): readonly string[] {
  return [standing(bed).status, standing(bed, secondKeyOf(holder)).status];
}

/** B-1001 is paid; the claim of its reference is A-1001's, whose record is as given. */
async function ownedBy(record: ReturnType<typeof storedOrder> | undefined): Promise<TestBed> {
  const bed = await placedBoth(createTestBed());
  await bed.claims.take(claimKey, first);
  if (record === undefined) {
    bed.store.drop(orderKey);
  } else {
    bed.store.put(record);
  }
  bed.clock.advance(15_000);
  bed.world.pay(secondNumber);
  return bed;
}

test('of two orders that pay one reference the second is given back, and said to be a duplicate', async () => {
  const bed = await paidBoth(createTestBed());
  assert.deepEqual(await look(bed, firstHint()), done);
  assert.deepEqual(await look(bed, secondHint()), done);
  assert.deepEqual(bothOf(bed), ['PAID', 'PAID']);
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'order.duplicate']);
  const { subject, data } = bed.events.published().at(-1) ?? assert.fail('an event');
  assert.equal(subject, 'order#1900000001#B-1001');
  assert.deepEqual(data['duplicate_of'], { mchid: '1900000001', out_trade_no: 'A-1001' });
  await lifeOf(bed).until(at('2026-11-21T04:05:00Z'));
  const [refund] = bed.world.refunds.refundsOf(secondNumber);
  assert.deepEqual(
    [refund?.request.out_refund_no, refund?.request.refundFen, refund?.request.reason],
    ['back-B-1001', 8800, '重复支付，款项原路退回'],
  );
  assert.deepEqual(bed.world.refunds.refundsOf(outTradeNo), []);
});

test('of two payments that are seen at once one is announced, the other waits and goes back', async () => {
  const bed = await paidBoth(createTestBed());
  const endings = await Promise.all([look(bed, firstHint()), look(bed, secondHint())]);
  assert.deepEqual(endings, [done, ahead]);
  await lifeOf(bed).until(at('2026-11-21T04:20:00Z'));
  bed.world.refunds.settle('back-B-1001', 'SUCCESS');
  await lifeOf(bed).untilRest();
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'order.duplicate', 'refund.succeeded']);
  assert.deepEqual(bothOf(bed), ['PAID', 'PAID']);
  assert.deepEqual(bed.world.refunds.refundsOf(outTradeNo), []);
});

test('the look that claims may die anywhere: one payment is announced, the other goes back', async () => {
  await dieEverywhere(6, {
    prepare: () => paidBoth(createTestBed()),
    job: (bed) => look(bed, firstHint()),
    after: async (bed, where) => {
      await look(bed, secondHint());
      await look(bed, firstHint(), 2);
      await lifeOf(bed).until(at('2026-11-21T06:20:00Z'));
      const all = [outTradeNo, secondNumber].flatMap((one) => bed.world.refunds.refundsOf(one));
      assert.equal(all.length, 1, where);
      assert.deepEqual(bothOf(bed), ['PAID', 'PAID'], where);
      const types = [...handledTypesOf(bed)].sort();
      assert.deepEqual(types, ['order.duplicate', 'order.paid'], where);
    },
  });
});

test('an order whose claim was taken by a look that died is not overtaken', async () => {
  const bed = await paidBoth(createTestBed());
  bed.faults.store.plan('commit', 'crash-before');
  await assert.rejects(() => look(bed, firstHint()));
  assert.deepEqual((await bed.claims.load(claimKey))?.owner, first);
  assert.deepEqual(await look(bed, secondHint(), 4), { type: 'done', unanswered: true });
  assert.deepEqual([bothOf(bed), eventTypesOf(bed)], [['AWAITING', 'AWAITING'], []]);
  assert.deepEqual(await look(bed, firstHint()), done);
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

test('a notice of an order that waits for another is repeated after 5, 15 and 45 s', async () => {
  const bed = await paidBoth(createTestBed());
  await bed.claims.take(claimKey, first);
  for (const [receiveCount, afterMs] of [
    [1, 5_000],
    [2, 15_000],
    [3, 45_000],
  ] as const) {
    const ending = await look(bed, secondHint(), receiveCount);
    assert.deepEqual(ending, { type: 'retry', reason: 'notice_ahead', afterMs });
  }
  assert.equal(bed.telemetry.countOf('wechat_unknown', 'CLAIM_WAITS'), 3);
});

for (const status of ['CLOSED', 'REFUSED']) {
  test(`a claim whose owner is ${status} is not taken over: it was paid late, or unseen`, async () => {
    const bed = await ownedBy(storedOrder(status));
    assert.deepEqual(await look(bed, secondHint()), ahead);
    assert.deepEqual(bothOf(bed), [status, 'AWAITING']);
    assert.deepEqual((await bed.claims.load(claimKey))?.owner, first);
  });
}

test('of a payment that is late and shipped all the same, and another, one is announced', async () => {
  const shipping: Account = { ...account, latePolicy: 'fulfil' };
  const bed = await placedBoth(createTestBed([shipping]));
  bed.store.put(storedOrder('CLOSED', { data: { reference } }));
  bed.world.pay(outTradeNo);
  bed.world.pay(secondNumber);
  // Between the claim of the late one and its commit the other one is looked at.
  bed.faults.store.plan('commit', async () => {
    assert.deepEqual(await look(bed, secondHint()), ahead);
  });
  assert.deepEqual(await look(bed, firstHint()), done);
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
  await look(bed, secondHint());
  assert.deepEqual(bothOf(bed), ['PAID', 'PAID']);
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'order.duplicate']);
});

const unsure: Readonly<Record<string, ReturnType<typeof storedOrder> | undefined>> = {
  'is with a person': storedOrder('REVIEW'),
  'was refunded': withRefund('SUCCESS'),
  'is being refunded': withRefund('PROCESSING'),
  'is contradicted': storedOrder('PAID', { data: { contradictedAt: at('2026-11-21T04:00:00Z') } }),
  'was lost': undefined,
};
for (const [what, record] of Object.entries(unsure)) {
  test(`a payment whose owner ${what} is held for a person, and nothing goes back`, async () => {
    const bed = await ownedBy(record);
    assert.deepEqual(await look(bed, secondHint()), done);
    const { status, data, dueAt } = standing(bed, secondKey);
    assert.deepEqual([status, data['reviewReason'], dueAt], ['REVIEW', 'duplicate', undefined]);
    assert.deepEqual(eventTypesOf(bed), ['order.duplicate']);
    assert.equal(bed.store.peek(backOfSecond), undefined);
  });
}

function withRefund(status: string): ReturnType<typeof storedOrder> {
  const startAt = at('2026-11-21T04:00:00Z');
  const refund: JsonObject = { out_refund_no: 'R-1001', refundFen: 1, startAt, status };
  return storedOrder('PAID', { data: { refunds: [refund] } });
}

test('a duplicate that the policy holds is for a person', async () => {
  const holding: Account = { ...account, duplicatePolicy: 'hold' };
  const bed = await paidBoth(createTestBed([holding]));
  await look(bed, firstHint());
  assert.deepEqual(await look(bed, secondHint()), done);
  assert.deepEqual(bothOf(bed), ['PAID', 'REVIEW']);
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'order.duplicate']);
  assert.equal(bed.store.peek(backOfSecond), undefined);
});

test('an order of another account of the tenant that was paid first makes a duplicate', async () => {
  const bed = await paidBoth(createTestBed([account, appAccount]), appAccount);
  assert.deepEqual(await look(bed, firstHint()), done);
  assert.deepEqual(await look(bed, secondHint(appAccount)), done);
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'order.duplicate']);
  const back = { ...backOfSecond, mchid: appAccount.mchid };
  assert.deepEqual(
    [bothOf(bed, appAccount), standing(bed, back).status],
    [['PAID', 'PAID'], 'CREATED'],
  );
});

test('the same reference of another tenant is another business order', async () => {
  const stranger: Account = { ...appAccount, tenant: 'tenant-2' };
  const bed = await paidBoth(createTestBed([account, stranger]), stranger);
  await look(bed, firstHint());
  await look(bed, secondHint(stranger));
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'order.paid']);
});

test('an order that waits for another until a day after its time is held for a person', async () => {
  const bed = await paidBoth(createTestBed());
  await bed.claims.take(claimKey, first);
  bed.clock.advanceTo(at('2026-11-22T06:00:34.999Z'));
  await look(bed, secondHint(), 4);
  assert.deepEqual([standing(bed, secondKey).status, eventTypesOf(bed)], ['AWAITING', []]);
  bed.clock.advanceTo(at('2026-11-22T06:00:35Z'));
  assert.deepEqual(await look(bed, secondHint(), 4), done);
  assert.deepEqual(
    [standing(bed, secondKey).status, eventTypesOf(bed)],
    ['REVIEW', ['order.duplicate']],
  );
});

test('a claim that cannot be read or written decides nothing', async () => {
  for (const operation of ['claim-take', 'claim-load'] as const) {
    const bed = await ownedBy(storedOrder('PAID'));
    bed.faults.claims.plan(operation, 'fail');
    await assert.rejects(
      () => look(bed, secondHint()),
      (error) => isAppError(error) && error.code === 'store_unavailable',
    );
    assert.deepEqual([standing(bed, secondKey).status, eventTypesOf(bed)], ['AWAITING', []]);
    assertFaultsCame(bed);
  }
});

for (const fault of ['unknown-done', 'lost-done'] as const) {
  test(`a claim whose write ends ${fault} is looked up, not guessed`, async () => {
    const bed = await paidBoth(createTestBed());
    bed.faults.claims.plan('claim-take', fault);
    assert.deepEqual(await look(bed, firstHint()), done);
    assert.deepEqual(eventTypesOf(bed), ['order.paid']);
    assert.deepEqual((await bed.claims.load(claimKey))?.owner, first);
    assertFaultsCame(bed);
  });
}

test('a claim that was not written is no reason to announce; the next look claims', async () => {
  const bed = await paidBoth(createTestBed());
  bed.faults.claims.plan('claim-take', 'unknown-not-done');
  await assert.rejects(() => look(bed, firstHint()), isAppError);
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['AWAITING', []]);
  assert.deepEqual(await look(bed, firstHint(), 2), done);
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

test('an order without a reference claims nothing', async () => {
  const bed = await placedBoth(createTestBed());
  const { data, ...record } = standing(bed);
  const { reference: _, ...bare } = data;
  bed.store.put({ ...record, data: bare });
  bed.world.pay(outTradeNo);
  assert.deepEqual(await look(bed, firstHint()), done);
  assert.equal((await bed.claims.load(claimKey))?.owner, undefined);
});
