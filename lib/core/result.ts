/** An expected outcome as a value: either `ok` with a value, or not, with an error code. */
export type Result<T, E extends string = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail<E extends string>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/** Stops the program when something holds that the code says is impossible. */
export function assertNever(value: never, what: string): never {
  throw new Error(`${what} is not one of the known cases: ${JSON.stringify(value)}`);
}
