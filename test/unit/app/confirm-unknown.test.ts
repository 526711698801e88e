import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderEvidence } from '#core/evidence.ts';
import { at } from '../../support/clock.ts';
import { hint, outTradeNo, storedOrder, wake } from '../../support/order-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { look, paidUnseen, placed, standing } from './looking.ts';

const done = { type: 'done' };
const unanswered = { type: 'done', unanswered: true };
const timeout: OrderEvidence = { type: 'unknown', code: 'TIMEOUT' };
const fault: OrderEvidence = { type: 'fault', code: 'SIGN_ERROR' };
const swept = wake({ origin: 'sweep' });

async function pauseAfter(bed: TestBed, evidence: OrderEvidence): Promise<number> {
  bed.world.plan('query', evidence);
  assert.deepEqual(await look(bed, swept), unanswered);
  return ((standing(bed).dueAt ?? 0) - bed.clock.now()) / 1000;
}

test('looks without an answer are owed again after growing pauses, and the message is done', async () => {
  const bed = await placed();
  const pauses: number[] = [];
  for (let looks = 1; looks <= 9; looks += 1) {
    pauses.push(await pauseAfter(bed, timeout));
    assert.equal(standing(bed).unknownLooks, looks);
  }
  assert.deepEqual(pauses, [30, 60, 120, 300, 600, 1800, 3600, 3600, 3600]);
  assert.equal(bed.telemetry.countOf('wechat_unknown', 'TIMEOUT'), 9);
});

test('a fault of the account is looked at hourly and counted apart', async () => {
  const bed = await placed();
  assert.equal(await pauseAfter(bed, fault), 3600);
  assert.equal(bed.telemetry.countOf('wechat_fault', 'SIGN_ERROR'), 1);
  assert.equal(bed.telemetry.countOf('wechat_unknown'), 0);
});

test('an answer ends the row of unanswered looks', async () => {
  const bed = await placed();
  await pauseAfter(bed, timeout);
  await look(bed, swept);
  assert.equal(standing(bed).unknownLooks, 0);
});

test('a hint without an answer owes its look, never later than the one that stands', async () => {
  for (const [stands, expected] of [
    ['2026-11-21T04:31:00Z', '2026-11-21T04:00:30Z'],
    ['2026-11-21T04:00:10Z', '2026-11-21T04:00:10Z'],
  ] as const) {
    const bed = await placed();
    bed.store.put({ ...standing(bed), dueAt: at(stands) });
    bed.world.plan('query', timeout);
    assert.deepEqual(await look(bed, hint()), unanswered);
    assert.equal(standing(bed).dueAt, at(expected));
  }
});

test('a notice that says paid comes again, soon and three times, while WeChat does not answer', async () => {
  const bed = await placed();
  const stands = standing(bed);
  const notice = hint({ says: 'SUCCESS' });
  for (const [receiveCount, afterMs] of [
    [1, 5_000],
    [2, 15_000],
    [3, 45_000],
  ] as const) {
    bed.world.plan('query', timeout);
    const ending = await look(bed, notice, receiveCount);
    assert.deepEqual(ending, { type: 'retry', reason: 'notice_ahead', afterMs });
    assert.equal(bed.telemetry.countOf('wechat_unknown'), receiveCount);
  }
  assert.equal(standing(bed), stands);
  bed.world.plan('query', timeout);
  assert.deepEqual(await look(bed, notice, 4), unanswered);
  assert.deepEqual(
    [standing(bed).dueAt, standing(bed).unknownLooks],
    [at('2026-11-21T04:00:30Z'), 1],
  );
});

test('the chain goes on over a look without an answer, and writes nothing', async () => {
  const bed = await placed();
  bed.clock.advanceTo(at('2026-11-21T04:00:30Z'));
  const sends = bed.timers.sends();
  bed.world.plan('query', timeout);
  assert.deepEqual(await look(bed, wake()), done);
  assert.deepEqual([bed.timers.sends(), bed.store.counts.arm], [sends + 1, 0]);
});

test('an unanswered look at a paid order is owed until WeChat answers; then it rests', async () => {
  const bed = await paidUnseen();
  await look(bed);
  bed.world.plan('query', timeout);
  await look(bed, hint({ reason: 'request' }));
  assert.ok(standing(bed).dueAt !== undefined);
  assert.deepEqual(await look(bed, swept), done);
  assert.deepEqual([standing(bed).dueAt, standing(bed).unknownLooks], [undefined, 0]);
  assert.equal(standing(bed).status, 'PAID');
});

test('without time for a call WeChat is not called and the look is owed', async () => {
  const bed = await placed();
  const calls = bed.world.callsOf();
  bed.timeFor(0);
  assert.deepEqual(await look(bed, swept), unanswered);
  assert.equal(bed.world.callsOf(), calls);
  assert.equal(standing(bed).dueAt, at('2026-11-21T04:00:30Z'));
  assert.equal(bed.telemetry.countOf('wechat_unknown', 'NO_TIME'), 1);
});

test('with time for the query alone no close is begun', async () => {
  const bed = await placed();
  bed.clock.advanceTo(at('2026-11-21T06:01:00Z'));
  bed.timeFor(1);
  assert.deepEqual(await look(bed, swept), unanswered);
  assert.deepEqual([bed.world.callsOf('close'), standing(bed).status], [0, 'AWAITING']);
});

test('with time for the close but not for the query after it nothing is concluded', async () => {
  const bed = await placed();
  bed.clock.advanceTo(at('2026-11-21T06:01:00Z'));
  bed.timeFor(2);
  assert.deepEqual(await look(bed, swept), unanswered);
  assert.deepEqual([bed.world.callsOf('close'), standing(bed).status], [1, 'AWAITING']);
  assert.equal(standing(bed).dueAt, at('2026-11-21T06:01:30Z'));
});

test('an unsigned "no such order" does not end the second look at a contradicted payment', async () => {
  const bed = await paidUnseen();
  await look(bed);
  bed.world.force(outTradeNo, 'NOTPAY');
  await look(bed, hint({ reason: 'request' }));
  assert.equal(standing(bed).dueAt, at('2026-11-21T04:10:20Z'));
  bed.clock.advanceTo(at('2026-11-21T04:10:20Z'));
  bed.world.plan('query', { type: 'not-found', code: 'ORDER_NOT_EXIST' });
  await look(bed, swept);
  assert.ok(standing(bed).dueAt !== undefined, 'the second look is still owed');
  await look(bed, swept);
  assert.equal(standing(bed).data['contradiction'], true);
  assert.equal(standing(bed).status, 'PAID');
});

test('an unsigned "no such order" does not end the look that a closed, payable order owes', async () => {
  const bed = createTestBed();
  const record = storedOrder('CLOSED');
  bed.store.put(record);
  bed.clock.advanceTo(at('2026-11-21T06:11:00Z'));
  const unpaid: OrderEvidence = {
    type: 'state',
    state: 'NOTPAY',
    mchid: record.key.mchid,
    appid: String(record.data['appid']),
    out_trade_no: outTradeNo,
  };
  bed.world.plan('query', unpaid, unpaid, { type: 'not-found', code: 'ORDER_NOT_EXIST' });
  bed.world.plan('close', { type: 'unknown', code: 'FREQUENCY_LIMITED' });
  await look(bed, wake({ origin: 'after-close' }));
  assert.ok(standing(bed).dueAt !== undefined, 'payable at WeChat: the look is owed');
  await look(bed, swept);
  assert.ok(standing(bed).dueAt !== undefined, 'nothing signed has said otherwise');
});

test('a settled order whose looks find no answer for two days rests, and is counted as stuck', async () => {
  const bed = await paidUnseen();
  await look(bed);
  bed.store.put({ ...standing(bed), unknownLooks: 51 });
  bed.world.plan('query', timeout);
  await look(bed, swept);
  assert.equal(standing(bed).unknownLooks, 52);
  bed.world.plan('query', timeout);
  await look(bed, swept);
  assert.deepEqual([standing(bed).dueAt, standing(bed).unknownLooks], [undefined, 0]);
  assert.equal(bed.telemetry.countOf('stuck'), 1);
});

test('an open order is never let go, however long WeChat does not answer', async () => {
  const bed = await placed();
  bed.store.put({ ...standing(bed), unknownLooks: 500 });
  bed.world.plan('query', timeout);
  await look(bed, swept);
  assert.deepEqual([standing(bed).unknownLooks, standing(bed).dueAt !== undefined], [501, true]);
});
