import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignType } from '#core/account.ts';
import { apiKey } from './account-support.ts';

// Written from WeChat's documents with node:crypto alone, so that a mistake in lib is not repeated here.

export const otherKey = '8934e7d15453e97507ef794cf7b0519d';

export type Values = Readonly<Record<string, string>>;

export type SignAs = { readonly key?: string; readonly signType?: SignType };

/** The signature of these fields (4011985891). */
export function signOf(values: Values, { key = apiKey, signType = 'MD5' }: SignAs = {}): string {
  const pairs = Object.entries(values)
    .filter(([name, value]) => name !== 'sign' && value !== '')
    .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    .map(([name, value]) => `${name}=${value}`);
  const text = [...pairs, `key=${key}`].join('&');
  const digest = signType === 'MD5' ? createHash('md5') : createHmac('sha256', key);
  return digest.update(text).digest('hex').toUpperCase();
}

/** Elements as WeChat writes them, without a root. */
export function elementsOf(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
    .join('\n');
}

export function xmlOf(values: Values, root = 'xml'): string {
  return `<${root}>${elementsOf(values)}</${root}>`;
}

/** The body of a message that WeChat signed. */
export function signedXml(values: Values, as: SignAs = {}): string {
  return xmlOf({ ...values, sign: signOf(values, as) });
}

/** What WeChat tells about a payment. */
export const payment: Values = {
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  appid: 'wxd678efh567hg6787',
  mch_id: '1900007291',
  nonce_str: '5d2b6c2a8db53831f7eda20af46e531c',
  openid: 'oUpF8uMEb4qRXf22hE3X68TekukE',
  is_subscribe: 'N',
  trade_type: 'JSAPI',
  bank_type: 'OTHERS',
  total_fee: '100',
  cash_fee: '90',
  coupon_fee: '10',
  coupon_count: '1',
  coupon_id_0: '10000',
  coupon_fee_0: '10',
  fee_type: 'CNY',
  transaction_id: '4200002345202611211234567890',
  out_trade_no: 'order_000001',
  attach: '支付测试 A&B=1 <ok>',
  time_end: '20261121115958',
};

/** A part of that payment that went back. */
export const refund: Values = {
  transaction_id: '4200002345202611211234567890',
  out_trade_no: 'order_000001',
  refund_id: '50000000382019052709732678859',
  out_refund_no: 'refund|1@desk',
  total_fee: '100',
  settlement_total_fee: '90',
  refund_fee: '40',
  settlement_refund_fee: '36',
  refund_status: 'SUCCESS',
  success_time: '2026-11-21 12:00:05',
  refund_recv_accout: '招商银行信用卡0403',
  refund_account: 'REFUND_SOURCE_UNSETTLED_FUNDS',
  refund_request_source: 'API',
};

/** A refund's `req_info`: AES-256-ECB, its key the lower-case hex MD5 of the API key. */
export function seal(plaintext: string | Buffer, key = apiKey): string {
  const md5 = createHash('md5').update(key).digest('hex');
  const cipher = createCipheriv('aes-256-ecb', md5, null);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]).toString('base64');
}

/** The body of the notice of a refund, which nobody signs. */
export function refundXml(inner: Values = refund, outer: Values = {}): string {
  return xmlOf({ ...refundOuter, req_info: seal(xmlOf(inner, 'root')), ...outer });
}

export const refundOuter: Values = {
  return_code: 'SUCCESS',
  appid: 'wxd678efh567hg6787',
  mch_id: '1900007291',
  nonce_str: 'ad0a9e1f8a1c4d8b9a6e3a1c2d3e4f50',
};

type Vectors = {
  readonly sign: readonly {
    readonly id: string;
    readonly sign_type: SignType;
    readonly key: string;
    readonly params: Values;
    readonly expect: string;
  }[];
  readonly sign_not_verifiable: readonly {
    readonly id: string;
    readonly params: Values;
    readonly printed_sign: string;
  }[];
  readonly keys_tried_on_not_verifiable: readonly string[];
  readonly refund_notify: readonly {
    readonly id: string;
    readonly key: string;
    readonly md5_key: string;
    readonly req_info: string;
    readonly expect?: Values;
    readonly plain?: string;
  }[];
  readonly aes_256_ecb_raw: readonly {
    readonly id: string;
    readonly key_ascii: string;
    readonly plain: string;
    readonly cipher_b64: string;
  }[];
};

const vectorsPath = join(import.meta.dirname, '../../../../fixtures/wechat/v2/wechatpay-v2.json');
export const vectors: Vectors = JSON.parse(readFileSync(vectorsPath, 'utf8'));
