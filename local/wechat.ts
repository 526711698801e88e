import { createMerchant, type Merchant } from '../simulator/merchant.ts';
import { type MerchantKeys, type Simulator, startSimulator } from '../simulator/server.ts';
import type { Closers } from './closers.ts';
import type { DevAccount, Webhook } from './dev-file.ts';
import { isPortTaken } from './listen.ts';

export type Wechat = {
  /** Origin of the simulated WeChat Pay. */
  readonly origin: string;
  /** In the order in which they were asked for. */
  readonly accounts: readonly OpenAccount[];
};

export type OpenAccount = {
  readonly account: DevAccount;
  /** The account's secret, as a merchant would fill it in. */
  readonly secret: string;
};

export type WantedAccount = {
  readonly name: string;
  readonly tenant: string;
  readonly webhook?: Webhook;
};

/** Starts the simulator with a fresh merchant for each account. */
export async function startWechat(
  closers: Closers,
  options: { readonly accounts: readonly WantedAccount[]; readonly preferredPort?: number },
): Promise<Wechat> {
  const opening = options.accounts.map(async (wanted) => ({
    wanted,
    merchant: await createMerchant(),
  }));
  const opened = await Promise.all(opening);
  const merchants = opened.map(({ merchant }) => merchant);
  const start = (port: number): Promise<Simulator> => startSimulator({ port, merchants });
  const { preferredPort = 0 } = options;
  const simulator = await start(preferredPort).catch((error: unknown) => {
    if (preferredPort === 0 || !isPortTaken(error)) {
      throw error;
    }
    return start(0);
  });
  closers.keep(simulator, ({ close }) => close());
  const accounts = opened.map(({ wanted, merchant }) => {
    const keys = simulator.keys.get(merchant.mchid);
    if (keys === undefined) {
      throw new Error(`The simulator does not know ${merchant.mchid}`);
    }
    return {
      account: devAccountOf(wanted, merchant, keys),
      secret: secretOf(wanted, merchant, keys),
    };
  });
  return { origin: simulator.origin, accounts };
}

function devAccountOf({ name }: WantedAccount, merchant: Merchant, keys: MerchantKeys): DevAccount {
  const { mchid, appid, apiV3Key, merchantSerial, merchantPrivateKey } = merchant;
  const { wechatpaySerial, wechatpayPublicKey, wechatpayPrivateKey } = keys;
  return {
    name,
    mchid,
    appid,
    apiV3Key,
    merchantSerial,
    merchantPrivateKey,
    wechatpaySerial,
    wechatpayPublicKey,
    wechatpayPrivateKey,
  };
}

function secretOf(
  { tenant, webhook }: WantedAccount,
  { mchid, appids, apiV3Key, merchantSerial, merchantPrivateKey }: Merchant,
  keys: MerchantKeys,
): string {
  return JSON.stringify({
    mchid,
    appids,
    tenant,
    api: 'v3',
    apiV3Key,
    merchantSerial,
    merchantPrivateKey,
    // Both kinds side by side, as during WeChat's move from the one to the other.
    wechatpayKeys: {
      [keys.wechatpaySerial]: keys.wechatpayPublicKey,
      [keys.platformSerial]: keys.platformCertificate,
    },
    ...(webhook !== undefined && { webhook }),
  });
}
