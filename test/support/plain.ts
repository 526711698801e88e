/**
 * Freezes a value all the way down, and refuses what a table or a queue could not carry: `undefined`,
 * fractions that are not numbers, dates, functions. What is frozen already was checked before.
 */
export function frozenPlain<T>(value: T, where = 'the record'): T {
  if (typeof value === 'object' && value !== null) {
    if (!Object.isFrozen(value)) {
      assertPlainObject(value, where);
      for (const [name, part] of Object.entries(value)) {
        if (typeof part !== 'string') {
          frozenPlain(part, name);
        }
      }
      Object.freeze(value);
    }
    return value;
  }
  const isScalar = value === null || typeof value === 'string' || typeof value === 'boolean';
  if (!isScalar && !(typeof value === 'number' && Number.isFinite(value))) {
    throw new TypeError(`Not plain data: ${where} is ${String(value)}.`);
  }
  return value;
}

function assertPlainObject(value: object, where: string): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) {
    throw new TypeError(`Not plain data: ${where} is an instance of a class.`);
  }
}
