import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Account } from '#core/account.ts';
import { AppError } from '#core/errors.ts';
import type { Accounts, Clock } from '#core/ports.ts';
import type { AccountName } from '#core/values/ids.ts';
import { type Instant, plus } from '#core/values/time.ts';
import type { WebhookRules } from '#core/values/webhook.ts';
import { decodeAccount } from './account-secret.ts';

export type AccountsOptions = WebhookRules & {
  readonly client: SecretsManagerClient;
  /** Secrets are named `{prefix}/{account}`. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly cacheMs: number;
  readonly unknownCacheMs: number;
  /** The shortest time between two reads that `refresh` may cause. */
  readonly refreshMs: number;
};

type Cached = {
  readonly account: Promise<Account | undefined>;
  readonly readAt: Instant;
  readonly freshUntil: Instant;
};

const cachedNamesLimit = 1_000;

/** Accounts from Secrets Manager, through a cache of their decoded form. */
export function createAccounts(options: AccountsOptions): Accounts {
  const cache = new Map<AccountName, Cached>();

  function read(name: AccountName): Promise<Account | undefined> {
    const readAt = options.clock.now();
    const account = readSecret(options, name);
    if (cache.size >= cachedNamesLimit) {
      cache.clear();
    }
    cache.set(name, { account, readAt, freshUntil: plus(readAt, options.cacheMs) });
    account.then(
      (found) => {
        if (found === undefined) {
          cache.set(name, { account, readAt, freshUntil: plus(readAt, options.unknownCacheMs) });
        }
      },
      // A failed read is not remembered; the caller of `read` hears of it.
      () => cache.delete(name),
    );
    return account;
  }

  return {
    get: (name) => {
      const cached = cache.get(name);
      const isFresh = cached !== undefined && options.clock.now() < cached.freshUntil;
      return isFresh ? cached.account : read(name);
    },
    refresh: (name) => {
      const cached = cache.get(name);
      const isRecent =
        cached !== undefined && options.clock.now() < plus(cached.readAt, options.refreshMs);
      return isRecent ? cached.account : read(name);
    },
  };
}

async function readSecret(
  { client, prefix, allowsLoopback }: AccountsOptions,
  name: AccountName,
): Promise<Account | undefined> {
  const SecretId = `${prefix}/${name}`;
  let secret: string | undefined;
  try {
    ({ SecretString: secret } = await client.send(new GetSecretValueCommand({ SecretId })));
  } catch (cause) {
    if (cause instanceof ResourceNotFoundException) {
      return undefined;
    }
    throw new AppError('secret_unavailable', `The secret of account ${name} cannot be read.`, {
      cause,
    });
  }
  if (secret === undefined) {
    throw new AppError('account_invalid', `The secret of account ${name} holds no text.`);
  }
  return decodeAccount(name, secret, { allowsLoopback });
}
