import { type Fen, isFen } from '#core/values/money.ts';
import { formatBeijing, type Instant, parseRfc3339 } from '#core/values/time.ts';
import type { Fields } from './xml.ts';

/** Signed by WeChat, but not a whole answer to what was asked. */
export const malformed = { type: 'unknown', code: 'MALFORMED' } as const;

/** A field's value. An empty one counts as absent: the signature cannot tell them apart (4011985891). */
export function textIn(fields: Fields, name: string): string | undefined {
  return fields.get(name) || undefined;
}

/** A field's amount in fen, in plain digits; undefined for any other text. */
export function fenIn(fields: Fields, name: string): Fen | undefined {
  const text = fields.get(name) ?? '';
  const amount = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : undefined;
  return isFen(amount) ? amount : undefined;
}

/** `20261121120000`: Beijing time without a mark. */
export function formatTime(at: Instant): string {
  return formatBeijing(at).slice(0, 19).replaceAll(/\D/g, '');
}

/**
 * A field's time, Beijing's, as payments (`20261121120000`) and refunds (`2026-11-21 12:00:00`) write it;
 * undefined when it is absent or cannot be read.
 */
export function timeIn(fields: Fields, name: string): Instant | undefined {
  const match =
    /^(\d{4})(-?)(\d\d)\2(\d\d)( ?)(\d\d)(:?)(\d\d)\7(\d\d)$/.exec(fields.get(name) ?? '') ?? [];
  const [, year, , month, day, , hour, , minute, second] = match;
  const parsed = parseRfc3339(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
  return parsed.ok ? parsed.value : undefined;
}
