import { randomUUID } from 'node:crypto';
import { clearTimeout as clearRealTimeout, setTimeout as setRealTimeout } from 'node:timers';
import { Worker } from 'node:worker_threads';
import type { ClockSetting } from './clock.ts';
import type { FunctionPlan } from './deployment.ts';
import { accountId, region } from './places.ts';
import type { WorkerAnswer, WorkerCall, WorkerSettings } from './worker-protocol.ts';

export type EnvironmentOptions = {
  readonly plan: FunctionPlan;
  /** Beside what the template gives and what Lambda sets: the endpoints of the emulators. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: ClockSetting;
  /** In PEM: the simulated WeChat Pay speaks TLS. */
  readonly authorities: readonly string[];
  readonly onOutput: (functionName: string, text: string) => void;
};

/** How an invocation ended. `payload` is what the handler answered, as JSON would carry it. */
export type Invocation =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

/** One execution environment of a function: a worker thread that takes one invocation at a time. */
export type Environment = {
  /** Names it in the calls that it makes: its session token. */
  readonly id: string;
  /** Settles when the bundle is loaded, or with why it could not be. */
  readonly ready: Promise<Invocation>;
  /** Never rejects. One that takes too long, in real time, ends the environment. */
  readonly call: (event: string) => Promise<Invocation>;
  readonly isBusy: () => boolean;
  /** Ends it at once, in the middle of whatever it does. */
  readonly end: (reason: Invocation) => Promise<void>;
};

const initLimitMs = 10_000;

/** `onGone` is called, perhaps more than once, whatever ended it. */
export function openEnvironment(options: EnvironmentOptions, onGone: () => void): Environment {
  const id = randomUUID();
  const worker = openWorker(options, id);
  let settle: ((result: Invocation) => void) | undefined;
  let isGone = false;
  const leave = (reason: Invocation): void => {
    isGone = true;
    onGone();
    settle?.(reason);
  };
  const lose = (errorType: string, errorMessage: string): void =>
    leave(failure(errorType, errorMessage));
  worker.on('error', (error) => lose('Runtime.UnhandledError', textOf(error)));
  worker.on('exit', (code) => lose('Runtime.ExitError', `The runtime exited with code ${code}`));

  const end = async (reason: Invocation): Promise<void> => {
    leave(reason);
    await worker.terminate();
  };
  /** The next answer, or how the environment ended without one. */
  const answerWithin = async (limitMs: number, errorType: string): Promise<Invocation> => {
    const late = failure(errorType, `No answer within ${limitMs} ms`);
    const timer = setRealTimeout(() => settle?.(late), limitMs);
    const result = await new Promise<Invocation>((resolve) => {
      settle = resolve;
    });
    clearRealTimeout(timer);
    settle = undefined;
    if (result === late) {
      await end(late);
    }
    return result;
  };
  worker.on('message', (answer: WorkerAnswer) => settle?.(invocationOf(answer)));
  return {
    id,
    ready: answerWithin(initLimitMs, 'Runtime.InitTimeout'),
    call: (event) => {
      if (isGone) {
        return Promise.resolve(failure('Runtime.Killed', 'The environment is gone'));
      }
      const timeoutMs = options.plan.timeoutSeconds * 1000;
      const answer = answerWithin(timeoutMs, 'Sandbox.Timedout');
      const call: WorkerCall = { requestId: randomUUID(), event, timeoutMs };
      worker.postMessage(call);
      return answer;
    },
    isBusy: () => settle !== undefined,
    end,
  };
}

export function failure(errorType: string, errorMessage: string): Invocation {
  return { ok: false, errorType, errorMessage };
}

function invocationOf(answer: WorkerAnswer): Invocation {
  switch (answer.type) {
    case 'ready':
      return { ok: true, payload: null };
    case 'done':
      return { ok: true, payload: JSON.parse(answer.payload) };
    case 'failed':
      return failure(answer.errorType, answer.errorMessage);
  }
}

function openWorker(options: EnvironmentOptions, id: string): Worker {
  const { plan, environment, clock, authorities, onOutput } = options;
  const { name, functionName, memoryMb, logGroup, file, exportName } = plan;
  const logStream = `local/[$LATEST]${id.replaceAll('-', '')}`;
  const workerData: WorkerSettings = {
    file,
    exportName,
    clock,
    authorities,
    functionName,
    invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
    memoryMb,
    logGroup,
    logStream,
  };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    env: { ...lambdaEnvironment(plan, id, logStream), ...environment, ...plan.environment },
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    stdout: true,
    stderr: true,
  });
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => onOutput(name, text));
  }
  return worker;
}

/** What Lambda itself sets. Name and id stand in for the credentials, so that a gate knows who calls. */
function lambdaEnvironment(
  plan: FunctionPlan,
  id: string,
  logStream: string,
): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: plan.name,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: id,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: plan.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(plan.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_GROUP_NAME: plan.logGroup,
    AWS_LAMBDA_LOG_LEVEL: plan.logLevel,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    LAMBDA_TASK_ROOT: '/var/task',
    TZ: ':UTC',
    _HANDLER: `index.${plan.exportName}`,
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
