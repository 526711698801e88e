import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Merchant } from '../../../simulator/merchant.ts';
import { virtualTimers } from '../../unit/simulator/virtual-timers.ts';
import { openShop } from './outside-client.ts';
import { fieldsOf, signOf } from './v2-notice-reader.ts';

export type Fields = Readonly<Record<string, string>>;

type SignType = 'MD5' | 'HMAC-SHA256';

export type V2Answer = {
  readonly status: number;
  /** Empty when there is no document. */
  readonly fields: Fields;
};

export type V2Options = {
  readonly signType?: SignType;
  /** What signs in place of the merchant's own key. */
  readonly apiKey?: string;
  /** Sent in place of what was signed. */
  readonly body?: string | Buffer;
  readonly method?: string;
  /** Over TLS with the merchant's certificate when absent. */
  readonly over?: Channel;
};

/** Where a call goes, and what certificate it shows. */
export type Channel = {
  readonly origin: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
};

/** Sends one document; rejects when the connection breaks. */
export const send = (
  channel: Channel,
  path: string,
  body: string | Buffer,
  method = 'POST',
): Promise<V2Answer> =>
  new Promise((resolve, reject) => {
    const { origin, ...tls } = channel;
    const request = origin.startsWith('https:') ? httpsRequest : httpRequest;
    const options = { method, headers: { 'content-type': 'text/xml' }, agent: false, ...tls };
    const call = request(`${origin}${path}`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const fields = text === '' ? {} : fieldsOf(text);
        resolve({ status: response.statusCode ?? 0, fields });
      });
    });
    call.on('error', reject);
    call.end(body);
  });

/** The document of these fields, each as CDATA. */
export const documentOf = (fields: Fields): string => {
  const elements = Object.entries(fields).map(
    ([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`,
  );
  return `<xml>${elements.join('')}</xml>`;
};

/** Fields that a call always carries, and its sign; an undefined one is left out. */
export const signedFields = (
  merchant: Merchant,
  fields: Readonly<Record<string, string | undefined>>,
  { signType = 'MD5', apiKey = merchant.apiKey }: V2Options = {},
): Fields => {
  const all = {
    appid: merchant.appid,
    mch_id: merchant.mchid,
    nonce_str: 'n'.repeat(32),
    ...(signType === 'MD5' ? {} : { sign_type: signType }),
    ...fields,
  };
  const given = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const sign = signOf(Object.fromEntries(given), apiKey, signType);
  return { ...Object.fromEntries(given), sign: fields['sign'] ?? sign };
};

let codes = 0;

/** A code that nobody showed before. */
export const freshCode = (): string => {
  codes += 1;
  return `13${String(codes).padStart(16, '0')}`;
};

/** A shop on APIv2 with a clock that moves only when told to, and calls whose answers are verified. */
export const openTill = async () => {
  // Calls of APIv3 may be five minutes off either way.
  const clock = virtualTimers(Date.now());
  const shop = await openShop('public-key', { timers: clock.timers, holdMs: 50 });
  const { merchant, simulator } = shop;
  const tls: Channel = {
    origin: simulator.tlsOrigin,
    ca: simulator.certificateAuthority,
    cert: merchant.merchantCertificate,
    key: merchant.merchantPrivateKey,
  };
  const v2 = (
    path: string,
    fields: Readonly<Record<string, string | undefined>>,
    options: V2Options = {},
  ) => {
    const body = options.body ?? documentOf(signedFields(merchant, fields, options));
    return send(options.over ?? tls, path, body, options.method);
  };

  /** The fields of a signed answer whose sign, appid and mch_id are right. */
  const verified = ({ status, fields }: V2Answer, signType: SignType = 'MD5'): Fields => {
    assert.equal(status, 200);
    assert.equal(fields['return_code'], 'SUCCESS', fields['return_msg']);
    assert.equal(fields['sign'], signOf(fields, merchant.apiKey, signType));
    assert.deepEqual([fields['appid'], fields['mch_id']], [merchant.appid, merchant.mchid]);
    assert.match(fields['nonce_str'] ?? '', /^[0-9a-f]{32}$/);
    return fields;
  };
  /** The fields of a success beside those that all answers have. */
  const succeeded = (answer: V2Answer, signType?: SignType): Fields => {
    const { return_code, return_msg, appid, mch_id, nonce_str, sign, result_code, ...rest } =
      verified(answer, signType);
    assert.equal(result_code, 'SUCCESS', rest['err_code_des']);
    return rest;
  };
  /** Asserts a signed business refusal. */
  const refused = (answer: V2Answer, code: string, signType?: SignType): void => {
    const fields = verified(answer, signType);
    assert.deepEqual([fields['result_code'], fields['err_code']], ['FAIL', code]);
    assert.notEqual(fields['err_code_des'] ?? '', '');
  };

  const order = (outTradeNo: string, more: Readonly<Record<string, string | undefined>> = {}) => ({
    body: '一杯茶 & "more"',
    out_trade_no: outTradeNo,
    total_fee: '100',
    spbill_create_ip: '127.0.0.1',
    notify_url: 'https://pay.example.com/notify',
    trade_type: 'NATIVE',
    product_id: 'tea',
    ...more,
  });
  const codeOrder = (
    outTradeNo: string,
    more: Readonly<Record<string, string | undefined>> = {},
  ) => ({
    body: 'tea',
    out_trade_no: outTradeNo,
    total_fee: '100',
    spbill_create_ip: '::1',
    auth_code: freshCode(),
    ...more,
  });
  const query = (outTradeNo: string) => v2('/pay/orderquery', { out_trade_no: outTradeNo });
  return {
    ...shop,
    clock,
    tls,
    v2,
    verified,
    succeeded,
    refused,
    order,
    codeOrder,
    placeV2: (outTradeNo: string, more?: Readonly<Record<string, string | undefined>>) =>
      v2('/pay/unifiedorder', order(outTradeNo, more)),
    queryV2: query,
    stateOf: async (outTradeNo: string) => succeeded(await query(outTradeNo))['trade_state'],
    closeV2: (outTradeNo: string) => v2('/pay/closeorder', { out_trade_no: outTradeNo }),
    micropay: (outTradeNo: string, more?: Readonly<Record<string, string | undefined>>) =>
      v2('/pay/micropay', codeOrder(outTradeNo, more)),
    reverse: (outTradeNo: string) => v2('/secapi/pay/reverse', { out_trade_no: outTradeNo }),
    refundV2: (
      outTradeNo: string,
      outRefundNo: string,
      fen: number,
      more: Readonly<Record<string, string | undefined>> = {},
    ) =>
      v2('/secapi/pay/refund', {
        out_trade_no: outTradeNo,
        out_refund_no: outRefundNo,
        total_fee: '100',
        refund_fee: String(fen),
        ...more,
      }),
  };
};
