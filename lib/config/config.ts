import { AppError } from '#core/errors.ts';
import { envNames } from './env-names.ts';

type EnvKey = keyof typeof envNames;

/**
 * Reads the settings that a function needs. The only reader of `process.env` in lib and functions; a
 * missing or empty one stops the start, with its name.
 */
export function readConfig<K extends EnvKey>(...keys: readonly K[]): Readonly<Record<K, string>> {
  const missing = keys.filter((key) => (process.env[envNames[key]] ?? '') === '');
  if (missing.length > 0) {
    const list = missing.map((key) => envNames[key]).join(', ');
    throw new AppError('internal', `The environment lacks ${list}.`);
  }
  const entries = keys.map((key): [K, string] => [key, process.env[envNames[key]] ?? '']);
  return Object.fromEntries(entries) as Record<K, string>;
}
