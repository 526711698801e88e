import TinyQueue from 'tinyqueue';
import type { Clock } from '#core/ports.ts';
import { type Instant, plus } from '#core/values/time.ts';

/** Virtual time: what is to happen, in the order in which it happens. */
export type Agenda = Clock & {
  /** Something happens after this long; what falls on one moment happens in the order in which it was planned. */
  after(durationMs: number, run: () => void): void;
  /** Something happens at this moment, or now if that is over. */
  at(moment: Instant, run: () => void): void;
  /** Moves to the next thing, does it and everything that it sets off. Answers false when nothing is left. */
  step(): boolean;
  /** How many things are planned. */
  size(): number;
  /** Whether nothing is planned within this time. */
  isQuietFor(durationMs: number): boolean;
  /** Lets time pass for one task; answers undefined when nobody acts meanwhile. */
  pause(durationMs: number): Promise<void> | undefined;
};

type Entry = { readonly at: Instant; readonly order: number; readonly run: () => void };

export function createAgenda(startsAt: Instant): Agenda {
  const queue = new TinyQueue<Entry>([], byTime);
  let now = startsAt;
  let planned = 0;
  const at = (moment: Instant, run: () => void): void => {
    planned += 1;
    queue.push({ at: moment < now ? now : moment, order: planned, run });
  };
  return {
    now: () => now,
    at,
    after: (durationMs, run) => at(plus(now, durationMs), run),
    step: () => {
      const next = queue.pop();
      if (next === undefined) {
        return false;
      }
      now = next.at;
      next.run();
      settle();
      return true;
    },
    size: () => queue.length,
    isQuietFor: (durationMs) => {
      const next = queue.peek();
      return next === undefined || next.at > now + durationMs;
    },
    pause: (durationMs) => {
      const until = plus(now, durationMs);
      const next = queue.peek();
      if (next === undefined || next.at > until) {
        now = until;
        return undefined;
      }
      return new Promise((resolve) => at(until, resolve));
    },
  };
}

/**
 * Runs every promise job that is ready, so that a step ends only when each task waits for the agenda
 * again. Node's own function between two timers; it works only outside of a promise job.
 */
const settle: () => void = (() => {
  const drain: unknown = Reflect.get(process, '_tickCallback');
  if (typeof drain !== 'function') {
    throw new Error('This Node cannot run its promise jobs at once.');
  }
  return () => {
    drain.call(process);
  };
})();

/** Fails unless promise jobs run to their end at once here; elsewhere no schedule could be believed. */
export function assertCanSettle(): void {
  let isSettled = false;
  void Promise.resolve()
    .then(() => undefined)
    .then(() => {
      isSettled = true;
    });
  settle();
  if (!isSettled) {
    throw new Error('A schedule cannot run inside a promise job; start it from a timer.');
  }
}

function byTime(one: Entry, other: Entry): number {
  return one.at - other.at || one.order - other.order;
}
