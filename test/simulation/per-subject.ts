import type { SubjectKey } from '#core/record.ts';

type Named = Pick<SubjectKey, 'mchid' | 'number'>;

/** One thing for each number of each merchant; no text is made to look for it. */
export type PerSubject<T> = {
  get(key: Named): T | undefined;
  set(key: Named, value: T): void;
  /** The one that is there, or a new one. */
  of(key: Named, make: () => T): T;
  values(): Iterable<T>;
};

export function createPerSubject<T>(): PerSubject<T> {
  const merchants = new Map<string, Map<string, T>>();
  const set = ({ mchid, number }: Named, value: T): void => {
    const numbers = merchants.get(mchid) ?? new Map<string, T>();
    merchants.set(mchid, numbers);
    numbers.set(number, value);
  };
  return {
    set,
    get: ({ mchid, number }) => merchants.get(mchid)?.get(number),
    of: (key, make) => {
      const known = merchants.get(key.mchid)?.get(key.number);
      if (known !== undefined) {
        return known;
      }
      const made = make();
      set(key, made);
      return made;
    },
    values: () => [...merchants.values()].flatMap((numbers) => [...numbers.values()]),
  };
}
