import {
  type ControlAnswer,
  controlError,
  controlOk,
  findAccount,
  findOrder,
  inputError,
  ORDER_FIELDS,
} from './control-answer.ts';
import { PLAN_FIELDS, readPlan } from './control-payer.ts';
import { faultView } from './control-reading.ts';
import { FAULT_NAMES, type FaultName } from './faults.ts';
import type { FieldRules } from './field-rules.ts';
import type { JsonObject } from './json.ts';
import { type NoticePlan, PLAN_MODES } from './notice-schedule.ts';
import { NOTICE_KINDS, type NoticeKind, oddNotice } from './odd-notice.ts';
import { OPERATIONS } from './routes.ts';
import { KEY_MODES, type KeyMode } from './wechat-keys.ts';
import type { World } from './world.ts';

const MAX_TIMES = 1_000;

const FAULT_FIELDS: FieldRules = {
  fault: { kind: 'string', required: true, maxLength: 32, oneOf: FAULT_NAMES },
  times: { kind: 'integer', min: 1, max: MAX_TIMES },
  mchid: { kind: 'string', maxLength: 32 },
  method: { kind: 'string', maxLength: 8, oneOf: ['GET', 'POST'] },
  operation: { kind: 'string', maxLength: 32, oneOf: OPERATIONS },
  path: { kind: 'string', maxLength: 200 },
  carry_out: { kind: 'boolean' },
};

/** `POST /_control/faults`: the next matching calls of the API misbehave. */
export const armFault = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(FAULT_FIELDS, input);
  if (error !== undefined) return error;
  const fields = input as unknown as {
    readonly fault: FaultName;
    readonly times?: number;
    readonly mchid?: string;
    readonly method?: string;
    readonly operation?: string;
    readonly path?: string;
    readonly carry_out?: boolean;
  };
  const path = readPattern(fields.path);
  if (path === null) return controlError(400, '/path: not a regular expression');
  const { fault, mchid, method, operation } = fields;
  const carryOut = fields.carry_out ?? false;
  const armed = world.faults.arm(
    { fault, mchid, method, operation, path, carryOut },
    fields.times ?? 1,
  );
  if (armed === undefined) return controlError(409, 'too many faults are armed; clear them first');
  return controlOk(faultView(armed));
};

const readPattern = (text: string | undefined): RegExp | undefined | null => {
  if (text === undefined) return undefined;
  try {
    return new RegExp(text, 'u');
  } catch {
    return null;
  }
};

const NOTICE_FIELDS: FieldRules = {
  ...ORDER_FIELDS,
  kind: { kind: 'string', required: true, maxLength: 32, oneOf: NOTICE_KINDS },
  times: { kind: 'integer', min: 1, max: 100 },
};

/** `POST /_control/notice`: sends a notice of the wanted kind now, one after the other, and tells what the receiver answered. */
export const sendNotices = async (world: World, input: JsonObject): Promise<ControlAnswer> => {
  const error = inputError(NOTICE_FIELDS, input);
  if (error !== undefined) return error;
  const found = findOrder(world, input);
  if (!found.ok) return found.answer;
  const kind = input['kind'] as NoticeKind;
  const times = typeof input['times'] === 'number' ? input['times'] : 1;
  if (kind === 'true' && found.order.payment === undefined) {
    return controlError(409, 'the order is not paid; kind untrue says so all the same');
  }
  const odd = await oddNotice(kind, found.order, found.account, world.timers.now());
  const statuses: (number | null)[] = [];
  const errors: string[] = [];
  for (let count = 0; count < times; count += 1) {
    const message = odd.compose(world.timers.now());
    const delivery = await world.notices.sendOnce(odd.notice, kind, message);
    statuses.push(delivery.status);
    if (delivery.error !== undefined) errors.push(delivery.error);
  }
  return controlOk({ notice_id: odd.notice.id, statuses, errors });
};

const STANDING_FIELDS: FieldRules = {
  ...PLAN_FIELDS,
  mode: {
    kind: 'string',
    required: true,
    maxLength: 16,
    oneOf: PLAN_MODES,
  },
  times: { kind: 'integer', min: 1, max: 1_000_000 },
};

/** `POST /_control/notices`: what becomes of the notices of the next payments. */
export const setStandingPlan = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(STANDING_FIELDS, input);
  if (error !== undefined) return error;
  const { mode, delay_s, times } = input as unknown as {
    readonly mode: NoticePlan['mode'];
    readonly delay_s?: number;
    readonly times?: number;
  };
  const plan = readPlan(mode, delay_s);
  if (plan === undefined) return controlError(400, '/mode: not known');
  if ('status' in plan) return plan;
  world.standingPlan = { plan, remaining: times ?? Number.MAX_SAFE_INTEGER };
  return controlOk({ mode, times: times ?? null });
};

const KEY_MODE_FIELDS: FieldRules = {
  mchid: { kind: 'string', maxLength: 32 },
  mode: { kind: 'string', required: true, maxLength: 16, oneOf: KEY_MODES },
  notice_percent: { kind: 'integer', min: 0, max: 100 },
};

/** `POST /_control/key-mode`: with what WeChat Pay signs from now on. */
export const setKeyMode = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(KEY_MODE_FIELDS, input);
  if (error !== undefined) return error;
  const account = findAccount(world, input['mchid']);
  if (account === undefined) return controlError(400, '/mchid: name one of the merchants');
  account.keyMode = input['mode'] as KeyMode;
  if (typeof input['notice_percent'] === 'number') {
    account.noticePercent = input['notice_percent'];
    account.noticesSent = 0;
  }
  return controlOk({
    mchid: account.mchid,
    mode: account.keyMode,
    notice_percent: account.noticePercent,
  });
};
