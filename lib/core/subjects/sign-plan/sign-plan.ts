import { detailStates } from '../../payscore/evidence.ts';
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
  isMerchantPlanNo,
  isOpenid,
  isOutOrderNo,
  isPayscoreId,
  isServiceId,
  type MerchantPlanNo,
  type Openid,
  type OutOrderNo,
  type PayscoreId,
  type ServiceId,
} from '../../values/ids.ts';
import { fieldsOf, isCount, isText, oneOf } from '../../values/json.ts';
import { type Fen, isFen } from '../../values/money.ts';
import { type Instant, isInstant } from '../../values/time.ts';

/**
 * CREATED: noted, not known at WeChat for certain · UNSIGNED: launched · SIGNED · SIGN_PLAN_CANCEL: the
 * user or the merchant ended it · COMPLETE: every detail is finished · EXPIRE · LAPSED: unsigned for so
 * long that nobody looks any more · REFUSED: WeChat refused it · UNMATCHED: signed at WeChat, never made here.
 */
export const signPlanStatuses = [
  'CREATED',
  'UNSIGNED',
  'SIGNED',
  'SIGN_PLAN_CANCEL',
  'COMPLETE',
  'EXPIRE',
  'LAPSED',
  'REFUSED',
  'UNMATCHED',
] as const;
export type SignPlanStatus = (typeof signPlanStatuses)[number];

/** One detail of the plan as this user signed it, and how far it is. */
export type Detail = {
  readonly plan_detail_no: number;
  /** Becomes the number of its service order. */
  readonly merchant_plan_detail_no: OutOrderNo;
  readonly actualFen: Fen;
  readonly state: (typeof detailStates)[number];
};

/** A sign plan's own data, as it is kept in its record. */
export type SignPlan = {
  readonly status: SignPlanStatus;
  readonly merchant_plan_no: MerchantPlanNo | undefined;
  readonly plan_id: PayscoreId;
  readonly service_id: ServiceId;
  readonly appid: Appid;
  readonly openid: Openid;
  readonly details: readonly Detail[];
  readonly createdAt: Instant;
  readonly bodySha256: string;
  readonly requestId: string;
  readonly sign_plan_id: PayscoreId | undefined;
  /** Opens the sign page; kept until the user signed. */
  readonly package: string | undefined;
  readonly signedAt: Instant | undefined;
  readonly overAt: Instant | undefined;
  readonly cancel_sign_type: string | undefined;
  readonly pending: Pending | undefined;
  readonly ended: Ended | undefined;
};

const isStatus = oneOf(signPlanStatuses);
const isDetailState = oneOf(detailStates);

/** Reads the sign plan out of its record; fails with the name of the first field that is not right. */
export function decodeSignPlan(record: StoredRecord): Result<SignPlan> {
  const { status } = record;
  if (!isStatus(status)) {
    return fail('status');
  }
  const fields = fieldsOf(record.data);
  const signPlan: SignPlan = {
    status,
    merchant_plan_no: fields.optional('merchant_plan_no', isMerchantPlanNo),
    plan_id: fields.required('plan_id', isPayscoreId),
    service_id: fields.required('service_id', isServiceId),
    appid: fields.required('appid', isAppid),
    openid: fields.required('openid', isOpenid),
    details: fields.required('details', isDetails),
    createdAt: fields.required('createdAt', isInstant),
    bodySha256: fields.required('bodySha256', isText),
    requestId: fields.required('requestId', isText),
    sign_plan_id: fields.optional('sign_plan_id', isPayscoreId),
    package: fields.optional('package', isText),
    signedAt: fields.optional('signedAt', isInstant),
    overAt: fields.optional('overAt', isInstant),
    cancel_sign_type: fields.optional('cancel_sign_type', isText),
    pending: readPending(fields.optional('pending', isPending)),
    ended: readEnded(fields.optional('ended', isEnded)),
  };
  return fields.result(() => signPlan);
}

const ends: readonly SignPlanStatus[] = ['SIGN_PLAN_CANCEL', 'COMPLETE', 'EXPIRE'];

/** WeChat never changes it again. */
export function isEnd(status: SignPlanStatus): boolean {
  return ends.includes(status);
}

/** No wake has to look at it any more. */
export function isSignPlanSettled({
  status,
  pending,
}: Pick<SignPlan, 'status' | 'pending'>): boolean {
  const isOver = isEnd(status) || ['LAPSED', 'REFUSED', 'UNMATCHED'].includes(status);
  return isOver && pending === undefined;
}

function isDetails(value: unknown): value is readonly Detail[] {
  return Array.isArray(value) && value.every(isDetail);
}

function isDetail(value: unknown): value is Detail {
  const fields = fieldsOf(value);
  fields.required('plan_detail_no', isCount);
  fields.required('merchant_plan_detail_no', isOutOrderNo);
  fields.required('actualFen', isFen);
  fields.required('state', isDetailState);
  return fields.result(() => true).ok;
}
