import type { AskedOrder, MicropayRequest, PrepayDetails, PrepayRequest } from '#core/ports.ts';
import type { LinkTradeType } from '#core/subjects/order/order.ts';
import { isObject, isText, type Json, type JsonObject } from '#core/values/json.ts';
import type { Call } from './client.ts';
import { formatTime } from './values.ts';

/** WeChat's names of the products: only H5 has another one than in APIv3. */
export const tradeTypeNames = {
  NATIVE: 'NATIVE',
  JSAPI: 'JSAPI',
  APP: 'APP',
  H5: 'MWEB',
} as const satisfies Readonly<Record<LinkTradeType, string>>;

/**
 * `/pay/unifiedorder`. The same request gives the same fields: only an identical placing of an unpaid
 * number is allowed. NATIVE names a product, which need not be more than the order itself.
 */
export function prepayCall(request: PrepayRequest): Call {
  return {
    target: '/pay/unifiedorder',
    appid: request.appid,
    fields: {
      ...goodsFields(request),
      time_start: formatTime(request.createdAt),
      time_expire: formatTime(request.expiresAt),
      notify_url: request.notify_url,
      trade_type: tradeTypeNames[request.trade_type],
      product_id: request.trade_type === 'NATIVE' ? request.out_trade_no : undefined,
      openid: request.openid,
    },
  };
}

/** `/pay/micropay` (4011937125): what a placing has, but for its times, its notices and its product. */
export function micropayCall(request: MicropayRequest): Call {
  return {
    target: '/pay/micropay',
    appid: request.appid,
    fields: { ...goodsFields(request), auth_code: request.auth_code },
  };
}

/** By WeChat's number where it is known, else by the merchant's: `/pay/orderquery`. */
export function queryCall(order: AskedOrder): Call {
  return orderCall('/pay/orderquery', order);
}

/** The merchant's number is the only one that `/pay/closeorder` takes. */
export function closeCall({ out_trade_no, appid }: Omit<AskedOrder, 'transaction_id'>): Call {
  return orderCall('/pay/closeorder', { out_trade_no, ...(appid !== undefined && { appid }) });
}

/** By WeChat's number where it is known, else by the merchant's: `/secapi/pay/reverse`. */
export function reverseCall(order: AskedOrder): Call {
  return orderCall('/secapi/pay/reverse', order);
}

function orderCall(target: string, { out_trade_no, transaction_id, appid }: AskedOrder): Call {
  return {
    target,
    ...(appid !== undefined && { appid }),
    fields: transaction_id === undefined ? { out_trade_no } : { transaction_id },
  };
}

/**
 * WeChat gives `attach` back in a CDATA section, which cannot hold its own end: no answer about such an
 * order could be read.
 */
export function canComeBack({
  details: { attach = '' },
}: PrepayRequest | MicropayRequest): boolean {
  return !attach.includes(']]>');
}

/** What is sold, for how much and where. */
function goodsFields(request: PrepayRequest | MicropayRequest): Call['fields'] {
  const { attach, goods_tag, support_fapiao, detail, scene_info, settle_info } = request.details;
  return {
    body: request.description,
    out_trade_no: request.out_trade_no,
    total_fee: String(request.amountFen),
    fee_type: request.currency,
    attach,
    goods_tag,
    // The other value of `receipt` is not to send it.
    receipt: support_fapiao === true ? 'Y' : undefined,
    detail: detail && JSON.stringify(detailOf(detail)),
    profit_sharing: yesNo(settle_info?.['profit_sharing']),
    ...sceneFields(scene_info),
  };
}

/**
 * `spbill_create_ip` must be there. For H5 it is the payer's, which the merchant gives; elsewhere it may be
 * that of the machine which calls, and a function has none that stays or says anything.
 */
function sceneFields(scene: PrepayDetails['scene_info'] = {}): Call['fields'] {
  const { payer_client_ip, device_id, store_info, h5_info } = scene;
  const info = {
    ...(isObject(store_info) && { store_info }),
    ...(isObject(h5_info) && { h5_info: h5InfoOf(h5_info) }),
  };
  return {
    spbill_create_ip: isText(payer_client_ip) ? payer_client_ip : '127.0.0.1',
    device_info: isText(device_id) ? device_id : undefined,
    scene_info: Object.keys(info).length > 0 ? JSON.stringify(info) : undefined,
  };
}

/** A page has a name and an address of its own here, where APIv3 speaks of an app. */
function h5InfoOf(h5: JsonObject): JsonObject {
  const { type } = h5;
  return {
    ...(type === 'iOS' ? { type: 'IOS' } : renamed(h5, { type: 'type' })),
    ...renamed(h5, type === 'Wap' ? pageNames : appNames),
  };
}

const pageNames = { app_url: 'wap_url', app_name: 'wap_name' };
const appNames = {
  app_name: 'app_name',
  bundle_id: 'bundle_id',
  package_name: 'package_name',
};

function detailOf(detail: JsonObject): JsonObject {
  const { goods_detail } = detail;
  const goods = Array.isArray(goods_detail)
    ? goods_detail.filter(isObject).map(goodsOf)
    : undefined;
  return {
    ...renamed(detail, { cost_price: 'cost_price', invoice_id: 'receipt_id' }),
    ...(goods !== undefined && { goods_detail: goods }),
  };
}

function goodsOf(goods: JsonObject): JsonObject {
  return renamed(goods, {
    merchant_goods_id: 'goods_id',
    wechatpay_goods_id: 'wxpay_goods_id',
    goods_name: 'goods_name',
    quantity: 'quantity',
    unit_price: 'price',
  });
}

/** The fields that have a name in APIv2, in this order, whatever the order they came in. */
function renamed(source: JsonObject, names: Readonly<Record<string, string>>): JsonObject {
  const target: Record<string, Json> = {};
  for (const [name, newName] of Object.entries(names)) {
    const value = source[name];
    if (value !== undefined) {
      target[newName] = value;
    }
  }
  return target;
}

function yesNo(value: unknown): 'Y' | 'N' | undefined {
  return typeof value === 'boolean' ? (value ? 'Y' : 'N') : undefined;
}
