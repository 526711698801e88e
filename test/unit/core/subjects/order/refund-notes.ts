import type { JsonObject } from '#core/values/json.ts';
import { createdAt } from '../../fixtures.ts';

/** A refund as its order's record notes it: 10.00 yuan that went back long ago. */
export function note(out_refund_no: string, changes: JsonObject = {}): JsonObject {
  return { out_refund_no, refundFen: 1_000, startAt: createdAt, status: 'SUCCESS', ...changes };
}
