import { isObject } from './json.ts';

/** A word of a list that later releases may add to: the known ones are offered, any text is possible. */
export type Word<Known extends string> = Known | (string & Record<never, never>);

/** Tells whether a value from outside is what its type says. */
export type Check<T> = (value: unknown) => value is T;

type Optional<T> = { readonly optional: Check<T> };
type Field<T> = Check<T> | Optional<T>;

/** A check for each field of `T`; for those that may be absent, one that says so. */
export type FieldsOf<T> = {
  readonly [Name in keyof T]-?: Record<never, never> extends Pick<T, Name>
    ? Optional<T[Name]>
    : Check<T[Name]>;
};

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isWord<Known extends string>(value: unknown): value is Word<Known> {
  return typeof value === 'string';
}

/** Money in fen, or how many of something. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isJust<const Only extends string>(only: Only): Check<Only> {
  return (value): value is Only => value === only;
}

export function isListOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(check);
}

/** Present, it must pass; absent, nothing is missed. */
export function optional<T>(check: Check<T>): Optional<T> {
  return { optional: check };
}

/** Passes an object that has each field as it should be. Fields that are not asked for may be there. */
export function isShape<T>(fields: FieldsOf<T>): Check<T> {
  const asked = Object.entries<Field<unknown>>(fields);
  return (value): value is T =>
    isObject(value) &&
    asked.every(([name, field]) => {
      const isThere = Object.hasOwn(value, name);
      return typeof field === 'function'
        ? isThere && field(value[name])
        : !isThere || field.optional(value[name]);
    });
}
