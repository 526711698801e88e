import type { Account } from '#core/account.ts';
import type { PayscoreGateway } from '#core/payscore/ports.ts';
import type { OrderGateway, RefundGateway } from '#core/ports.ts';
import { createClient } from './v2/client.ts';
import { createOrderGateway as createOrderGatewayV2 } from './v2/order-gateway.ts';
import { createRefundGateway as createRefundGatewayV2 } from './v2/refund-gateway.ts';
import { createTransport as createTransportV2 } from './v2/transport.ts';
import { createGatewayClient, type GatewayOptions } from './v3/gateway-client.ts';
import { createOrderGateway as createOrderGatewayV3 } from './v3/order-gateway.ts';
import { createPayscoreGateway } from './v3/payscore-gateway.ts';
import { createRefundGateway as createRefundGatewayV3 } from './v3/refund-gateway.ts';

export type Gateways = {
  readonly gateway: OrderGateway;
  readonly refundGateway: RefundGateway;
  readonly payscoreGateway: PayscoreGateway;
};

/**
 * Everything that we ask of WeChat Pay: each account by its own API, code payments always by APIv2 and
 * PayScore always by APIv3, which alone have them. One client each, and with it the kept-alive connections.
 */
export function createGateways(options: GatewayOptions): Gateways {
  const clientV2 = createClient({
    transport: createTransportV2(options),
    userAgent: options.userAgent,
  });
  const clientV3 = createGatewayClient(options);
  const orders = {
    v2: createOrderGatewayV2(clientV2, options.now),
    v3: createOrderGatewayV3(options, clientV3),
  };
  const refunds = {
    v2: createRefundGatewayV2(clientV2),
    v3: createRefundGatewayV3(options, clientV3),
  };
  const ordersOf = ({ api }: Account) => orders[api];
  const refundsOf = ({ api }: Account) => refunds[api];
  return {
    gateway: {
      query: (account, order) => ordersOf(account).query(account, order),
      close: (account, ...order) => ordersOf(account).close(account, ...order),
      prepay: (account, request) => ordersOf(account).prepay(account, request),
      payParameters: (account, appid, link) =>
        ordersOf(account).payParameters(account, appid, link),
      micropay: orders.v2.micropay,
      reverse: orders.v2.reverse,
    },
    refundGateway: {
      query: (account, out_refund_no) => refundsOf(account).query(account, out_refund_no),
      apply: (account, request) => refundsOf(account).apply(account, request),
    },
    payscoreGateway: createPayscoreGateway(options, clientV3),
  };
}
