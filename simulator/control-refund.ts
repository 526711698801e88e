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
import { MAX_DELAY_S, MAX_FEN, NOTICE_PLAN_FIELDS, readPlan } from './control-payer.ts';
import { refundDetails } from './control-reading.ts';
import type { FieldRules } from './field-rules.ts';
import type { JsonObject } from './json.ts';
import type { NoticePlan } from './notice-schedule.ts';
import { OUT_REFUND_NO } from './number-rules.ts';
import { type RefundEnd, type RefundPlan, refundableOf, USUAL_END } from './refund.ts';
import { endNow, refundNow } from './refund-desk.ts';
import { beijingDigits } from './timers.ts';
import type { World } from './world.ts';

const ENDS: readonly RefundEnd[] = ['SUCCESS', 'ABNORMAL', 'CLOSED'];

const REFUND_PLAN_FIELDS: FieldRules = {
  status: { kind: 'string', required: true, maxLength: 16, oneOf: [...ENDS, 'PROCESSING'] },
  delay_s: { kind: 'integer', min: 0, max: MAX_DELAY_S },
  times: { kind: 'integer', min: 1, max: 1_000_000 },
};

/** `POST /_control/refunds`: what becomes of the next refunds. */
export const setRefundPlan = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(REFUND_PLAN_FIELDS, input);
  if (error !== undefined) return error;
  const { status, delay_s, times } = input as unknown as {
    readonly status: RefundPlan['status'];
    readonly delay_s?: number;
    readonly times?: number;
  };
  if (status === 'PROCESSING' && delay_s !== undefined) {
    return controlError(400, '/delay_s: does not go with PROCESSING');
  }
  const delayMs = delay_s === undefined ? USUAL_END.delayMs : delay_s * 1_000;
  world.refundPlan = {
    plan: status === 'PROCESSING' ? { status } : { status, delayMs },
    remaining: times ?? Number.MAX_SAFE_INTEGER,
  };
  return controlOk({ status, times: times ?? null });
};

const END_FIELDS: FieldRules = {
  ...REFUND_FIELDS,
  ...NOTICE_PLAN_FIELDS,
  status: { kind: 'string', required: true, maxLength: 16, oneOf: ENDS },
};

/** `POST /_control/refund-status`: the refund ends now. */
export const endRefundControl = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(END_FIELDS, input);
  if (error !== undefined) return error;
  const { status, notice, delay_s } = input as unknown as {
    readonly status: RefundEnd;
    readonly notice?: NoticePlan['mode'];
    readonly delay_s?: number;
  };
  const plan = readPlan(notice, delay_s);
  if (plan !== undefined && 'status' in plan) return plan;
  const found = findRefund(world, input);
  if (!found.ok) return found.answer;
  const ended = endNow(world, found.refund, status, plan);
  if (!ended.ok) return controlError(409, `the refund is ${ended.because}`);
  return controlOk(refundDetails(world, ended.refund));
};

const CONSOLE_FIELDS: FieldRules = {
  ...ORDER_FIELDS,
  amount: { kind: 'integer', min: 1, max: MAX_FEN },
  out_refund_no: OUT_REFUND_NO,
  notice: { kind: 'boolean' },
};

/** `POST /_control/console-refund`: the merchant refunds by hand; no notice unless asked for. */
export const consoleRefund = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(CONSOLE_FIELDS, input);
  if (error !== undefined) return error;
  const found = findOrder(world, input);
  if (!found.ok) return found.answer;
  const { account, order } = found;
  const { amount, out_refund_no, notice } = input as unknown as {
    readonly amount?: number;
    readonly out_refund_no?: string;
    readonly notice?: boolean;
  };
  const outRefundNo = out_refund_no ?? consoleNumber(world);
  if (world.refunds.get(account.mchid, outRefundNo) !== undefined) {
    return controlError(409, `out_refund_no ${outRefundNo} is used`);
  }
  const { payment } = order;
  const rest = payment === undefined ? 0 : refundableOf(payment, world.refunds.ofOrder(order));
  const refunded = refundNow(world, account, order, {
    outRefundNo,
    refund: amount ?? rest,
    total: payment?.total ?? 0,
    notifyUrl: notice === true && order.notifyUrl !== '' ? order.notifyUrl : undefined,
    fundsAccount: 'UNSETTLED',
    fingerprint: 'console',
    origin: 'console',
  });
  if (!refunded.ok) return controlError(409, `the order cannot be refunded: ${refunded.because}`);
  return controlOk(refundDetails(world, refunded.refund));
};

/** A number of the console's own: digits only. */
const consoleNumber = (world: World): string =>
  `${beijingDigits(world.timers.now())}${world.era}${world.refundsAccepted + 1}`;
