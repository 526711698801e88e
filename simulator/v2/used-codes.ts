export type UsedCodes = {
  readonly has: (code: string) => boolean;
  readonly add: (code: string) => void;
};

/** The codes that were scanned last; the oldest make room. */
export const createUsedCodes = (limit: number): UsedCodes => {
  const codes = new Set<string>();
  return {
    has: (code) => codes.has(code),
    add: (code) => {
      codes.add(code);
      for (const oldest of codes) {
        if (codes.size <= limit) return;
        codes.delete(oldest);
      }
    },
  };
};
