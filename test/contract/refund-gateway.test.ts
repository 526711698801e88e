import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createGateways } from '#adapters/wechat/gateways.ts';
import type { Account } from '#core/account.ts';
import { isTransactionId } from '#core/values/ids.ts';
import { createMerchant } from '../../simulator/merchant.ts';
import { startSimulator } from '../../simulator/server.ts';
import { accountOfV2, account as shop, valid } from '../support/order-builder.ts';
import { openFake } from './gateway-fake.ts';
import {
  accountOf,
  keyModes,
  openSimulator,
  optionsAt,
  type Shop,
  withPrivateKey,
} from './gateway-simulator.ts';
import { refundGatewayContract } from './refund-gateway.contract.ts';
import { type RefundWorld, refundOf } from './refund-gateway-harness.ts';

async function openWorld(shop: Shop): Promise<RefundWorld> {
  const { gateway, refundGateway, control, heal, ...simulator } = await openSimulator(shop);
  await control('refunds', { status: 'PROCESSING' });
  return {
    ...simulator,
    gateway: refundGateway,
    orders: gateway,
    settle: (out_refund_no, status) =>
      control('refund-status', { out_refund_no, status, notice: 'lost' }),
    refundByHand: (out_trade_no, { out_refund_no, amountFen }) =>
      control('console-refund', { out_trade_no, out_refund_no, amount: amountFen }),
    limitBalance: (available) => control('balance', { available }),
    heal: async () => {
      await heal();
      await control('balance', {});
    },
  };
}

function openFakeWorld(whose: Account): Promise<RefundWorld> {
  const { world, heal, ...fake } = openFake(whose);
  const { refunds } = world;
  return Promise.resolve({
    ...fake,
    gateway: world.refundGateway,
    orders: world,
    settle: (out_refund_no, status) => {
      refunds.settle(out_refund_no, status);
      return Promise.resolve();
    },
    refundByHand: (out_trade_no, { out_refund_no, amountFen: refundFen }) => {
      const transaction_id = world.order(out_trade_no)?.payment?.transaction_id ?? '';
      refunds.makeByHand(transaction_id, { out_refund_no, refundFen });
      return Promise.resolve();
    },
    limitBalance: (availableFen) => {
      refunds.limitBalance(availableFen);
      return Promise.resolve();
    },
    heal: () => {
      refunds.limitBalance(undefined);
      return heal();
    },
  });
}

refundGatewayContract('refund gateway over the fake', 'v3', () => openFakeWorld(shop));
refundGatewayContract('refund gateway over the fake, APIv2', 'v2', () =>
  openFakeWorld(accountOfV2),
);
for (const keyMode of keyModes) {
  const name = `refund gateway over the simulator, ${keyMode}`;
  refundGatewayContract(name, 'v3', () => openWorld({ api: 'v3', keyMode }));
}
for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
  const name = `refund gateway over the simulator, APIv2 with ${signType}`;
  const shopOfV2 = { api: 'v2', keyMode: 'public-key', signType } as const;
  refundGatewayContract(name, 'v2', () => openWorld(shopOfV2));
}

suite('an account that does not fit', () => {
  const transaction_id = valid('4200000000000000000000000000', isTransactionId);
  const request = refundOf({ transaction_id });

  test('ends every call in a fault', async (context) => {
    const [merchant, stranger] = [await createMerchant(), await createMerchant()];
    const simulator = await startSimulator({ merchants: [merchant] });
    context.after(simulator.close);
    const fitting = accountOf(merchant, simulator.keys.get(merchant.mchid));
    const { merchantPrivateKey } = stranger;
    const account = withPrivateKey(fitting, merchantPrivateKey);
    const { refundGateway } = createGateways(optionsAt(simulator.origin));
    const fault = { type: 'fault', code: 'SIGN_ERROR' };
    assert.deepEqual(await refundGateway.query(account, request.out_refund_no), fault);
    assert.deepEqual(await refundGateway.apply(account, request), fault);
  });
});
