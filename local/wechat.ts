import { createMerchant } from '../simulator/merchant.ts';
import { type Simulator, startSimulator } from '../simulator/server.ts';
import type { Closers } from './closers.ts';
import type { DevAccount } from './dev-file.ts';
import { isPortTaken } from './listen.ts';

export type Wechat = {
  /** Origin of the simulated WeChat Pay. */
  readonly origin: string;
  readonly account: DevAccount;
  /** The account's secret, as a merchant would fill it in. */
  readonly secret: string;
};

/** Starts the simulator with one fresh merchant. */
export async function startWechat(
  closers: Closers,
  options: { readonly name: string; readonly tenant: string; readonly preferredPort?: number },
): Promise<Wechat> {
  const merchant = await createMerchant();
  const { mchid, appid, appids, apiV3Key, merchantSerial, merchantPrivateKey } = merchant;
  const start = (port: number): Promise<Simulator> =>
    startSimulator({ port, merchants: [merchant] });
  const { preferredPort = 0 } = options;
  const simulator = await start(preferredPort).catch((error: unknown) => {
    if (preferredPort === 0 || !isPortTaken(error)) {
      throw error;
    }
    return start(0);
  });
  closers.keep(simulator, ({ close }) => close());
  const keys = simulator.keys.get(mchid);
  if (keys === undefined) {
    throw new Error(`The simulator does not know ${mchid}`);
  }
  const { wechatpaySerial, wechatpayPublicKey, wechatpayPrivateKey } = keys;
  const { platformSerial, platformCertificate } = keys;
  return {
    origin: simulator.origin,
    account: {
      name: options.name,
      mchid,
      appid,
      apiV3Key,
      merchantSerial,
      merchantPrivateKey,
      wechatpaySerial,
      wechatpayPublicKey,
      wechatpayPrivateKey,
    },
    secret: JSON.stringify({
      mchid,
      appids,
      tenant: options.tenant,
      api: 'v3',
      apiV3Key,
      merchantSerial,
      merchantPrivateKey,
      // Both kinds side by side, as during WeChat's move from the one to the other.
      wechatpayKeys: {
        [wechatpaySerial]: wechatpayPublicKey,
        [platformSerial]: platformCertificate,
      },
    }),
  };
}
