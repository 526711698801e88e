import { isIP } from 'node:net';
import { z } from 'zod';
import { type TradeType, tradeTypes } from '#core/subjects/order/order.ts';
import type { NewOrder } from '#core/subjects/order/place.ts';
import { isAppid, isAuthCode, isOpenid, isReference } from '#core/values/ids.ts';
import { isObject, type JsonObject, oneOf } from '#core/values/json.ts';
import { withoutUndefined } from '#core/values/optional.ts';
import { type Instant, parseRfc3339 } from '#core/values/time.ts';
import type { FieldProblem } from './problem.ts';
import {
  currency,
  fen,
  plainText,
  type Read,
  readRequest,
  sha256Of,
  wholeNumber,
} from './request-reading.ts';

const mostDetailBytes = 6_144;

/** A moment as RFC 3339 writes it, with its zone. */
export const instantText = z.string().transform((text, context): Instant => {
  const parsed = parseRfc3339(text);
  if (!parsed.ok) {
    context.addIssue({ code: 'custom', message: 'rfc3339' });
    return z.NEVER;
  }
  return parsed.value;
});

/** At most 45 characters, as WeChat asks; a zone (`fe80::1%eth0`) means something on one machine only. */
export const isAddress = (text: string): boolean => isIP(text) !== 0 && !text.includes('%');

const goods = z.strictObject({
  merchant_goods_id: plainText(32),
  wechatpay_goods_id: plainText(32).exactOptional(),
  goods_name: plainText(256).exactOptional(),
  quantity: wholeNumber(1),
  unit_price: fen(0),
});

const detail = z
  .strictObject({
    cost_price: fen(0).exactOptional(),
    invoice_id: plainText(32).exactOptional(),
    goods_detail: z.array(goods).exactOptional(),
  })
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= mostDetailBytes, 'too_big');

const store = z.strictObject({
  id: plainText(32),
  name: plainText(256).exactOptional(),
  area_code: plainText(32).exactOptional(),
  address: plainText(512).exactOptional(),
});

const h5 = z.strictObject({
  type: z.enum(['Wap', 'iOS', 'Android']),
  app_name: plainText(64).exactOptional(),
  app_url: plainText(128).exactOptional(),
  bundle_id: plainText(128).exactOptional(),
  package_name: plainText(128).exactOptional(),
});

const scene = z.strictObject({
  payer_client_ip: z.string().refine(isAddress, 'ip'),
  device_id: plainText(32).exactOptional(),
  store_info: store.exactOptional(),
  h5_info: h5.exactOptional(),
});

/** The body of `PUT /v1/{account}/orders/{out_trade_no}`; the limits are WeChat's (4012791856, 4011937125). */
export const orderRequest = z.strictObject({
  trade_type: z.enum(tradeTypes),
  description: plainText(127),
  amount: z.strictObject({ total: fen(1), currency }),
  payer: z.strictObject({ openid: z.string().refine(isOpenid) }).exactOptional(),
  auth_code: z.string().refine(isAuthCode).exactOptional(),
  appid: z.string().refine(isAppid).exactOptional(),
  time_expire: instantText.exactOptional(),
  reference: z.string().refine(isReference).exactOptional(),
  attach: plainText(128).exactOptional(),
  goods_tag: plainText(32).exactOptional(),
  support_fapiao: z.boolean().exactOptional(),
  detail: detail.exactOptional(),
  scene_info: scene.exactOptional(),
  settle_info: z.strictObject({ profit_sharing: z.boolean().exactOptional() }).exactOptional(),
});

/** A new order as a merchant asks for it, without what the path and the deployment add. */
export type OrderRequest = Omit<NewOrder, 'out_trade_no' | 'notify_url' | 'requestId'>;

/** Reads the body of a PUT; every field at fault is named. */
export function readOrderRequest(body: Uint8Array): Read<OrderRequest> {
  const read = readRequest(body, orderRequest, misplacedFields);
  if (!read.ok) {
    return read;
  }
  const { trade_type, description, amount, payer, auth_code, ...more } = read.value;
  const { appid, time_expire, reference, ...details } = more;
  return {
    ok: true,
    value: withoutUndefined({
      trade_type,
      description,
      amountFen: amount.total,
      openid: payer?.openid,
      auth_code,
      appid,
      expiresAt: time_expire,
      reference,
      details,
      bodySha256: sha256Of(body),
    }),
  };
}

type OwnField = {
  readonly parent: '' | '/scene_info';
  readonly name: string;
  readonly tradeType: TradeType;
  /**
   * `needs`: this trade type cannot do without it, the others may have it. `owns`: and no other takes it.
   * `refuses`: all others may have it.
   */
  readonly rule: 'needs' | 'owns' | 'refuses';
};

/** Where one trade type differs from the others. */
export const ownFields: readonly OwnField[] = [
  { parent: '', name: 'payer', tradeType: 'JSAPI', rule: 'owns' },
  { parent: '', name: 'auth_code', tradeType: 'MICROPAY', rule: 'owns' },
  { parent: '', name: 'time_expire', tradeType: 'MICROPAY', rule: 'refuses' },
  { parent: '', name: 'scene_info', tradeType: 'H5', rule: 'needs' },
  { parent: '/scene_info', name: 'h5_info', tradeType: 'H5', rule: 'owns' },
];

/** What becomes of a field on an order of this trade type; undefined: it may be there or not. */
export function ruleFor(field: OwnField, tradeType: TradeType): 'needed' | 'refused' | undefined {
  if (field.tradeType === tradeType) {
    return field.rule === 'refuses' ? 'refused' : 'needed';
  }
  return field.rule === 'owns' ? 'refused' : undefined;
}

const isTradeType = oneOf(tradeTypes);

/** Nothing can be said of a body whose trade type is at fault itself, nor of a parent that is none. */
function misplacedFields(body: JsonObject): readonly FieldProblem[] {
  const { trade_type, scene_info } = body;
  if (!isTradeType(trade_type)) {
    return [];
  }
  return ownFields.flatMap((field) => {
    const { parent, name } = field;
    const holder = parent === '' ? body : scene_info;
    const rule = ruleFor(field, trade_type);
    if (!isObject(holder) || rule === undefined) {
      return [];
    }
    const isRight = Object.hasOwn(holder, name) === (rule === 'needed');
    return isRight ? [] : [{ pointer: `${parent}/${name}`, detail: wordsOf(field) }];
  });
}

function wordsOf({ tradeType, rule }: OwnField): string {
  switch (rule) {
    case 'needs':
      return `must be given for ${tradeType}`;
    case 'owns':
      return `must be given for ${tradeType} and only for ${tradeType}`;
    case 'refuses':
      return `must not be given for ${tradeType}`;
  }
}
