import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createGateways } from '#adapters/wechat/gateways.ts';
import { instant } from '#core/values/time.ts';
import { createMerchant } from '../../simulator/merchant.ts';
import { startSimulator } from '../../simulator/server.ts';
import { account as shop } from '../support/order-builder.ts';
import { accountOf, keyModes, optionsAt, withPrivateKey } from './gateway-simulator.ts';
import { orderGatewayContract } from './order-gateway.contract.ts';
import { requestOf } from './order-gateway-harness.ts';
import { openFakeWorld, openWorld } from './order-gateway-worlds.ts';

const now = () => instant(Date.now());

orderGatewayContract('order gateway over the fake', 'v3', () => openFakeWorld(shop));
for (const keyMode of keyModes) {
  const name = `order gateway over the simulator, ${keyMode}`;
  orderGatewayContract(name, 'v3', () => openWorld({ api: 'v3', keyMode }));
}

suite('an account that does not fit', () => {
  test('ends a query and a close in a fault, and a prepay in a refusal', async (context) => {
    const [merchant, stranger] = [await createMerchant(), await createMerchant()];
    const simulator = await startSimulator({ merchants: [merchant] });
    context.after(simulator.close);
    const fitting = accountOf(merchant, simulator.keys.get(merchant.mchid));
    const account = withPrivateKey(fitting, stranger.merchantPrivateKey);
    const { gateway } = createGateways(optionsAt(simulator.origin));
    const request = requestOf({ account, now });
    const { out_trade_no } = request;
    const fault = { type: 'fault', code: 'SIGN_ERROR' };
    assert.deepEqual(await gateway.query(account, { out_trade_no }), fault);
    assert.deepEqual(await gateway.close(account, out_trade_no), fault);
    const prepay = await gateway.prepay(account, request);
    assert.deepEqual(prepay, { type: 'refused', code: 'SIGN_ERROR' });
  });

  test('believes no answer when it does not know the key that signed it', async (context) => {
    const [merchant, other] = [await createMerchant(), await createMerchant()];
    const simulator = await startSimulator({ merchants: [merchant, other] });
    context.after(simulator.close);
    const account = accountOf(merchant, simulator.keys.get(other.mchid));
    const { gateway } = createGateways(optionsAt(simulator.origin));
    const outcome = await gateway.prepay(account, requestOf({ account, now }));
    assert.deepEqual(outcome, { type: 'unknown', code: 'UNKNOWN_SERIAL' });
  });
});
