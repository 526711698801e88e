import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import type { V3Credentials } from '#core/account.ts';

type Keys = {
  readonly signing: KeyObject | undefined;
  readonly opening: KeyObject | undefined;
  /** By `Wechatpay-Serial`; only keys that could be read. */
  readonly verifying: ReadonlyMap<string, KeyObject>;
  readonly preferredSerial: string | undefined;
};

const apiV3KeyBytes = 32;

// Making a key costs more than using it; an account's credentials object lives for minutes.
const cache = new WeakMap<V3Credentials, Keys>();

/** The merchant's private key; undefined when its PEM is no RSA key or its serial is no serial. */
export function signingKeyOf(credentials: V3Credentials | undefined): KeyObject | undefined {
  return keysOf(credentials).signing;
}

/**
 * WeChat's key of this serial: a WeChat Pay public key (`PUB_KEY_ID_…`) or a platform certificate;
 * both live side by side while WeChat moves a merchant from one to the other (4012154180).
 */
export function verifyingKeyOf(
  credentials: V3Credentials | undefined,
  serial: string,
): KeyObject | undefined {
  return keysOf(credentials).verifying.get(serial);
}

/** The APIv3 key, which opens what WeChat encrypts; undefined when it is not 32 bytes. */
export function openingKeyOf(credentials: V3Credentials | undefined): KeyObject | undefined {
  return keysOf(credentials).opening;
}

/**
 * The serial to ask WeChat to sign its answers with: a public key where the account has one, else the
 * certificate that is valid longest (4012154180).
 */
export function preferredSerialOf(credentials: V3Credentials | undefined): string | undefined {
  return keysOf(credentials).preferredSerial;
}

/** An account without credentials for APIv3 has none of these keys. */
const noKeys: Keys = {
  opening: undefined,
  signing: undefined,
  verifying: new Map(),
  preferredSerial: undefined,
};

function keysOf(credentials: V3Credentials | undefined): Keys {
  if (credentials === undefined) {
    return noKeys;
  }
  const known = cache.get(credentials);
  if (known !== undefined) {
    return known;
  }
  const keys = readKeys(credentials);
  cache.set(credentials, keys);
  return keys;
}

function readKeys(credentials: V3Credentials): Keys {
  const verifying = new Map<string, KeyObject>();
  let preferred: { readonly serial: string; readonly until: number } | undefined;
  for (const [serial, pem] of Object.entries(credentials.wechatpayKeys)) {
    const read = isSerial(serial) ? readWechatpayKey(pem) : undefined;
    if (read === undefined) {
      continue;
    }
    verifying.set(serial, read.key);
    if (preferred === undefined || read.until > preferred.until) {
      preferred = { serial, until: read.until };
    }
  }
  const apiV3Key = Buffer.from(credentials.apiV3Key);
  return {
    opening: apiV3Key.byteLength === apiV3KeyBytes ? createSecretKey(apiV3Key) : undefined,
    signing: isSerial(credentials.merchantSerial)
      ? rsaOnly(() => createPrivateKey(credentials.merchantPrivateKey))
      : undefined,
    verifying,
    preferredSerial: preferred?.serial,
  };
}

/** What may stand in a header as it is. */
function isSerial(text: string): boolean {
  return /^[0-9A-Za-z_]{1,64}$/.test(text);
}

function readWechatpayKey(
  pem: string,
): { readonly key: KeyObject; readonly until: number } | undefined {
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    const key = rsaOnly(() => createPublicKey(pem));
    return key === undefined ? undefined : { key, until: Number.POSITIVE_INFINITY };
  }
  let until = 0;
  const key = rsaOnly(() => {
    const certificate = new X509Certificate(pem);
    until = certificate.validToDate.getTime();
    return certificate.publicKey;
  });
  return key === undefined ? undefined : { key, until };
}

/** APIv3 signs with RSA alone: a key of another kind would verify by another algorithm. */
function rsaOnly(read: () => KeyObject): KeyObject | undefined {
  try {
    const key = read();
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
}
