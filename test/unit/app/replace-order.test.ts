import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeOrder } from '#app/close-order.ts';
import { createOrder } from '#app/create-order.ts';
import { isAppError } from '#core/errors.ts';
import type { NewOrder } from '#core/subjects/order/place.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import { at } from '../../support/clock.ts';
import {
  account,
  hint,
  newOrder,
  orderKey,
  outTradeNo,
  storedOrder,
  valid,
} from '../../support/order-builder.ts';
import { appAccount, reference, secondKey, secondNumber } from '../../support/refund-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { dieEverywhere } from './dying.ts';
import { lifeOf } from './living.ts';
import { assertFaultsCame, eventTypesOf, look, standing } from './looking.ts';
import {
  claimKey,
  first,
  firstHint,
  firstRequest,
  second,
  secondHint,
  secondKeyOf,
  secondRequest,
} from './paying-twice.ts';

/** A-1001 was placed at 04:00:00 for the reference; it is 04:00:05. */
async function firstPlaced(bed = createTestBed()): Promise<TestBed> {
  assert.ok((await createOrder(bed, account, firstRequest())).ok);
  bed.clock.advance(5_000);
  return bed;
}

async function codeOf(bed: TestBed, request: NewOrder, holder = account): Promise<string> {
  const answer = await createOrder(bed, holder, request);
  return answer.ok ? answer.value.status : answer.refusal.code;
}

async function placedOf(bed: TestBed): Promise<unknown> {
  return (await bed.claims.load(claimKey))?.placed;
}

function closing(bed: TestBed): unknown {
  return standing(bed).data['closeReason'];
}

test('a new order of a reference has the one before it closed, and is placed', async () => {
  const bed = await firstPlaced();
  assert.equal(await codeOf(bed, secondRequest()), 'AWAITING');
  const { data, dueAt, status, version } = standing(bed);
  assert.deepEqual(
    [data['closeReason'], data['closeAt'], dueAt],
    ['replaced', at('2026-11-21T04:00:05Z'), at('2026-11-21T04:02:05Z')],
  );
  assert.deepEqual([status, version], ['AWAITING', 1]);
  assert.deepEqual(bed.hints.messages(), [hint({ reason: 'request' })]);
  assert.deepEqual(await placedOf(bed), second);
  await lifeOf(bed).until(at('2026-11-21T04:01:00Z'));
  assert.deepEqual(
    [standing(bed).status, standing(bed, secondKey).status, eventTypesOf(bed)],
    ['CLOSED', 'AWAITING', ['order.closed']],
  );
  assert.equal(bed.events.published()[0]?.data['reason'], 'replaced');
});

test('the older one is asked to be closed before WeChat gives the new one its link', async () => {
  const bed = await firstPlaced();
  bed.world.plan('prepay', async (honest) => {
    assert.deepEqual([closing(bed), await placedOf(bed)], ['replaced', second]);
    return honest();
  });
  assert.equal(await codeOf(bed, secondRequest()), 'AWAITING');
});

test('the older one may be of another account of the tenant, and is closed there', async () => {
  const bed = await firstPlaced(createTestBed([account, appAccount]));
  assert.equal(await codeOf(bed, secondRequest(), appAccount), 'AWAITING');
  assert.equal(closing(bed), 'replaced');
  assert.deepEqual(bed.hints.messages(), [hint({ reason: 'request' })]);
  await lifeOf(bed).until(at('2026-11-21T04:01:00Z'));
  const newer = standing(bed, secondKeyOf(appAccount));
  assert.deepEqual([standing(bed).status, newer.status], ['CLOSED', 'AWAITING']);
});

test('an order of another tenant, or of another reference, replaces nothing', async () => {
  const stranger = { ...appAccount, tenant: 'tenant-2' };
  const bed = await firstPlaced(createTestBed([account, stranger]));
  assert.equal(await codeOf(bed, secondRequest(), stranger), 'AWAITING');
  const { reference: _, ...bare } = secondRequest();
  assert.equal(
    await codeOf(bed, { ...bare, out_trade_no: valid('C-1001', isOutTradeNo) }),
    'AWAITING',
  );
  assert.deepEqual([closing(bed), bed.hints.messages()], [undefined, []]);
});

test('of three orders of a reference each replaces the one before it', async () => {
  const bed = await firstPlaced();
  await createOrder(bed, account, secondRequest());
  const third = newOrder({ reference, out_trade_no: valid('C-1001', isOutTradeNo) });
  assert.equal(await codeOf(bed, third), 'AWAITING');
  assert.deepEqual(
    [closing(bed), standing(bed, secondKey).data['closeReason']],
    ['replaced', 'replaced'],
  );
  assert.deepEqual(await placedOf(bed), { ...first, out_trade_no: 'C-1001' });
});

for (const status of ['PAID', 'CLOSED', 'REVIEW', 'REFUSED']) {
  test(`an older order that is ${status} is left alone, and the new one placed`, async () => {
    const bed = await firstPlaced();
    const older = storedOrder(status);
    bed.store.put(older);
    assert.equal(await codeOf(bed, secondRequest()), 'AWAITING');
    assert.deepEqual([standing(bed), bed.hints.messages()], [older, []]);
    assert.deepEqual(await placedOf(bed), second);
  });
}

test('an older order that was paid while the new one was placed makes that a duplicate', async () => {
  const bed = await firstPlaced();
  bed.world.pay(outTradeNo);
  assert.equal(await codeOf(bed, secondRequest()), 'AWAITING');
  await lifeOf(bed).until(at('2026-11-21T04:01:00Z'));
  bed.world.pay(secondNumber);
  await look(bed, secondHint());
  assert.deepEqual(eventTypesOf(bed), ['order.paid', 'order.duplicate']);
});

test('who pays the older one before it is closed has paid it', async () => {
  const bed = await firstPlaced();
  await createOrder(bed, account, secondRequest());
  bed.world.pay(outTradeNo);
  await look(bed, firstHint());
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['PAID', ['order.paid']]);
});

test('an older order whose close the merchant asked for keeps that reason, and is hinted again', async () => {
  const bed = await firstPlaced();
  await closeOrder(bed, orderKey);
  assert.equal(await codeOf(bed, secondRequest()), 'AWAITING');
  assert.deepEqual([closing(bed), bed.hints.messages().length], ['requested', 2]);
});

test('a repeat of the new one replaces nothing again', async () => {
  const bed = await firstPlaced();
  await createOrder(bed, account, secondRequest());
  bed.clock.advanceTo(at('2026-11-21T05:51:00Z'));
  const [hints, before] = [bed.hints.sends(), standing(bed)];
  assert.equal(await codeOf(bed, secondRequest()), 'AWAITING');
  assert.equal(bed.world.order(secondNumber)?.links, 2, 'it was placed again');
  assert.deepEqual([standing(bed), bed.hints.sends()], [before, hints]);
  assert.equal(standing(bed, secondKey).data['closeReason'], undefined);
});

test('a repeat of the replaced one hands out no link and brings nothing back', async () => {
  const bed = await firstPlaced();
  await createOrder(bed, account, secondRequest());
  assert.equal(await codeOf(bed, firstRequest()), 'order_closing');
  assert.deepEqual(await placedOf(bed), second);
  assert.equal(standing(bed, secondKey).data['closeReason'], undefined);
});

test('a hint that is lost delays the close of the older one by two minutes', async () => {
  const bed = await firstPlaced();
  bed.faults.hints.plan('send', 'fail');
  assert.equal(await codeOf(bed, secondRequest()), 'AWAITING');
  bed.timers.take();
  await lifeOf(bed).until(at('2026-11-21T04:03:00Z'));
  assert.equal(standing(bed).status, 'CLOSED');
});

for (const operation of ['claim-load', 'claim-place'] as const) {
  test(`an order whose ${operation} fails is not placed; its repetition is`, async () => {
    const bed = await firstPlaced();
    bed.faults.claims.plan(operation, 'fail');
    await assert.rejects(
      () => codeOf(bed, secondRequest()),
      (error) => isAppError(error) && error.code === 'store_unavailable',
    );
    assert.equal(bed.world.order(secondNumber), undefined);
    assert.ok(standing(bed, secondKey).dueAt !== undefined);
    assert.equal(await codeOf(bed, secondRequest()), 'AWAITING');
    assert.equal(closing(bed), 'replaced');
    assertFaultsCame(bed);
  });
}

for (const fault of ['unknown-done', 'unknown-not-done', 'lost-done'] as const) {
  test(`an order whose place in the claim ends ${fault} is placed once that stands`, async () => {
    const bed = await firstPlaced();
    bed.faults.claims.plan('claim-place', fault);
    assert.equal(await codeOf(bed, secondRequest()), 'AWAITING');
    assert.deepEqual([await placedOf(bed), closing(bed)], [second, 'replaced']);
    assertFaultsCame(bed);
  });
}

test('an older order that cannot be asked to close keeps the new one from being placed', async () => {
  const bed = await firstPlaced();
  const faults = ['unknown-not-done', 'unknown-not-done', 'unknown-not-done'] as const;
  bed.faults.store.plan('amend', ...faults);
  await assert.rejects(() => codeOf(bed, secondRequest()), isAppError);
  assert.deepEqual([bed.world.order(secondNumber), await placedOf(bed)], [undefined, first]);
});

test('a request that dies anywhere and is repeated leaves one order payable', async () => {
  await dieEverywhere(9, {
    prepare: () => firstPlaced(),
    job: (bed) => createOrder(bed, account, secondRequest()),
    after: async (bed, where) => {
      assert.equal(await codeOf(bed, secondRequest()), 'AWAITING', where);
      assert.deepEqual(await placedOf(bed), second, where);
      await lifeOf(bed).until(at('2026-11-21T04:10:00Z'));
      assert.equal(bed.world.order(outTradeNo)?.state, 'CLOSED', where);
      assert.equal(bed.world.order(secondNumber)?.state, 'NOTPAY', where);
      assert.deepEqual(eventTypesOf(bed), ['order.closed'], where);
    },
  });
});

test('a request that dies anywhere and is not repeated leaves nothing payable for ever', async () => {
  await dieEverywhere(9, {
    prepare: () => firstPlaced(),
    job: (bed) => createOrder(bed, account, secondRequest()),
    after: async (bed, where) => {
      await lifeOf(bed).untilRest();
      for (const number of [outTradeNo, secondNumber]) {
        assert.notEqual(bed.world.order(number)?.state, 'NOTPAY', where);
      }
      const statuses = bed.store.records().map(({ status }) => status);
      assert.ok(
        statuses.every((status) => status === 'CLOSED' || status === 'REVIEW'),
        where,
      );
    },
  });
});
