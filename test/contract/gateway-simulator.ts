import assert from 'node:assert/strict';
import type { GatewayOptions } from '#adapters/wechat/v3/gateway-client.ts';
import type { Account } from '#core/account.ts';
import { isAccountName, isAppid, isMchid } from '#core/values/ids.ts';
import { instant } from '#core/values/time.ts';
import { createMerchant, type Merchant } from '../../simulator/merchant.ts';
import { type MerchantKeys, startSimulator } from '../../simulator/server.ts';
import type { GatewayFault } from './gateway-faults.ts';

export const keyModes = ['public-key', 'certificate'] as const;

export function optionsAt(origin: string): GatewayOptions {
  return {
    origins: [origin],
    now: () => instant(Date.now()),
    userAgent: 'wechatpay-serverless contract test',
    limits: { totalTimeoutMs: 1_500 },
  };
}

export function accountOf(merchant: Merchant, keys: MerchantKeys | undefined): Account {
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
    duplicatePolicy: 'hold',
    credentials: {
      apiV3Key: merchant.apiV3Key,
      merchantSerial: merchant.merchantSerial,
      merchantPrivateKey: merchant.merchantPrivateKey,
      wechatpayKeys: { [keys.wechatpaySerial]: key },
    },
  };
}

/** A simulator with one merchant: its control calls, and the faults that every call may meet. */
export async function openSimulator(keyMode: Merchant['keyMode']) {
  const merchant = await createMerchant({ keyMode });
  const simulator = await startSimulator({ merchants: [merchant], holdMs: 5_000 });
  const { origin } = simulator;
  const control = async (call: string, fields: Readonly<Record<string, unknown>>) => {
    const body = JSON.stringify(fields);
    const response = await fetch(`${origin}/_control/${call}`, { method: 'POST', body });
    assert.equal(response.status, 200, await response.text());
  };
  return {
    options: optionsAt(origin),
    account: accountOf(merchant, simulator.keys.get(merchant.mchid)),
    control,
    fail: async (fault: GatewayFault, carriedOut = false) => {
      await control('faults', { fault, carry_out: carriedOut, times: 100 });
    },
    heal: async () => {
      await control('faults/clear', {});
    },
    end: simulator.close,
  };
}
