import { createCipheriv, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account, V3Credentials } from '#core/account.ts';
import type { RawNotice } from '#core/notices.ts';
import { isAccountName, isAppid, isMchid } from '#core/values/ids.ts';
import { type Instant, instant } from '#core/values/time.ts';

// Written from WeChat's documents with node:crypto alone, so that a mistake in lib is not repeated here.

export const apiV3Key = '0123456789abcdefghijklmnopqrstuv';
export const serial = 'PUB_KEY_ID_0116000000012024101100397200000006';
export const otherSerial = 'PUB_KEY_ID_0116000000012024101100397200000007';
/** 2026-11-21T12:00:00+08:00 */
export const noon: Instant = instant(1_795_233_600_000);
export const noonSeconds = '1795233600';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const merchantPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const wechatPrivateKey: KeyObject = pair.privateKey;
export const wechatPublicPem = pemOf(pair.publicKey);
export const merchantPublicKey: KeyObject = merchantPair.publicKey;
export const merchantPrivatePem = pemOf(merchantPair.privateKey);

export function pemOf(key: KeyObject): string {
  const type = key.type === 'private' ? 'pkcs8' : 'spki';
  return key.export({ format: 'pem', type }).toString();
}

export function vectorOf<T>(name: string): T {
  const path = join(import.meta.dirname, '../../../../fixtures/wechat/v3/wechatpay-v3.json');
  const file: { vectors: ({ name: string } & T)[] } = JSON.parse(readFileSync(path, 'utf8'));
  const found = file.vectors.find((vector) => vector.name === name);
  if (found === undefined) {
    throw new Error(`No vector ${name}`);
  }
  return found;
}

type V3Account = Account & { readonly credentials: { readonly v3: V3Credentials } };

export function accountOf(credentials: Partial<V3Credentials> = {}): V3Account {
  return {
    name: known('main', isAccountName),
    mchid: known('1900007291', isMchid),
    appids: [known('wxd678efh567hg6787', isAppid)],
    tenant: 'shop',
    api: 'v3',
    latePolicy: 'hold',
    duplicatePolicy: 'hold',
    credentials: {
      v3: {
        apiV3Key,
        merchantSerial: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
        merchantPrivateKey: merchantPrivatePem,
        wechatpayKeys: { [serial]: wechatPublicPem },
        ...credentials,
      },
    },
  };
}

export function known<T>(value: unknown, check: (value: unknown) => value is T): T {
  if (!check(value)) {
    throw new Error(`Not accepted: ${value}`);
  }
  return value;
}

export type SignAs = {
  readonly timestamp?: string;
  readonly nonce?: string;
  readonly serial?: string;
  readonly key?: KeyObject;
};

/** The headers that WeChat would send with this body (4013053420). */
export function signedHeaders(body: string | Buffer, as: SignAs = {}): Record<string, string> {
  const timestamp = as.timestamp ?? noonSeconds;
  const nonce = as.nonce ?? 'd824f2e086d3c1df967785d13fcd22ef';
  const message = Buffer.concat([
    Buffer.from(`${timestamp}\n${nonce}\n`),
    Buffer.from(body),
    Buffer.from('\n'),
  ]);
  return {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': as.serial ?? serial,
    'wechatpay-signature': sign('sha256', message, as.key ?? wechatPrivateKey).toString('base64'),
  };
}

export function signedNotice(body: string | Buffer, as: SignAs = {}): RawNotice {
  return { headers: signedHeaders(body, as), body: Buffer.from(body) };
}

export type SealAs = {
  readonly key?: string;
  readonly nonce?: string;
  readonly associatedData?: string;
};

/** Base64 of ciphertext and tag (4013071196). */
export function seal(plaintext: string | Buffer, as: SealAs = {}): string {
  const cipher = createCipheriv(
    'aes-256-gcm',
    Buffer.from(as.key ?? apiV3Key),
    Buffer.from(as.nonce ?? 'Kj7QIyUiYx1q'),
  );
  cipher.setAAD(Buffer.from(as.associatedData ?? 'transaction'));
  const encrypted = [cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(encrypted).toString('base64');
}

export const paidTransaction = {
  mchid: '1900007291',
  appid: 'wxd678efh567hg6787',
  out_trade_no: 'order_000001',
  transaction_id: '4200002345202611211234567890',
  trade_type: 'NATIVE',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'OTHERS',
  success_time: '2026-11-21T11:59:58+08:00',
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  amount: { total: 100, payer_total: 90, currency: 'CNY', payer_currency: 'CNY' },
};

/** A part of `paidTransaction` that went back (4013071036). */
export const succeededRefund = {
  refund_id: '50000000382019052709732678859',
  out_refund_no: 'refund|1@desk',
  transaction_id: '4200002345202611211234567890',
  out_trade_no: 'order_000001',
  channel: 'ORIGINAL',
  user_received_account: '招商银行信用卡0403',
  success_time: '2026-11-21T12:00:05+08:00',
  create_time: '2026-11-21T12:00:01+08:00',
  status: 'SUCCESS',
  funds_account: 'AVAILABLE',
  amount: {
    total: 100,
    refund: 40,
    payer_total: 90,
    payer_refund: 36,
    settlement_total: 90,
    settlement_refund: 36,
    discount_refund: 4,
    currency: 'CNY',
    refund_fee: 0,
  },
};

/** The outer body of a payment notice around the sealed plaintext (4012791861). */
export function envelopeOf(
  plaintext: string | Buffer = JSON.stringify(paidTransaction),
  resource: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    id: 'EV-2026112112000000001',
    create_time: '2026-11-21T11:59:59+08:00',
    resource_type: 'encrypt-resource',
    event_type: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource: {
      original_type: 'transaction',
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: seal(plaintext),
      associated_data: 'transaction',
      nonce: 'Kj7QIyUiYx1q',
      ...resource,
    },
  };
}
