import { createMerchant, type Merchant } from '../simulator/merchant.ts';
import { type MerchantKeys, type Simulator, startSimulator } from '../simulator/server.ts';
import type { Closers } from './closers.ts';
import type { DevAccount, Webhook } from './dev-file.ts';
import { isPortTaken } from './listen.ts';

export type Wechat = {
  /** Origin of the simulated WeChat Pay. */
  readonly origin: string;
  /** The same over TLS, and who vouches for it. */
  readonly tlsOrigin: string;
  readonly certificateAuthority: string;
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
  /** The credentials that its secret holds; the first one's API places its orders. */
  readonly apis: readonly ['v3' | 'v2', ...(readonly ('v3' | 'v2')[])];
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
  const { origin, tlsOrigin, certificateAuthority } = simulator;
  return { origin, tlsOrigin, certificateAuthority, accounts };
}

const signType = 'HMAC-SHA256';

function devAccountOf(
  { name, apis: [api] }: WantedAccount,
  merchant: Merchant,
  keys: MerchantKeys,
): DevAccount {
  const { mchid, appid, apiV3Key, apiKey } = merchant;
  const { merchantSerial, merchantPrivateKey, merchantCertificate, services } = merchant;
  const { wechatpaySerial, wechatpayPublicKey, wechatpayPrivateKey } = keys;
  return {
    name,
    api,
    mchid,
    appid,
    apiV3Key,
    apiKey,
    signType,
    merchantCertificate,
    merchantSerial,
    merchantPrivateKey,
    services,
    wechatpaySerial,
    wechatpayPublicKey,
    wechatpayPrivateKey,
  };
}

function secretOf(wanted: WantedAccount, merchant: Merchant, keys: MerchantKeys): string {
  const { tenant, apis, webhook } = wanted;
  const { mchid, appids, merchantPrivateKey, services } = merchant;
  return JSON.stringify({
    mchid,
    appids,
    tenant,
    api: apis[0],
    services,
    merchantPrivateKey,
    ...(apis.includes('v3') && v3Secret(merchant, keys)),
    ...(apis.includes('v2') && v2Secret(merchant)),
    ...(webhook !== undefined && { webhook }),
  });
}

function v3Secret({ apiV3Key, merchantSerial }: Merchant, keys: MerchantKeys) {
  return {
    apiV3Key,
    merchantSerial,
    // Both kinds side by side, as during WeChat's move from the one to the other.
    wechatpayKeys: {
      [keys.wechatpaySerial]: keys.wechatpayPublicKey,
      [keys.platformSerial]: keys.platformCertificate,
    },
  };
}

function v2Secret({ apiKey, merchantCertificate }: Merchant) {
  return { apiKey, signType, merchantCertificate };
}
