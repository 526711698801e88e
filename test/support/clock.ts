import type { Clock } from '#core/ports.ts';
import { type Instant, parseRfc3339, plus } from '#core/values/time.ts';

export type VirtualClock = Clock & {
  /** Moves time on; it never goes back. */
  advance(durationMs: number): void;
  /** Moves time on to this moment. */
  advanceTo(moment: Instant): void;
};

/** Reads a literal such as `2026-11-21T04:00:00Z`; a mistake in it ends the test. */
export function at(text: string): Instant {
  const parsed = parseRfc3339(text);
  if (!parsed.ok) {
    throw new Error(`Not a moment: ${text}`);
  }
  return parsed.value;
}

/** Time that moves only when a test says so. */
export function createClock(startsAt = '2026-11-21T04:00:00Z'): VirtualClock {
  let now = at(startsAt);
  const advanceTo = (moment: Instant): void => {
    if (moment < now) {
      throw new RangeError('Time does not go back.');
    }
    now = moment;
  };
  return {
    now: () => now,
    advance: (durationMs) => advanceTo(plus(now, durationMs)),
    advanceTo,
  };
}
