import { createGatewayClient } from '#adapters/wechat/v3/gateway-client.ts';
import { createOrderGateway } from '#adapters/wechat/v3/order-gateway.ts';
import { createRefundGateway } from '#adapters/wechat/v3/refund-gateway.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import type { OrderGateway, RefundGateway } from '#core/ports.ts';
import { clock } from './house.ts';

export type Gateways = { readonly gateway: OrderGateway; readonly refundGateway: RefundGateway };

/** Everything that we ask of WeChat Pay, over one client. */
export function gateways(): Gateways {
  const { wechatOrigin, wechatBackupOrigin } = readConfig('wechatOrigin', 'wechatBackupOrigin');
  const options = {
    origins: [wechatOrigin, wechatBackupOrigin],
    now: () => clock.now(),
    userAgent: 'wechatpay-serverless/0.1',
    limits: {
      connectTimeoutMs: limits.wechatConnectTimeoutMs,
      totalTimeoutMs: limits.wechatTotalTimeoutMs,
    },
  } as const;
  const client = createGatewayClient(options);
  return {
    gateway: createOrderGateway(options, client),
    refundGateway: createRefundGateway(options, client),
  };
}
