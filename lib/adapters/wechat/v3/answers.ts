import { isText, type JsonObject, parseObject } from '#core/values/json.ts';
import { type Instant, parseRfc3339 } from '#core/values/time.ts';

/** Signed by WeChat, but not a whole answer to what was asked. */
export const malformed = { type: 'unknown', code: 'MALFORMED' } as const;

/** Signed by WeChat, but not with the status that its document names for this call. */
export function unexpected(status: number): { readonly type: 'unknown'; readonly code: string } {
  return { type: 'unknown', code: `HTTP_${status}` };
}

/** The JSON object in a body; undefined when it holds anything else. */
export function objectIn(body: Uint8Array): JsonObject | undefined {
  const parsed = parseObject(Buffer.from(body).toString('utf8'));
  return parsed.ok ? parsed.value : undefined;
}

/** One of WeChat's times; undefined when it is absent or cannot be read. */
export function instantIn(value: unknown): Instant | undefined {
  const parsed = parseRfc3339(isText(value) ? value : '');
  return parsed.ok ? parsed.value : undefined;
}
