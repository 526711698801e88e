import {
  type Environment,
  type EnvironmentOptions,
  failure,
  type Invocation,
  openEnvironment,
} from './environment.ts';

export type RunnerOptions = EnvironmentOptions & {
  /** Invocations at the same time; more wait. */
  readonly maxWorkers: number;
};

/** Runs one function as Lambda does; its environments are kept warm. */
export type FunctionRunner = {
  /** Never rejects. */
  readonly invoke: (event: unknown) => Promise<Invocation>;
  /**
   * Ends all environments, or the one with this id, in the middle of whatever they do; answers how
   * many were busy.
   */
  readonly kill: (environmentId?: string) => Promise<number>;
  /** Lets nothing new begin, then ends all environments. */
  readonly stop: () => Promise<void>;
};

const stopping = failure('Runtime.Stopped', 'The stack is stopping');

export function createFunctionRunner(options: RunnerOptions): FunctionRunner {
  const { plan, maxWorkers } = options;
  const environments = new Set<Environment>();
  const idle = new Set<Environment>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let stopped = false;

  const open = (): Environment => {
    const environment: Environment = openEnvironment(options, () => {
      environments.delete(environment);
      idle.delete(environment);
    });
    environments.add(environment);
    return environment;
  };
  const run = async (event: string): Promise<Invocation> => {
    const [warm] = idle;
    const environment = warm ?? open();
    idle.delete(environment);
    const started = await environment.ready;
    const result = started.ok ? await environment.call(event) : started;
    if (environments.has(environment)) {
      idle.add(environment);
    }
    return result;
  };
  const end = async (ending: readonly Environment[], reason: Invocation): Promise<void> => {
    await Promise.all(ending.map((environment) => environment.end(reason)));
  };
  return {
    invoke: async (event) => {
      while (running >= maxWorkers && !stopped) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      if (stopped) {
        return stopping;
      }
      running += 1;
      const result = await run(JSON.stringify(event));
      running -= 1;
      waiting.shift()?.();
      if (!result.ok && !stopped) {
        options.onOutput(plan.name, `${result.errorType}: ${result.errorMessage}\n`);
      }
      return result;
    },
    kill: async (environmentId) => {
      const killed = [...environments].filter(({ id }) => id === (environmentId ?? id));
      const busy = killed.filter((environment) => environment.isBusy()).length;
      await end(killed, failure('Runtime.Killed', 'The environment was killed'));
      return busy;
    },
    stop: async () => {
      stopped = true;
      for (const wake of waiting.splice(0)) {
        wake();
      }
      await end([...environments], stopping);
    },
  };
}
