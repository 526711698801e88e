import { createPrivateKey, randomInt } from 'node:crypto';
import { type IssuedCertificate, issueCertificate } from './certificate.ts';
import { createPemKeyPair, type PemKeyPair } from './key-pair.ts';
import type { SigningKey } from './signing.ts';

/** With what WeChat Pay signs for a merchant; `mixed` is the migration from one to the other (document 4012154180). */
export type KeyMode = 'public-key' | 'certificate' | 'mixed';

export const KEY_MODES: readonly KeyMode[] = ['public-key', 'certificate', 'mixed'];

/** WeChat Pay's own two keys for one merchant. */
export type WechatKeys = {
  readonly publicKey: PemKeyPair & { readonly signing: SigningKey };
  readonly platform: PemKeyPair & IssuedCertificate & { readonly signing: SigningKey };
};

/** Makes both keys: the public key (`PUB_KEY_ID_…`) and the platform certificate (40 hex characters). */
export const createWechatKeys = async (mchid: string, nowMs: number): Promise<WechatKeys> => {
  const [publicKey, platform] = await Promise.all([createPemKeyPair(), createPemKeyPair()]);
  const issued = issueCertificate({ ...platform, commonName: 'Tenpay.com sign', nowMs });
  return {
    publicKey: {
      ...publicKey,
      signing: {
        serial: `PUB_KEY_ID_01${mchid.padStart(10, '0')}${randomDigits(11)}${randomDigits(11)}`,
        privateKey: createPrivateKey(publicKey.privateKeyPem),
      },
    },
    platform: {
      ...platform,
      ...issued,
      signing: { serial: issued.serial, privateKey: createPrivateKey(platform.privateKeyPem) },
    },
  };
};

const randomDigits = (count: number): number => randomInt(10 ** (count - 1), 10 ** count);

/** The key that signs an answer: during the migration the request's `Wechatpay-Serial` chooses it. */
export const answerKey = (
  keys: WechatKeys,
  mode: KeyMode,
  askedSerial: string | undefined,
): SigningKey => {
  if (mode === 'public-key') return keys.publicKey.signing;
  if (mode === 'mixed' && askedSerial === keys.publicKey.signing.serial) {
    return keys.publicKey.signing;
  }
  return keys.platform.signing;
};

/** How many of a merchant's notices carry the public key during the migration, and which one is next. */
type NoticeShare = { readonly percent: number; readonly sentBefore: number };

/** The key that signs a notice: during the migration WeChat Pay moves a share of them, spread evenly. */
export const noticeKey = (keys: WechatKeys, mode: KeyMode, share: NoticeShare): SigningKey => {
  if (mode === 'public-key') return keys.publicKey.signing;
  if (mode === 'certificate') return keys.platform.signing;
  const movedBefore = Math.floor((share.sentBefore * share.percent) / 100);
  const movedAfter = Math.floor(((share.sentBefore + 1) * share.percent) / 100);
  return movedAfter > movedBefore ? keys.publicKey.signing : keys.platform.signing;
};
