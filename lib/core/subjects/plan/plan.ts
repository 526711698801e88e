import {
  type Ended,
  isEnded,
  isPending,
  type Pending,
  readEnded,
  readPending,
} from '../../payscore/pending.ts';
import type { StoredRecord } from '../../record.ts';
import { fail, type Result } from '../../result.ts';
import {
  type Appid,
  isAppid,
  isPayscoreId,
  isServiceId,
  type PayscoreId,
  type ServiceId,
} from '../../values/ids.ts';
import { fieldsOf, isCount, isText, oneOf } from '../../values/json.ts';
import { type Instant, isInstant } from '../../values/time.ts';

/**
 * CREATED: noted, not known at WeChat for certain · NORMAL: can be signed · STOP: can not, but who signed it
 * goes on · REFUSED: WeChat refused it, the number may be used again.
 */
export const planStatuses = ['CREATED', 'NORMAL', 'STOP', 'REFUSED'] as const;
export type PlanStatus = (typeof planStatuses)[number];

/** One thing that a plan lets a merchant charge for; WeChat numbers them from 1 in their order. */
export type PlanDetail = { readonly original_price: number; readonly actual_price: number };

/** A plan's own data, as it is kept in its record. */
export type Plan = {
  readonly status: PlanStatus;
  readonly service_id: ServiceId;
  readonly appid: Appid;
  readonly plan_name: string;
  readonly plan_duration: number;
  readonly details: readonly PlanDetail[];
  readonly createdAt: Instant;
  /** SHA-256 of the PUT's body as received, base64url. */
  readonly bodySha256: string;
  readonly requestId: string;
  readonly plan_id: PayscoreId | undefined;
  readonly pending: Pending | undefined;
  readonly ended: Ended | undefined;
};

const isStatus = oneOf(planStatuses);

/** Reads the plan out of its record; fails with the name of the first field that is not right. */
export function decodePlan(record: StoredRecord): Result<Plan> {
  const { status } = record;
  if (!isStatus(status)) {
    return fail('status');
  }
  const fields = fieldsOf(record.data);
  const plan: Plan = {
    status,
    service_id: fields.required('service_id', isServiceId),
    appid: fields.required('appid', isAppid),
    plan_name: fields.required('plan_name', isText),
    plan_duration: fields.required('plan_duration', isCount),
    details: fields.required('details', isDetails),
    createdAt: fields.required('createdAt', isInstant),
    bodySha256: fields.required('bodySha256', isText),
    requestId: fields.required('requestId', isText),
    plan_id: fields.optional('plan_id', isPayscoreId),
    pending: readPending(fields.optional('pending', isPending)),
    ended: readEnded(fields.optional('ended', isEnded)),
  };
  return fields.result(() => plan);
}

/** Nothing is to be looked at: a plan only changes when we ask for it. */
export function isPlanSettled({ status, pending }: Pick<Plan, 'status' | 'pending'>): boolean {
  return status !== 'CREATED' && pending === undefined;
}

function isDetails(value: unknown): value is readonly PlanDetail[] {
  return Array.isArray(value) && value.length > 0 && value.every(isDetail);
}

function isDetail(value: unknown): value is PlanDetail {
  const fields = fieldsOf(value);
  fields.required('original_price', isCount);
  fields.required('actual_price', isCount);
  return fields.result(() => true).ok;
}
