import {
  type ControlAnswer,
  controlError,
  controlOk,
  findAccount,
  inputError,
} from './control-answer.ts';
import { faultView } from './control-reading.ts';
import { FAULT_NAMES, type FaultName } from './faults.ts';
import type { FieldRules } from './field-rules.ts';
import type { JsonObject } from './json.ts';
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
  err_code: { kind: 'string', maxLength: 32, pattern: /^[A-Z_]+$/ },
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
    readonly err_code?: string;
  };
  const path = readPattern(fields.path);
  if (path === null) return controlError(400, '/path: not a regular expression');
  const { fault, mchid, method, operation, err_code: errCode } = fields;
  if ((fault === 'err-code') !== (errCode !== undefined)) {
    return controlError(400, '/err_code: err-code needs it, and goes with it only');
  }
  const carryOut = fields.carry_out ?? false;
  const armed = world.faults.arm(
    { fault, mchid, method, operation, path, carryOut, errCode },
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

const BALANCE_FIELDS: FieldRules = {
  mchid: { kind: 'string', maxLength: 32 },
  available: { kind: 'integer', min: 0, max: Number.MAX_SAFE_INTEGER },
};

/** `POST /_control/balance`: how much the merchant can still refund; without `available` as much as he likes. */
export const setBalance = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(BALANCE_FIELDS, input);
  if (error !== undefined) return error;
  const account = findAccount(world, input['mchid']);
  if (account === undefined) return controlError(400, '/mchid: name one of the merchants');
  account.balance = typeof input['available'] === 'number' ? input['available'] : undefined;
  return controlOk({ mchid: account.mchid, available: account.balance ?? null });
};
