import { fail, ok, type Result } from '../result.ts';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

export function parseJson(text: string): Result<Json, 'not-json'> {
  try {
    const value: Json = JSON.parse(text);
    return ok(value);
  } catch {
    return fail('not-json');
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that a text holds; arrays, scalars and broken JSON are not objects. */
export function parseObject(text: string): Result<JsonObject, 'not-an-object'> {
  const parsed = parseJson(text);
  return parsed.ok && isObject(parsed.value) ? ok(parsed.value) : fail('not-an-object');
}

/**
 * Reads fields out of data from outside. Each getter gives the checked value; the first field that
 * fails its check is remembered, and `result` then answers its name instead of the thing built.
 */
export type Fields = {
  required<T>(name: string, check: (value: unknown) => value is T): T;
  optional<T>(name: string, check: (value: unknown) => value is T): T | undefined;
  result<T>(build: () => T): Result<T>;
};

export function fieldsOf(source: unknown): Fields {
  const object = isObject(source) ? source : {};
  let failed: string | undefined = isObject(source) ? undefined : '(not an object)';
  const read = <T>(name: string, check: (value: unknown) => value is T): T | undefined => {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (check(value)) {
      return value;
    }
    failed ??= name;
    return undefined;
  };
  return {
    // When the check failed the value is never used: `result` answers the failure instead.
    required: <T>(name: string, check: (value: unknown) => value is T) => read(name, check) as T,
    optional: (name, check) => (Object.hasOwn(object, name) ? read(name, check) : undefined),
    result: (build) => (failed === undefined ? ok(build()) : fail(failed)),
  };
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A check that passes just the given words. */
export function oneOf<const W extends string>(words: readonly W[]): (value: unknown) => value is W {
  return (value): value is W => words.some((word) => word === value);
}
