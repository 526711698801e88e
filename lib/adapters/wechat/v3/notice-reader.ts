import { isUtf8 } from 'node:buffer';
import type { Notice } from '#core/notices.ts';
import type { NoticeReader } from '#core/ports.ts';
import { fail, ok, type Result } from '#core/result.ts';
import { fieldsOf, isObject, isText, type JsonObject, parseObject } from '#core/values/json.ts';
import { type Instant, parseRfc3339 } from '#core/values/time.ts';
import { openResource, type SealedResource } from './resource.ts';
import { signatureProblemOf } from './signed-message.ts';

type Envelope = Omit<Notice, 'resource'> & { readonly sealed: SealedResource };

const maxBodyBytes = 1_500_000;

/**
 * Reads APIv3 callbacks (4012791861, 4013071196) in a fixed order: headers, serial, clock, signature
 * over the raw bytes, JSON, decryption. The first thing that is wrong is the problem it answers.
 * Fields it does not know are ignored, and their order is free.
 */
export function createNoticeReader(): NoticeReader {
  return {
    read: (account, raw, now) => {
      if (raw.body.byteLength > maxBodyBytes) {
        return fail('body');
      }
      const problem = signatureProblemOf(account.credentials, raw, now);
      if (problem !== undefined) {
        return fail(problem);
      }
      const envelope = readEnvelope(raw.body);
      if (!envelope.ok) {
        return envelope;
      }
      const { sealed, ...facts } = envelope.value;
      const opened = openResource(account.credentials, sealed);
      if (!opened.ok) {
        return opened;
      }
      const resource = objectIn(opened.value);
      return resource === undefined ? fail('body') : ok({ ...facts, resource });
    },
  };
}

function readEnvelope(body: Uint8Array): Result<Envelope, 'body'> {
  const fields = fieldsOf(objectIn(body));
  const id = fields.required('id', isWord);
  const event_type = fields.required('event_type', isWord);
  const createdAt = instantOf(fields.required('create_time', isShort));
  const resource = fieldsOf(fields.required('resource', isObject));
  const sealed = {
    algorithm: resource.required('algorithm', isShort),
    ciphertext: resource.required('ciphertext', isText),
    nonce: resource.required('nonce', isShort),
    associated_data: resource.optional('associated_data', isShort),
  };
  const outer = fields.result(() => ({ id, event_type }));
  const inner = resource.result(() => sealed);
  return outer.ok && inner.ok && createdAt !== undefined
    ? ok({ ...outer.value, createdAt, sealed: inner.value })
    : fail('body');
}

function objectIn(bytes: Uint8Array): JsonObject | undefined {
  if (!isUtf8(bytes)) {
    return undefined;
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const parsed = parseObject(text);
  return parsed.ok ? parsed.value : undefined;
}

function instantOf(text: string | undefined): Instant | undefined {
  const parsed = parseRfc3339(text ?? '');
  return parsed.ok ? parsed.value : undefined;
}

/** An identifier: printable, without spaces. WeChat's ids have 36 characters, its event types 32. */
function isWord(value: unknown): value is string {
  return isText(value) && /^[\x21-\x7e]{1,64}$/.test(value);
}

function isShort(value: unknown): value is string {
  return isText(value) && value.length <= 128;
}
