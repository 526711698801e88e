import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiVersion } from '#core/account.ts';
import { type GatewayTraits, traitsOf, unknownsOf } from './gateway-faults.ts';
import { freshNumber, type GatewayCalls, type GatewayWorld } from './order-gateway-harness.ts';
import { prepayContract } from './order-gateway-prepay.contract.ts';
import { suiteOver } from './order-gateway-suite.ts';

/** What every `OrderGateway` does with an account of this API, whoever plays WeChat Pay behind it. */
export function orderGatewayContract(
  name: string,
  api: ApiVersion,
  open: () => Promise<GatewayWorld>,
): void {
  const traits = traitsOf[api];
  suiteOver(name, open, (calls) => {
    prepayContract(calls, traits);
    queryRules(calls, traits);
    closeRules(calls, traits);
    unknownRules(calls, api);
    lostAnswerRules(calls, traits);
  });
}

function queryRules({ world, place, query }: GatewayCalls, { noOrder }: GatewayTraits): void {
  test('an order that nobody placed is not found', async () => {
    assert.deepEqual(await query(freshNumber()), { type: 'not-found', code: noOrder });
  });

  test('an unpaid order is NOTPAY and has no payment', async () => {
    const { out_trade_no, appid } = await place();
    const { mchid } = world().account;
    const expected = { type: 'state', state: 'NOTPAY', mchid, appid, out_trade_no };
    assert.deepEqual(await query(out_trade_no), expected);
  });

  test('a paid order is SUCCESS, by either number', async () => {
    const { out_trade_no } = await place();
    await world().pay(out_trade_no);
    const evidence = await query(out_trade_no);
    assert.ok(evidence.type === 'state' && evidence.payment !== undefined);
    assert.equal(evidence.state, 'SUCCESS');
    assert.equal(evidence.payment.amountFen, 100);
    assert.equal(evidence.payment.currency, 'CNY');
    assert.ok(evidence.payment.successAt !== undefined && evidence.payment.openid !== undefined);
    const { transaction_id } = evidence.payment;
    const again = await world().gateway.query(world().account, { out_trade_no, transaction_id });
    assert.deepEqual(again, evidence);
  });

  test("another order's transaction_id proves nothing about this one", async () => {
    const [mine, other] = [await place(), await place()];
    await world().pay(other.out_trade_no);
    const paid = await query(other.out_trade_no);
    assert.ok(paid.type === 'state' && paid.payment !== undefined);
    const { transaction_id } = paid.payment;
    const asked = { out_trade_no: mine.out_trade_no, transaction_id };
    const evidence = await world().gateway.query(world().account, asked);
    assert.deepEqual(evidence, { type: 'unknown', code: 'OTHER_ORDER' });
  });
}

function closeRules({ world, place, stateOf, close }: GatewayCalls, traits: GatewayTraits): void {
  const { closableAfterMs, closePaying, noOrder } = traits;

  test('a close is done, may be repeated, and then the order is CLOSED', async () => {
    const { out_trade_no } = await place();
    world().later(closableAfterMs);
    assert.deepEqual(await close(out_trade_no), { type: 'done' });
    assert.deepEqual(await close(out_trade_no), { type: 'done' });
    assert.equal(await stateOf(out_trade_no), 'CLOSED');
  });

  test('a close of an order that nobody placed finds none', async () => {
    const expected = { type: 'no-such-order', code: noOrder };
    assert.deepEqual(await close(freshNumber()), expected);
  });

  test('a close of a paid order is refused, and it stays paid', async () => {
    const { out_trade_no } = await place();
    await world().pay(out_trade_no);
    world().later(closableAfterMs);
    assert.equal((await close(out_trade_no)).type, 'refused');
    assert.equal(await stateOf(out_trade_no), 'SUCCESS');
  });

  test(`a close while somebody pays is ${closePaying.type}`, async () => {
    const { out_trade_no } = await place();
    world().later(closableAfterMs);
    await world().startPaying(out_trade_no);
    assert.deepEqual(await close(out_trade_no), closePaying);
  });

  if (closableAfterMs > 0) {
    test('a close sooner than five minutes after the placing is refused, and can be paid', async () => {
      const { out_trade_no } = await place();
      world().later(closableAfterMs - 10_000);
      const expected = { type: 'refused', code: 'INVALID_REQUEST' };
      assert.deepEqual(await close(out_trade_no), expected);
      await world().pay(out_trade_no);
      assert.equal(await stateOf(out_trade_no), 'SUCCESS');
    });
  }
}

function unknownRules(calls: GatewayCalls, api: ApiVersion): void {
  const { world, request, place, query, close, prepay } = calls;
  for (const [fault, code] of unknownsOf(api)) {
    test(`${fault}: every call ends in unknown, ${code}`, async () => {
      const order = await place();
      await world().fail(fault);
      const outcomes = await Promise.all([
        query(order.out_trade_no),
        close(order.out_trade_no),
        prepay(request()),
      ]);
      const unknown = { type: 'unknown', code };
      assert.deepEqual(outcomes, [unknown, unknown, unknown]);
    });
  }
}

function lostAnswerRules(calls: GatewayCalls, traits: GatewayTraits): void {
  const { world, request, place, query, stateOf, close, prepay } = calls;
  const { closableAfterMs, noOrder: code } = traits;

  test('an answer that says no such order never says more than that', async () => {
    const order = await place();
    await world().fail('not-here');
    assert.deepEqual(await query(order.out_trade_no), { type: 'not-found', code });
    assert.deepEqual(await close(order.out_trade_no), { type: 'no-such-order', code });
    assert.deepEqual(await prepay(request()), { type: 'unknown', code });
    await world().heal();
    assert.equal(await stateOf(order.out_trade_no), 'NOTPAY');
  });

  test('a prepay whose answer was lost is placed by its repetition', async () => {
    const order = request();
    await world().fail('500', true);
    assert.equal((await prepay(order)).type, 'unknown');
    await world().heal();
    assert.equal((await prepay(order)).type, 'placed');
  });

  test('a close whose answer was lost shows in the query', async () => {
    const { out_trade_no } = await place();
    world().later(closableAfterMs);
    await world().fail('reset', true);
    assert.equal((await close(out_trade_no)).type, 'unknown');
    await world().heal();
    assert.equal(await stateOf(out_trade_no), 'CLOSED');
  });
}
