import { isIP } from 'node:net';
import type { FieldRules, StringRule } from '../field-rules.ts';
import { notifyUrlIssue } from '../notify-url.ts';
import { OUT_TRADE_NO, TRANSACTION_ID } from '../number-rules.ts';
import type { Placement } from '../order.ts';
import { parseBeijingDigits } from './beijing-digits.ts';
import { checkFields, fingerprintOf, type V2Call, type V2Refusal, v2Refuse } from './call.ts';

/** Fen, as text. */
export const FEN: StringRule = { kind: 'string', maxLength: 10, pattern: /^[1-9][0-9]{0,8}$/ };

const TIME: StringRule = { kind: 'string', maxLength: 14, pattern: /^[0-9]{14}$/ };

/** The fields that every order shares; lengths in characters. */
const ORDER: FieldRules = {
  body: { kind: 'string', required: true, maxLength: 127 },
  detail: { kind: 'string', maxLength: 6_144 },
  attach: { kind: 'string', maxLength: 127 },
  out_trade_no: { ...OUT_TRADE_NO, required: true },
  fee_type: { kind: 'string', maxLength: 16, oneOf: ['CNY'] },
  total_fee: { ...FEN, required: true },
  spbill_create_ip: { kind: 'string', required: true, maxLength: 64 },
  time_start: TIME,
  time_expire: TIME,
  goods_tag: { kind: 'string', maxLength: 32 },
  limit_pay: { kind: 'string', maxLength: 32, oneOf: ['no_credit'] },
  receipt: { kind: 'string', maxLength: 8, oneOf: ['Y'] },
  profit_sharing: { kind: 'string', maxLength: 16, oneOf: ['Y', 'N'] },
  scene_info: { kind: 'string', maxLength: 256 },
  device_info: { kind: 'string', maxLength: 32 },
};

const UNIFIED: FieldRules = {
  ...ORDER,
  notify_url: { kind: 'string', required: true, maxLength: 256 },
  trade_type: {
    kind: 'string',
    required: true,
    maxLength: 16,
    oneOf: ['JSAPI', 'NATIVE', 'APP', 'MWEB'],
  },
  product_id: { kind: 'string', maxLength: 32 },
  openid: { kind: 'string', maxLength: 128 },
};

const MICROPAY: FieldRules = {
  ...ORDER,
  auth_code: { kind: 'string', required: true, maxLength: 128 },
};

/** Fields that one trade type alone needs. */
const NEEDED: Readonly<Record<string, string>> = { JSAPI: 'openid', NATIVE: 'product_id' };

type OrderCheck =
  | { readonly ok: true; readonly placement: Placement; readonly authCode: string }
  | { readonly ok: false; readonly refusal: V2Refusal };

/** Checks the fields of `/pay/unifiedorder` and works out what it asks for. */
export const checkUnifiedOrder = (call: V2Call, nowMs: number): OrderCheck => {
  const checked = checkFields(call, UNIFIED);
  if (!checked.ok) return checked;
  const { given } = checked;
  const needed = NEEDED[given['trade_type'] ?? ''];
  if (needed !== undefined && given[needed] === undefined) {
    return v2Refuse('LACK_PARAMS', `${needed}: ${given['trade_type']} needs it`);
  }
  const urlIssue = notifyUrlIssue(given['notify_url'] ?? '');
  if (urlIssue !== undefined) return v2Refuse('PARAM_ERROR', `notify_url: ${urlIssue}`);
  return placementOf(call, given, nowMs);
};

/** Checks the fields of `/pay/micropay` and works out what it asks for; another code is the same order. */
export const checkMicropay = (call: V2Call, nowMs: number): OrderCheck => {
  const checked = checkFields(call, MICROPAY);
  return checked.ok ? placementOf(call, checked.given, nowMs) : checked;
};

const DAY_MS = 86_400_000;
const LATEST_MS = 7 * DAY_MS;
const TWO_HOURS_MS = 7_200_000;

/** How long the answer of one call can be used; a scanned code is used at once. */
const CODE_LIFE_MS: Readonly<Record<string, number>> = { MWEB: 300_000, MICROPAY: LATEST_MS };

const placementOf = (
  call: V2Call,
  given: Readonly<Record<string, string>>,
  nowMs: number,
): OrderCheck => {
  if (isIP(given['spbill_create_ip'] ?? '') === 0) {
    return v2Refuse('PARAM_ERROR', 'spbill_create_ip: not an address');
  }
  const { time_expire: timeExpire, time_start: timeStart } = given;
  const expiresAtMs = timeExpire === undefined ? Infinity : parseBeijingDigits(timeExpire);
  const startsAtMs = timeStart === undefined ? nowMs : parseBeijingDigits(timeStart);
  if (expiresAtMs === undefined) return v2Refuse('PARAM_ERROR', 'time_expire: no real time');
  if (startsAtMs === undefined) return v2Refuse('PARAM_ERROR', 'time_start: no real time');
  const tradeType = given['trade_type'] ?? 'MICROPAY';
  const placement: Placement = {
    mchid: call.account.mchid,
    appid: call.appid,
    outTradeNo: given['out_trade_no'] ?? '',
    tradeType,
    notifyUrl: given['notify_url'] ?? '',
    total: Number(given['total_fee']),
    openid: tradeType === 'JSAPI' ? given['openid'] : undefined,
    attach: given['attach'],
    deviceId: given['device_info'],
    expiresAtMs: Math.min(expiresAtMs, nowMs + LATEST_MS),
    codeLifeMs: CODE_LIFE_MS[tradeType] ?? TWO_HOURS_MS,
    fingerprint: `${tradeType} ${fingerprintOf(call.fields, 'auth_code')}`,
    v2: { signType: call.signType },
  };
  return { ok: true, placement, authCode: given['auth_code'] ?? '' };
};

const EARLIEST_MS = 60_000;

/** The refusal of a first call whose pay-by time is less than a minute ahead; undefined when all is well. */
export const tooSoon = (placement: Placement, nowMs: number): V2Refusal | undefined =>
  placement.expiresAtMs < nowMs + EARLIEST_MS
    ? { code: 'PARAM_ERROR', message: 'time_expire: less than a minute ahead' }
    : undefined;

/** The two numbers that name an order; one is enough, the first counts. */
export const ORDER_NUMBERS: FieldRules = {
  transaction_id: TRANSACTION_ID,
  out_trade_no: OUT_TRADE_NO,
};
