import { createPrivateKey, sign } from 'node:crypto';
import { request } from 'node:http';
import axiosPlugin from 'wechatpay-axios-plugin';
import { createMerchant, type Merchant } from '../../../simulator/merchant.ts';
import {
  type MerchantKeys,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../../simulator/server.ts';
import type { KeyMode } from '../../../simulator/wechat-keys.ts';

/** An answer; `failure` is the code of the outside library when it could not trust the answer. */
type Answer = {
  readonly status: number | undefined;
  readonly data: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly failure: string | undefined;
};

type AxiosFailure = {
  readonly code?: string;
  readonly response?: { status: number; data: Answer['data']; headers: Answer['headers'] };
};

type Shop = {
  readonly merchant: Merchant;
  readonly keys: MerchantKeys;
  readonly simulator: Simulator;
  /** Calls through the outside library, which signs the request and verifies every 2xx answer. */
  readonly call: (
    method: string,
    url: string,
    data?: unknown,
    headers?: Headers,
  ) => Promise<Answer>;
  /** A control call. */
  readonly control: (name: string, input?: unknown) => Promise<Answer>;
  /** A control reading. */
  readonly read: (name: string) => Promise<Answer['data']>;
  /** A raw call, signed by hand; for what the library would never send. */
  readonly raw: (call: RawCall) => Promise<RawAnswer>;
  /** A native prepay body. */
  readonly order: (outTradeNo: string, more?: object) => Readonly<Record<string, unknown>>;
  readonly place: (outTradeNo: string, more?: object) => Promise<Answer>;
  readonly query: (outTradeNo: string) => Promise<Answer>;
  readonly close: (outTradeNo: string) => Promise<Answer>;
  /** A native order placed and paid; its notice is lost. */
  readonly placeAndPay: (outTradeNo: string, more?: object) => Promise<void>;
  /** Applies for a refund of an order of 100 fen. */
  readonly refund: (
    outTradeNo: string,
    outRefundNo: string,
    refund: number,
    more?: object,
  ) => Promise<Answer>;
  readonly queryRefund: (outRefundNo: string) => Promise<Answer>;
};

type Headers = Readonly<Record<string, string>>;

export type RawCall = {
  readonly method: string;
  readonly target: string;
  readonly body?: string | Buffer;
  readonly headers?: Headers;
  /** Leave these headers out. */
  readonly without?: readonly string[];
  readonly signedTarget?: string;
  readonly timestamp?: number;
};

type RawAnswer = {
  readonly status: number;
  readonly headers: object;
  readonly body: string;
};

export const REFUNDS = '/v3/refund/domestic/refunds';

/** A simulator with one merchant, and an outside client of it. */
export const openShop = async (
  keyMode: KeyMode = 'public-key',
  options: Partial<SimulatorOptions> = {},
  owner?: Merchant,
): Promise<Shop> => {
  const merchant = owner ?? (await createMerchant({ keyMode }));
  const simulator = await startSimulator({
    ...options,
    merchants: [merchant, ...(options.merchants ?? [])],
  });
  const keys = simulator.keys.get(merchant.mchid);
  if (keys === undefined) throw new Error('the simulator lost its merchant');
  const call = outsideCall(merchant, keys, simulator.origin);
  const raw = rawCall(merchant, simulator.origin);
  const controlFetch = async (name: string, init?: RequestInit) => {
    const response = await fetch(`${simulator.origin}/_control/${name}`, init);
    return { status: response.status, data: (await response.json()) as Answer['data'] };
  };
  const order = (outTradeNo: string, more: object = {}) => ({
    appid: merchant.appid,
    mchid: merchant.mchid,
    description: '一杯茶',
    out_trade_no: outTradeNo,
    notify_url: 'https://pay.example.com/notify',
    amount: { total: 100, currency: 'CNY' },
    ...more,
  });
  const base = '/v3/pay/transactions';
  const control: Shop['control'] = async (name, input = {}) => {
    const init = { method: 'POST', body: JSON.stringify(input) };
    return { ...(await controlFetch(name, init)), headers: {}, failure: undefined };
  };
  const place: Shop['place'] = (outTradeNo, more) =>
    call('POST', `${base}/native`, order(outTradeNo, more));
  return {
    merchant,
    keys,
    simulator,
    call,
    raw,
    order,
    control,
    read: async (name) => (await controlFetch(name)).data,
    place,
    query: (outTradeNo) =>
      call('GET', `${base}/out-trade-no/${outTradeNo}?mchid=${merchant.mchid}`),
    close: (outTradeNo) =>
      call('POST', `${base}/out-trade-no/${outTradeNo}/close`, { mchid: merchant.mchid }),
    placeAndPay: async (outTradeNo, more) => {
      await place(outTradeNo, more);
      await control('pay', { out_trade_no: outTradeNo, notice: 'lost' });
    },
    refund: (outTradeNo, outRefundNo, refund, more = {}) =>
      call('POST', REFUNDS, {
        out_trade_no: outTradeNo,
        out_refund_no: outRefundNo,
        amount: { refund, total: 100, currency: 'CNY' },
        ...more,
      }),
    queryRefund: (outRefundNo) => call('GET', `${REFUNDS}/${outRefundNo}`),
  };
};

const outsideCall = (merchant: Merchant, keys: MerchantKeys, origin: string): Shop['call'] => {
  const client = new axiosPlugin.Decorator({
    mchid: merchant.mchid,
    serial: merchant.merchantSerial,
    privateKey: merchant.merchantPrivateKey,
    certs: {
      [keys.wechatpaySerial]: keys.wechatpayPublicKey,
      [keys.platformSerial]: keys.platformCertificate,
    },
    baseURL: `${origin}/`,
    timeout: 5_000,
  }).v3;
  return async (method, url, data, headers = {}) => {
    try {
      const answer = await client.request({ method, url, data, headers });
      return { ...answer, failure: undefined };
    } catch (error) {
      const { code, response } = error as AxiosFailure;
      if (code === undefined) throw error;
      const { status, data: body, headers: answered } = response ?? {};
      return { status, data: body ?? {}, headers: answered ?? {}, failure: code };
    }
  };
};

/** Calls signed by hand for a merchant. */
export const rawCall = (merchant: Merchant, origin: string) => {
  const privateKey = createPrivateKey(merchant.merchantPrivateKey);
  return (call: RawCall): Promise<RawAnswer> => {
    const { method, target, body = '' } = call;
    const timestamp = call.timestamp ?? Math.floor(Date.now() / 1000);
    const nonce = 'A'.repeat(32);
    const message = Buffer.concat([
      Buffer.from(`${method}\n${call.signedTarget ?? target}\n${timestamp}\n${nonce}\n`),
      Buffer.from(body),
      Buffer.from('\n'),
    ]);
    const signature = sign('sha256', message, privateKey).toString('base64');
    const headers: Record<string, string> = {
      accept: 'application/json',
      'user-agent': 'test',
      'content-type': 'application/json',
      authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${merchant.mchid}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${merchant.merchantSerial}"`,
      ...call.headers,
    };
    for (const name of call.without ?? []) delete headers[name];
    return exchange(origin, method, target, { headers, body });
  };
};

const exchange = (
  origin: string,
  method: string,
  path: string,
  sent: { readonly headers: Record<string, string>; readonly body: string | Buffer },
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const call = request(origin, { method, path, headers: sent.headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    call.on('error', reject);
    call.end(sent.body);
  });
