import { momentText } from '#adapters/lambda/moment.ts';
import { instantText, isAddress } from '#adapters/lambda/order-request.ts';
import { isPlain } from '#adapters/lambda/request-reading.ts';
import { haveOwnNames } from '#adapters/lambda/service-order-command-request.ts';
import {
  isAppid,
  isAuthCode,
  isMerchantPlanNo,
  isMerchantSignPlanNo,
  isOpenid,
  isOutOrderNo,
  isOutTradeNo,
  isReference,
  isServiceId,
} from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';

/** A JSON Schema, draft 2020-12. */
export type Schema = JsonObject;

/** How our own names and numbers are written: `lib/core/values/ids.ts` as patterns, which a test compares. */
export const patterns = {
  accountName: '^[a-z][a-z0-9-]{0,31}$',
  outTradeNo: '^[0-9A-Za-z_\\-|*]{6,32}$',
  outRefundNo: '^[0-9A-Za-z_\\-|*@]{1,64}$',
  newOutRefundNo: '^(?!back-)[0-9A-Za-z_\\-|*@]{6,64}$',
  mchid: '^[0-9]{8,32}$',
  appid: '^[0-9A-Za-z_\\-]{1,32}$',
  openid: '^[0-9A-Za-z_\\-]{1,128}$',
  authCode: '^1[0-5][0-9]{16}$',
  reference: '^[0-9A-Za-z_\\-|*.:/]{1,64}$',
  transactionId: '^[0-9A-Za-z]{1,32}$',
  /** Of a plan, a sign plan or a service order. */
  payscoreNo: '^[0-9A-Za-z_\\-*]{1,32}$',
  serviceId: '^[0-9A-Za-z]{1,32}$',
  payscoreId: '^[0-9A-Za-z_\\-]{1,64}$',
  /** One plane of Unicode, without control characters, surrogates and its last three; the same with and without the flag `u`. */
  plain: '^[\\u0020-\\u007e\\u00a0-\\ud7ff\\ue000-\\ufffc]*$',
  time: '^\\d{4}-\\d{2}-\\d{2}T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+\\-]([01]\\d|2[0-3]):[0-5]\\d)$',
  /** The same, or 14 digits. */
  moment:
    '^(\\d{4}-\\d{2}-\\d{2}T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+\\-]([01]\\d|2[0-3]):[0-5]\\d)|\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])([01]\\d|2[0-3])[0-5]\\d[0-5]\\d)$',
} as const;

const addresses: Schema = {
  anyOf: [
    { type: 'string', format: 'ipv4' },
    { type: 'string', format: 'ipv6', maxLength: 45 },
  ],
};

const ofChecks: ReadonlyMap<unknown, Schema> = new Map<unknown, Schema>([
  [isAppid, { pattern: patterns.appid }],
  [isOpenid, { pattern: patterns.openid }],
  [isAuthCode, { pattern: patterns.authCode }],
  [isReference, { pattern: patterns.reference }],
  [isOutTradeNo, { pattern: patterns.outTradeNo }],
  [isOutOrderNo, { pattern: patterns.payscoreNo }],
  [isMerchantPlanNo, { pattern: patterns.payscoreNo }],
  [isMerchantSignPlanNo, { pattern: patterns.payscoreNo }],
  [isServiceId, { pattern: patterns.serviceId }],
  [isPlain, { pattern: patterns.plain }],
  [isAddress, addresses],
  // Whole numbers have their bounds in the schema already.
  [isFen, {}],
  // JSON Schema cannot say that of lists of objects; their words do.
  [haveOwnNames, {}],
]);

const ofTypes: ReadonlyMap<unknown, Schema> = new Map<unknown, Schema>([
  [instantText, { format: 'date-time', pattern: patterns.time }],
  [momentText, { pattern: patterns.moment }],
]);

/**
 * JSON Schema counts characters, WeChat counts bytes here: of UTF-8, and of the JSON without spaces. A
 * body can keep to the schema and still be refused; `x-max-bytes` says the limit itself.
 */
const ofPlaces: Readonly<Record<string, Schema>> = {
  '/reason': { maxLength: 80, 'x-max-bytes': 80 },
  '/detail': { 'x-max-bytes': 6_144 },
};

/**
 * What a type or a check of ours means in JSON Schema, which cannot be told from its function. Throws for
 * a check that nobody has put into words: the page says every limit.
 */
export function limitOf(type: unknown, checks: readonly unknown[], pointer: string): Schema {
  const limits = checks.map((check) => {
    const limit = ofChecks.get(check) ?? ofPlaces[pointer];
    if (limit === undefined) {
      throw new Error(`The page cannot say what the check of ${pointer || 'the body'} asks for.`);
    }
    return limit;
  });
  return Object.assign({}, ofTypes.get(type), ...limits);
}
