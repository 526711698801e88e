import type { Fault } from './faults.ts';
import type { Operation } from './routes.ts';
import { beijingTime } from './timers.ts';
import type { ApiCall, Outcome } from './wire.ts';
import { logCall, type World } from './world.ts';

type LogDetails = {
  readonly answer: Outcome;
  readonly operation?: Operation;
  readonly mchid?: string | undefined;
  readonly numbers?: readonly string[] | undefined;
  readonly fault?: Fault | undefined;
  readonly code?: string | undefined;
};

/** Logs a call with what became of it, and hands on the answer. */
export const logged = (world: World, call: ApiCall, details: LogDetails): Outcome => {
  const { answer, code, fault, numbers } = details;
  logCall(world, {
    at: beijingTime(world.timers.now()),
    method: call.method,
    path: call.target,
    operation: details.operation ?? null,
    mchid: details.mchid ?? null,
    ...(numbers === undefined ? {} : { numbers }),
    status: typeof answer === 'string' ? null : answer.status,
    ...(code === undefined ? {} : { code }),
    ...(fault === undefined ? {} : { fault: fault.fault }),
  });
  return answer;
};
