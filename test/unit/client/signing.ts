import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import {
  createWebhookVerifier,
  type RefusalCode,
  type WebhookHeaders,
  type WebhookOptions,
} from '../../../client/src/index.ts';
import { eventText } from './events.ts';

export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const otherSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
export const ed25519 = generateKeyPairSync('ed25519');
export const otherEd25519 = generateKeyPairSync('ed25519');
export const publicKeyOf = (key: KeyObject): string =>
  `whpk_${Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`;
export const publicKey = publicKeyOf(ed25519.publicKey);

export const nowSeconds = 1_795_233_621;
export const body = eventText('order.paid');
export const id = 'order#1900000001#A-1001/order_paid/1';

type Sent = { readonly id?: string; readonly timestamp?: number; readonly body?: string };

/** Signed by the official library. */
export function hmac(sent: Sent = {}, key = secret): string {
  const at = new Date((sent.timestamp ?? nowSeconds) * 1_000);
  return new Webhook(key).sign(sent.id ?? id, at, sent.body ?? body);
}

export function ed(sent: Sent = {}, key = ed25519.privateKey): string {
  const content = `${sent.id ?? id}.${sent.timestamp ?? nowSeconds}.${sent.body ?? body}`;
  return `v1a,${sign(null, Buffer.from(content), key).toString('base64')}`;
}

export function headersOf(signature: string, sent: Sent = {}) {
  return {
    'webhook-id': sent.id ?? id,
    'webhook-timestamp': String(sent.timestamp ?? nowSeconds),
    'webhook-signature': signature,
  };
}

export const verifierOf = (options: Partial<WebhookOptions> = {}) =>
  createWebhookVerifier({ keys: [secret, publicKey], now: () => nowSeconds * 1_000, ...options });

export async function refuse(
  code: RefusalCode,
  headers: WebhookHeaders,
  rawBody: Uint8Array | string = body,
  options: Partial<WebhookOptions> = {},
): Promise<void> {
  await assert.rejects(verifierOf(options).verify(headers, rawBody), {
    name: 'EventRefusedError',
    code,
  });
}
