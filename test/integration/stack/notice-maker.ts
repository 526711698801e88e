import { createCipheriv, createSign, randomBytes } from 'node:crypto';
import type { DevFile } from '../../../local/dev-file.ts';

/** An outside program that makes notices with nothing but what the dev file says. */
export type NoticeParts = {
  readonly resource?: object;
  readonly eventType?: string;
  readonly id?: string;
  readonly timestamp?: number;
  readonly serial?: string;
  readonly apiV3Key?: string;
};

export type SignedNotice = { readonly headers: Record<string, string>; readonly body: string };

export function makeNotice(dev: DevFile, parts: NoticeParts): SignedNotice {
  const body = JSON.stringify({
    id: parts.id ?? 'EV-2026112112000000001',
    create_time: '2026-11-21T12:00:00+08:00',
    resource_type: 'encrypt-resource',
    event_type: parts.eventType ?? 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource: seal(parts.resource ?? {}, parts.apiV3Key ?? dev.account.apiV3Key),
  });
  return signBody(dev, body, parts);
}

export function signBody(dev: DevFile, body: string, parts: NoticeParts = {}): SignedNotice {
  const timestamp = String(parts.timestamp ?? Math.floor(Date.now() / 1000));
  const nonce = randomBytes(16).toString('hex');
  const signature = createSign('RSA-SHA256')
    .update(`${timestamp}\n${nonce}\n${body}\n`)
    .sign(dev.account.wechatpayPrivateKey, 'base64');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-serial': parts.serial ?? dev.account.wechatpaySerial,
      'wechatpay-signature': signature,
    },
  };
}

/** The plaintext that WeChat would send for this order, were it paid. */
export function paidResource(dev: DevFile, out_trade_no: string): object {
  return {
    mchid: dev.account.mchid,
    appid: dev.account.appid,
    out_trade_no,
    transaction_id: '4200002001202611210000000001',
    trade_type: 'NATIVE',
    trade_state: 'SUCCESS',
    success_time: '2026-11-21T12:00:00+08:00',
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    amount: { total: 8800, payer_total: 8800, currency: 'CNY', payer_currency: 'CNY' },
  };
}

function seal(resource: object, apiV3Key: string): object {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce);
  cipher.setAAD(Buffer.from('transaction'));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(resource)), cipher.final()]);
  return {
    original_type: 'transaction',
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64'),
    associated_data: 'transaction',
    nonce,
  };
}
