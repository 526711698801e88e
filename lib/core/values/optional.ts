/** `T` with every field that may be undefined made optional instead. */
export type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Drops the fields that are undefined: absent and undefined are two things to a store. */
export function withoutUndefined<T extends object>(source: T): Defined<T> {
  const defined: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined) {
      defined[name] = value;
    }
  }
  return defined as Defined<T>;
}
