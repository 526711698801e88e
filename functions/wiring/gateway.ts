import { createGateways, type Gateways } from '#adapters/wechat/gateways.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import { clock } from './house.ts';

/** Everything that we ask of WeChat Pay. */
export function gateways(): Gateways {
  const { wechatOrigin, wechatBackupOrigin } = readConfig('wechatOrigin', 'wechatBackupOrigin');
  return createGateways({
    origins: [wechatOrigin, wechatBackupOrigin],
    now: () => clock.now(),
    userAgent: 'wechatpay-serverless/0.1',
    limits: {
      connectTimeoutMs: limits.wechatConnectTimeoutMs,
      totalTimeoutMs: limits.wechatTotalTimeoutMs,
    },
  });
}
