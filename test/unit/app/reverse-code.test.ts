import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getOrder } from '#app/get-subject.ts';
import type { ReverseOutcome } from '#core/evidence.ts';
import { plus } from '#core/values/time.ts';
import { at } from '../../support/clock.ts';
import {
  account,
  accountWithCodes,
  hint,
  orderKey,
  outTradeNo,
  wake,
} from '../../support/order-builder.ts';
import type { TestBed } from '../../support/test-bed.ts';
import { charge, lastWake, overdue, reversalAt, till, typing } from './charging.ts';
import { lifeOf } from './living.ts';
import { assertFaultsCame, eventTypesOf, look, standing } from './looking.ts';

const done = { type: 'done' };
const recall: ReverseOutcome = { type: 'recall' };
const refused: ReverseOutcome = { type: 'refused', code: 'TRADE_ERROR' };
const timeout: ReverseOutcome = { type: 'unknown', code: 'TIMEOUT' };

/** Our status, what became of it at WeChat, and what the merchant heard. */
function endOf(bed: TestBed): readonly unknown[] {
  return [standing(bed).status, bed.world.order(outTradeNo)?.state, eventTypesOf(bed)];
}

function callsOf({ world }: TestBed): readonly number[] {
  return [world.callsOf('query'), world.callsOf('reverse'), world.callsOf('close')];
}

test('a code payment is looked at every few seconds, and taken back after 45', async () => {
  const bed = await typing();
  const slots: number[] = [];
  for (let next = bed.timers.queued()[0]; next !== undefined; next = bed.timers.queued()[0]) {
    const [message] = bed.timers.messages();
    assert.ok(message?.type === 'wake' && message.origin === 'chain');
    slots.push((message.slot - at('2026-11-21T04:00:00Z')) / 1000);
    bed.clock.advanceTo(next.availableAt);
    bed.timers.take();
    assert.deepEqual(await look(bed, message), done);
    assert.equal(bed.world.callsOf('reverse'), message.slot === reversalAt ? 1 : 0);
    if (message.slot === reversalAt) {
      break;
    }
  }
  assert.deepEqual(slots, [5, 10, 15, 20, 30, 40, 45]);
  assert.deepEqual(endOf(bed), ['CLOSED', 'REVOKED', ['order.closed']]);
});

test('a reversal is noted first, then sent, then seen by a query, all in one run', async () => {
  const bed = await overdue();
  bed.world.plan('reverse', (honest) => {
    const { data, dueAt, version, outbox } = standing(bed);
    assert.equal(data['reversedAt'], reversalAt);
    assert.deepEqual([version, dueAt, outbox], [2, at('2026-11-21T04:01:15Z'), []]);
    return honest();
  });
  assert.deepEqual(await look(bed, lastWake), done);
  assert.deepEqual(endOf(bed), ['CLOSED', 'REVOKED', ['order.closed']]);
  assert.deepEqual(callsOf(bed), [3, 1, 0]);
  assert.equal(bed.events.published()[0]?.data['reason'], 'expired');
  assert.equal(standing(bed).version, 3);
});

test('to look on at what was noted is no lost commit; a lost one still is', async () => {
  const bed = await overdue();
  await look(bed, lastWake);
  assert.equal(bed.telemetry.countOf('commit_lost'), 0);
  const other = await overdue();
  other.faults.store.plan('commit', 'unknown-not-done');
  assert.deepEqual(await look(other, lastWake), done);
  assert.equal(other.telemetry.countOf('commit_lost'), 1);
  assert.deepEqual(endOf(other), ['CLOSED', 'REVOKED', ['order.closed']]);
});

test('nothing is reversed that could not be noted', async () => {
  const bed = await overdue();
  bed.faults.store.plan('commit', 'unknown-not-done', 'unknown-not-done', 'unknown-not-done');
  assert.deepEqual(await look(bed, lastWake), { type: 'retry', reason: 'commit_lost' });
  assert.deepEqual([bed.world.callsOf('reverse'), standing(bed).version], [0, 1]);
  assertFaultsCame(bed);
});

test('a payer who confirms before the last look is paid and announced', async () => {
  const bed = await overdue();
  bed.world.pay(outTradeNo);
  await look(bed, lastWake);
  assert.deepEqual(endOf(bed), ['PAID', 'SUCCESS', ['order.paid']]);
  assert.equal(bed.world.callsOf('reverse'), 0);
});

test('a payer who confirms once the reversal is noted gets it back, and nothing is announced', async () => {
  const bed = await overdue();
  bed.world.plan('query', 'honest', (honest) => {
    bed.world.pay(outTradeNo);
    return honest();
  });
  await look(bed, lastWake);
  assert.deepEqual(endOf(bed), ['CLOSED', 'REVOKED', ['order.closed']]);
  assert.ok(bed.world.order(outTradeNo)?.payment !== undefined, 'money went back');
});

test('a payer who confirms just before the reversal gets it back', async () => {
  const bed = await overdue();
  bed.world.plan('reverse', (honest) => {
    bed.world.pay(outTradeNo);
    return honest();
  });
  await look(bed, lastWake);
  await lifeOf(bed).untilRest();
  assert.deepEqual(endOf(bed), ['CLOSED', 'REVOKED', ['order.closed']]);
});

test('a reversal that WeChat shows as a refund closes the order, its payment noted', async () => {
  const bed = await overdue();
  bed.world.plan('reverse', (honest) => {
    bed.world.pay(outTradeNo);
    const outcome = honest();
    bed.world.force(outTradeNo, 'REFUND');
    return outcome;
  });
  await look(bed, lastWake);
  assert.deepEqual(endOf(bed), ['CLOSED', 'REFUND', ['order.closed']]);
  const { noted, transaction_id } = standing(bed).data;
  assert.deepEqual([noted, transaction_id], ['REFUND', '4200A1001']);
});

for (const [latePolicy, status, refunds] of [
  ['refund', 'PAID', 1],
  ['hold', 'REVIEW', 0],
  ['fulfil', 'REVIEW', 0],
] as const) {
  test(`a payment that WeChat does not take back is late; policy ${latePolicy}`, async () => {
    const bed = await overdue({ ...accountWithCodes, latePolicy });
    bed.world.plan('reverse', () => {
      bed.world.pay(outTradeNo);
      return refused;
    });
    await look(bed, lastWake);
    assert.deepEqual(endOf(bed).slice(0, 1), [status]);
    assert.deepEqual(eventTypesOf(bed), ['order.paid_late']);
    await lifeOf(bed).until(at('2026-11-21T04:10:00Z'));
    assert.equal(bed.world.refunds.refundsOf(outTradeNo).length, refunds);
  });
}

for (const recalls of [1, 2]) {
  test(`a reversal that WeChat asks for again ${recalls} times is sent again at once`, async () => {
    const bed = await overdue();
    bed.world.plan('reverse', ...Array.from({ length: recalls }, () => recall));
    await look(bed, lastWake);
    assert.deepEqual(endOf(bed), ['CLOSED', 'REVOKED', ['order.closed']]);
    assert.equal(bed.world.callsOf('reverse'), recalls + 1);
  });
}

test('a reversal is sent three times in a look at most, and the next look goes on', async () => {
  const bed = await overdue();
  bed.world.plan('reverse', recall, recall, recall);
  assert.deepEqual(await look(bed, lastWake), done);
  assert.deepEqual(endOf(bed), ['CREATED', 'USERPAYING', []]);
  assert.deepEqual([bed.world.callsOf('reverse'), standing(bed).version], [3, 2]);
  const { dueAt } = standing(bed);
  assert.equal(dueAt, at('2026-11-21T04:01:15Z'));
  bed.clock.advanceTo(dueAt);
  await look(bed, wake({ origin: 'sweep' }));
  assert.deepEqual(endOf(bed), ['CLOSED', 'REVOKED', ['order.closed']]);
  assert.equal(bed.world.callsOf('reverse'), 4);
});

for (const [what, outcomes] of [
  ['is refused for no reason that is known', [{ type: 'unknown', code: 'INVALID_REQUEST' }]],
  ['is asked for again', [recall, recall, recall]],
] as const) {
  test(`an order that WeChat never knew, whose reversal ${what}, ends after ten minutes`, async () => {
    const bed = till('pays');
    bed.world.plan('micropay', timeout);
    await charge(bed);
    for (const [seconds, status] of [
      [45, 'CREATED'],
      [135, 'CREATED'],
      [644, 'CREATED'],
      [645, 'CLOSED'],
    ] as const) {
      bed.clock.advanceTo(plus(at('2026-11-21T04:00:00Z'), seconds * 1_000));
      bed.world.plan('reverse', ...outcomes);
      await look(bed, hint({ reason: 'request' }));
      assert.equal(standing(bed).status, status, `${seconds} s`);
    }
    assert.deepEqual(eventTypesOf(bed), ['order.closed']);
  });
}

for (const [calls, what] of [
  [1, 'to look on'],
  [2, 'for a command'],
  [3, 'for the reversal itself'],
] as const) {
  test(`with no time left ${what} nothing is sent, and somebody looks soon`, async () => {
    const bed = await overdue();
    bed.timeFor(calls);
    assert.deepEqual(await look(bed, lastWake), { type: 'done', unanswered: true });
    assert.equal(bed.world.callsOf('reverse'), 0);
    const { dueAt, data } = standing(bed);
    assert.deepEqual([data['reversedAt'], dueAt], [reversalAt, at('2026-11-21T04:01:15Z')]);
    bed.timeFor(Number.POSITIVE_INFINITY);
    await lifeOf(bed).untilRest();
    assert.deepEqual(endOf(bed), ['CLOSED', 'REVOKED', ['order.closed']]);
  });
}

test('between two calls of a reversal the time may end: the rest is left to the next look', async () => {
  const bed = await overdue();
  bed.timeFor(4);
  bed.world.plan('reverse', recall);
  assert.deepEqual(await look(bed, lastWake), { type: 'done', unanswered: true });
  assert.equal(bed.world.callsOf('reverse'), 1);
});

test('a reversal whose answer was lost is asked for again, and closed once', async () => {
  const bed = await overdue();
  bed.world.plan('reverse', timeout, (honest) => {
    honest();
    return timeout;
  });
  await look(bed, lastWake);
  assert.deepEqual(endOf(bed), ['CREATED', 'USERPAYING', []]);
  await lifeOf(bed).untilRest();
  assert.deepEqual(endOf(bed), ['CLOSED', 'REVOKED', ['order.closed']]);
  assert.equal(bed.world.callsOf('reverse'), 2);
});

test('a reversal that our account may not send is a fault, looked at hourly', async () => {
  const bed = await overdue();
  bed.world.plan('reverse', { type: 'fault', code: 'NOAUTH' });
  await look(bed, lastWake);
  assert.equal(bed.telemetry.countOf('wechat_fault', 'NOAUTH'), 1);
  assert.equal(standing(bed).dueAt, at('2026-11-21T05:00:45Z'));
});

test('what WeChat never knew is reversed all the same, and closed after two looks', async () => {
  const bed = till('pays');
  bed.world.plan('micropay', timeout);
  await charge(bed);
  bed.clock.advanceTo(reversalAt);
  bed.timers.take();
  await look(bed, lastWake);
  assert.deepEqual([standing(bed).status, bed.world.callsOf('reverse')], ['CREATED', 1]);
  await lifeOf(bed).untilRest();
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['CLOSED', ['order.closed']]);
  assert.equal(bed.world.callsOf('close'), 0);
});

test('a reversal that never comes to anything is left to a person after a day', async () => {
  const bed = await overdue();
  const busy: ReverseOutcome = { type: 'unknown', code: 'SYSTEMERROR' };
  bed.world.plan('reverse', ...Array.from({ length: 100 }, () => busy));
  await look(bed, lastWake);
  await lifeOf(bed).untilRest();
  assert.deepEqual(eventTypesOf(bed), ['order.review']);
  const [row] = standing(bed).history.slice(-1);
  assert.deepEqual([row?.to, row?.at], ['REVIEW', at('2026-11-22T04:01:00Z')]);
  const asked = { account: account.name, key: orderKey, refresh: false };
  const answer = await getOrder(bed, asked);
  assert.ok(answer.ok);
  const { status, review_reason, trade_type } = answer.value;
  assert.deepEqual([status, review_reason, trade_type], ['REVIEW', 'reverse', 'MICROPAY']);
});

test('a hint before its time reverses nothing', async () => {
  const bed = await typing();
  bed.clock.advanceTo(at('2026-11-21T04:00:44.999Z'));
  await look(bed, hint({ reason: 'request' }));
  bed.world.decline(outTradeNo);
  await look(bed, hint({ reason: 'request' }));
  assert.deepEqual(callsOf(bed), [2, 0, 0]);
  assert.deepEqual([standing(bed).version, eventTypesOf(bed)], [1, []]);
});

test('one that WeChat closed, and that shows up unpaid when a look is owed, is reversed', async () => {
  const bed = await overdue();
  await look(bed, lastWake);
  const closed = standing(bed);
  const { reversedAt: _, ...data } = closed.data;
  bed.store.put({ ...closed, data, unknownLooks: 1, dueAt: at('2026-11-21T04:05:00Z') });
  bed.clock.advanceTo(at('2026-11-21T04:05:00Z'));
  bed.world.force(outTradeNo, 'NOTPAY');
  const before = callsOf(bed);
  await look(bed, wake({ origin: 'sweep', slot: at('2026-11-21T04:05:00Z') }));
  const [queries = 0, reversals = 0] = before;
  assert.deepEqual(callsOf(bed).slice(0, 2), [queries + 3, reversals + 1]);
});
