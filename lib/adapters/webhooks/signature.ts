import { createHmac, createPrivateKey, sign } from 'node:crypto';
import type { Webhook } from '#core/account.ts';
import type { Delivery } from '#core/deliveries.ts';
import { fail, ok, type Result } from '#core/result.ts';
import { type Instant, secondMs } from '#core/values/time.ts';
import { readWebhookKey, type WebhookKey } from '#core/values/webhook.ts';

export type SignedHeaders = {
  readonly 'webhook-id': string;
  /** Unix seconds. */
  readonly 'webhook-timestamp': string;
  /** One signature a key, in the order of the keys, with spaces between them. */
  readonly 'webhook-signature': string;
};

/** Begins the PKCS#8 form of an Ed25519 key; its 32-byte seed follows (RFC 8410, section 7). */
const ed25519Header = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The headers of Standard Webhooks 1.0.0 for one attempt at `now`. All keys sign, so that a receiver
 * may know the old one or the new one. `webhook-id` is the same in each attempt: the event's id with
 * `_` for each full stop, since full stops separate what is signed (`{id}.{timestamp}.{body}`) and an
 * id that holds one could be read as the id and timestamp of another message; and for whatever may
 * not stand in a header. The body's own `id` stays as it is.
 */
export function signedHeaders(
  keys: Webhook['keys'],
  { event, body }: Delivery,
  now: Instant,
): Result<SignedHeaders, 'key_invalid'> {
  const id = event.id.replace(/[^!-~]|\./g, '_');
  const timestamp = String(Math.floor(now / secondMs));
  const content = Buffer.from(`${id}.${timestamp}.${body}`);
  const signatures: string[] = [];
  for (const text of keys) {
    const key = readWebhookKey(text);
    if (!key.ok) {
      return fail('key_invalid');
    }
    signatures.push(signatureOf(key.value, content));
  }
  return ok({
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  });
}

function signatureOf({ scheme, base64 }: WebhookKey, content: Buffer): string {
  const secret = Buffer.from(base64, 'base64');
  switch (scheme) {
    case 'hmac-sha256':
      return `v1,${createHmac('sha256', secret).update(content).digest('base64')}`;
    case 'ed25519':
      return `v1a,${sign(null, content, ed25519Key(secret)).toString('base64')}`;
  }
}

function ed25519Key(seed: Buffer) {
  const key = Buffer.concat([ed25519Header, seed]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}
