import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createGateways, type Gateways } from '#adapters/wechat/gateways.ts';
import type { Account, V2Credentials } from '#core/account.ts';
import { instant } from '#core/values/time.ts';
import { createMerchant } from '../../simulator/merchant.ts';
import { startSimulator } from '../../simulator/server.ts';
import { accountOfV2 } from '../support/order-builder.ts';
import { accountOf, optionsAt, trust, v2Of } from './gateway-simulator.ts';
import { orderGatewayContract } from './order-gateway.contract.ts';
import { freshNumber, requestOf } from './order-gateway-harness.ts';
import { openFakeWorld, openWorld } from './order-gateway-worlds.ts';

orderGatewayContract('order gateway over the fake, APIv2', 'v2', () => openFakeWorld(accountOfV2));
for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
  const name = `order gateway over the simulator, APIv2 with ${signType}`;
  const shop = { api: 'v2', keyMode: 'public-key', signType } as const;
  orderGatewayContract(name, 'v2', () => openWorld(shop));
}

/** An account of APIv2 at a simulator, with something else in place of its credentials. */
async function misfit(
  context: TestContext,
  instead: Partial<V2Credentials>,
): Promise<{ readonly account: Account; readonly gateway: Gateways['gateway'] }> {
  const merchant = await createMerchant();
  const simulator = await startSimulator({ merchants: [merchant] });
  context.after(simulator.close);
  trust(simulator.certificateAuthority);
  const fitting = accountOf(merchant, simulator.keys.get(merchant.mchid));
  const credentials = { v2: { ...v2Of(merchant, 'HMAC-SHA256'), ...instead } };
  const { gateway } = createGateways(optionsAt(simulator.tlsOrigin));
  return { gateway, account: { ...fitting, api: 'v2', credentials } };
}

suite('an account of APIv2 that does not fit', () => {
  test('with another key believes no answer and places nothing', async (context) => {
    const { gateway, account } = await misfit(context, { apiKey: 'x'.repeat(32) });
    const request = requestOf({ account, now: () => instant(Date.now()) });
    const { out_trade_no } = request;
    assert.notEqual((await gateway.prepay(account, request)).type, 'placed');
    assert.match((await gateway.query(account, { out_trade_no })).type, /^(?:unknown|fault)$/);
    assert.match((await gateway.close(account, out_trade_no)).type, /^(?:unknown|fault)$/);
  });

  test('with a certificate that cannot be read reverses nothing: a fault', async (context) => {
    const { gateway, account } = await misfit(context, { certificate: { p12: 'AAAA' } });
    const outcome = await gateway.reverse(account, { out_trade_no: freshNumber() });
    assert.deepEqual(outcome, { type: 'fault', code: 'KEY_INVALID' });
  });

  test("with another merchant's certificate reverses nothing", async (context) => {
    const { certificate } = v2Of(await createMerchant(), 'MD5');
    const { gateway, account } = await misfit(context, { certificate });
    const outcome = await gateway.reverse(account, { out_trade_no: freshNumber() });
    assert.match(outcome.type, /^(?:unknown|fault)$/);
  });
});
