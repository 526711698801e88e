import type { FieldRules } from './field-rules.ts';
import { findViolation } from './field-rules.ts';
import { canonicalText, type JsonObject } from './json.ts';
import { notifyUrlIssue } from './notify-url.ts';
import type { Placement } from './order.ts';
import { appidNotBound, paramError, type Refusal } from './refusals.ts';
import { parseRfc3339 } from './rfc3339.ts';

/** A way to pay: adding `app` or `h5` is one more entry here and one more answer in `operations.ts`. */
export type Product = {
  readonly name: 'native' | 'jsapi';
  readonly tradeType: string;
  readonly codeLifeMs: number;
  readonly fields: FieldRules;
};

const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*]+$/;
const INTEGER_MAX = 2_147_483_647;

const GOODS: FieldRules = {
  merchant_goods_id: { kind: 'string', required: true, maxLength: 32 },
  wechatpay_goods_id: { kind: 'string', maxLength: 32 },
  goods_name: { kind: 'string', maxLength: 256 },
  quantity: { kind: 'integer', required: true, min: 1, max: INTEGER_MAX },
  unit_price: { kind: 'integer', required: true, min: 0, max: INTEGER_MAX },
};

const STORE: FieldRules = {
  id: { kind: 'string', required: true, maxLength: 32 },
  name: { kind: 'string', maxLength: 256 },
  area_code: { kind: 'string', maxLength: 32 },
  address: { kind: 'string', maxLength: 512 },
};

/** The fields every product shares (document 4012791856); lengths in characters. */
const COMMON: FieldRules = {
  appid: { kind: 'string', required: true, maxLength: 32 },
  mchid: { kind: 'string', required: true, maxLength: 32 },
  description: { kind: 'string', required: true, maxLength: 127 },
  out_trade_no: {
    kind: 'string',
    required: true,
    minLength: 6,
    maxLength: 32,
    pattern: OUT_TRADE_NO,
  },
  time_expire: { kind: 'string', maxLength: 64 },
  attach: { kind: 'string', maxLength: 128 },
  notify_url: { kind: 'string', required: true, maxLength: 255 },
  goods_tag: { kind: 'string', maxLength: 32 },
  support_fapiao: { kind: 'boolean' },
  amount: {
    kind: 'object',
    required: true,
    fields: {
      total: { kind: 'integer', required: true, min: 1, max: INTEGER_MAX },
      currency: { kind: 'string', maxLength: 16, oneOf: ['CNY'] },
    },
  },
  detail: {
    kind: 'object',
    fields: {
      cost_price: { kind: 'integer', min: 0, max: INTEGER_MAX },
      invoice_id: { kind: 'string', maxLength: 32 },
      goods_detail: { kind: 'list', maxItems: 6_000, of: { kind: 'object', fields: GOODS } },
    },
  },
  scene_info: {
    kind: 'object',
    fields: {
      payer_client_ip: { kind: 'string', required: true, maxLength: 45 },
      device_id: { kind: 'string', maxLength: 32 },
      store_info: { kind: 'object', fields: STORE },
    },
  },
  settle_info: { kind: 'object', fields: { profit_sharing: { kind: 'boolean' } } },
};

const TWO_HOURS_MS = 7_200_000;

export const NATIVE: Product = {
  name: 'native',
  tradeType: 'NATIVE',
  codeLifeMs: TWO_HOURS_MS,
  fields: COMMON,
};

export const JSAPI: Product = {
  name: 'jsapi',
  tradeType: 'JSAPI',
  codeLifeMs: TWO_HOURS_MS,
  fields: {
    ...COMMON,
    payer: {
      kind: 'object',
      required: true,
      fields: { openid: { kind: 'string', required: true, maxLength: 128 } },
    },
  },
};

type PrepayBody = {
  readonly appid: string;
  readonly mchid: string;
  readonly out_trade_no: string;
  readonly time_expire?: string;
  readonly attach?: string;
  readonly notify_url: string;
  readonly amount: { readonly total: number };
  readonly payer?: { readonly openid: string };
  readonly detail?: JsonObject;
  readonly scene_info?: { readonly device_id?: string };
};

type PrepayCheck =
  | { readonly ok: true; readonly placement: Placement }
  | { readonly ok: false; readonly refusal: Refusal };

/** Who calls, and when. */
type PrepayCaller = {
  readonly mchid: string;
  readonly appids: readonly string[];
  readonly nowMs: number;
};

const UNKNOWN_FIELD_NUMBER = 270924358;
const DETAIL_MAX_BYTES = 6_144;

/** Checks a prepay body against its product's rules and works out what it asks for. */
export const checkPrepay = (
  product: Product,
  body: JsonObject,
  caller: PrepayCaller,
): PrepayCheck => {
  const violation = findViolation(product.fields, body, '/body');
  if (violation !== undefined) {
    const known = violation.issue !== 'this field is not known here';
    return refuse(
      paramError(violation.field, violation.issue, known ? undefined : UNKNOWN_FIELD_NUMBER),
    );
  }
  const fields = body as unknown as PrepayBody;
  const expiresAtMs = payByTime(fields.time_expire, caller.nowMs);
  const refusal = crossFieldRefusal(fields, expiresAtMs, caller);
  if (refusal !== undefined || expiresAtMs === undefined) {
    return refuse(refusal ?? paramError('/body/time_expire', 'not RFC 3339'));
  }
  const placement: Placement = {
    mchid: fields.mchid,
    appid: fields.appid,
    outTradeNo: fields.out_trade_no,
    tradeType: product.tradeType,
    notifyUrl: fields.notify_url,
    total: fields.amount.total,
    openid: fields.payer?.openid,
    attach: fields.attach,
    deviceId: fields.scene_info?.device_id,
    expiresAtMs,
    codeLifeMs: product.codeLifeMs,
    fingerprint: `${product.name} ${canonicalText(body)}`,
  };
  return { ok: true, placement };
};

const refuse = (refusal: Refusal): PrepayCheck => ({ ok: false, refusal });

const crossFieldRefusal = (
  fields: PrepayBody,
  expiresAtMs: number | undefined,
  caller: PrepayCaller,
): Refusal | undefined => {
  if (fields.mchid !== caller.mchid) {
    return paramError('/body/mchid', 'differs from the mchid that signed');
  }
  if (expiresAtMs === undefined) {
    return paramError('/body/time_expire', 'not RFC 3339 in seconds with a zone');
  }
  const urlIssue = notifyUrlIssue(fields.notify_url);
  if (urlIssue !== undefined) return paramError('/body/notify_url', urlIssue);
  if (fields.detail !== undefined && byteLength(fields.detail) > DETAIL_MAX_BYTES) {
    return paramError('/body/detail', `longer than ${DETAIL_MAX_BYTES} bytes`);
  }
  return caller.appids.includes(fields.appid) ? undefined : appidNotBound;
};

const byteLength = (value: JsonObject): number => Buffer.byteLength(JSON.stringify(value), 'utf8');

const EARLIEST_MS = 60_000;
const LATEST_MS = 7 * 86_400_000;

/** The pay-by time: moved into now + 1 min … now + 7 days; undefined when the text is no time. */
const payByTime = (text: string | undefined, nowMs: number): number | undefined => {
  if (text === undefined) return nowMs + LATEST_MS;
  const wanted = parseRfc3339(text);
  if (wanted === undefined) return undefined;
  return Math.min(Math.max(wanted, nowMs + EARLIEST_MS), nowMs + LATEST_MS);
};
