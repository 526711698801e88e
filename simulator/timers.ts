/** The time the simulator lives in. `now` is Unix milliseconds; `after` returns a function that calls the timer off. */
export type Timers = {
  readonly now: () => number;
  readonly after: (waitMs: number, run: () => void) => () => void;
};

/** The global clock and timers, looked up at each call so that a scaled clock may replace them. */
export const globalTimers: Timers = {
  now: () => Date.now(),
  after: (waitMs, run) => {
    const timer = setTimeout(run, waitMs);
    return () => clearTimeout(timer);
  },
};

const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** RFC 3339 in seconds with WeChat's own offset, e.g. `2026-03-01T20:00:00+08:00`. */
export const beijingTime = (atMs: number): string =>
  `${new Date(atMs + BEIJING_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;

/** `yyyy-MM-dd HH:mm:ss` in Beijing. */
export const wallTime = (atMs: number): string => beijingTime(atMs).slice(0, 19).replace('T', ' ');

/** `yyyyMMddHHmmss` in Beijing, as it stands inside WeChat's own numbers. */
export const beijingDigits = (atMs: number): string =>
  beijingTime(atMs)
    .slice(0, 19)
    .replace(/[^0-9]/g, '');
