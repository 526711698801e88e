import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { unknownCodes } from './gateway-faults.ts';
import {
  callsOf,
  freshNumber,
  type GatewayCalls,
  type GatewayWorld,
} from './order-gateway-harness.ts';
import { prepayContract } from './order-gateway-prepay.contract.ts';

const notFound = { type: 'not-found', code: 'ORDER_NOT_EXIST' };
const noSuchOrder = { type: 'no-such-order', code: 'ORDER_NOT_EXIST' };

/** What every `OrderGateway` does, whoever plays WeChat Pay behind it. */
export function orderGatewayContract(name: string, open: () => Promise<GatewayWorld>): void {
  suite(name, () => {
    let world: GatewayWorld;

    before(async () => {
      world = await open();
    });
    afterEach(async () => {
      await world.heal();
    });
    after(async () => {
      await world.end();
    });

    const calls = callsOf(() => world);
    prepayContract(calls);
    queryRules(calls);
    closeRules(calls);
    unknownRules(calls);
    lostAnswerRules(calls);
  });
}

function queryRules({ world, place, query }: GatewayCalls): void {
  test('an order that nobody placed is not found', async () => {
    assert.deepEqual(await query(freshNumber()), notFound);
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

function closeRules({ world, place, query, close }: GatewayCalls): void {
  test('a close is done, may be repeated, and then the order is CLOSED', async () => {
    const { out_trade_no } = await place();
    assert.deepEqual(await close(out_trade_no), { type: 'done' });
    assert.deepEqual(await close(out_trade_no), { type: 'done' });
    const evidence = await query(out_trade_no);
    assert.equal(evidence.type === 'state' && evidence.state, 'CLOSED');
  });

  test('a close of an order that nobody placed finds none', async () => {
    assert.deepEqual(await close(freshNumber()), noSuchOrder);
  });

  test('a close of a paid order is refused, and it stays paid', async () => {
    const { out_trade_no } = await place();
    await world().pay(out_trade_no);
    assert.equal((await close(out_trade_no)).type, 'refused');
    const evidence = await query(out_trade_no);
    assert.equal(evidence.type === 'state' && evidence.state, 'SUCCESS');
  });

  test('a close while somebody pays is unknown', async () => {
    const { out_trade_no } = await place();
    await world().startPaying(out_trade_no);
    const expected = { type: 'unknown', code: 'FREQUENCY_LIMITED' };
    assert.deepEqual(await close(out_trade_no), expected);
  });
}

function unknownRules({ world, request, place, query, close, prepay }: GatewayCalls): void {
  for (const [fault, code] of Object.entries(unknownCodes)) {
    test(`${fault}: every call ends in unknown, ${code}`, async () => {
      const order = await place();
      await world().fail(fault as keyof typeof unknownCodes);
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

function lostAnswerRules({ world, request, place, query, close, prepay }: GatewayCalls): void {
  test('an unsigned 404 says no such order, and never more than that', async () => {
    const order = await place();
    await world().fail('unsigned-404');
    assert.deepEqual(await query(order.out_trade_no), notFound);
    assert.deepEqual(await close(order.out_trade_no), noSuchOrder);
    await world().heal();
    const evidence = await query(order.out_trade_no);
    assert.equal(evidence.type === 'state' && evidence.state, 'NOTPAY');
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
    await world().fail('reset', true);
    assert.equal((await close(out_trade_no)).type, 'unknown');
    await world().heal();
    const evidence = await query(out_trade_no);
    assert.equal(evidence.type === 'state' && evidence.state, 'CLOSED');
  });
}
