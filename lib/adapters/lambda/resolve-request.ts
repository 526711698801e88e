import { z } from 'zod';
import { type Resolution, resolveActions } from '#core/subjects/order/order.ts';
import { plainText, type Read, readRequest } from './request-reading.ts';

/** The body of `POST /v1/{account}/orders/{out_trade_no}/resolve`: what a person decided, who, and why. */
export const resolveRequest = z.strictObject({
  action: z.enum(resolveActions),
  by: plainText(64),
  why: plainText(256),
});

/** What a person decided, without the time, which is ours. */
export type ResolveRequest = Omit<Resolution, 'at'>;

/** Reads the body of a POST; every field at fault is named. */
export function readResolveRequest(body: Uint8Array): Read<ResolveRequest> {
  return readRequest(body, resolveRequest);
}
