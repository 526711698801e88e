import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { NoticeMessage } from '../notice-message.ts';
import type { V2Notice } from './notice.ts';
import { type SignType, signFields } from './signing.ts';
import { type Fields, writeXml } from './xml.ts';

/** Whether a notice names its sign type; both occur. `usual`: HMAC-SHA256 is named, MD5 is not. */
export const SIGN_TYPE_NAMINGS = ['usual', 'always', 'never'] as const;

export type SignTypeNaming = (typeof SIGN_TYPE_NAMINGS)[number];

/** How one send of a notice is made. */
export type V2NoticeSeal = {
  readonly apiKey: string;
  readonly signTypeNaming: SignTypeNaming;
};

/** Makes one send of a notice: a payment is signed, of a refund `req_info` is sealed and nothing signed. */
export const composeV2Notice = ({ v2 }: V2Notice, seal: V2NoticeSeal): NoticeMessage =>
  v2.about === 'payment'
    ? postXml(writeXml(signed(v2.fields, v2.signType, seal)))
    : postXml(writeXml(sealedIn(v2.fields, writeXml(v2.sealed, 'root'), seal.apiKey)));

/** The fields with a fresh nonce, with `sign_type` if it is to be named, and with their signature. */
export const signed = (fields: Fields, signType: SignType, seal: V2NoticeSeal): Fields => {
  const isNamed =
    seal.signTypeNaming === 'usual' ? signType !== 'MD5' : seal.signTypeNaming === 'always';
  const content: Fields = new Map([
    ...fields,
    ['nonce_str', nonce()],
    ...(isNamed ? ([['sign_type', signType]] as const) : []),
  ]);
  return new Map([...content, ['sign', signFields(content, seal.apiKey, signType)]]);
};

/** The fields with a fresh nonce and the text as `req_info`. */
export const sealedIn = (fields: Fields, text: string, apiKey: string): Fields =>
  new Map([...fields, ['nonce_str', nonce()], ['req_info', sealReqInfo(text, apiKey)]]);

const nonce = (): string => randomBytes(16).toString('hex');

/** AES-256-ECB with PKCS#7 padding under the 32 characters of the key's lower-case MD5, as Base64. */
const sealReqInfo = (text: string, apiKey: string): string => {
  const key = createHash('md5').update(apiKey, 'utf8').digest('hex');
  const cipher = createCipheriv('aes-256-ecb', key, null);
  return cipher.update(text, 'utf8', 'base64') + cipher.final('base64');
};

export const postXml = (body: string): NoticeMessage => ({
  headers: { Accept: '*/*', 'Content-Type': 'text/xml', 'User-Agent': 'Mozilla/4.0' },
  body,
});
