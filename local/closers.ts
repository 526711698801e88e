/** What has to be ended when the stack stops, newest first. */
export type Closers = {
  /** Answers the value, and remembers how it is ended. */
  readonly keep: <T>(value: T, close: (value: T) => unknown) => T;
  /** Ends everything that was kept; every end is tried before it rejects. */
  readonly closeAll: () => Promise<void>;
};

export function createClosers(): Closers {
  const closing: (() => unknown)[] = [];
  return {
    keep: (value, close) => {
      closing.push(() => close(value));
      return value;
    },
    closeAll: async () => {
      const failures: unknown[] = [];
      for (const close of closing.splice(0).toReversed()) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) {
        throw new AggregateError(failures, 'Something did not stop');
      }
    },
  };
}
