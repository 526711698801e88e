import { createDeadline } from '#adapters/lambda/stack.ts';
import { createAccounts } from '#adapters/secrets/accounts.ts';
import { createTelemetry, type FunctionTelemetry } from '#adapters/telemetry/telemetry.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import type { Accounts, Clock } from '#core/ports.ts';
import { instant } from '#core/values/time.ts';
import { secretsClient } from './clients.ts';

/** The clock of a function. `Date` is read at each call, so that a laptop may run time faster. */
export const clock: Clock = { now: () => instant(Date.now()) };

export const deadline = createDeadline();

export function telemetryOf(service: string): FunctionTelemetry {
  return createTelemetry({ service, ...readConfig('stage') });
}

export function accountsFromSecrets(): Accounts {
  const { accountSecretPrefix: prefix, allowsLoopback } = readConfig(
    'accountSecretPrefix',
    'allowsLoopback',
  );
  return createAccounts({
    client: secretsClient(),
    prefix,
    clock,
    cacheMs: limits.accountCacheMs,
    unknownCacheMs: limits.unknownAccountCacheMs,
    refreshMs: limits.accountRefreshMs,
    allowsLoopback: allowsLoopback === 'yes',
  });
}
