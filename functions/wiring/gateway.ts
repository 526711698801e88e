import { createOrderGateway } from '#adapters/wechat/v3/order-gateway.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import type { OrderGateway } from '#core/ports.ts';
import { clock } from './house.ts';

export function orderGateway(): OrderGateway {
  const { wechatOrigin, wechatBackupOrigin } = readConfig('wechatOrigin', 'wechatBackupOrigin');
  return createOrderGateway({
    origins: [wechatOrigin, wechatBackupOrigin],
    now: () => clock.now(),
    userAgent: 'wechatpay-serverless/0.1',
    limits: {
      connectTimeoutMs: limits.wechatConnectTimeoutMs,
      totalTimeoutMs: limits.wechatTotalTimeoutMs,
    },
  });
}
