import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknownsOf } from './gateway-faults.ts';
import { freshNumber, type GatewayCalls, type GatewayWorld } from './order-gateway-harness.ts';
import { suiteOver } from './order-gateway-suite.ts';

const paid = { type: 'paid' };
const done = { type: 'done' };
const password = { type: 'unknown', code: 'USERPAYING' };
const reversibleAfterMs = 15_000;
const reversibleForMs = 7 * 24 * 60 * 60_000;

/** What every `OrderGateway` does about code payments, with an account of either API. */
export function codePaymentContract(name: string, open: () => Promise<GatewayWorld>): void {
  suiteOver(name, open, (calls) => {
    chargeRules(calls);
    onceRules(calls);
    refusalRules(calls);
    reverseRules(calls);
    notReversedRules(calls);
    openRules(calls);
  });
}

function chargeRules({ world, code, micropay, query, stateOf }: GatewayCalls): void {
  test('a code is charged at once, and the query says what was paid, by either number', async () => {
    const request = code();
    const { out_trade_no } = request;
    assert.deepEqual(await micropay(request), paid);
    const evidence = await query(out_trade_no);
    assert.ok(evidence.type === 'state' && evidence.payment !== undefined);
    const { transaction_id, amountFen, currency, openid, successAt } = evidence.payment;
    assert.deepEqual([evidence.state, amountFen, currency], ['SUCCESS', 100, 'CNY']);
    assert.equal(evidence.mchid, world().account.mchid);
    assert.equal(evidence.appid, request.appid);
    assert.ok(openid !== undefined && successAt !== undefined);
    const again = await world().gateway.query(world().account, { out_trade_no, transaction_id });
    assert.deepEqual(again, evidence);
  });

  test('a payer who must type a password leaves it open, and pays by typing it', async () => {
    const request = code({ amountFen: 100_001 });
    assert.deepEqual(await micropay(request), password);
    const evidence = await query(request.out_trade_no);
    assert.ok(evidence.type === 'state');
    assert.deepEqual([evidence.state, evidence.payment], ['USERPAYING', undefined]);
    await world().pay(request.out_trade_no);
    assert.equal(await stateOf(request.out_trade_no), 'SUCCESS');
  });

  test('a payer who does not type it has not paid, and cannot any more', async () => {
    await world().payersAre('types-password');
    const request = code();
    assert.deepEqual(await micropay(request), password);
    await world().decline(request.out_trade_no);
    const evidence = await query(request.out_trade_no);
    assert.ok(evidence.type === 'state');
    assert.deepEqual([evidence.state, evidence.payment], ['PAYERROR', undefined]);
    await assert.rejects(() => world().pay(request.out_trade_no));
  });

  test('a payer with too little is refused, and another code of theirs may try again', async () => {
    const request = code();
    await world().payersAre('is-poor');
    assert.deepEqual(await micropay(request), { type: 'refused', code: 'NOTENOUGH' });
    assert.equal(await stateOf(request.out_trade_no), 'PAYERROR');
    await world().heal();
    const { auth_code } = code();
    assert.deepEqual(await micropay({ ...request, auth_code }), paid);
    assert.equal(await stateOf(request.out_trade_no), 'SUCCESS');
  });
}

function onceRules({ world, code, place, micropay, prepay, request, stateOf }: GatewayCalls): void {
  test('a code that was charged is refused for another order', async () => {
    const first = code();
    assert.deepEqual(await micropay(first), paid);
    const second = { ...first, out_trade_no: freshNumber() };
    assert.deepEqual(await micropay(second), { type: 'refused', code: 'AUTH_CODE_ERROR' });
    assert.equal(await stateOf(second.out_trade_no), 'not-found');
  });

  test('the same again while the payer types is open still', async () => {
    await world().payersAre('types-password');
    const first = code();
    assert.deepEqual(await micropay(first), password);
    assert.deepEqual(await micropay(first), password);
    const { auth_code } = code();
    const mismatch = { type: 'look', code: 'BUYER_MISMATCH' };
    assert.deepEqual(await micropay({ ...first, auth_code }), mismatch);
  });

  test('a number that is paid, or has other terms, means: look', async () => {
    const first = code();
    assert.deepEqual(await micropay(first), paid);
    const again = { ...first, auth_code: code().auth_code };
    assert.deepEqual(await micropay(again), { type: 'look', code: 'ORDERPAID' });
    await world().payersAre('types-password');
    const second = code();
    await micropay(second);
    const other = { ...second, amountFen: 101 };
    assert.deepEqual(await micropay(other), { type: 'look', code: 'INVALID_REQUEST' });
  });

  test('a number of a link is none of a code, and the other way round', async () => {
    const { out_trade_no } = await place();
    const used = { type: 'look', code: 'OUT_TRADE_NO_USED' };
    assert.deepEqual(await micropay(code({ out_trade_no })), used);
    assert.equal(await stateOf(out_trade_no), 'NOTPAY');
    const charged = code();
    await micropay(charged);
    const linked = request({ out_trade_no: charged.out_trade_no });
    assert.equal((await prepay(linked)).type, 'look');
    assert.equal(await stateOf(charged.out_trade_no), 'SUCCESS');
  });
}

function refusalRules({ code, micropay, stateOf }: GatewayCalls): void {
  for (const [what, changes] of [
    ['nothing', { amountFen: 0 }],
    ['what has no name', { description: '' }],
    ['what has too long a name', { description: '公'.repeat(128) }],
  ] as const) {
    test(`a code that is charged for ${what} is refused`, async () => {
      const request = code(changes);
      assert.equal((await micropay(request)).type, 'refused');
      assert.equal(await stateOf(request.out_trade_no), 'not-found');
    });
  }
}

function reverseRules({ world, code, micropay, reverse, query, stateOf }: GatewayCalls): void {
  test('what was paid is given back by a reversal, which may be repeated', async () => {
    const request = code();
    await micropay(request);
    world().later(reversibleAfterMs);
    assert.deepEqual(await reverse(request.out_trade_no), done);
    assert.deepEqual(await reverse(request.out_trade_no), done);
    assert.equal(await stateOf(request.out_trade_no), 'REVOKED');
    const again = { ...request, auth_code: code().auth_code };
    assert.deepEqual(await micropay(again), { type: 'look', code: 'ORDERREVERSED' });
  });

  test("a reversal finds its order by WeChat's number, too", async () => {
    const { out_trade_no, ...request } = code();
    await micropay({ out_trade_no, ...request });
    const evidence = await query(out_trade_no);
    assert.ok(evidence.type === 'state' && evidence.payment !== undefined);
    const { transaction_id } = evidence.payment;
    world().later(reversibleAfterMs);
    const { gateway, account } = world();
    assert.deepEqual(await gateway.reverse(account, { out_trade_no, transaction_id }), done);
    assert.equal(await stateOf(out_trade_no), 'REVOKED');
  });

  for (const ending of ['is typing', 'declined'] as const) {
    test(`after a reversal a payer who ${ending} cannot pay any more`, async () => {
      await world().payersAre('types-password');
      const request = code();
      await micropay(request);
      if (ending === 'declined') {
        await world().decline(request.out_trade_no);
      }
      world().later(reversibleAfterMs);
      assert.deepEqual(await reverse(request.out_trade_no), done);
      assert.equal(await stateOf(request.out_trade_no), 'REVOKED');
      await assert.rejects(() => world().pay(request.out_trade_no));
    });
  }
}

function notReversedRules(calls: GatewayCalls): void {
  const { world, code, place, micropay, reverse, stateOf } = calls;

  test('a reversal that WeChat asks for again is not done until it is sent again', async () => {
    const request = code();
    await micropay(request);
    world().later(reversibleAfterMs);
    await world().recallOnce();
    assert.deepEqual(await reverse(request.out_trade_no), { type: 'recall' });
    assert.equal(await stateOf(request.out_trade_no), 'SUCCESS');
    assert.deepEqual(await reverse(request.out_trade_no), done);
    assert.equal(await stateOf(request.out_trade_no), 'REVOKED');
  });

  test('a reversal sooner than 15 s after the charge is not done, and stays open', async () => {
    const request = code();
    await micropay(request);
    world().later(reversibleAfterMs - 5_000);
    assert.equal((await reverse(request.out_trade_no)).type, 'unknown');
    assert.equal(await stateOf(request.out_trade_no), 'SUCCESS');
  });

  test('a reversal later than 7 days after the charge is refused', async () => {
    const request = code();
    await micropay(request);
    world().later(reversibleForMs + 1_000);
    const expired = { type: 'refused', code: 'REVERSE_EXPIRE' };
    assert.deepEqual(await reverse(request.out_trade_no), expired);
    assert.equal(await stateOf(request.out_trade_no), 'SUCCESS');
  });

  test('an order that was paid by a link is not reversed', async () => {
    const { out_trade_no } = await place();
    await world().pay(out_trade_no);
    world().later(reversibleAfterMs);
    assert.notEqual((await reverse(out_trade_no)).type, 'done');
    assert.equal(await stateOf(out_trade_no), 'SUCCESS');
  });

  test('a reversal of what nobody charged is not done', async () => {
    assert.notEqual((await reverse(freshNumber())).type, 'done');
  });
}

function openRules({ world, code, micropay, reverse, stateOf }: GatewayCalls): void {
  for (const [fault, unknown] of unknownsOf('v2')) {
    test(`${fault}: a charge and a reversal end in unknown, ${unknown}`, async () => {
      await world().fail(fault);
      const outcomes = await Promise.all([micropay(code()), reverse(freshNumber())]);
      const expected = { type: 'unknown', code: unknown };
      assert.deepEqual(outcomes, [expected, expected]);
    });
  }

  test('a charge whose answer was lost shows in the query', async () => {
    const request = code();
    await world().fail('500', true);
    assert.equal((await micropay(request)).type, 'unknown');
    await world().heal();
    assert.equal(await stateOf(request.out_trade_no), 'SUCCESS');
  });

  test('a reversal whose answer was lost shows in the query', async () => {
    const request = code();
    await micropay(request);
    world().later(reversibleAfterMs);
    await world().fail('reset', true);
    assert.equal((await reverse(request.out_trade_no)).type, 'unknown');
    await world().heal();
    assert.equal(await stateOf(request.out_trade_no), 'REVOKED');
    assert.deepEqual(await reverse(request.out_trade_no), done);
  });
}
