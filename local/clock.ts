export type ClockSetting = {
  /** Real Unix milliseconds at which both clocks show the same time. */
  readonly origin: number;
  /** How much faster than real time it runs. */
  readonly factor: number;
};

/** A repeating timer never fires more often than this in real time, or it would take the machine. */
const shortestRealIntervalMs = 5;

/**
 * Lets time run `factor` times faster in this thread: replaces `Date`, `setTimeout` and `setInterval`.
 * Call it before anything else is loaded. Sockets, `AbortSignal.timeout`, `performance`, `node:timers`
 * and `node:timers/promises` keep real time. Threads with the same setting agree on the time.
 * Returns the function that puts everything back.
 */
export function scaleClock({ origin, factor }: ClockSetting): () => void {
  if (!(factor > 0) || !Number.isFinite(factor)) {
    throw new RangeError(`A clock cannot run ${factor} times as fast`);
  }
  const real = { Date, setTimeout, setInterval };
  const now = (): number => Math.floor(origin + (real.Date.now() - origin) * factor);
  const shorten = (ms: unknown): number => (Number(ms) || 0) / factor;
  globalThis.Date = new Proxy(real.Date, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    apply: () => new real.Date(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
  globalThis.setTimeout = new Proxy(real.setTimeout, {
    apply: (target, self, [run, ms, ...values]) =>
      Reflect.apply(target, self, [run, shorten(ms), ...values]),
  });
  globalThis.setInterval = new Proxy(real.setInterval, {
    apply: (target, self, [run, ms, ...values]) =>
      Reflect.apply(target, self, [run, Math.max(shorten(ms), shortestRealIntervalMs), ...values]),
  });
  return () => {
    Object.assign(globalThis, real);
  };
}
