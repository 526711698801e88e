export type Register<T> = {
  /** By any of its names. */
  readonly get: (name: string) => T | undefined;
  readonly put: (item: T) => void;
  readonly drop: (item: T) => void;
  /** Newest first. */
  readonly newest: (limit: number) => readonly T[];
  readonly size: () => number;
};

type RegisterOptions<T> = {
  readonly limit: number;
  /** The names of an item, which never change; the first one is its own. */
  readonly namesOf: (item: T) => readonly [string, ...string[]];
  readonly onDropped?: (item: T) => void;
};

/** Things in memory that have several names. When full, the oldest makes room and `onDropped` hears of it. */
export const createRegister = <T>(options: RegisterOptions<T>): Register<T> => {
  const { limit, namesOf, onDropped } = options;
  const items = new Map<string, T>();
  const owners = new Map<string, string>();

  const drop = (item: T) => {
    const names = namesOf(item);
    if (!items.delete(names[0])) return;
    for (const name of names) owners.delete(name);
    onDropped?.(item);
  };

  return {
    get: (name) => items.get(owners.get(name) ?? ''),
    put: (item) => {
      const names = namesOf(item);
      const [oldest] = items.values();
      if (!items.has(names[0]) && items.size >= limit && oldest !== undefined) drop(oldest);
      items.set(names[0], item);
      for (const name of names) owners.set(name, names[0]);
    },
    drop,
    newest: (count) => [...items.values()].slice(-count).reverse(),
    size: () => items.size,
  };
};
