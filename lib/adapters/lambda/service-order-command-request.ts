import { z } from 'zod';
import type { ServiceOrderRequest } from '#core/subjects/service-order/commands.ts';
import { momentText } from './moment.ts';
import {
  fen,
  plainText,
  type Read,
  readWrittenRequest,
  sha256Of,
  wholeNumber,
} from './request-reading.ts';
import { place, remarks, timeRangeOf } from './service-order-request.ts';

const lines = () =>
  z.array(
    z.strictObject({
      name: plainText(20),
      amount: fen(0),
      description: plainText(30).exactOptional(),
      count: wholeNumber(1).max(100).exactOptional(),
    }),
  );

/** WeChat takes each name once among the payments, and once among the discounts. */
export const haveOwnNames = (items: readonly { readonly name: string }[]): boolean =>
  new Set(items.map(({ name }) => name)).size === items.length;

const charge = {
  post_payments: lines().min(1).max(100).refine(haveOwnNames, 'names'),
  post_discounts: lines().max(30).refine(haveOwnNames, 'names').exactOptional(),
  total_amount: fen(0),
};

const reason = plainText(50);

/** The body of `POST …/complete`; the limits are WeChat's (weixin-pay-score, complete). */
export const completeRequest = z.strictObject({
  ...charge,
  time_range: z
    .strictObject({
      start_time: momentText.exactOptional(),
      end_time: momentText.exactOptional(),
      ...remarks,
    })
    .exactOptional(),
  location: z.strictObject({ end_location: place }).exactOptional(),
  profit_sharing: z.boolean().exactOptional(),
  goods_tag: plainText(32).exactOptional(),
});

/** The body of `POST …/modify` (weixin-pay-score, modify). */
export const modifyRequest = z.strictObject({ ...charge, reason });

/** The body of `POST …/cancel` (weixin-pay-score, cancel); the user reads the reason. */
export const cancelRequest = z.strictObject({ reason });

/** The body of `POST …/sync` (weixin-pay-score, sync). */
export const syncRequest = z.strictObject({ paid_time: momentText });

/** What a merchant asks of a service order, and what tells this request from another. */
export type CommandRequest = { readonly request: ServiceOrderRequest; readonly sha256: string };

/** Asking for a charge has no body: every request for it is the same. */
export const payRequest: CommandRequest = { request: { name: 'pay' }, sha256: 'pay' };

/** Reads the body of a POST; every field at fault is named, here and below. */
export function readCompleteRequest(body: Uint8Array): Read<CommandRequest> {
  return readCommand(body, completeRequest, ({ time_range, ...rest }) => ({
    name: 'complete',
    ...rest,
    ...(time_range !== undefined && { timeRange: timeRangeOf(time_range) }),
  }));
}

export function readModifyRequest(body: Uint8Array): Read<CommandRequest> {
  return readCommand(body, modifyRequest, (asked) => ({ name: 'modify', ...asked }));
}

export function readCancelRequest(body: Uint8Array): Read<CommandRequest> {
  return readCommand(body, cancelRequest, (asked) => ({ name: 'cancel', ...asked }));
}

export function readSyncRequest(body: Uint8Array): Read<CommandRequest> {
  return readCommand(body, syncRequest, ({ paid_time }) => ({ name: 'sync', paidAt: paid_time }));
}

function readCommand<T>(
  body: Uint8Array,
  schema: z.ZodType<T>,
  requestOf: (asked: T) => ServiceOrderRequest,
): Read<CommandRequest> {
  const read = readWrittenRequest(body, schema);
  return read.ok
    ? { ok: true, value: { request: requestOf(read.value), sha256: sha256Of(body) } }
    : read;
}
