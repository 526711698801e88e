import type { Instant } from '#core/values/time.ts';
import { createTransport, type TransportOptions } from '../transport.ts';
import { type Client, createClient } from './client.ts';

export type GatewayOptions = TransportOptions & {
  readonly now: () => Instant;
  /** Names this client to WeChat, which refuses calls without a name. */
  readonly userAgent: string;
};

/** The client that the gateways of one process share, and with it its kept-alive connections. */
export function createGatewayClient(options: GatewayOptions): Client {
  const { now, userAgent } = options;
  return createClient({ transport: createTransport(options), now, userAgent });
}
