import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createGatewayClient } from '#adapters/wechat/v3/gateway-client.ts';
import { createOrderGateway } from '#adapters/wechat/v3/order-gateway.ts';
import { createRefundGateway } from '#adapters/wechat/v3/refund-gateway.ts';
import { isTransactionId } from '#core/values/ids.ts';
import { createMerchant, type Merchant } from '../../simulator/merchant.ts';
import { startSimulator } from '../../simulator/server.ts';
import { valid } from '../support/order-builder.ts';
import { openFake } from './gateway-fake.ts';
import { accountOf, keyModes, openSimulator, optionsAt } from './gateway-simulator.ts';
import { refundGatewayContract } from './refund-gateway.contract.ts';
import { type RefundWorld, refundOf } from './refund-gateway-harness.ts';

async function openWorld(keyMode: Merchant['keyMode']): Promise<RefundWorld> {
  const { options, control, heal, ...simulator } = await openSimulator(keyMode);
  const client = createGatewayClient(options);
  await control('refunds', { status: 'PROCESSING' });
  return {
    ...simulator,
    gateway: createRefundGateway(options, client),
    orders: createOrderGateway(options, client),
    pay: async (out_trade_no) => {
      await control('pay', { out_trade_no, notice: 'lost' });
    },
    settle: async (out_refund_no, status) => {
      await control('refund-status', { out_refund_no, status, notice: 'lost' });
    },
    refundByHand: async (out_trade_no, { out_refund_no, amountFen }) => {
      await control('console-refund', { out_trade_no, out_refund_no, amount: amountFen });
    },
    limitBalance: async (available) => {
      await control('balance', { available });
    },
    heal: async () => {
      await heal();
      await control('balance', {});
    },
  };
}

function openFakeWorld(): Promise<RefundWorld> {
  const { world, heal, ...fake } = openFake();
  const { refunds } = world;
  return Promise.resolve({
    ...fake,
    gateway: world.refundGateway,
    orders: world,
    pay: (out_trade_no) => {
      world.pay(out_trade_no);
      return Promise.resolve();
    },
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

refundGatewayContract('refund gateway over the fake', openFakeWorld);
for (const keyMode of keyModes) {
  refundGatewayContract(`refund gateway over the simulator, ${keyMode}`, () => openWorld(keyMode));
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
    const account = { ...fitting, credentials: { ...fitting.credentials, merchantPrivateKey } };
    const gateway = createRefundGateway(optionsAt(simulator.origin));
    const fault = { type: 'fault', code: 'SIGN_ERROR' };
    assert.deepEqual(await gateway.query(account, request.out_refund_no), fault);
    assert.deepEqual(await gateway.apply(account, request), fault);
  });
});
