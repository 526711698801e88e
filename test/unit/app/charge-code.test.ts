import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrder } from '#app/create-order.ts';
import { isAuthCode } from '#core/values/ids.ts';
import { at } from '../../support/clock.ts';
import {
  account,
  accountWithCodes,
  codeOrder,
  hint,
  orderKey,
  outTradeNo,
  valid,
  wake,
} from '../../support/order-builder.ts';
import { createTestBed } from '../../support/test-bed.ts';
import { charge, till } from './charging.ts';
import { lifeOf } from './living.ts';
import { assertFaultsCame, eventTypesOf, standing } from './looking.ts';

const otherCode = valid('101234567890123456', isAuthCode);
const waits = { out_trade_no: 'A-1001', status: 'CREATED', created: true, waits: true };

test('a code that is charged at once is seen paid by a query of ours, and announced', async () => {
  const bed = till('pays');
  const answer = await charge(bed);
  const value = { out_trade_no: 'A-1001', status: 'PAID', created: true };
  assert.deepEqual(answer, { ok: true, value });
  assert.deepEqual([bed.world.callsOf('micropay'), bed.world.callsOf('query')], [1, 1]);
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
  assert.equal(standing(bed).version, 2);
});

test('what WeChat says to the charge pays nothing: the query decides', async () => {
  const bed = till('types-password');
  bed.world.plan('micropay', (honest) => {
    honest();
    return { type: 'paid' };
  });
  assert.deepEqual(await charge(bed), { ok: true, value: waits });
  assert.deepEqual([eventTypesOf(bed), standing(bed).status], [[], 'CREATED']);
});

test('a payer who must type a password leaves the order waiting, without a look', async () => {
  const bed = till('types-password');
  assert.deepEqual(await charge(bed), { ok: true, value: waits });
  assert.deepEqual([bed.world.callsOf('query'), eventTypesOf(bed)], [0, []]);
  assert.deepEqual(bed.timers.messages(), [wake({ slot: at('2026-11-21T04:00:05Z') })]);
  assert.equal(standing(bed).dueAt, at('2026-11-21T04:01:45Z'));
});

for (const code of ['SYSTEMERROR', 'BANKERROR', 'TIMEOUT', 'BAD_SIGNATURE']) {
  test(`a charge that ends in ${code} leaves the order waiting, charged once`, async () => {
    const bed = till('pays');
    bed.world.plan('micropay', (honest) => {
      honest();
      return { type: 'unknown', code };
    });
    assert.deepEqual(await charge(bed), { ok: true, value: waits });
    await lifeOf(bed).until(at('2026-11-21T04:00:05Z'));
    assert.deepEqual([eventTypesOf(bed), bed.world.callsOf('micropay')], [['order.paid'], 1]);
  });
}

test('WeChat is asked for exactly what was ordered; the code is kept nowhere', async () => {
  const bed = till('types-password');
  await charge(bed, codeOrder({ details: { attach: 'till 7' } }));
  assert.deepEqual(bed.world.order(outTradeNo)?.request, {
    appid: 'wxd678efh567hg6787',
    out_trade_no: 'A-1001',
    description: 'Image shop, one coffee',
    amountFen: 8800,
    currency: 'CNY',
    details: { attach: 'till 7' },
    auth_code: '134567890123456789',
  });
  const kept = JSON.stringify([standing(bed), bed.telemetry.lines, bed.timers.queued()]);
  assert.equal(kept.includes('134567890123456789'), false);
});

test('the record and its first wake are there before the code is charged', async () => {
  const bed = till('pays');
  bed.world.plan('micropay', (honest) => {
    assert.deepEqual([standing(bed).status, bed.timers.sends()], ['CREATED', 1]);
    return honest();
  });
  await charge(bed);
  assert.equal(bed.world.callsOf('micropay'), 1);
});

test('a payment of another amount is announced to nobody: a person decides', async () => {
  const bed = till('types-password');
  bed.world.plan('micropay', (honest) => {
    honest();
    bed.world.pay(outTradeNo, { amountFen: 8700 });
    return { type: 'paid' };
  });
  const answer = await charge(bed);
  const value = { out_trade_no: 'A-1001', status: 'REVIEW', created: true };
  assert.deepEqual(answer, { ok: true, value });
  assert.deepEqual(eventTypesOf(bed), ['order.review']);
});

test('a look that fails does not fail the request: the first wake is seconds away', async () => {
  const bed = till('pays');
  bed.faults.store.plan('commit', 'fail');
  assert.deepEqual(await charge(bed), { ok: true, value: waits });
  assert.deepEqual(bed.telemetry.lines.at(-1), {
    level: 'warn',
    message: 'paid, not looked at yet',
    fields: { account: 'shop', subject: 'order#1900000001#A-1001' },
  });
  await lifeOf(bed).until(at('2026-11-21T04:00:05Z'));
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
  assertFaultsCame(bed);
});

test('a look without an answer leaves the order waiting', async () => {
  const bed = till('pays');
  bed.world.plan('query', { type: 'unknown', code: 'TIMEOUT' });
  assert.deepEqual(await charge(bed), { ok: true, value: waits });
  await lifeOf(bed).until(at('2026-11-21T04:00:05Z'));
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

for (const code of ['NOTENOUGH', 'AUTHCODEEXPIRE', 'AUTH_CODE_ERROR', 'TRADE_ERROR']) {
  test(`a code that is refused as ${code} gives the number back, without an event`, async () => {
    const bed = till('pays');
    bed.world.plan('micropay', { type: 'refused', code });
    const answer = await charge(bed);
    const refusal = { code: 'wechat_refused', wechatCode: code };
    assert.deepEqual(answer, { ok: false, refusal });
    assert.deepEqual([standing(bed).status, standing(bed).dueAt], ['REFUSED', undefined]);
    assert.deepEqual([eventTypesOf(bed), bed.hints.sends()], [[], 0]);
    assert.equal(standing(bed).history.at(-1)?.evidence, code);
  });
}

test('a refused number is looked at once more ten minutes later', async () => {
  const bed = till('is-poor');
  await charge(bed);
  const slot = at('2026-11-21T04:10:00Z');
  const [, later, ...more] = bed.timers.messages();
  assert.deepEqual([later, more], [wake({ origin: 'after-close', slot }), []]);
  assert.equal(bed.timers.queued()[1]?.availableAt, slot);
  await lifeOf(bed).untilRest();
  assert.deepEqual([bed.world.callsOf('query'), standing(bed).status], [1, 'REFUSED']);
});

test('a refused try that is seen paid after all is a late payment', async () => {
  const bed = till('is-poor');
  await charge(bed);
  bed.world.pay(outTradeNo, { isLate: true });
  await lifeOf(bed).untilRest();
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['REVIEW', ['order.paid_late']]);
});

test('a refusal is answered although its later look cannot be planned', async () => {
  const bed = till('is-poor');
  bed.faults.timers.plan('send', 'pass', 'fail');
  const answer = await charge(bed);
  assert.equal(answer.ok || answer.refusal.code, 'wechat_refused');
  assert.equal(bed.telemetry.lines.at(-1)?.message, 'look not planned');
  assertFaultsCame(bed);
});

test('a refused number may be used again, with another code', async () => {
  const bed = till('is-poor');
  await charge(bed);
  bed.clock.advance(8_000);
  bed.world.payersAre('pays');
  const answer = await charge(bed, codeOrder({ auth_code: otherCode, bodySha256: 'other' }));
  assert.ok(answer.ok);
  assert.deepEqual([answer.value.status, answer.value.created], ['PAID', true]);
  assert.deepEqual([eventTypesOf(bed), bed.world.callsOf('micropay')], [['order.paid'], 2]);
  await lifeOf(bed).untilRest();
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

test('a refusal that could not be written for certain is looked into', async () => {
  const bed = till('is-poor');
  bed.faults.store.plan('amend', 'lost-done');
  const answer = await charge(bed);
  const refusal = { code: 'wechat_looking', wechatCode: 'NOTENOUGH' };
  assert.deepEqual(answer, { ok: false, refusal });
  assert.deepEqual(bed.hints.messages(), [hint({ reason: 'request' })]);
});

for (const code of ['OUT_TRADE_NO_USED', 'ORDERPAID', 'INVALID_REQUEST']) {
  test(`${code} means: look; what lives there is not reversed`, async () => {
    const bed = till('pays');
    bed.world.plan('micropay', { type: 'look', code });
    const answer = await charge(bed);
    const refusal = { code: 'wechat_looking', wechatCode: code };
    assert.deepEqual(answer, { ok: false, refusal });
    assert.deepEqual([standing(bed).status, standing(bed).data['unplaced']], ['CREATED', true]);
    assert.deepEqual(bed.hints.messages(), [hint({ reason: 'request' })]);
    await lifeOf(bed).untilRest();
    assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['REFUSED', []]);
    assert.equal(bed.world.callsOf('reverse'), 0);
  });
}

for (const [heldUpMs, charges] of [
  [10_000, 1],
  [10_001, 0],
] as const) {
  test(`a request that is held up for ${heldUpMs} ms charges the code ${charges} times`, async () => {
    const bed = till('pays');
    bed.faults.timers.plan('send', () => bed.clock.advance(heldUpMs));
    const answer = await charge(bed);
    assert.equal(answer.ok && answer.value.waits, charges === 0 ? true : undefined);
    assert.equal(bed.world.callsOf('micropay'), charges);
    await lifeOf(bed).untilRest();
    const [status, event] = charges === 0 ? ['CLOSED', 'order.closed'] : ['PAID', 'order.paid'];
    assert.deepEqual([standing(bed).status, eventTypesOf(bed)], [status, [event]]);
  });
}

test('an account without credentials for APIv2 is refused before anything is written', async () => {
  const bed = createTestBed();
  const answer = await createOrder(bed, account, codeOrder());
  const refusal = { code: 'request_invalid', pointer: '/trade_type' };
  assert.deepEqual(answer, { ok: false, refusal });
  assert.deepEqual([bed.store.peek(orderKey), bed.world.callsOf()], [undefined, 0]);
});

test('a code payment has no expiry to choose', async () => {
  const bed = till('pays');
  const answer = await charge(bed, codeOrder({ expiresAt: at('2026-11-21T05:00:00Z') }));
  const refusal = { code: 'request_invalid', pointer: '/time_expire' };
  assert.deepEqual(answer, { ok: false, refusal });
  assert.deepEqual([bed.store.peek(orderKey), bed.world.callsOf()], [undefined, 0]);
});

test('a link of an account that takes codes, too, is placed as ever', async () => {
  const bed = till('pays');
  const { auth_code: _, ...link } = codeOrder({ trade_type: 'NATIVE' });
  const answer = await createOrder(bed, accountWithCodes, link);
  assert.ok(answer.ok && answer.value.code_url !== undefined && answer.value.waits === undefined);
  assert.equal(bed.world.callsOf('micropay'), 0);
});
