import assert from 'node:assert/strict';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createGateways, type Gateways } from '#adapters/wechat/gateways.ts';
import type { GatewayOptions } from '#adapters/wechat/v3/gateway-client.ts';
import type {
  Account,
  ApiVersion,
  PayscoreService,
  SignType,
  V2Credentials,
} from '#core/account.ts';
import { isAccountName, isAppid, isMchid } from '#core/values/ids.ts';
import { instant } from '#core/values/time.ts';
import { createMerchant, type Merchant } from '../../simulator/merchant.ts';
import { type MerchantKeys, startSimulator } from '../../simulator/server.ts';
import { globalTimers } from '../../simulator/timers.ts';
import type { GatewayFault } from './gateway-faults.ts';
import type { MerchantWorld } from './order-gateway-harness.ts';

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
      v3: {
        apiV3Key: merchant.apiV3Key,
        merchantSerial: merchant.merchantSerial,
        merchantPrivateKey: merchant.merchantPrivateKey,
        wechatpayKeys: { [keys.wechatpaySerial]: key },
      },
    },
  };
}

/** What the merchant holds of APIv2. */
export function v2Of(merchant: Merchant, signType: SignType): V2Credentials {
  const { apiKey, merchantCertificate: certificate, merchantPrivateKey: privateKey } = merchant;
  return { apiKey, signType, certificate: { certificate, privateKey } };
}

/** Whose calls WeChat cannot verify. */
export function withPrivateKey(account: Account, merchantPrivateKey: string): Account {
  const { v3 } = account.credentials;
  assert.ok(v3 !== undefined);
  return { ...account, credentials: { v3: { ...v3, merchantPrivateKey } } };
}

/** From now on this process believes whom this authority vouches for. */
export function trust(certificateAuthority: string): void {
  setDefaultCACertificates([...getCACertificates('default'), certificateAuthority]);
}

/** A merchant as the contracts need one. */
export type Shop = {
  readonly api: ApiVersion;
  readonly keyMode: Merchant['keyMode'];
  /** How the merchant signs over APIv2; absent: does not use it. */
  readonly signType?: SignType;
};

type Control = (call: string, fields: Readonly<Record<string, unknown>>) => Promise<void>;

/**
 * A simulator with one merchant: its control calls, and the faults that every call may meet. `services`:
 * those of PayScore that are open for the merchant.
 */
export async function openSimulator(
  { api, keyMode, signType }: Shop,
  services: readonly PayscoreService[] = [],
): Promise<MerchantWorld & Gateways & { readonly control: Control }> {
  const merchant = await createMerchant({ keyMode, services });
  let aheadMs = 0;
  const now = () => instant(Date.now() + aheadMs);
  const timers = { ...globalTimers, now };
  const simulator = await startSimulator({ merchants: [merchant], holdMs: 5_000, timers });
  trust(simulator.certificateAuthority);
  const control: Control = async (call, fields) => {
    const body = JSON.stringify(fields);
    const response = await fetch(`${simulator.origin}/_control/${call}`, { method: 'POST', body });
    assert.equal(response.status, 200, await response.text());
  };
  const { credentials, ...account } = accountOf(merchant, simulator.keys.get(merchant.mchid));
  const v2 = signType === undefined ? {} : { v2: v2Of(merchant, signType) };
  return {
    ...createGateways({ ...optionsAt(simulator.tlsOrigin), now }),
    account: {
      ...account,
      api,
      services,
      credentials: api === 'v2' ? v2 : { ...credentials, ...v2 },
    },
    control,
    now,
    later: (durationMs) => {
      aheadMs += durationMs;
    },
    pay: (out_trade_no) => control('pay', { out_trade_no, notice: 'lost' }),
    fail: async (fault, carriedOut = false) => {
      for (const armed of faultsOf(fault)) {
        await control('faults', { ...armed, carry_out: carriedOut, times: 100 });
      }
    },
    heal: () => control('faults/clear', {}),
    end: simulator.close,
  };
}

/** As the simulator calls it, over either API; the first that fits a call strikes it. */
function faultsOf(fault: GatewayFault): readonly Readonly<Record<string, string>>[] {
  return fault === 'not-here'
    ? [
        { fault: 'unsigned-404' },
        { fault: 'err-code', err_code: 'REFUNDNOTEXIST', operation: 'v2-refundquery' },
        { fault: 'err-code', err_code: 'ORDERNOTEXIST' },
      ]
    : [{ fault }];
}
