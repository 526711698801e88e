import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createOrderGateway } from '#adapters/wechat/v3/order-gateway.ts';
import type { Account } from '#core/account.ts';
import type { PrepayRequest } from '#core/ports.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import { instant } from '#core/values/time.ts';
import { createMerchant, type Merchant } from '../../simulator/merchant.ts';
import { startSimulator } from '../../simulator/server.ts';
import { openFake } from './gateway-fake.ts';
import { accountOf, keyModes, openSimulator, optionsAt } from './gateway-simulator.ts';
import { orderGatewayContract } from './order-gateway.contract.ts';
import type { GatewayWorld } from './order-gateway-harness.ts';

function prepayOf(account: Account): PrepayRequest {
  const out_trade_no = 'order_000001';
  assert.ok(isOutTradeNo(out_trade_no));
  return {
    trade_type: 'NATIVE',
    appid: account.appids[0],
    out_trade_no,
    description: 'a cup',
    amountFen: 100,
    currency: 'CNY',
    notify_url: 'http://127.0.0.1:9/notify/main',
    expiresAt: instant(Date.now() + 7_200_000),
    details: {},
  };
}

async function openWorld(keyMode: Merchant['keyMode']): Promise<GatewayWorld> {
  const { options, control, ...simulator } = await openSimulator(keyMode);
  return {
    ...simulator,
    gateway: createOrderGateway(options),
    pay: async (out_trade_no) => {
      await control('pay', { out_trade_no, notice: 'lost' });
    },
    startPaying: async (out_trade_no) => {
      await control('paying', { out_trade_no, paying: true });
    },
  };
}

function openFakeWorld(): Promise<GatewayWorld> {
  const { world, ...fake } = openFake();
  return Promise.resolve({
    ...fake,
    gateway: world,
    pay: (out_trade_no) => {
      world.pay(out_trade_no);
      return Promise.resolve();
    },
    startPaying: (out_trade_no) => {
      world.force(out_trade_no, 'USERPAYING');
      return Promise.resolve();
    },
  });
}

orderGatewayContract('order gateway over the fake', openFakeWorld);
for (const keyMode of keyModes) {
  orderGatewayContract(`order gateway over the simulator, ${keyMode}`, () => openWorld(keyMode));
}

suite('an account that does not fit', () => {
  test('ends a query and a close in a fault, and a prepay in a refusal', async (context) => {
    const [merchant, stranger] = [await createMerchant(), await createMerchant()];
    const simulator = await startSimulator({ merchants: [merchant] });
    context.after(simulator.close);
    const fitting = accountOf(merchant, simulator.keys.get(merchant.mchid));
    const { merchantPrivateKey } = stranger;
    const account = { ...fitting, credentials: { ...fitting.credentials, merchantPrivateKey } };
    const gateway = createOrderGateway(optionsAt(simulator.origin));
    const { out_trade_no } = prepayOf(account);
    const fault = { type: 'fault', code: 'SIGN_ERROR' };
    assert.deepEqual(await gateway.query(account, { out_trade_no }), fault);
    assert.deepEqual(await gateway.close(account, out_trade_no), fault);
    const prepay = await gateway.prepay(account, prepayOf(account));
    assert.deepEqual(prepay, { type: 'refused', code: 'SIGN_ERROR' });
  });

  test('believes no answer when it does not know the key that signed it', async (context) => {
    const [merchant, other] = [await createMerchant(), await createMerchant()];
    const simulator = await startSimulator({ merchants: [merchant, other] });
    context.after(simulator.close);
    const account = accountOf(merchant, simulator.keys.get(other.mchid));
    const outcome = await createOrderGateway(optionsAt(simulator.origin)).prepay(
      account,
      prepayOf(account),
    );
    assert.deepEqual(outcome, { type: 'unknown', code: 'UNKNOWN_SERIAL' });
  });
});
