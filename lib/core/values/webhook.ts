import { fail, ok, type Result } from '../result.ts';
import { isText } from './json.ts';

/** What may be called. There is no default: whoever checks says whether it is for a laptop. */
export type WebhookRules = {
  /** Takes plain HTTP on 127.0.0.1, and the addresses of 127.0.0.0/8, besides what is public. */
  readonly allowsLoopback: boolean;
};

const urlLimit = 2_048;
const hostPattern = String.raw`(?:[0-9a-z-]+(?:\.[0-9a-z-]+)*|\[[0-9a-f:.]+\])`;
const portPattern = '(?::[1-9][0-9]{0,4})';
/** What RFC 3986 lets stand after the host, but for the fragment, which is never sent. */
const restPattern = String.raw`(?:[/?][0-9a-z\-._~:/?\[\]@!$&'()*+,;=%]*)?`;
const httpsUrl = new RegExp(`^https://${hostPattern}${portPattern}?${restPattern}$`, 'i');
const loopbackUrl = new RegExp(String.raw`^http://127\.0\.0\.1${portPattern}${restPattern}$`, 'i');

/**
 * Whether a webhook's URL has the shape of one that may be called: HTTPS, no user or password, no
 * fragment, at most 2,048 characters, and only those that every parser reads alike. It says nothing
 * about where the host leads: whoever connects checks each address.
 */
export function isWebhookUrl(value: unknown, { allowsLoopback }: WebhookRules): value is string {
  return (
    isText(value) &&
    value.length <= urlLimit &&
    (httpsUrl.test(value) || (allowsLoopback && loopbackUrl.test(value)))
  );
}

const keySchemes = [
  { scheme: 'hmac-sha256', prefix: 'whsec_', leastBytes: 24, mostBytes: 64 },
  { scheme: 'ed25519', prefix: 'whsk_', leastBytes: 32, mostBytes: 32 },
] as const;

/** With its padding, and with unused bits zero (RFC 4648, 3.5): one text for the same bytes. */
const strictBase64 =
  /^(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/][AQgw]==|[0-9A-Za-z+/]{2}[048AEIMQUYcgkosw]=)?$/;

export type WebhookKey = {
  readonly scheme: (typeof keySchemes)[number]['scheme'];
  /** The bytes of the secret, or of the Ed25519 seed. */
  readonly base64: string;
};

/**
 * Reads a key that signs deliveries, as Standard Webhooks 1.0.0 ("Signature scheme") writes it:
 * `whsec_` and the base64 of 24 to 64 bytes for HMAC-SHA256, `whsk_` and that of a 32-byte seed for
 * Ed25519.
 */
export function readWebhookKey(value: unknown): Result<WebhookKey, 'not-a-key'> {
  const text = isText(value) ? value : '';
  const found = keySchemes.find(({ prefix }) => text.startsWith(prefix));
  if (found === undefined) {
    return fail('not-a-key');
  }
  const base64 = text.slice(found.prefix.length);
  const bytes = bytesIn(base64);
  const fits = found.leastBytes <= bytes && bytes <= found.mostBytes;
  return fits && strictBase64.test(base64)
    ? ok({ scheme: found.scheme, base64 })
    : fail('not-a-key');
}

function bytesIn(base64: string): number {
  return (base64.replace(/=+$/, '').length * 3) >> 2;
}
