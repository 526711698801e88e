import { z } from 'zod';
import type { NewServiceOrder, TimeRange } from '#core/subjects/service-order/start.ts';
import { isMerchantSignPlanNo } from '#core/values/ids.ts';
import { withoutUndefined } from '#core/values/optional.ts';
import type { Instant } from '#core/values/time.ts';
import { momentText } from './moment.ts';
import { plainText, type Read, readWrittenRequest, sha256Of } from './request-reading.ts';

/** The lengths of a remark and of a place are those of ordinary PayScore. */
export const remarks = {
  start_time_remark: plainText(20).exactOptional(),
  end_time_remark: plainText(20).exactOptional(),
};
export const place = plainText(50);

/** The body of `PUT /v1/{account}/payscore/service-orders/{out_order_no}`; the limits are WeChat's (4012489351). */
export const serviceOrderRequest = z.strictObject({
  merchant_sign_plan_no: z.string().refine(isMerchantSignPlanNo),
  service_introduction: plainText(20),
  time_range: z.strictObject({
    start_time: momentText,
    end_time: momentText.exactOptional(),
    ...remarks,
  }),
  location: z
    .strictObject({ start_location: place.exactOptional(), end_location: place.exactOptional() })
    .exactOptional(),
  attach: plainText(256).exactOptional(),
});

/** A new service order as a merchant asks for it, without what the path and the deployment add. */
type ServiceOrderBody = Omit<NewServiceOrder, 'out_order_no' | 'notify_url' | 'requestId'>;

/** Reads the body of a PUT; every field at fault is named. */
export function readServiceOrderRequest(body: Uint8Array): Read<ServiceOrderBody> {
  const read = readWrittenRequest(body, serviceOrderRequest);
  if (!read.ok) {
    return read;
  }
  const { time_range, ...rest } = read.value;
  const timeRange = { ...timeRangeOf(time_range), startAt: time_range.start_time };
  return { ok: true, value: { ...rest, timeRange, bodySha256: sha256Of(body) } };
}

/** WeChat's names in ours. */
export function timeRangeOf(range: {
  readonly start_time?: Instant;
  readonly end_time?: Instant;
  readonly start_time_remark?: string;
  readonly end_time_remark?: string;
}): TimeRange {
  const { start_time: startAt, end_time: endAt, ...rest } = range;
  return withoutUndefined({ startAt, endAt, ...rest });
}
