import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createOrderGateway } from '#adapters/wechat/v3/order-gateway.ts';
import type { Account } from '#core/account.ts';
import type { PrepayRequest } from '#core/ports.ts';
import { isAccountName, isAppid, isMchid, isOutTradeNo } from '#core/values/ids.ts';
import { instant } from '#core/values/time.ts';
import { createMerchant, type Merchant } from '../../simulator/merchant.ts';
import { type MerchantKeys, startSimulator } from '../../simulator/server.ts';
import { type GatewayWorld, orderGatewayContract } from './order-gateway.contract.ts';

type KeyMode = Merchant['keyMode'];

function createGateway(origin: string) {
  return createOrderGateway({
    origins: [origin],
    now: () => instant(Date.now()),
    userAgent: 'wechatpay-serverless contract test',
    limits: { totalTimeoutMs: 1_500 },
  });
}

function accountOf(merchant: Merchant, keys: MerchantKeys | undefined): Account {
  const [name, mchid, appid] = ['main', merchant.mchid, merchant.appid];
  assert.ok(keys !== undefined && isAccountName(name) && isMchid(mchid) && isAppid(appid));
  const key =
    merchant.keyMode === 'certificate' ? keys.platformCertificate : keys.wechatpayPublicKey;
  return {
    name,
    mchid,
    appids: [appid],
    tenant: 'shop',
    api: 'v3',
    latePolicy: 'hold',
    credentials: {
      apiV3Key: merchant.apiV3Key,
      merchantSerial: merchant.merchantSerial,
      merchantPrivateKey: merchant.merchantPrivateKey,
      wechatpayKeys: { [keys.wechatpaySerial]: key },
    },
  };
}

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
  };
}

async function control(origin: string, call: string, fields: Record<string, unknown>) {
  const body = JSON.stringify(fields);
  const response = await fetch(`${origin}/_control/${call}`, { method: 'POST', body });
  assert.equal(response.status, 200, await response.text());
}

async function openWorld(keyMode: KeyMode): Promise<GatewayWorld> {
  const merchant = await createMerchant({ keyMode });
  const simulator = await startSimulator({ merchants: [merchant], holdMs: 5_000 });
  const { origin } = simulator;
  return {
    gateway: createGateway(origin),
    account: accountOf(merchant, simulator.keys.get(merchant.mchid)),
    pay: async (out_trade_no) => {
      await control(origin, 'pay', { out_trade_no, notice: 'lost' });
    },
    startPaying: async (out_trade_no) => {
      await control(origin, 'paying', { out_trade_no, paying: true });
    },
    fail: async (fault, carriedOut = false) => {
      await control(origin, 'faults', { fault, carry_out: carriedOut, times: 100 });
    },
    heal: async () => {
      await control(origin, 'faults/clear', {});
    },
    end: simulator.close,
  };
}

for (const keyMode of ['public-key', 'certificate'] as const) {
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
    const gateway = createGateway(simulator.origin);
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
    const outcome = await createGateway(simulator.origin).prepay(account, prepayOf(account));
    assert.deepEqual(outcome, { type: 'unknown', code: 'UNKNOWN_SERIAL' });
  });
});
