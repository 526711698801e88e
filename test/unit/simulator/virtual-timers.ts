import type { Timers } from '../../../simulator/timers.ts';

type Waiting = { readonly at: number; readonly run: () => void };

/** Timers that move only when told to; `advance` runs what falls due, in order, and lets its promises settle. */
export const virtualTimers = (startMs: number) => {
  let now = startMs;
  const waiting = new Set<Waiting>();
  const timers: Timers = {
    now: () => now,
    after: (waitMs, run) => {
      const entry = { at: now + waitMs, run };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
  };
  const next = (until: number): Waiting | undefined =>
    [...waiting].filter((entry) => entry.at <= until).sort((a, b) => a.at - b.at)[0];
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const advance = async (byMs: number) => {
    const until = now + byMs;
    await settled();
    for (let due = next(until); due !== undefined; due = next(until)) {
      waiting.delete(due);
      now = due.at;
      due.run();
      await settled();
    }
    now = until;
  };
  return { timers, advance, waiting: () => waiting.size };
};
