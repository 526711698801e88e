import type { Timers } from './timers.ts';

export type Alarms = {
  /** Runs once, later; an earlier alarm of the same name is called off. */
  readonly set: (name: string, waitMs: number, run: () => void) => void;
  readonly clear: (name: string) => void;
  /** Whether it is still to run. */
  readonly isSet: (name: string) => boolean;
  /** Calls off all. */
  readonly stop: () => void;
};

/** Timers that can be called off by name. */
export const createAlarms = (timers: Timers): Alarms => {
  const cancels = new Map<string, () => void>();
  const clear = (name: string) => {
    cancels.get(name)?.();
    cancels.delete(name);
  };
  return {
    set: (name, waitMs, run) => {
      clear(name);
      const cancel = timers.after(waitMs, () => {
        cancels.delete(name);
        run();
      });
      cancels.set(name, cancel);
    },
    clear,
    isSet: (name) => cancels.has(name),
    stop: () => {
      for (const name of cancels.keys()) clear(name);
    },
  };
};
