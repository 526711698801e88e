export type JsonObject = { readonly [name: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws when `value`, which came from `where`, is not an object. */
export function objectOf(value: unknown, where: string): JsonObject {
  if (!isObject(value)) {
    throw new TypeError(`${where} is not an object`);
  }
  return value;
}

/** Throws when `value`, which came from `where`, is not a list. */
export function listOf(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new TypeError(`${where} is not a list`);
  }
  return value;
}

/** Throws when `value`, which came from `where`, is neither text nor a number nor a boolean. */
export function textOf(value: unknown, where: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  throw new TypeError(`${where} is not text`);
}

/** Throws when `value`, which came from `where`, is not a whole number. */
export function wholeNumberOf(value: unknown, where: string): number {
  const number = Number(textOf(value, where));
  if (!Number.isSafeInteger(number)) {
    throw new TypeError(`${where} is not a whole number`);
  }
  return number;
}

/** The object that a text holds, or undefined when it holds anything else. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
