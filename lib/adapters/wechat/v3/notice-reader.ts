import { isUtf8 } from 'node:buffer';
import type { Notice } from '#core/notices.ts';
import type { NoticeReader } from '#core/ports.ts';
import { fail, ok, type Result } from '#core/result.ts';
import { isObject, isText, type JsonObject, parseObject } from '#core/values/json.ts';
import { parseRfc3339 } from '#core/values/time.ts';
import { openResource, type SealedResource } from './resource.ts';
import { signatureProblemOf } from './signed-message.ts';

type Envelope = {
  readonly facts: Omit<Notice, 'resource'>;
  readonly sealed: SealedResource;
};

const maxBodyBytes = 1_500_000;
const word = /^[\x21-\x7e]{1,64}$/;

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
      const credentials = account.credentials.v3;
      const problem = signatureProblemOf(credentials, raw, now);
      if (problem !== undefined) {
        return fail(problem);
      }
      const envelope = readEnvelope(raw.body);
      if (!envelope.ok) {
        return envelope;
      }
      const { facts, sealed } = envelope.value;
      const opened = openResource(credentials, sealed);
      if (!opened.ok) {
        return opened;
      }
      const { id, event_type, createdAt } = facts;
      const resource = objectIn(opened.value);
      return resource === undefined ? fail('body') : ok({ id, event_type, createdAt, resource });
    },
  };
}

function readEnvelope(body: Uint8Array): Result<Envelope, 'body'> {
  const { id, event_type, create_time, resource } = objectIn(body) ?? {};
  if (!isWord(id) || !isWord(event_type) || !isShort(create_time) || !isObject(resource)) {
    return fail('body');
  }
  const createdAt = parseRfc3339(create_time);
  const { algorithm, ciphertext, nonce, associated_data } = resource;
  const isAssociated = associated_data === undefined || isShort(associated_data);
  if (
    !createdAt.ok ||
    !isShort(algorithm) ||
    !isText(ciphertext) ||
    !isShort(nonce) ||
    !isAssociated
  ) {
    return fail('body');
  }
  return ok({
    facts: { id, event_type, createdAt: createdAt.value },
    sealed: { algorithm, ciphertext, nonce, associated_data },
  });
}

function objectIn(bytes: Uint8Array): JsonObject | undefined {
  if (!isUtf8(bytes)) {
    return undefined;
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const parsed = parseObject(text);
  return parsed.ok ? parsed.value : undefined;
}

/** An identifier: printable, without spaces. WeChat's ids have 36 characters, its event types 32. */
function isWord(value: unknown): value is string {
  return isText(value) && word.test(value);
}

function isShort(value: unknown): value is string {
  return isText(value) && value.length <= 128;
}
