import type { FieldRules } from './field-rules.ts';
import { OUT_TRADE_NO } from './number-rules.ts';

/** A way to pay: how its orders are named and what its prepay may say. */
export type Product = {
  readonly name: 'native' | 'jsapi' | 'app' | 'h5';
  readonly tradeType: string;
  /** How long the answer of one prepay can be used. */
  readonly codeLifeMs: number;
  readonly fields: FieldRules;
};

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

const SCENE: FieldRules = {
  payer_client_ip: { kind: 'string', required: true, maxLength: 45 },
  device_id: { kind: 'string', maxLength: 32 },
  store_info: { kind: 'object', fields: STORE },
};

/** The fields every product shares (document 4012791856); lengths in characters. */
const COMMON: FieldRules = {
  appid: { kind: 'string', required: true, maxLength: 32 },
  mchid: { kind: 'string', required: true, maxLength: 32 },
  description: { kind: 'string', required: true, maxLength: 127 },
  out_trade_no: { ...OUT_TRADE_NO, required: true },
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
  scene_info: { kind: 'object', fields: SCENE },
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

export const APP: Product = {
  name: 'app',
  tradeType: 'APP',
  codeLifeMs: TWO_HOURS_MS,
  fields: COMMON,
};

const H5_INFO: FieldRules = {
  type: { kind: 'string', required: true, maxLength: 32, oneOf: ['Wap', 'iOS', 'Android'] },
  app_name: { kind: 'string', maxLength: 64 },
  app_url: { kind: 'string', maxLength: 128 },
  bundle_id: { kind: 'string', maxLength: 128 },
  package_name: { kind: 'string', maxLength: 128 },
};

export const H5: Product = {
  name: 'h5',
  tradeType: 'MWEB',
  codeLifeMs: 300_000,
  fields: {
    ...COMMON,
    scene_info: {
      kind: 'object',
      required: true,
      fields: { ...SCENE, h5_info: { kind: 'object', required: true, fields: H5_INFO } },
    },
  },
};
