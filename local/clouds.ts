import type { Closers } from './closers.ts';
import type { Deployment } from './deployment.ts';
import { createQueues, createTables, type Emulator, startDynamodb, startSqs } from './emulators.ts';
import { type Gate, startGate } from './gate.ts';
import { secretArnPrefix } from './places.ts';
import { startSecretsManager } from './secrets-manager.ts';

export type Gates = Readonly<Record<'dynamodb' | 'sqs' | 'secretsManager', Gate>>;

/** The AWS services that a stack uses, each behind its gate. */
export type Clouds = {
  readonly gates: Gates;
  /** Where a function finds them, and no developer's profile. */
  readonly environment: Readonly<Record<string, string>>;
  /** Makes the tables, the queues and the empty secrets of the template. */
  readonly deploy: (deployment: Deployment) => Promise<void>;
  readonly putSecret: (name: string, value: string) => void;
};

export async function startClouds(
  closers: Closers,
  ports: { readonly dynamodb?: number; readonly sqs?: number },
  dynamodb: () => Promise<Emulator> = startDynamodb,
): Promise<Clouds> {
  const open = async (emulator: Emulator, port?: number): Promise<Gate> => {
    closers.keep(emulator, ({ stop }) => stop());
    return closers.keep(await startGate(emulator.origin, port), ({ stop }) => stop());
  };
  const secrets = await startSecretsManager(secretArnPrefix);
  const gates = {
    secretsManager: await open(secrets),
    dynamodb: await open(await dynamodb(), ports.dynamodb),
    sqs: await open(await startSqs(), ports.sqs),
  };
  return {
    gates,
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: gates.dynamodb.origin,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: gates.secretsManager.origin,
      AWS_ENDPOINT_URL_SQS: gates.sqs.origin,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
    deploy: async ({ tables, queues, secretNames }) => {
      await createTables(gates.dynamodb.origin, tables);
      await createQueues(gates.sqs.origin, queues);
      for (const name of secretNames) {
        secrets.put(name);
      }
    },
    putSecret: (name, value) => secrets.put(name, value),
  };
}
