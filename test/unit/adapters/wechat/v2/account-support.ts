import { createHash, createHmac } from 'node:crypto';
import type { Account, V2Credentials } from '#core/account.ts';
import { isAccountName, isAppid, isMchid } from '#core/values/ids.ts';
import { type Instant, instant } from '#core/values/time.ts';

// Written from WeChat's documents with node:crypto alone, so that a mistake in lib is not repeated here.

export const apiKey = '192006250b4c09247ec02edce69f6a2d';
/** 2026-11-21T12:00:00+08:00 */
export const noon: Instant = instant(1_795_233_600_000);

export function known<T>(value: unknown, check: (value: unknown) => value is T): T {
  if (!check(value)) {
    throw new Error(`Not accepted: ${value}`);
  }
  return value;
}

export const mchid = known('1900007291', isMchid);
export const appid = known('wxd678efh567hg6787', isAppid);
export const secondAppid = known('wx2421b1c4370ec43b', isAppid);

type V2Account = Account & { readonly credentials: { readonly v2: V2Credentials } };

export function accountOf(credentials: Partial<V2Credentials> = {}): V2Account {
  return {
    name: known('main', isAccountName),
    mchid,
    appids: [appid, secondAppid],
    tenant: 'shop',
    api: 'v2',
    latePolicy: 'hold',
    duplicatePolicy: 'hold',
    credentials: {
      v2: {
        apiKey,
        signType: 'MD5',
        certificate: { certificate: 'no PEM', privateKey: 'no PEM' },
        ...credentials,
      },
    },
  };
}

export type Message = Readonly<Record<string, string>>;

/** The signature of a message (4011985891), upper-case hex. */
export function signOf(message: Message, signType: 'MD5' | 'HMAC-SHA256' = 'MD5'): string {
  const names = Object.keys(message).filter((name) => name !== 'sign' && message[name] !== '');
  const pairs = names.sort().map((name) => `${name}=${message[name]}`);
  const hash = signType === 'MD5' ? createHash('md5') : createHmac('sha256', apiKey);
  return hash
    .update(`${pairs.join('&')}&key=${apiKey}`)
    .digest('hex')
    .toUpperCase();
}

export function xmlOf(message: Message): Buffer {
  const elements = Object.entries(message).map(
    ([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`,
  );
  return Buffer.from(`<xml>${elements.join('\n')}</xml>`);
}

/** What WeChat answers to this merchant, signed. */
export function answerOf(fields: Message, signType: 'MD5' | 'HMAC-SHA256' = 'MD5'): Buffer {
  const message = {
    return_code: 'SUCCESS',
    return_msg: 'OK',
    appid,
    mch_id: mchid,
    nonce_str: 'IITRi8Iabbblz1Jc',
    result_code: 'SUCCESS',
    ...fields,
  };
  return xmlOf({ ...message, sign: signOf(message, signType) });
}

/** The fields of one of our flat requests. */
export function fieldsOf(xml: string): Record<string, string> {
  const found = xml.matchAll(/<([a-z_]+)>([^<]*)<\/\1>/g);
  const plain = (text: string) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return Object.fromEntries(Array.from(found, ([, name = '', text = '']) => [name, plain(text)]));
}
