import type { Wake } from './messages.ts';
import {
  dayMs,
  earliest,
  hourMs,
  type Instant,
  instant,
  minuteMs,
  plus,
  secondMs,
} from './values/time.ts';

/** The moments that an order's wakes hang on. `closeAt` moves when somebody asks to close early. */
export type WakePlan = {
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly closeAt: Instant;
  /** A payer stands at the till: looked at every few seconds. */
  readonly isCodePayment?: boolean;
};

/** SQS delays a message by 15 minutes at most (SendMessage `DelaySeconds`). */
const longestDelayMs = 15 * minuteMs;
/** A chain ends well below the 16 sends at which Lambda stops an SQS loop. */
const hopLimit = 10;
/** A chain's wake this far from its slot no longer speaks for the chain. */
const slotToleranceMs = minuteMs;

const firstHalfHour = [
  30 * secondMs,
  ...[1, 3, 5, 10, 20, 30].map((minutes) => minutes * minuteMs),
];
/** First after 5 s, then every 5 to 10 s (4011937125). */
const atTheTill = [5, 10, 15, 20, 30, 40].map((seconds) => seconds * secondMs);
const longOrderMs = 2 * hourMs;
const longOrder = [1, 2, 4, 8, 16, 24].map((hours) => hours * hourMs);
const afterCloseAt = [30 * secondMs, ...[1, 2, 5, 10, 30].map((minutes) => minutes * minuteMs)];
const unknownPauses = [
  30 * secondMs,
  ...[1, 2, 5, 10, 30, 60].map((minutes) => minutes * minuteMs),
];
const faultPauseMs = hourMs;

/** A code payment that is unpaid by then is reversed (4011937125). */
const codePaymentLifeMs = 45 * secondMs;
/** A code is charged no later than this after its order was written. */
const chargingFenceMs = 10 * secondMs;
/** A reversal comes 15 s after the charge at the earliest (4011937125). */
const reversalPauseMs = 15 * secondMs;

const expiryGraceMs = 30 * secondMs;
const placingGraceMs = 5 * minuteMs;
const firstMessageMarginMs = minuteMs;

/** When we start to close: not before the expiry, nor while a placing may still be on its way. */
export function closeAtOf(expiresAt: Instant, lastPlacedAt: Instant): Instant {
  return instant(Math.max(expiresAt + expiryGraceMs, lastPlacedAt + placingGraceMs));
}

/** When a code payment that nobody confirmed is reversed. */
export function reversalAtOf(createdAt: Instant): Instant {
  return plus(createdAt, codePaymentLifeMs);
}

/** Whether the code may be charged still: whoever was held up for longer leaves it to the loop. */
export function mayCharge(createdAt: Instant, now: Instant): boolean {
  return now <= createdAt + chargingFenceMs;
}

/** Before this a code payment is not reversed, whoever asks for it. */
export function reversibleAtOf(createdAt: Instant): Instant {
  return plus(createdAt, chargingFenceMs + reversalPauseMs);
}

/** APIv2 closes nothing in the first five minutes after its placing. */
export function closableAtOf(lastPlacedAt: Instant): Instant {
  return plus(lastPlacedAt, placingGraceMs);
}

/** The first `dueAt`: a minute after the last message of the first half hour. */
export function firstDueAt(plan: WakePlan): Instant {
  const lastMessageAt = earliest(plan.closeAt, plus(plan.createdAt, 30 * minuteMs));
  return plus(lastMessageAt, firstMessageMarginMs);
}

/**
 * The next planned look after `now`. Slots are fixed, so that chains that lost each other meet again:
 * 30 s, 1, 3, 5, 10, 20, 30 min from creation, for orders of more than two hours also 1, 2, 4, 8, 16,
 * 24 h and daily, and `closeAt`; after that 30 s, 1, 2, 5, 10, 30 min from `closeAt`, then hourly. For a
 * code payment 5, 10, 15, 20, 30, 40 s from creation, and `closeAt`.
 */
export function nextSlot(plan: WakePlan, now: Instant): Instant {
  if (now >= plan.closeAt) {
    return slotAfter(plan.closeAt, now, afterCloseAt, hourMs);
  }
  const isLong = plan.expiresAt - plan.createdAt > longOrderMs;
  const soon = plan.isCodePayment === true ? atTheTill : firstHalfHour;
  const slot = isLong
    ? slotAfter(plan.createdAt, now, [...firstHalfHour, ...longOrder], dayMs)
    : (soon.map((ms) => plus(plan.createdAt, ms)).find((at) => at > now) ?? plan.closeAt);
  return earliest(slot, plan.closeAt);
}

/** The next of fixed moments: those listed after `from`, then one every period. */
export function slotAfter(
  from: Instant,
  now: Instant,
  offsetsMs: readonly number[],
  periodMs: number,
): Instant {
  const listed = offsetsMs.find((ms) => from + ms > now);
  return plus(from, listed ?? (Math.floor((now - from) / periodMs) + 1) * periodMs);
}

const refundLooks = [0, 1, 2, 3, 4, 5, 10, 20, 40, 70].map((minutes) => minutes * minuteMs);

/**
 * The next planned look at a refund: 1 min × 5, then after 5, 10, 20 and 30 min more (4014959631), then
 * hourly for a day, then daily.
 */
export function nextRefundSlot(startAt: Instant, now: Instant): Instant {
  const periodMs = now < startAt + dayMs ? hourMs : dayMs;
  return slotAfter(startAt, now, refundLooks, periodMs);
}

/** The next look at a refund that only the merchant or the bank can bring on. */
export function nextDailySlot(startAt: Instant, now: Instant): Instant {
  return slotAfter(startAt, now, [], dayMs);
}

const firstRefundLookMs = 2 * minuteMs;

/** The first `dueAt` of a refund: soon after the message that begins it, or its start if that is far. */
export function refundDueAt(startAt: Instant, now: Instant): Instant {
  return isWithinDelay(startAt, now) ? plus(startAt, firstRefundLookMs) : startAt;
}

/** Whether one delayed message reaches as far as `at`. */
export function isWithinDelay(at: Instant, now: Instant): boolean {
  return at - now <= longestDelayMs;
}

/** The wake that begins a subject without a chain: it arms by writing `dueAt`, as a swept one does. */
export function startWake(about: Pick<Wake, 'account' | 'subject'>, startAt: Instant): Wake {
  return { type: 'wake', ...about, origin: 'sweep', slot: startAt, hop: 0 };
}

/** The wake that begins the one chain of a record, sent by the PUT that created it. */
export function firstWake(plan: WakePlan, about: Pick<Wake, 'account' | 'subject'>): Wake {
  const slot = nextSlot(plan, plan.createdAt);
  return { type: 'wake', ...about, origin: 'chain', slot, hop: 0 };
}

/**
 * Whether this delivery of a wake may send the chain's next message. Every other delivery (swept,
 * received again, redriven, late, from `closeAt` on) arms by writing `dueAt`, where chains become one.
 */
export function carriesChain(
  wake: Wake,
  receiveCount: number,
  plan: WakePlan,
  now: Instant,
): boolean {
  return (
    wake.origin === 'chain' &&
    receiveCount === 1 &&
    wake.hop < hopLimit &&
    now < plan.closeAt &&
    Math.abs(now - wake.slot) <= slotToleranceMs &&
    nextSlot(plan, instant(wake.slot - 1)) === wake.slot
  );
}

/** The chain's next message, or undefined where the gap needs a `dueAt` instead. */
export function nextChainWake(wake: Wake, plan: WakePlan, now: Instant): Wake | undefined {
  // A wake may arrive a little early: the slot it stands for is over all the same.
  const slot = nextSlot(plan, instant(Math.max(now, wake.slot)));
  return isWithinDelay(slot, now) ? { ...wake, slot, hop: wake.hop + 1 } : undefined;
}

/** How long to wait after the n-th look in a row (from 1) without an answer; a fault waits an hour. */
export function pauseAfterUnknown(looks: number, isFault: boolean): number {
  return isFault ? faultPauseMs : (unknownPauses[looks - 1] ?? hourMs);
}

/** After so many looks without an answer (two days) a settled record rests all the same. */
export const settledLookLimit = 52;

const noticeAheadPausesMs = [5 * secondMs, 15 * secondMs, 45 * secondMs];

/** A notice says paid, the query does not yet: three quick repeats of the message, then the plan goes on. */
export function pauseForNoticeAhead(receiveCount: number): number | undefined {
  return noticeAheadPausesMs[receiveCount - 1];
}

const firstLeaseMs = 5 * minuteMs;
const longestLeaseMs = 6 * hourMs;
/** From this lease on nobody has managed to look for hours: a human should. */
export const stuckLease = 6;

/** How long the n-th lease in a row (from 1) keeps the record: 5 min, doubling to 6 h. */
export function leaseMs(lease: number): number {
  return Math.min(firstLeaseMs * 2 ** Math.min(lease - 1, 16), longestLeaseMs);
}

/** A commit leaves `dueAt` alone if it stands within this time: one index write less. */
const keepDueAtWithinMs = 35 * minuteMs;
const owedDueInMs = 2 * minuteMs;

/** `dueAt` of a record that settles but still owes its events: somebody carries them out by then. */
export function dueAtOfOwed(dueAt: Instant | undefined, now: Instant): Instant {
  const stands = dueAt !== undefined && dueAt <= now + keepDueAtWithinMs;
  return stands ? dueAt : plus(now, owedDueInMs);
}

const retryPausesMs = [
  10 * secondMs,
  30 * secondMs,
  minuteMs,
  2 * minuteMs,
  5 * minuteMs,
  10 * minuteMs,
];

/** The pause before a message is received again, growing to 15 min; `jitter` is in [0, 1). */
export function retryPauseMs(receiveCount: number, jitter: number): number {
  const base = retryPausesMs[receiveCount - 1] ?? longestDelayMs;
  return Math.round(base * (0.75 + 0.25 * jitter));
}
