import { assertCanSettle } from './agenda.ts';

/** Runs schedules where they can run: in a timer of its own, outside of every promise job. */
export function outsidePromises<T>(run: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      // Errors are raised by the thousand here, and nobody reads where.
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = 0;
      try {
        assertCanSettle();
        resolve(run());
      } catch (error) {
        reject(error);
      } finally {
        Error.stackTraceLimit = stackTraceLimit;
      }
    });
  });
}
