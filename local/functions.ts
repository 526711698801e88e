import type { ClockSetting } from './clock.ts';
import type { Closers } from './closers.ts';
import type { Deployment, SourcePlan } from './deployment.ts';
import type { Invocation } from './environment.ts';
import { createFunctionRunner, type FunctionRunner } from './function-runner.ts';
import { startQueuePoller } from './queue-poller.ts';
import { startSchedule } from './schedule.ts';

export type FunctionsOptions = {
  readonly deployment: Deployment;
  readonly sqsOrigin: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: ClockSetting;
  readonly authorities: readonly string[];
  readonly schedules: boolean;
  readonly onOutput: (functionName: string, text: string) => void;
};

/** The functions of the stack; each may be named in short or in full. */
export type Functions = {
  readonly invoke: (functionName: string, event: unknown) => Promise<Invocation>;
  /** Ends its environments, or the one with this id; answers how many were busy. */
  readonly kill: (functionName: string, environmentId?: string) => Promise<number>;
};

/** What a function may run at the same time when no queue bounds it. */
const workersOfAFrontFunction = 8;

/** Makes the functions runnable and connects them with their queues and schedules. */
export function startFunctions(closers: Closers, options: FunctionsOptions): Functions {
  const { deployment, environment, clock, authorities, onOutput } = options;
  const runners = new Map<string, FunctionRunner>();
  for (const plan of deployment.functions) {
    const source = deployment.sources.find(
      ({ functionName }) => functionName === plan.functionName,
    );
    const runner = createFunctionRunner({
      plan,
      environment,
      clock,
      authorities,
      onOutput,
      maxWorkers: source?.maxConcurrency ?? workersOfAFrontFunction,
    });
    runners.set(plan.name, runner).set(plan.functionName, runner);
  }
  const runnerOf = (name: string): FunctionRunner => {
    const runner = runners.get(name);
    if (runner === undefined) {
      throw new Error(`The stack has no function ${name}`);
    }
    return runner;
  };
  const functions: Functions = {
    invoke: (name, event) => runnerOf(name).invoke(event),
    kill: (name, environmentId) => runnerOf(name).kill(environmentId),
  };
  const pollers = deployment.sources.map((source) => poll(source, functions, options));
  closers.keep(pollers, () => Promise.all(pollers.map((poller) => poller.stop())));
  // Ended before the pollers: a batch whose thread is gone is over.
  closers.keep(runners, () => Promise.all([...runners.values()].map((runner) => runner.stop())));
  for (const schedule of options.schedules ? deployment.schedules : []) {
    const end = startSchedule(schedule, (event) => {
      // The runner has told why when it failed; the next period comes anyway.
      void functions.invoke(schedule.functionName, event);
    });
    closers.keep(end, end);
  }
  return functions;
}

function poll(source: SourcePlan, functions: Functions, options: FunctionsOptions) {
  const { deployment, sqsOrigin, onOutput } = options;
  const queue = deployment.queues.find(({ arn }) => arn === source.queueArn);
  const plan = deployment.functions.find(
    ({ functionName }) => functionName === source.functionName,
  );
  if (queue === undefined || plan === undefined) {
    throw new Error(`The source ${source.queueArn} of ${source.functionName} is not complete`);
  }
  return startQueuePoller({
    source,
    queue,
    endpoint: sqsOrigin,
    caller: `${plan.name}.poller`,
    invoke: (event) => functions.invoke(plan.name, event),
    onError: (error) => onOutput(plan.name, `poller: ${String(error)}\n`),
  });
}
