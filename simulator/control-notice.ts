import {
  type ControlAnswer,
  controlError,
  controlOk,
  findOrder,
  findRefund,
  inputError,
  ORDER_FIELDS,
  REFUND_FIELDS,
} from './control-answer.ts';
import { PLAN_FIELDS, readPlan } from './control-payer.ts';
import type { FieldRules } from './field-rules.ts';
import type { JsonObject } from './json.ts';
import type { MerchantAccount } from './merchant-account.ts';
import type { NoticeDesk } from './notice-desk.ts';
import {
  type AnyNotice,
  hasArrived,
  NOTICE_FORMATS,
  type NoticeFormat,
  noticeOfRefund,
} from './notice-format.ts';
import { type NoticePlan, PLAN_MODES } from './notice-schedule.ts';
import { claimedPayment, claimedRefund, NOTICE_KINDS, oddNotice } from './odd-notice.ts';
import { SIGN_TYPE_NAMINGS, type SignTypeNaming } from './v2/notice-message.ts';
import { NOTICE_SUBJECTS, type NoticeSubject, type World } from './world.ts';

export const KIND_FIELDS: FieldRules = {
  kind: { kind: 'string', required: true, maxLength: 32, oneOf: NOTICE_KINDS },
  times: { kind: 'integer', min: 1, max: 100 },
};

const NOTICE_FIELDS: FieldRules = { ...ORDER_FIELDS, ...KIND_FIELDS };

/** `POST /_control/notice`: sends a notice of the wanted kind now, one after the other, and tells what the receiver answered. */
export const sendNotices = (
  world: World,
  input: JsonObject,
): ControlAnswer | Promise<ControlAnswer> => {
  const error = inputError(NOTICE_FIELDS, input);
  if (error !== undefined) return error;
  const found = findOrder(world, input);
  if (!found.ok) return found.answer;
  if (input['kind'] === 'true' && found.order.payment === undefined) {
    return controlError(409, 'the order is not paid; kind untrue says so all the same');
  }
  const proper = claimedPayment(found.order, world.timers.now());
  return sendOdd(world, input, proper, found.account);
};

const REFUND_NOTICE_FIELDS: FieldRules = {
  ...REFUND_FIELDS,
  ...KIND_FIELDS,
  format: { kind: 'string', maxLength: 2, oneOf: NOTICE_FORMATS },
};

/**
 * `POST /_control/refund-notice`: the same about a refund; to its order's notify_url when it has none. `format`: as the refund was
 * made when absent. WeChat Pay sends a merchant of APIv3 the one of APIv2 when the address comes from its console (document 4013071200).
 */
export const sendRefundNotices = (
  world: World,
  input: JsonObject,
): ControlAnswer | Promise<ControlAnswer> => {
  const error = inputError(REFUND_NOTICE_FIELDS, input);
  if (error !== undefined) return error;
  const found = findRefund(world, input);
  if (!found.ok) return found.answer;
  const { account, order, refund } = found;
  if (input['kind'] === 'true' && refund.ended === undefined) {
    return controlError(409, 'the refund has not ended; kind untrue says so all the same');
  }
  const url = refund.notifyUrl ?? order.notifyUrl;
  const told =
    input['kind'] === 'untrue' || refund.ended === undefined
      ? claimedRefund(refund, world.timers.now())
      : refund;
  const format = input['format'] as NoticeFormat | undefined;
  return sendOdd(world, input, noticeOfRefund(order, told, { url, format }), account);
};

/** Sends a notice of the kind that a checked input wants, made of one that says what it should. */
export const sendOdd = async (
  world: World,
  input: JsonObject,
  proper: AnyNotice,
  account: MerchantAccount,
  desk: NoticeDesk = world.notices,
): Promise<ControlAnswer> => {
  if (proper.url === '') return controlError(409, 'there is no notify_url to send it to');
  const kind = String(input['kind']);
  const times = typeof input['times'] === 'number' ? input['times'] : 1;
  const odd = await oddNotice(world, account, kind, proper);
  if (!odd.ok) return controlError(409, `there is no notice of kind ${kind}: ${odd.because}`);
  const statuses: (number | null)[] = [];
  const received: boolean[] = [];
  const errors: string[] = [];
  for (let count = 0; count < times; count += 1) {
    const message = odd.compose(world.timers.now());
    const answer = await desk.sendOnce(odd.notice, kind, message);
    statuses.push(answer.status);
    received.push(hasArrived(odd.notice, answer));
    if (answer.error !== undefined) errors.push(answer.error);
  }
  return controlOk({ notice_id: odd.notice.id, statuses, received, errors });
};

const STANDING_FIELDS: FieldRules = {
  ...PLAN_FIELDS,
  mode: { kind: 'string', required: true, maxLength: 16, oneOf: PLAN_MODES },
  of: { kind: 'string', maxLength: 16, oneOf: NOTICE_SUBJECTS },
  times: { kind: 'integer', min: 1, max: 1_000_000 },
};

/** `POST /_control/notices`: what becomes of the next notices of a kind. */
export const setStandingPlan = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(STANDING_FIELDS, input);
  if (error !== undefined) return error;
  const { mode, of, delay_s, times } = input as unknown as {
    readonly mode: NoticePlan['mode'];
    readonly of?: NoticeSubject;
    readonly delay_s?: number;
    readonly times?: number;
  };
  const plan = readPlan(mode, delay_s);
  if (plan === undefined) return controlError(400, '/mode: not known');
  if ('status' in plan) return plan;
  const standing = { plan, remaining: times ?? Number.MAX_SAFE_INTEGER };
  world.noticePlans[of ?? 'payments'] = standing;
  return controlOk({ mode, times: times ?? null });
};

const SIGN_TYPE_FIELDS: FieldRules = {
  named: { kind: 'string', required: true, maxLength: 16, oneOf: SIGN_TYPE_NAMINGS },
};

/** `POST /_control/notice-sign-type`: whether the payment notices of APIv2 name their sign type from now on. */
export const nameSignType = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(SIGN_TYPE_FIELDS, input);
  if (error !== undefined) return error;
  world.v2Notices.signTypeNaming = input['named'] as SignTypeNaming;
  return controlOk({ named: world.v2Notices.signTypeNaming });
};
