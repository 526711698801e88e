import type { Site } from './site.ts';
import { type Clouds, createWorker, type Worker } from './worker.ts';

/** How an invocation ended: with a value, with an error, or not at all. */
export type Ended<T> =
  | { readonly type: 'value'; readonly value: T }
  | { readonly type: 'error'; readonly error: unknown }
  | { readonly type: 'died' };

/** Lambda: runs a function in an execution environment of its own, which is used again unless it died. */
export type Functions = {
  invoke<T>(
    name: string,
    body: (worker: Worker) => Promise<T>,
    end: (ended: Ended<T>) => void,
  ): void;
};

export function createFunctions(site: Site, clouds: Clouds): Functions {
  const idle: Worker[] = [];
  let born = 0;
  const hire = (): Worker => {
    const rested = idle.pop();
    if (rested !== undefined) {
      return rested;
    }
    born += 1;
    return createWorker(site, clouds, `worker ${born}`);
  };
  return {
    invoke: (name, body, end) => {
      const worker = hire();
      site.tell?.(() => `${worker.name} runs ${name}`);
      worker.begin(() => site.agenda.after(0, () => end({ type: 'died' })));
      const finish = (ended: Parameters<typeof end>[0]): void => {
        if (!worker.isDead()) {
          idle.push(worker);
          end(ended);
        }
      };
      body(worker).then(
        (value) => finish({ type: 'value', value }),
        (error: unknown) => finish({ type: 'error', error }),
      );
    },
  };
}
