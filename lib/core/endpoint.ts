import { dayMs, hourMs, type Instant, minuteMs, plus, secondMs } from './values/time.ts';

/**
 * How a webhook is doing, as far as its answers tell: one small record an account, written when it fails
 * and when it is well again.
 */
export type Endpoint = {
  /** Raised with each write, which asks that it is still the one that was loaded. */
  readonly version: number;
  /** Set while the last attempts failed. */
  readonly failing?: {
    readonly since: Instant;
    readonly attempts: number;
    /** Before that nobody tries. */
    readonly nextTryAt: Instant;
    /** Since when it is down: it had failed for an hour without one success. */
    readonly downAt?: Instant;
  };
};

/** What to do with a delivery now. */
export type EndpointPlan =
  | { readonly type: 'try' }
  /** One try may show whether it is well again; it is reserved by writing this first. */
  | { readonly type: 'probe'; readonly reserve: Endpoint }
  /** Until then, and up to `spreadMs` longer: thousands that wait must not all come back at once. */
  | { readonly type: 'wait'; readonly until: Instant; readonly spreadMs: number }
  /** It is down: out of the way of the others, until a probe succeeds. */
  | { readonly type: 'set-aside' };

/** So many failures in a row may be those of single events; the next one makes the others wait. */
const tolerated = 3;
const downAfterMs = hourMs;
/** A probe ends well within it, or its function died. */
const probeMs = 30 * secondMs;
const pausesMs = [5 * secondMs, 15 * secondMs, 30 * secondMs, minuteMs, 2 * minuteMs];
const longestPauseMs = 5 * minuteMs;

export function planDelivery(endpoint: Endpoint | undefined, now: Instant): EndpointPlan {
  const failing = endpoint?.failing;
  if (endpoint === undefined || failing === undefined || failing.attempts < tolerated) {
    return { type: 'try' };
  }
  if (now < failing.nextTryAt) {
    return failing.downAt === undefined
      ? { type: 'wait', until: failing.nextTryAt, spreadMs: pauseAfter(failing.attempts) }
      : { type: 'set-aside' };
  }
  const reserve = {
    version: endpoint.version + 1,
    failing: { ...failing, nextTryAt: plus(now, probeMs) },
  };
  return { type: 'probe', reserve };
}

/** What is known after one more failure. */
export function afterFailure(endpoint: Endpoint | undefined, now: Instant): Endpoint {
  const failing = endpoint?.failing;
  const attempts = (failing?.attempts ?? 0) + 1;
  const since = failing?.since ?? now;
  const isDown = now >= since + downAfterMs;
  const downAt = failing?.downAt ?? (isDown ? now : undefined);
  return {
    version: (endpoint?.version ?? 0) + 1,
    failing: {
      since,
      attempts,
      nextTryAt: plus(now, pauseAfter(attempts)),
      ...(downAt !== undefined && { downAt }),
    },
  };
}

function pauseAfter(attempts: number): number {
  return attempts < tolerated ? 0 : (pausesMs[attempts - tolerated] ?? longestPauseMs);
}

/** Whether this status is about the one event: who answers so is there, and may take the others. */
export function blamesEvent(status: number | undefined): boolean {
  return status === 400 || status === 409 || status === 413 || status === 422;
}

/** What is known after it answered; undefined where that is no news. */
export function afterAnswer(endpoint: Endpoint | undefined): Endpoint | undefined {
  return endpoint?.failing === undefined ? undefined : { version: endpoint.version + 1 };
}

const shortestRetryMs = 5 * secondMs;
const longestRetryMs = 6 * hourMs;
const retriesMs = 3 * dayMs;
const setAsideMs = 10 * minuteMs;

/**
 * The pause before a delivery that failed is tried again: from 5 s on, each about half again as long as
 * the one before, to 6 h. Undefined: it has been tried for three days. `jitter` is in [0, 1).
 */
export function deliveryPauseMs(ageMs: number, jitter: number): number | undefined {
  if (ageMs >= retriesMs) {
    return undefined;
  }
  const base = Math.min(Math.max(ageMs / 2, shortestRetryMs), longestRetryMs);
  return Math.round(spread(base, jitter));
}

/** The pause between two looks at a delivery that was set aside. */
export function setAsidePauseMs(jitter: number): number {
  return Math.round(spread(setAsideMs, jitter));
}

function spread(ms: number, jitter: number): number {
  return ms * (0.75 + 0.5 * jitter);
}
