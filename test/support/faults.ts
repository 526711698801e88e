/**
 * What befalls one operation.
 * - `fail`: refused for certain, nothing happened.
 * - `unknown-not-done`, `unknown-done`: no answer came; the write happened or did not.
 * - `lost-done`: it happened, but a retry of the client met its own write and reports a lost condition.
 * - `crash-before`, `crash-after`: the function dies there.
 */
export type Fault =
  | 'fail'
  | 'unknown-not-done'
  | 'unknown-done'
  | 'lost-done'
  | 'crash-before'
  | 'crash-after';

/** A fault, nothing at all, or what somebody else does just before the operation. */
export type Step = Fault | 'pass' | (() => void | Promise<void>);

export type FaultSource<Operation extends string> = {
  /** Waited for before every operation: others may act meanwhile. */
  readonly before?: (operation: Operation) => Promise<void> | undefined;
  /** Asked once before every operation. */
  take(operation: Operation): Step | undefined;
  /** What a crash does instead of throwing `Crash`; a simulation never lets it settle. */
  readonly crash?: () => Promise<never>;
};

export type Faults<Operation extends string> = FaultSource<Operation> & {
  /** The next runs of this operation meet these, in order. */
  plan(operation: Operation, ...steps: readonly Step[]): void;
  /** Operations whose planned faults never came; a test that ends with some tested nothing. */
  unspent(): readonly Operation[];
};

/** A function that died; nothing in the program may know how to handle it. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export function createFaults<Operation extends string>(): Faults<Operation> {
  const planned = new Map<Operation, Step[]>();
  return {
    take: (operation) => planned.get(operation)?.shift(),
    plan: (operation, ...steps) => {
      planned.set(operation, [...(planned.get(operation) ?? []), ...steps]);
    },
    unspent: () =>
      [...planned].filter(([, steps]) => steps.length > 0).map(([operation]) => operation),
  };
}

/** An operation on a fake: what it does, and what it says when a fault befalls it. */
export type Performed<T> = {
  readonly run: () => T;
  readonly failure: () => Error;
  /** Absent: an operation without an answer ends in `failure`. */
  readonly unknown?: T;
  /** Absent: nothing can be lost. */
  readonly lost?: (result: T) => T;
};

/** Runs the operation under the step that is planned for it. */
export async function perform<Operation extends string, T>(
  faults: FaultSource<Operation> | undefined,
  operation: Operation,
  performed: Performed<T>,
): Promise<T> {
  const waited = faults?.before?.(operation);
  if (waited !== undefined) {
    await waited;
  }
  const step = faults?.take(operation);
  if (step === undefined || step === 'pass') {
    return performed.run();
  }
  if (typeof step === 'function') {
    await step();
    return performed.run();
  }
  if (step === 'fail') {
    throw performed.failure();
  }
  if (step === 'crash-before') {
    return crash(faults);
  }
  if (step === 'unknown-not-done') {
    return withoutAnswer(performed);
  }
  const result = performed.run();
  if (step === 'crash-after') {
    return crash(faults);
  }
  if (step === 'unknown-done') {
    return withoutAnswer(performed);
  }
  if (performed.lost === undefined) {
    throw new Error(`Nothing can be lost in ${operation}.`);
  }
  return performed.lost(result);
}

function crash(faults: FaultSource<never> | undefined): Promise<never> {
  return faults?.crash === undefined ? Promise.reject(new Crash()) : faults.crash();
}

function withoutAnswer<T>(performed: Performed<T>): T {
  if (performed.unknown === undefined) {
    throw performed.failure();
  }
  return performed.unknown;
}
