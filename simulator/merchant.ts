import { randomBytes, randomInt } from 'node:crypto';
import { issueCertificate } from './certificate.ts';
import { createPemKeyPair } from './key-pair.ts';
import { newService, type Service } from './payscore/services.ts';
import type { KeyMode } from './wechat-keys.ts';

/** A merchant with all that its owner holds; can be given to `startSimulator` as it is. */
export type Merchant = {
  readonly mchid: string;
  readonly appid: string;
  readonly appids: readonly string[];
  /** 32 characters. */
  readonly apiV3Key: string;
  /** APIv2 key, 32 characters. */
  readonly apiKey: string;
  /** Serial of the merchant certificate, 40 hex characters. */
  readonly merchantSerial: string;
  readonly merchantCertificate: string;
  /** PKCS#8 PEM, as in `apiclient_key.pem`. */
  readonly merchantPrivateKey: string;
  /** PayScore services that are open for it. */
  readonly services: readonly Service[];
  readonly keyMode: KeyMode;
};

type NewMerchant = {
  readonly mchid?: string;
  readonly appid?: string;
  /** One of its own, for plans of at most 365 days and 100 details, when absent. */
  readonly services?: readonly Service[];
  readonly keyMode?: KeyMode;
};

/** Opens a fresh merchant account: numbers, API keys, key pair and certificate. */
export const createMerchant = async (wanted: NewMerchant = {}): Promise<Merchant> => {
  const mchid = wanted.mchid ?? `16${randomInt(10_000_000, 99_999_999)}`;
  const appid = wanted.appid ?? `wx${randomBytes(8).toString('hex')}`;
  const pair = await createPemKeyPair();
  const issued = issueCertificate({ ...pair, commonName: mchid, nowMs: Date.now() });
  return {
    mchid,
    appid,
    appids: [appid],
    apiV3Key: randomBytes(16).toString('hex'),
    apiKey: randomBytes(16).toString('hex'),
    merchantSerial: issued.serial,
    merchantCertificate: issued.certificatePem,
    merchantPrivateKey: pair.privateKeyPem,
    services: wanted.services ?? [newService()],
    keyMode: wanted.keyMode ?? 'public-key',
  };
};
