import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type Service, servicesIssue } from './payscore/services.ts';
import { createWechatKeys, KEY_MODES, type KeyMode, type WechatKeys } from './wechat-keys.ts';

/** A merchant that the simulator shall know. */
export type MerchantOptions = {
  readonly mchid: string;
  readonly appids: readonly string[];
  /** 32 bytes. */
  readonly apiV3Key: string;
  /** APIv2 key, 32 ASCII characters; without it every call of APIv2 is refused. */
  readonly apiKey?: string;
  /** 40 upper-case hex characters. */
  readonly merchantSerial: string;
  /** The merchant certificate as PEM; or give `merchantPublicKey`. */
  readonly merchantCertificate?: string;
  /** SPKI PEM. */
  readonly merchantPublicKey?: string;
  /** PayScore services that are open for it; none when absent. */
  readonly services?: readonly Service[];
  /** `public-key` when absent. */
  readonly keyMode?: KeyMode;
};

/** A merchant inside the simulator; the last four change through the control calls. */
export type MerchantAccount = {
  readonly mchid: string;
  readonly appids: readonly string[];
  readonly apiV3Key: string;
  /** APIv2 key; empty when the merchant never set one. */
  readonly apiKey: string;
  readonly merchantSerial: string;
  /** DER of the merchant certificate; undefined when only a public key is known. */
  readonly merchantCertificate: Buffer | undefined;
  readonly merchantPublicKey: KeyObject;
  readonly services: readonly Service[];
  readonly keys: WechatKeys;
  keyMode: KeyMode;
  noticePercent: number;
  noticesSent: number;
  /** Fen that can still be refunded; undefined: no limit. */
  balance: number | undefined;
};

/** Opens the account with fresh WeChat Pay keys. Throws a TypeError that names the option that is wrong. */
export const openAccount = async (
  options: MerchantOptions,
  nowMs: number,
): Promise<MerchantAccount> => {
  const where = `merchant ${options.mchid}`;
  if (!/^[0-9]{6,32}$/.test(options.mchid)) throw new TypeError(`${where}: mchid must be digits`);
  if (options.appids.length === 0) throw new TypeError(`${where}: appids is empty`);
  if (Buffer.byteLength(options.apiV3Key, 'utf8') !== 32) {
    throw new TypeError(`${where}: apiV3Key must have 32 bytes`);
  }
  if (options.apiKey !== undefined && !/^[!-~]{32}$/.test(options.apiKey)) {
    throw new TypeError(`${where}: apiKey must have 32 ASCII characters`);
  }
  if (!/^[0-9A-F]{40}$/.test(options.merchantSerial)) {
    throw new TypeError(`${where}: merchantSerial must be 40 upper-case hex characters`);
  }
  const keyMode = options.keyMode ?? 'public-key';
  if (!KEY_MODES.includes(keyMode)) throw new TypeError(`${where}: keyMode is not known`);
  const services = [...(options.services ?? [])];
  const issue = servicesIssue(services);
  if (issue !== undefined) throw new TypeError(`${where}: ${issue}`);
  return {
    mchid: options.mchid,
    appids: [...options.appids],
    apiV3Key: options.apiV3Key,
    apiKey: options.apiKey ?? '',
    merchantSerial: options.merchantSerial,
    ...merchantIdentity(options, where),
    services,
    keys: await createWechatKeys(options.mchid, nowMs),
    keyMode,
    noticePercent: 50,
    noticesSent: 0,
    balance: undefined,
  };
};

type MerchantIdentity = Pick<MerchantAccount, 'merchantCertificate' | 'merchantPublicKey'>;

const merchantIdentity = (options: MerchantOptions, where: string): MerchantIdentity => {
  const { merchantCertificate, merchantPublicKey, merchantSerial } = options;
  if (merchantCertificate === undefined) {
    if (merchantPublicKey === undefined) {
      throw new TypeError(`${where}: give merchantCertificate or merchantPublicKey`);
    }
    return {
      merchantCertificate: undefined,
      merchantPublicKey: createPublicKey(merchantPublicKey),
    };
  }
  const certificate = new X509Certificate(merchantCertificate);
  if (certificate.serialNumber !== merchantSerial) {
    throw new TypeError(`${where}: merchantSerial is not the serial of merchantCertificate`);
  }
  return { merchantCertificate: certificate.raw, merchantPublicKey: certificate.publicKey };
};
