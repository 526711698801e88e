import { slotAfter } from '../timing.ts';
import { dayMs, hourMs, type Instant, minuteMs, plus, secondMs } from '../values/time.ts';

const soon = [30 * secondMs, ...[1, 2, 3, 5, 10, 15, 20, 30].map((minutes) => minutes * minuteMs)];
const soonAndHourly = [...soon, ...Array.from({ length: 24 }, (_, n) => (n + 1) * hourMs)];
const unsignedOften = 7 * dayMs;
/** An unsigned sign plan is let go after so long. */
export const signPlanLifeMs = 30 * dayMs;

/** A command that is not done yet: its first look comes this soon after it was noted. */
export const firstLookMs = 30 * secondMs;

/**
 * The next look at a sign plan that nobody signed: its notice is gone after ten minutes (4012286193), so
 * the first looks are soon; then hourly for a day, four-hourly for seven days, daily after that.
 */
export function nextUnsignedSlot(launchedAt: Instant, now: Instant): Instant {
  const periodMs = now < launchedAt + unsignedOften ? 4 * hourMs : dayMs;
  return slotAfter(launchedAt, now, soonAndHourly, periodMs);
}

/** The next look at what changes seldom: a signed plan, a running service. */
export function nextQuietSlot(from: Instant, now: Instant): Instant {
  return slotAfter(from, now, [], dayMs);
}

/**
 * The next look at a service that was completed: WeChat charges at once and then by a schedule that it
 * does not tell, without an end date.
 */
export function nextChargingSlot(completedAt: Instant, now: Instant): Instant {
  return slotAfter(completedAt, now, soonAndHourly, dayMs);
}

/** The next look while a command waits for its outcome. */
export function nextCommandSlot(notedAt: Instant, now: Instant): Instant {
  return slotAfter(notedAt, now, soon, hourMs);
}

/** The first `dueAt` of a new subject: soon after the wake that its request sends. */
export function firstDueAtOf(createdAt: Instant): Instant {
  return plus(createdAt, 2 * minuteMs);
}
