import {
  type ControlAnswer,
  controlError,
  controlOk,
  findOrder,
  inputError,
  ORDER_FIELDS,
} from './control-answer.ts';
import type { FieldRules } from './field-rules.ts';
import type { JsonObject } from './json.ts';
import { type NoticePlan, PLAN_MODES } from './notice-schedule.ts';
import type { PaymentWish } from './order.ts';
import { transactionView } from './transaction-view.ts';
import { payNow, type World } from './world.ts';

export const MAX_FEN = 2_147_483_647;
export const MAX_DELAY_S = 604_800;

export const PLAN_FIELDS: FieldRules = {
  delay_s: { kind: 'integer', min: 1, max: MAX_DELAY_S },
};

/** What becomes of one notice: `late` needs the seconds. */
export const NOTICE_PLAN_FIELDS: FieldRules = {
  ...PLAN_FIELDS,
  notice: { kind: 'string', maxLength: 16, oneOf: PLAN_MODES },
};

const PAY_FIELDS: FieldRules = {
  ...ORDER_FIELDS,
  ...NOTICE_PLAN_FIELDS,
  amount: { kind: 'integer', min: 1, max: MAX_FEN },
  coupon: { kind: 'integer', min: 0, max: MAX_FEN },
  currency: { kind: 'string', minLength: 3, maxLength: 3 },
  openid: { kind: 'string', maxLength: 128 },
  force: { kind: 'boolean' },
};

/** `POST /_control/pay`: the payer pays now. */
export const payControl = (world: World, input: JsonObject): ControlAnswer => {
  const wish = readWish(input);
  if ('status' in wish) return wish;
  const found = findOrder(world, input);
  if (!found.ok) return found.answer;
  const paid = payNow(world, found.order, wish);
  if (!paid.ok) return controlError(409, `the order cannot be paid: ${paid.because}`);
  return controlOk(transactionView(paid.order));
};

/** `POST /_control/pay-during-close`: the payer pays at the moment when the close or reverse call arrives. */
export const payDuringCloseControl = (world: World, input: JsonObject): ControlAnswer => {
  const wish = readWish(input);
  if ('status' in wish) return wish;
  const found = findOrder(world, input);
  if (!found.ok) return found.answer;
  if (!['NOTPAY', 'USERPAYING'].includes(found.order.state)) return notUnpaid(found.order.state);
  world.orders.put({ ...found.order, payOnClose: wish });
  return controlOk({ pays: 'when the close call arrives' });
};

const PAYING_FIELDS: FieldRules = {
  ...ORDER_FIELDS,
  paying: { kind: 'boolean', required: true },
};

/** `POST /_control/paying`: the payer is at the till, or has gone away again. */
export const payingControl = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(PAYING_FIELDS, input);
  if (error !== undefined) return error;
  const found = findOrder(world, input);
  if (!found.ok) return found.answer;
  if (found.order.state !== 'NOTPAY') return notUnpaid(found.order.state);
  const paying = input['paying'] === true;
  world.orders.put({ ...found.order, paying });
  return controlOk({ paying });
};

const notUnpaid = (state: string): ControlAnswer =>
  controlError(409, `the order is not unpaid but ${state}`);

const readWish = (input: JsonObject): PaymentWish | ControlAnswer => {
  const error = inputError(PAY_FIELDS, input);
  if (error !== undefined) return error;
  const fields = input as unknown as {
    readonly amount?: number;
    readonly coupon?: number;
    readonly currency?: string;
    readonly openid?: string;
    readonly force?: boolean;
    readonly notice?: NoticePlan['mode'];
    readonly delay_s?: number;
  };
  const notice = readPlan(fields.notice, fields.delay_s);
  if (notice !== undefined && 'status' in notice) return notice;
  const { amount, coupon, currency, openid, force } = fields;
  return { amount, coupon, currency, openid, force, notice };
};

/** The plan that a checked `mode` and `delay_s` name; `late`, and only `late`, needs the seconds. */
export const readPlan = (
  mode: NoticePlan['mode'] | undefined,
  delayS: number | undefined,
): NoticePlan | ControlAnswer | undefined => {
  if (mode === 'late') {
    if (delayS === undefined) return controlError(400, '/delay_s: late needs it');
    return { mode, delayMs: delayS * 1_000 };
  }
  if (delayS !== undefined) return controlError(400, '/delay_s: goes with late only');
  return mode === undefined ? undefined : { mode };
};
