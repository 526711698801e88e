import TinyQueue from 'tinyqueue';
import { type Instant, instant } from '#core/values/time.ts';

/** Time that passes only where somebody waits for it. */
export type VirtualTime = {
  readonly now: () => Instant;
  readonly sleep: (durationMs: number) => Promise<void>;
  /** Runs what is planned until nothing is, or until then. */
  readonly runUntil: (end: Instant) => Promise<void>;
};

export function createVirtualTime(start: Instant): VirtualTime {
  let now = start;
  let planned = 0;
  const agenda = new TinyQueue<{ readonly at: Instant; readonly order: number; run(): void }>(
    [],
    (a, b) => a.at - b.at || a.order - b.order,
  );
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    sleep: (durationMs) =>
      new Promise((resolve) => {
        planned += 1;
        agenda.push({ at: instant(now + durationMs), order: planned, run: resolve });
      }),
    runUntil: async (end) => {
      await settle();
      for (let next = agenda.peek(); next !== undefined && next.at <= end; next = agenda.peek()) {
        now = next.at;
        while (agenda.peek()?.at === now) {
          agenda.pop()?.run();
        }
        await settle();
      }
      now = end;
    },
  };
}
