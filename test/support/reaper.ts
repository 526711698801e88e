import { Crash, type FaultSource, type Step } from './faults.ts';

/** Kills one function at any of its operations, on whichever port that is. */
export type Reaper = {
  /** The faults of a port, and the death that may come there. */
  over<Operation extends string>(faults: FaultSource<Operation>): FaultSource<Operation>;
  /**
   * Runs a job and kills it at its n-th operation (from 1), before or after that took effect: nothing of
   * it runs from then on. Answers which operation that was; undefined: the job ended before it.
   */
  kill(n: number, when: Death, job: () => Promise<unknown>): Promise<string | undefined>;
};

export type Death = Extract<Step, 'crash-before' | 'crash-after'>;

export function createReaper(): Reaper {
  let left = Number.POSITIVE_INFINITY;
  let death: Death = 'crash-before';
  let onDeath: ((operation: string) => void) | undefined;
  let diedAt: string | undefined;
  return {
    over: (faults) => ({
      take: (operation) => {
        left -= 1;
        if (left > 0) {
          return faults.take(operation);
        }
        diedAt = operation;
        left = Number.POSITIVE_INFINITY;
        return death;
      },
      crash: () => {
        if (diedAt === undefined) {
          return Promise.reject(new Crash());
        }
        onDeath?.(diedAt);
        diedAt = undefined;
        return new Promise(() => undefined);
      },
    }),
    kill: async (n, when, job) => {
      left = n;
      death = when;
      const dead = new Promise<string>((resolve) => {
        onDeath = resolve;
      });
      const ended = job().then(() => undefined);
      const operation = await Promise.race([ended, dead]);
      left = Number.POSITIVE_INFINITY;
      return operation;
    },
  };
}
