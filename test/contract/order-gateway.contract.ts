import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import type { Account } from '#core/account.ts';
import type { CloseOutcome, OrderEvidence, PrepayOutcome } from '#core/evidence.ts';
import type { OrderGateway, PrepayRequest } from '#core/ports.ts';
import { isOutTradeNo, type OutTradeNo } from '#core/values/ids.ts';
import { instant, plus } from '#core/values/time.ts';

export type GatewayFault =
  | '429'
  | '500'
  | 'timeout'
  | 'reset'
  | 'unsigned-2xx'
  | 'bad-signature'
  | 'probe'
  | 'unsigned-404';

/** A WeChat Pay with one merchant, and the gateway that speaks to it. */
export type GatewayWorld = {
  readonly gateway: OrderGateway;
  readonly account: Account;
  pay(out_trade_no: OutTradeNo): Promise<void>;
  /** The payer is at the till: a close is put off. */
  startPaying(out_trade_no: OutTradeNo): Promise<void>;
  /** Strikes every call until `heal`; `carriedOut`: they take effect all the same. */
  fail(fault: GatewayFault, carriedOut?: boolean): Promise<void>;
  heal(): Promise<void>;
  end(): Promise<void>;
};

/** The gateway's calls on the account of the world that stands when a test runs. */
type Calls = {
  world(): GatewayWorld;
  request(changes?: Partial<PrepayRequest>): PrepayRequest;
  /** Places a fresh order, and fails the test if it cannot. */
  place(): Promise<PrepayRequest>;
  query(out_trade_no: OutTradeNo): Promise<OrderEvidence>;
  close(out_trade_no: OutTradeNo): Promise<CloseOutcome>;
  prepay(request: PrepayRequest): Promise<PrepayOutcome>;
};

const notFound = { type: 'not-found', code: 'ORDER_NOT_EXIST' };
const noSuchOrder = { type: 'no-such-order', code: 'ORDER_NOT_EXIST' };

let lastNumber = 0;

function freshNumber(): OutTradeNo {
  lastNumber += 1;
  return numberOf(`contract|*_${lastNumber}`);
}

function numberOf(text: string): OutTradeNo {
  assert.ok(isOutTradeNo(text));
  return text;
}

function requestOf(account: Account, changes: Partial<PrepayRequest>): PrepayRequest {
  return {
    trade_type: 'NATIVE',
    appid: account.appids[0],
    out_trade_no: freshNumber(),
    description: '深圳腾大-QQ公仔',
    amountFen: 100,
    currency: 'CNY',
    notify_url: 'http://127.0.0.1:9/notify/main',
    expiresAt: plus(instant(Date.now()), 7_200_000),
    ...changes,
  };
}

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

    const calls: Calls = {
      world: () => world,
      request: (changes = {}) => requestOf(world.account, changes),
      place: async () => {
        const request = requestOf(world.account, {});
        const outcome = await world.gateway.prepay(world.account, request);
        assert.equal(outcome.type, 'placed', JSON.stringify(outcome));
        return request;
      },
      query: async (out_trade_no) => await world.gateway.query(world.account, { out_trade_no }),
      close: async (out_trade_no) => await world.gateway.close(world.account, out_trade_no),
      prepay: async (request) => await world.gateway.prepay(world.account, request),
    };
    prepayRules(calls);
    queryRules(calls);
    closeRules(calls);
    unknownRules(calls);
    lostAnswerRules(calls);
  });
}

function prepayRules({ world, request, place, close, prepay }: Calls): void {
  test('a NATIVE order is placed and brings its code_url', async () => {
    const outcome = await prepay(request());
    assert.ok(outcome.type === 'placed' && outcome.link.trade_type === 'NATIVE');
    assert.match(outcome.link.code_url, /^weixin:\/\/\S+$/);
  });

  test('a JSAPI order is placed, and its parameters are made of its prepay_id', async () => {
    const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
    const outcome = await prepay(request({ trade_type: 'JSAPI', openid }));
    assert.ok(outcome.type === 'placed' && outcome.link.trade_type === 'JSAPI');
    const { account, gateway } = world();
    const pay = gateway.jsapiPayParameters(account, account.appids[0], outcome.link);
    assert.equal(pay.package, `prepay_id=${outcome.link.prepay_id}`);
    assert.equal(pay.appId, account.appids[0]);
    assert.match(pay.timeStamp, /^[0-9]{10}$/);
  });

  test('the same prepay again is placed again', async () => {
    const order = await place();
    assert.equal((await prepay(order)).type, 'placed');
  });

  test('the same number with another amount means: look', async () => {
    const order = await place();
    const outcome = await prepay({ ...order, amountFen: 101 });
    assert.deepEqual(outcome, { type: 'look', code: 'OUT_TRADE_NO_USED' });
  });

  test('a prepay of a closed or paid number means: look', async () => {
    const closed = await place();
    await close(closed.out_trade_no);
    assert.equal((await prepay(closed)).type, 'look');
    const paid = await place();
    await world().pay(paid.out_trade_no);
    assert.equal((await prepay(paid)).type, 'look');
  });

  test('a wrong field is refused by its pointer', async () => {
    const outcome = await prepay(request({ amountFen: 0 }));
    const expected = { type: 'refused', code: 'PARAM_ERROR', field: '/body/amount/total' };
    assert.deepEqual(outcome, expected);
  });
}

function queryRules({ world, place, query }: Calls): void {
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

function closeRules({ world, place, query, close }: Calls): void {
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

function unknownRules({ world, request, place, query, close, prepay }: Calls): void {
  const unknownCodes = {
    '429': 'FREQUENCY_LIMITED',
    '500': 'SYSTEM_ERROR',
    reset: 'NETWORK',
    timeout: 'TIMEOUT',
    'unsigned-2xx': 'UNSIGNED',
    'bad-signature': 'BAD_SIGNATURE',
    probe: 'PROBE',
  } as const satisfies Partial<Record<GatewayFault, string>>;

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

function lostAnswerRules({ world, request, place, query, close, prepay }: Calls): void {
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
