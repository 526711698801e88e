import { AppError } from '#core/errors.ts';
import { envNames } from './env-names.ts';

type EnvKey = keyof typeof envNames;

/**
 * Reads the settings that a function needs. The only reader of `process.env` in lib and functions; a
 * missing or empty one stops the start, with its name.
 */
export function readConfig<K extends EnvKey>(...keys: readonly K[]): Readonly<Record<K, string>> {
  const missing = keys.filter((key) => settingOf(key) === '');
  if (missing.length > 0) {
    throw new AppError('internal', `The environment lacks ${namesOf(missing)}.`);
  }
  const entries = keys.map((key): [K, string] => [key, settingOf(key)]);
  return Object.fromEntries(entries) as Record<K, string>;
}

type OneOf<K extends EnvKey> = { [One in K]: Readonly<Record<One, string>> }[K];

/**
 * Reads the one of these settings that is set, the others being missing or empty. None or more than one
 * stops the start, with the names of all.
 */
export function readOneOf<K extends EnvKey>(...keys: readonly K[]): OneOf<K> {
  const [found, ...others] = keys.filter((key) => settingOf(key) !== '');
  if (found === undefined || others.length > 0) {
    throw new AppError('internal', `The environment must set exactly one of ${namesOf(keys)}.`);
  }
  return { [found]: settingOf(found) } as OneOf<K>;
}

function settingOf(key: EnvKey): string {
  return process.env[envNames[key]] ?? '';
}

function namesOf(keys: readonly EnvKey[]): string {
  return keys.map((key) => envNames[key]).join(', ');
}
