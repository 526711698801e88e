import { fail, ok, type Result } from '../result.ts';
import type { Brand } from './brand.ts';

/** A moment: milliseconds since 1970-01-01T00:00Z. Core is told the time, it never asks. */
export type Instant = Brand<number, 'Instant'>;

export const secondMs = 1_000;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

const latestMs = 253_402_300_799_999; // 9999-12-31T23:59:59.999Z
const beijingOffsetMs = 8 * hourMs;
const rfc3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

export function isInstant(value: unknown): value is Instant {
  return (
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= latestMs
  );
}

/** Takes whole milliseconds for a moment; a number out of range is a programmer's error. */
export function instant(epochMs: number): Instant {
  if (!isInstant(epochMs)) {
    throw new RangeError(`Not a moment: ${epochMs}`);
  }
  return epochMs;
}

export function plus(at: Instant, durationMs: number): Instant {
  return instant(at + durationMs);
}

export function earliest(first: Instant, ...rest: readonly Instant[]): Instant {
  return instant(Math.min(first, ...rest));
}

export function latest(first: Instant, ...rest: readonly Instant[]): Instant {
  return instant(Math.max(first, ...rest));
}

/** Cuts to the whole second, the grain of WeChat's `time_expire`. */
export function wholeSecond(at: Instant): Instant {
  return instant(at - (at % secondMs));
}

/** Reads RFC 3339 with a zone; fractions of a second are kept to the millisecond. */
export function parseRfc3339(text: string): Result<Instant, 'not-rfc3339'> {
  const at = rfc3339.test(text) && isRealDay(text.slice(0, 10)) ? Date.parse(text) : undefined;
  return isInstant(at) ? ok(at) : fail('not-rfc3339');
}

/** `Date` rolls 30 February over into March: from the 29th on only what reads back the same is real. */
function isRealDay(day: string): boolean {
  const dayOfMonth = Number(day.slice(8));
  return dayOfMonth < 29 || new Date(day).getUTCDate() === dayOfMonth;
}

/** `2026-11-21T12:00:00+08:00`: whole seconds in Beijing time, as WeChat writes its times. */
export function formatBeijing(at: Instant): string {
  return `${new Date(at + beijingOffsetMs).toISOString().slice(0, 19)}+08:00`;
}

/** `2026-11-21T04:00:00.000Z`, for events and answers to the merchant. */
export function formatUtc(at: Instant): string {
  return new Date(at).toISOString();
}

/** `20261121120000`: Beijing time, as PayScore's service orders write theirs. */
export function formatBeijingDigits(at: Instant): string {
  return formatBeijing(at).slice(0, 19).replaceAll(/[-:T]/g, '');
}

/** Reads `yyyyMMddHHmmss` in Beijing time. */
export function parseBeijingDigits(text: string): Result<Instant, 'not-beijing-digits'> {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (match === null) {
    return fail('not-beijing-digits');
  }
  const [, year, month, day, hour, minute, second] = match;
  const read = parseRfc3339(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
  return read.ok ? read : fail('not-beijing-digits');
}
