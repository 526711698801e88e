import type { World } from '../world.ts';
import type { V2Call, V2Reply } from './call.ts';
import { micropay } from './micropay.ts';
import { closeOrderCall, queryOrder, unifiedOrder } from './order-calls.ts';
import { queryRefunds, refundOrder } from './refund-calls.ts';
import { reverse } from './reverse.ts';

/** Carries out one call of APIv2. */
export const performV2Call = (world: World, call: V2Call): V2Reply => {
  switch (call.operation) {
    case 'v2-unifiedorder':
      return unifiedOrder(world, call);
    case 'v2-orderquery':
      return queryOrder(world, call);
    case 'v2-closeorder':
      return closeOrderCall(world, call);
    case 'v2-micropay':
      return micropay(world, call);
    case 'v2-reverse':
      return reverse(world, call);
    case 'v2-refund':
      return refundOrder(world, call);
    case 'v2-refundquery':
      return queryRefunds(world, call);
  }
};
