import { fieldRefusal } from './field-rules.ts';
import { canonicalText, type JsonObject } from './json.ts';
import { notifyUrlIssue } from './notify-url.ts';
import type { Placement } from './order.ts';
import type { Product } from './products.ts';
import { appidNotBound, paramError, type Refusal } from './refusals.ts';
import { parseRfc3339 } from './rfc3339.ts';

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

const DETAIL_MAX_BYTES = 6_144;

/** Checks a prepay body against its product's rules and works out what it asks for. */
export const checkPrepay = (
  product: Product,
  body: JsonObject,
  caller: PrepayCaller,
): PrepayCheck => {
  const broken = fieldRefusal(product.fields, body);
  if (broken !== undefined) return refuse(broken);
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
