import { stages } from '../cdk/stages.ts';
import type { ClockSetting } from './clock.ts';
import { type Closers, createClosers } from './closers.ts';
import { type Gates, startClouds } from './clouds.ts';
import { type Deployment, readDeployment } from './deployment.ts';
import type { DevAccount, DevFile, Webhook } from './dev-file.ts';
import type { Emulator } from './emulators.ts';
import { type EventCollector, startEventCollector } from './event-collector.ts';
import { type Functions, startFunctions } from './functions.ts';
import { startHttpGateway } from './http-gateway.ts';
import { everyScope, type Issuer, issueToken, startIssuer, type TokenClaims } from './issuer.ts';
import { createStackClient, type StackClient } from './stack-client.ts';
import { synthesize } from './synthesize.ts';
import { startWechat, type WantedAccount, type Wechat } from './wechat.ts';

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
  /** Of all accounts that are to have one; when absent, nobody has filled in their secrets yet. */
  readonly webhook?: Webhook;
  /** Whether the issuer's keys are given inline; by URL when absent. */
  readonly inlineKeys?: boolean;
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
    readonly token: (
      claims: Omit<TokenClaims, 'lifetimeSeconds'> & { readonly lifetimeSeconds?: number },
    ) => Promise<string>;
    /** The same stack, seen by another account of tenant dev. */
    readonly as: (account: 'dev' | 'v2') => Stack;
    /** Begins to take events from `events.fifo` as the merchant's consumer does. */
    readonly collectEvents: () => EventCollector;
    /** Frees every port and ends every thread. */
    readonly stop: () => Promise<void>;
  };

const stageName = 'dev';
const stackName = `wechatpay-${stageName}`;
const accountName = 'dev';
const tokenAudience = 'wechatpay-serverless';
const tokenSeconds = 30 * 24 * 3600;

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
  const issuer = closers.keep(await startIssuer(tokenAudience), ({ stop }) => stop());
  const wechat = await startWechat(closers, {
    accounts: accountsOf(options.webhook),
    preferredPort: ports.simulator ?? 0,
  });
  const clouds = await startClouds(closers, ports, options.dynamodb);
  const gateway = closers.keep(await startHttpGateway(ports.api), ({ stop }) => stop());
  const deployment = readDeployment(cdkOut, {
    stackName,
    sqs: clouds.gates.sqs.origin,
    api: gateway.origin,
    parameters: {
      WechatOrigin: wechat.tlsOrigin,
      WechatBackupOrigin: wechat.tlsOrigin,
      ...(options.inlineKeys ? { Jwks: issuer.jwks } : { JwksUrl: issuer.jwksUrl }),
      TokenIssuer: issuer.signer.issuer,
      TokenAudience: tokenAudience,
      ...options.parameters,
    },
  });
  await clouds.deploy(deployment);
  for (const { account, secret } of wechat.accounts) {
    clouds.putSecret(secretNameOf(account, deployment), secret);
  }
  const functions = startFunctions(closers, {
    deployment,
    sqsOrigin: clouds.gates.sqs.origin,
    environment: clouds.environment,
    clock,
    authorities: [wechat.certificateAuthority],
    schedules: options.schedules ?? true,
    onOutput: options.onOutput ?? (() => undefined),
  });
  gateway.serve(deployment.routes, functions.invoke);

  const token: Stack['token'] = (claims) =>
    issueToken(issuer.signer, { lifetimeSeconds: tokenSeconds, ...claims }, Date.now());
  const tokens = {
    dev: await token({ tenant: 'dev', scope: everyScope }),
    web: await token({ tenant: 'web', scope: everyScope }),
  };
  const { webhook } = options;
  const parts = { deployment, gates: clouds.gates, wechat, issuer, tokens, clock };
  const dev = devFileOf({ ...parts, ...(webhook !== undefined && { webhook }) });
  const as = (name: 'dev' | 'v2'): Stack => {
    const account = dev.accounts[name];
    const seen = { ...dev, account, notifyUrl: `${dev.api}/notify/${name}` };
    return {
      ...closers.keep(createStackClient(seen), ({ stop }) => stop()),
      ...functions,
      dev: seen,
      deployment,
      gates: clouds.gates,
      token,
      as,
      collectEvents: () =>
        closers.keep(startEventCollector(dev.sqs, dev.queues.events), ({ stop }) => stop()),
      stop: closers.closeAll,
    };
  };
  return as(accountName);
}

async function build(closers: Closers, functionsDir: string | undefined): Promise<string> {
  const { cdkOut, remove } = await synthesize('dev', functionsDir);
  return closers.keep(cdkOut, remove);
}

/** The accounts of the stage whose secrets are filled in. */
function accountsOf(webhook: Webhook | undefined): readonly WantedAccount[] {
  const { accounts = [] } = stages.find(({ name }) => name === stageName) ?? {};
  return accounts.flatMap(({ name, tenant, events }) => {
    if (events === 'queue') {
      return [{ name, tenant, apis: apisOf(name) }];
    }
    return webhook === undefined ? [] : [{ name, tenant, apis: ['v3'], webhook }];
  });
}

/** Code payments take APIv2, whichever API places the other orders. */
function apisOf(name: string): WantedAccount['apis'] {
  return name === 'v2' ? ['v2'] : ['v3', 'v2'];
}

function secretNameOf(account: DevAccount, { secretNames }: Deployment): string {
  const found = secretNames.find((candidate) => candidate.endsWith(`/${account.name}`));
  if (found === undefined) {
    throw new Error(`The stack has no secret for account ${account.name}`);
  }
  return found;
}

function devFileOf(parts: {
  readonly deployment: Deployment;
  readonly gates: Gates;
  readonly wechat: Wechat;
  readonly issuer: Issuer;
  readonly tokens: DevFile['tokens'];
  readonly clock: ClockSetting;
  readonly webhook?: Webhook;
}): DevFile {
  const { deployment, gates, wechat, issuer, tokens, clock, webhook } = parts;
  const output = (name: string): string => {
    const value = deployment.outputs[name];
    if (value === undefined) {
      throw new Error(`The stack has no output ${name}`);
    }
    return value;
  };
  const named = (name: string): DevAccount | undefined =>
    wechat.accounts.find(({ account }) => account.name === name)?.account;
  const [dev, v2, web] = [named(accountName), named('v2'), named('web')];
  if (dev === undefined || v2 === undefined) {
    throw new Error(`The stage lacks account ${accountName} or v2`);
  }
  const api = output('ApiUrl');
  return {
    api,
    notifyUrl: `${api}/notify/${accountName}`,
    simulator: wechat.origin,
    simulatorTls: {
      origin: wechat.tlsOrigin,
      certificateAuthority: wechat.certificateAuthority,
    },
    sqs: gates.sqs.origin,
    dynamodb: gates.dynamodb.origin,
    table: output('TableName'),
    queues: {
      hints: output('HintsQueueUrl'),
      timers: output('TimersQueueUrl'),
      events: output('EventsQueueUrl'),
      webhooks: output('WebhooksQueueUrl'),
      setAside: output('SetAsideQueueUrl'),
      hintsDeadLetters: output('HintsDeadLettersUrl'),
      timersDeadLetters: output('TimersDeadLettersUrl'),
      eventsDeadLetters: output('EventsDeadLettersUrl'),
      webhooksDeadLetters: output('WebhooksDeadLettersUrl'),
      setAsideDeadLetters: output('SetAsideDeadLettersUrl'),
    },
    token: tokens.dev,
    account: dev,
    ...(webhook !== undefined && { webhook }),
    accounts: { dev, v2, ...(web !== undefined && { web }) },
    tokens,
    issuer: { ...issuer.signer, jwksUrl: issuer.jwksUrl },
    clock,
  };
}
