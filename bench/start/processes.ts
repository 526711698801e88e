import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { envNames } from '#config/env-names.ts';

/**
 * Loads a module into a fresh Node, hands its handler the event where there is one, and ends. Rejects
 * unless all of it went well.
 */
export type LoadFresh = (file: string, event?: string) => Promise<void>;

/** One script for all, as Lambda's runtime is one for all functions. */
const script = `
const [, , module, event] = process.argv;
const { handler } = await import(module);
if (event !== undefined) {
  const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 30000 };
  const answer = await handler(JSON.parse(event), context);
  if (answer.batchItemFailures.length > 0) throw new Error('The message was kept.');
}
process.exit();
`;

/** In an environment such as Lambda's, with every AWS service and WeChat at `origin`. */
export async function freshLoader(
  folder: string,
  { origin, isPinned }: { readonly origin: string; readonly isPinned: boolean },
): Promise<LoadFresh> {
  const scriptFile = join(folder, 'load.mjs');
  await writeFile(scriptFile, script);
  const env = lambdaEnvironment(origin);
  const [command = '', ...before] = [...(isPinned ? pin : []), process.execPath, scriptFile];
  return async (file, event) => {
    const given = event === undefined ? [] : [event];
    const args = [...before, pathToFileURL(file).href, ...given];
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const [[code], complaint] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
    if (code !== 0) {
      throw new Error(`${file} ended with ${code}: ${complaint}`);
    }
  };
}

const pin = ['taskset', '--cpu-list', '0'];

/** Whether a process can be kept on one core here: a function of 256 MB has less than one. */
export function canPin(): boolean {
  const [command = '', ...args] = [...pin, process.execPath, '--version'];
  return spawnSync(command, args).status === 0;
}

function lambdaEnvironment(origin: string): Record<string, string> {
  const settings: Record<keyof typeof envNames, string> = {
    stage: 'prod',
    logLevel: 'INFO',
    tableName: 'orders',
    hintsQueueUrl: `${origin}/000000000000/hints`,
    timersQueueUrl: `${origin}/000000000000/timers`,
    eventsQueueUrl: `${origin}/000000000000/events.fifo`,
    eventsTenant: 'shop',
    webhooksQueueUrl: `${origin}/000000000000/webhooks.fifo`,
    setAsideQueueUrl: `${origin}/000000000000/set-aside.fifo`,
    setAsideParkingQueueUrl: `${origin}/000000000000/set-aside-dead-letters.fifo`,
    allowsLoopback: 'no',
    parkingQueueUrl: `${origin}/000000000000/hints-dead-letters`,
    accountSecretPrefix: 'wechatpay/prod',
    wechatOrigin: origin,
    wechatBackupOrigin: origin,
    notifyBaseUrl: origin,
    jwksUrl: `${origin}/jwks`,
    jwks: '',
    tokenIssuer: origin,
    tokenAudience: 'wechatpay',
  };
  const entries = Object.entries(envNames).map(([key, name]): [string, string] => [
    name,
    settings[key as keyof typeof envNames],
  ]);
  return {
    ...Object.fromEntries(entries),
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_SESSION_TOKEN: 'bench',
    AWS_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'wechatpay-prod-confirm',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_LEVEL: 'INFO',
    AWS_ENDPOINT_URL: origin,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0',
  };
}
