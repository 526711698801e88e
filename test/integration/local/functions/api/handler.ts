// Stands for `api`: answers with what it was given.
export function handler(
  event: object,
  context: Readonly<Record<string, unknown>>,
): Promise<object> {
  const { getRemainingTimeInMillis: remaining, ...others } = context;
  const remainingMs: unknown = typeof remaining === 'function' ? remaining() : undefined;
  return Promise.resolve({ event, context: { ...others, remainingMs }, environment: process.env });
}
