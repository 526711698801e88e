import type { ClockSetting } from './clock.ts';
import { type Closers, createClosers } from './closers.ts';
import { type Gates, startClouds } from './clouds.ts';
import { type Deployment, readDeployment } from './deployment.ts';
import type { DevFile } from './dev-file.ts';
import type { Emulator } from './emulators.ts';
import { type EventCollector, startEventCollector } from './event-collector.ts';
import { type Functions, startFunctions } from './functions.ts';
import { startHttpGateway } from './http-gateway.ts';
import { startIssuer } from './issuer.ts';
import { createStackClient, type StackClient } from './stack-client.ts';
import { synthesize } from './synthesize.ts';
import { startWechat, type Wechat } from './wechat.ts';

export type StackOptions = {
  /** A cloud assembly that holds the stack `wechatpay-dev`; built when absent. */
  readonly cdkOut?: string;
  /** What to build instead of `functions/`. */
  readonly functionsDir?: string;
  /** What `scaleClock` was called with in this thread; real time when absent. */
  readonly clock?: ClockSetting;
  /** Preferred ports; one that is taken or not named becomes any free one. */
  readonly ports?: {
    readonly api?: number;
    readonly simulator?: number;
    readonly sqs?: number;
    readonly dynamodb?: number;
  };
  /** What stands in for DynamoDB; dynalite when absent. */
  readonly dynamodb?: () => Promise<Emulator>;
  /** Template parameters, beside the ones that point at the simulator and at the token issuer. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether the schedules of the template run; yes when absent. */
  readonly schedules?: boolean;
  /** What functions write, and how their invocations fail. */
  readonly onOutput?: (functionName: string, text: string) => void;
};

/** The deployed template, running on this machine. */
export type Stack = Omit<StackClient, 'stop'> &
  Functions & {
    readonly dev: DevFile;
    readonly deployment: Deployment;
    /** Between all callers and each emulator: count, hold, refuse and lose calls. */
    readonly gates: Gates;
    /** A token of the local issuer; 30 days unless told otherwise. */
    readonly token: (claims: {
      readonly tenant: string;
      readonly scope: string;
      readonly accounts?: readonly string[];
      readonly lifetimeSeconds?: number;
    }) => Promise<string>;
    /** Begins to take events from `events.fifo` as the merchant's consumer does. */
    readonly collectEvents: () => EventCollector;
    /** Frees every port and ends every thread. */
    readonly stop: () => Promise<void>;
  };

const stackName = 'wechatpay-dev';
const accountName = 'dev';
const tenant = 'dev';
const tokenAudience = 'wechatpay-serverless';
const tokenSeconds = 30 * 24 * 3600;
const tokenScope = 'orders:read orders:write orders:resolve refunds:read refunds:write';

/** Starts everything; rejects, with nothing left behind, when any part can't start. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const closers = createClosers();
  try {
    return await openStack(options, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

async function openStack(options: StackOptions, closers: Closers): Promise<Stack> {
  const { ports = {}, clock = { origin: Date.now(), factor: 1 } } = options;
  const cdkOut = options.cdkOut ?? (await build(closers, options.functionsDir));
  const issuer = closers.keep(await startIssuer(), ({ stop }) => stop());
  const wechat = await startWechat(closers, {
    name: accountName,
    tenant,
    preferredPort: ports.simulator ?? 0,
  });
  const clouds = await startClouds(closers, ports, options.dynamodb);
  const gateway = closers.keep(await startHttpGateway(ports.api), ({ stop }) => stop());
  const deployment = readDeployment(cdkOut, {
    stackName,
    sqs: clouds.gates.sqs.origin,
    api: gateway.origin,
    parameters: {
      WechatOrigin: wechat.origin,
      WechatBackupOrigin: wechat.origin,
      JwksUrl: issuer.jwksUrl,
      TokenIssuer: issuer.issuer,
      TokenAudience: tokenAudience,
      ...options.parameters,
    },
  });
  await clouds.deploy(deployment);
  clouds.putSecret(accountSecretName(deployment), wechat.secret);
  const functions = startFunctions(closers, {
    deployment,
    sqsOrigin: clouds.gates.sqs.origin,
    environment: clouds.environment,
    clock,
    schedules: options.schedules ?? true,
    onOutput: options.onOutput ?? (() => undefined),
  });
  gateway.serve(deployment.routes, functions.invoke);

  const token: Stack['token'] = (claims) =>
    issuer.token({ lifetimeSeconds: tokenSeconds, ...claims, audience: tokenAudience });
  const dev = devFileOf({
    deployment,
    gates: clouds.gates,
    wechat,
    token: await token({ tenant, scope: tokenScope }),
  });
  const client = closers.keep(createStackClient(dev), ({ stop }) => stop());
  return {
    ...client,
    ...functions,
    dev,
    deployment,
    gates: clouds.gates,
    token,
    collectEvents: () =>
      closers.keep(startEventCollector(dev.sqs, dev.queues.events), ({ stop }) => stop()),
    stop: closers.closeAll,
  };
}

async function build(closers: Closers, functionsDir: string | undefined): Promise<string> {
  const { cdkOut, remove } = await synthesize('dev', functionsDir);
  return closers.keep(cdkOut, remove);
}

function accountSecretName({ secretNames }: Deployment): string {
  const name = secretNames.find((candidate) => candidate.endsWith(`/${accountName}`));
  if (name === undefined) {
    throw new Error(`The stack has no secret for account ${accountName}`);
  }
  return name;
}

function devFileOf(parts: {
  readonly deployment: Deployment;
  readonly gates: Gates;
  readonly wechat: Wechat;
  readonly token: string;
}): DevFile {
  const { deployment, gates, wechat, token } = parts;
  const output = (name: string): string => {
    const value = deployment.outputs[name];
    if (value === undefined) {
      throw new Error(`The stack has no output ${name}`);
    }
    return value;
  };
  const api = output('ApiUrl');
  return {
    api,
    notifyUrl: `${api}/notify/${accountName}`,
    simulator: wechat.origin,
    sqs: gates.sqs.origin,
    dynamodb: gates.dynamodb.origin,
    table: output('TableName'),
    queues: {
      hints: output('HintsQueueUrl'),
      timers: output('TimersQueueUrl'),
      events: output('EventsQueueUrl'),
      hintsDeadLetters: output('HintsDeadLettersUrl'),
      timersDeadLetters: output('TimersDeadLettersUrl'),
      eventsDeadLetters: output('EventsDeadLettersUrl'),
    },
    token,
    account: wechat.account,
  };
}
