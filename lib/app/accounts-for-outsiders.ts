import { isAppError } from '#core/errors.ts';
import type { Accounts } from '#core/ports.ts';
import type { Telemetry } from '#core/telemetry.ts';

/**
 * Accounts for callers of whom nobody knows yet whether they may see them. One whose secret is wrong is as
 * one that does not exist, and is logged: an error of its own would tell strangers that it does.
 */
export function accountsForOutsiders(accounts: Accounts, telemetry: Telemetry): Accounts {
  const hiding =
    (read: Accounts['get']): Accounts['get'] =>
    (name) =>
      read(name).catch((error: unknown) => {
        if (!isAppError(error) || error.code !== 'account_invalid') {
          throw error;
        }
        telemetry.log('error', 'account invalid', { account: name, code: error.code });
        return undefined;
      });
  return { get: hiding(accounts.get), refresh: hiding(accounts.refresh) };
}
