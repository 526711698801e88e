import { z } from 'zod';
import {
  formatBeijingDigits,
  type Instant,
  parseBeijingDigits,
  parseRfc3339,
  wholeSecond,
} from '#core/values/time.ts';

/**
 * A moment as RFC 3339 writes it, with its zone, or as WeChat's service orders do: `yyyyMMddHHmmss` in
 * Beijing time. Parts of a second are cut off, for WeChat is told none.
 */
export const momentText = z.string().transform((text, context): Instant => {
  const beijing = parseBeijingDigits(text);
  const parsed = beijing.ok ? beijing : parseRfc3339(text);
  if (!parsed.ok || !canBeWritten(parsed.value)) {
    context.addIssue({ code: 'custom', message: 'moment' });
    return z.NEVER;
  }
  return wholeSecond(parsed.value);
});

/** In Beijing the last hours of the year 9999 are in the next one, which has five digits. */
function canBeWritten(at: Instant): boolean {
  return parseBeijingDigits(formatBeijingDigits(at)).ok;
}
