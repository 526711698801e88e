import type { Functions } from './functions.ts';
import type { Gate, GateCall } from './gate.ts';

/** Whether the environment dies before its call arrives, or after it had its effect. */
export type Blow = 'before' | 'after';

export type Kills = {
  /** How many environments were killed in the middle of an invocation. */
  readonly count: () => number;
  /** From now on nobody is killed. */
  readonly end: () => void;
};

/**
 * Kills the very environment that makes a call for which `blowOf` answers a blow. `blowOf` is asked
 * about the calls of functions only, and may wait: that holds the call.
 */
export function startKills(
  { kill }: Pick<Functions, 'kill'>,
  gates: readonly Gate[],
  blowOf: (call: GateCall) => Blow | undefined | Promise<Blow | undefined>,
): Kills {
  let count = 0;
  const rules = gates.map((gate) =>
    gate.addRule(async (call) => {
      const { caller, environment } = call;
      const blow = environment === undefined ? undefined : await blowOf(call);
      if (blow === undefined) {
        return undefined;
      }
      const strike = async (): Promise<void> => {
        const killed = await kill(caller, environment);
        count += killed;
      };
      if (blow === 'after') {
        return { afterwards: strike };
      }
      await strike();
      return 'drop';
    }),
  );
  return {
    count: () => count,
    end: () => {
      for (const removeRule of rules) {
        removeRule();
      }
    },
  };
}
