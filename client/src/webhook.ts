import type { MerchantEvent } from './events.ts';
import { textOf } from './json.ts';
import { readEvent } from './read-event.ts';
import { EventRefusedError } from './refusal.ts';
import {
  base64Bytes,
  readKey,
  type SignatureVersion,
  signatureBytes,
  type VerifyingKey,
} from './webhook-keys.ts';

export type WebhookOptions = {
  /**
   * `whsec_…` (HMAC-SHA256) or `whpk_…` (Ed25519 public key), in base64. One of them must have signed: while a
   * key is replaced name the old and the new one.
   */
  readonly keys: readonly string[];
  /** How far the sender's clock may be off, either way: 1 to 900; 300 when absent. */
  readonly toleranceSeconds?: number;
  /** Unix milliseconds; the clock of this machine when absent. */
  readonly now?: () => number;
};

/** `Headers`, or the plain object of `node:http`, Lambda and others; names in any case. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | { readonly [name: string]: string | readonly string[] | undefined };

export type WebhookVerifier = {
  /**
   * The event that a request brings, if one of the keys signed it just now. `rawBody` is the body exactly as it
   * came, before anything has parsed it. Throws `EventRefusedError`: answer 400 then.
   */
  readonly verify: (
    headers: WebhookHeaders,
    rawBody: Uint8Array | string,
  ) => Promise<MerchantEvent>;
};

const usualToleranceSeconds = 300;
const mostToleranceSeconds = 900;
const mostSignatures = 16;

/**
 * Verifies webhooks by Standard Webhooks 1.0.0: time, signature, then the event itself, whose id must be the one
 * that was signed. Throws `TypeError` when the options cannot work.
 */
export function createWebhookVerifier(options: WebhookOptions): WebhookVerifier {
  const { toleranceSeconds = usualToleranceSeconds, now = () => Date.now() } = options;
  const keys = options.keys.map(readKey);
  if (keys.length === 0) {
    throw new TypeError('There must be a key.');
  }
  if (!(toleranceSeconds >= 1 && toleranceSeconds <= mostToleranceSeconds)) {
    throw new TypeError(`\`toleranceSeconds\` is not from 1 to ${mostToleranceSeconds}.`);
  }
  return {
    verify: async (headers, rawBody) => {
      const id = readId(header(headers, 'webhook-id'));
      const timestamp = header(headers, 'webhook-timestamp');
      const signatures = readSignatures(header(headers, 'webhook-signature'));
      checkTime(timestamp, Math.floor(now() / 1_000), toleranceSeconds);
      // What is verified and what is read are one copy, whatever the caller does with theirs.
      const { signed, body } = signedContent(id, timestamp, rawBody);
      if (!(await isSignedByOne(keys, signatures, signed))) {
        throw new EventRefusedError('no_match', 'None of the signatures is by one of the keys.');
      }
      const event = readEvent(textOf(body) ?? '');
      if (id !== idOf(event)) {
        throw new EventRefusedError('foreign_id', 'It was signed for another event.');
      }
      return event;
    },
  };
}

/** Full stops separate the id from the time in what is signed; other characters may not stand in a header. */
function idOf(event: MerchantEvent): string {
  return event.id.replace(/[^!-~]|[.]/g, '_');
}

/** The one value of a header. Sent twice, nobody knows which one counts. */
function header(headers: WebhookHeaders, name: string): string {
  const values = valuesOf(headers, name).filter((value) => value !== '');
  const [value, ...more] = values;
  if (value === undefined) {
    throw new EventRefusedError('missing_header', `There is no ${name}.`);
  }
  if (more.length > 0) {
    throw new EventRefusedError('malformed_header', `There is more than one ${name}.`);
  }
  return value;
}

function valuesOf(headers: WebhookHeaders, name: string): readonly string[] {
  if (isHeaders(headers)) {
    return [headers.get(name) ?? ''];
  }
  return Object.entries(headers)
    .filter(([given]) => given.toLowerCase() === name)
    .flatMap(([, value]) => value ?? []);
}

function isHeaders(headers: WebhookHeaders): headers is { get(name: string): string | null } {
  return 'get' in headers && typeof headers.get === 'function';
}

function readId(text: string): string {
  if (!/^[!-~]{1,256}$/.test(text) || text.includes('.')) {
    throw new EventRefusedError('malformed_header', 'The webhook-id is no id.');
  }
  return text;
}

type Signature = {
  readonly version: SignatureVersion;
  readonly bytes: Uint8Array<ArrayBuffer>;
};

/** Those of a version that is not known are for others to read. */
function readSignatures(text: string): readonly Signature[] {
  const parts = text.split(' ');
  if (parts.length > mostSignatures) {
    throw new EventRefusedError('malformed_header', 'There are too many signatures.');
  }
  return parts.flatMap((part) => {
    const [version, base64 = '', ...more] = part.split(',');
    const bytes = base64Bytes(base64);
    const isWhole =
      (version === 'v1' || version === 'v1a') &&
      more.length === 0 &&
      bytes?.byteLength === signatureBytes[version];
    return isWhole ? [{ version, bytes }] : [];
  });
}

function checkTime(text: string, nowSeconds: number, toleranceSeconds: number): void {
  if (!/^[0-9]{1,12}$/.test(text)) {
    throw new EventRefusedError('malformed_header', 'The webhook-timestamp is no time.');
  }
  const ageSeconds = nowSeconds - Number(text);
  // Written so that a clock that answers no number refuses, too.
  if (!(ageSeconds <= toleranceSeconds)) {
    throw new EventRefusedError('too_old', 'The webhook-timestamp is too long ago.');
  }
  if (!(ageSeconds >= -toleranceSeconds)) {
    throw new EventRefusedError('too_new', 'The webhook-timestamp is too far ahead.');
  }
}

function signedContent(
  id: string,
  timestamp: string,
  rawBody: Uint8Array | string,
): { readonly signed: Uint8Array<ArrayBuffer>; readonly body: Uint8Array<ArrayBuffer> } {
  const encoder = new TextEncoder();
  const prefix = encoder.encode(`${id}.${timestamp}.`);
  const body = typeof rawBody === 'string' ? encoder.encode(rawBody) : rawBody;
  const signed = new Uint8Array(prefix.byteLength + body.byteLength);
  signed.set(prefix);
  signed.set(body, prefix.byteLength);
  return { signed, body: signed.subarray(prefix.byteLength) };
}

async function isSignedByOne(
  keys: readonly VerifyingKey[],
  signatures: readonly Signature[],
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  for (const { version, bytes } of signatures) {
    for (const key of keys) {
      if (key.version === version && (await key.verify(bytes, signed))) {
        return true;
      }
    }
  }
  return false;
}
