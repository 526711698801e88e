const firstPauseMs = 250;
const longestPauseMs = 8_000;

/**
 * How long to wait before retry number `made` + 1: growing from 250 ms to 8 s, at least what the answer asks
 * for, and never at the same moment as others. `random` is from 0 up to 1.
 */
export function pauseMs(made: number, random: number, retryAfter: string | undefined): number {
  const halfMs = Math.min(firstPauseMs * 2 ** made, longestPauseMs) / 2;
  return Math.max(halfMs, retryAfterMs(retryAfter)) + halfMs * random;
}

/** Seconds (RFC 9110 §10.2.3). The API sends no dates, which would need both clocks to agree. */
function retryAfterMs(text: string | undefined): number {
  return text !== undefined && /^[0-9]{1,6}$/.test(text) ? Number(text) * 1_000 : 0;
}
