import { ArnFormat, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { envNames } from '../lib/config/env-names.ts';
import { limits } from '../lib/config/limits.ts';
import { FrontDoor } from './constructs/front-door.ts';
import { QueueWithDeadLetters } from './constructs/queue-with-dead-letters.ts';
import { ServiceFunction } from './constructs/service-function.ts';
import { declareParameters, type Parameters } from './parameters.ts';
import { checkStage, queueTenants, type Stage } from './stages.ts';

export type PaymentStackProps = {
  readonly stage: Stage;
  /** The built bundles, one folder a function. */
  readonly bundlesDir: string;
};

/**
 * One stage of the whole system, in the order in which a payment passes through it.
 * `docs/architecture.md` has the picture.
 */
export class PaymentStack extends Stack {
  constructor(scope: Construct, { stage, bundlesDir }: PaymentStackProps) {
    checkStage(stage);
    super(scope, `wechatpay-${stage.name}`, {
      description: `WeChat Pay back end, stage ${stage.name}`,
      terminationProtection: stage.keepsData,
      ...(stage.env === undefined ? {} : { env: stage.env }),
    });
    const parameters = declareParameters(this, stage);

    // What we know, and who we are at WeChat.
    const table = createTable(this, stage);
    const secrets = createAccountSecrets(this, stage);

    // What is under way: hints to look, timers to look again, events for the merchant.
    const looks = {
      retentionDays: limits.messageRetentionDays,
      maxReceiveCount: limits.maxReceiveCount,
    };
    const hints = new QueueWithDeadLetters(this, 'Hints', { name: 'hints', ...looks });
    const timers = new QueueWithDeadLetters(this, 'Timers', { name: 'timers', ...looks });
    const eventQueue = (id: string, name: string, maxReceiveCount: number): QueueWithDeadLetters =>
      new QueueWithDeadLetters(this, id, {
        name,
        retentionDays: limits.eventRetentionDays,
        maxReceiveCount,
      });
    const events = eventQueue('Events', 'events.fifo', limits.maxReceiveCount);
    const webhooks = eventQueue('Webhooks', 'webhooks.fifo', limits.maxDeliveryReceiveCount);
    const setAside = eventQueue('SetAside', 'set-aside.fifo', limits.maxSetAsideReceiveCount);

    const house = { stage, bundlesDir };
    const queues = { hints, timers, events, webhooks, setAside };
    const parts = { stack: this, house, parameters, table, secrets, ...queues };
    const door = new FrontDoor(this, 'FrontDoor', { stage });

    // WeChat calls back: verified, and a hint left.
    door.open('POST', '/notify/{account}', addNotify(parts));
    // A hint says look: the loop asks WeChat, commits and announces.
    addLoop(parts, 'Confirm', hints).consume(hints, stage.maxConcurrency.confirm);
    // A planned look has come: the same loop, apart so that neither flood slows the other.
    addLoop(parts, 'Watch', timers).consume(timers, stage.maxConcurrency.watch);
    // Every minute: what is due although its message was lost is looked at all the same.
    addSweep(parts);
    // The merchant's system is told, where it has a webhook; those of endpoints that are down wait apart.
    const deliver = addDeliver(parts);
    deliver.consume(webhooks, stage.maxConcurrency.deliver);
    deliver.consume(setAside, fewest);
    // The merchant's own calls.
    door.open('ANY', '/v1/{proxy+}', addApi(parts, door));

    // What the merchant's system and the operator need to know.
    const outputs = {
      ApiUrl: door.address,
      TableName: table.tableName,
      HintsQueueUrl: hints.queue.queueUrl,
      TimersQueueUrl: timers.queue.queueUrl,
      EventsQueueUrl: events.queue.queueUrl,
      EventsQueueArn: events.queue.queueArn,
      WebhooksQueueUrl: webhooks.queue.queueUrl,
      SetAsideQueueUrl: setAside.queue.queueUrl,
      HintsDeadLettersUrl: hints.deadLetters.queueUrl,
      TimersDeadLettersUrl: timers.deadLetters.queueUrl,
      EventsDeadLettersUrl: events.deadLetters.queueUrl,
      WebhooksDeadLettersUrl: webhooks.deadLetters.queueUrl,
      SetAsideDeadLettersUrl: setAside.deadLetters.queueUrl,
    };
    for (const [name, value] of Object.entries(outputs)) {
      new CfnOutput(this, name, { value });
    }
  }
}

type Secrets = { readonly prefix: string; readonly arns: string };

type Parts = {
  readonly stack: Stack;
  readonly house: PaymentStackProps;
  readonly parameters: Parameters;
  readonly table: TableV2;
  readonly secrets: Secrets;
  readonly hints: QueueWithDeadLetters;
  readonly timers: QueueWithDeadLetters;
  readonly events: QueueWithDeadLetters;
  readonly webhooks: QueueWithDeadLetters;
  readonly setAside: QueueWithDeadLetters;
};

/** Fewer batches at once than two Lambda does not offer. */
const fewest = 2;

const readRecord = 'dynamodb:GetItem';
const createRecord = 'dynamodb:PutItem';
const changeRecord = 'dynamodb:UpdateItem';
const findDue = 'dynamodb:Query';
const readAccount = 'secretsmanager:GetSecretValue';
const send = 'sqs:SendMessage';

/** One item a subject; that item is the idempotency record. */
function createTable(stack: Stack, stage: Stage): TableV2 {
  return new TableV2(stack, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    globalSecondaryIndexes: [
      {
        indexName: limits.dueIndexName,
        partitionKey: { name: 'dueShard', type: AttributeType.NUMBER },
        sortKey: { name: 'dueAt', type: AttributeType.NUMBER },
        projectionType: ProjectionType.KEYS_ONLY,
      },
    ],
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: stage.keepsData,
    removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
}

/** One secret an account, made empty and filled in by the merchant. */
function createAccountSecrets(stack: Stack, stage: Stage): Secrets {
  const prefix = `wechatpay/${stage.name}`;
  for (const { name } of stage.accounts) {
    const secret = new CfnSecret(stack, `Account-${name}`, {
      name: `${prefix}/${name}`,
      description: `WeChat Pay account ${name}: keys and policies, as JSON`,
    });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
  const arns = stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${prefix}/*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return { prefix, arns };
}

function addNotify({ stack, house, secrets, hints }: Parts): ServiceFunction {
  const notify = new ServiceFunction(stack, 'Notify', {
    ...house,
    environment: {
      [envNames.accountSecretPrefix]: secrets.prefix,
      [envNames.allowsLoopback]: loopbackOf(house.stage),
      [envNames.hintsQueueUrl]: hints.queue.queueUrl,
    },
  });
  notify.may([readAccount], secrets.arns);
  notify.may([send], hints.queue.queueArn);
  return notify;
}

/** `confirm` or `watch`: the loop over the messages of one queue. */
function addLoop(parts: Parts, id: 'Confirm' | 'Watch', source: QueueWithDeadLetters) {
  const { stack, house, table, secrets, hints, timers, events, webhooks } = parts;
  const loop = new ServiceFunction(stack, id, {
    ...house,
    environment: {
      ...loopEnvironment(parts),
      ...(source === hints ? { [envNames.hintsQueueUrl]: hints.queue.queueUrl } : {}),
      [envNames.parkingQueueUrl]: source.deadLetters.queueUrl,
    },
  });
  loop.may([readRecord, changeRecord], table.tableArn);
  if (source === hints) {
    // A wake never makes a record.
    loop.may([createRecord], table.tableArn);
  }
  loop.may([readAccount], secrets.arns);
  loop.may(
    [send],
    events.queue.queueArn,
    webhooks.queue.queueArn,
    timers.queue.queueArn,
    source.deadLetters.queueArn,
  );
  return loop;
}

function addDeliver({ stack, house, table, secrets, webhooks, setAside }: Parts) {
  const deliver = new ServiceFunction(stack, 'Deliver', {
    ...house,
    environment: {
      [envNames.tableName]: table.tableName,
      [envNames.accountSecretPrefix]: secrets.prefix,
      [envNames.webhooksQueueUrl]: webhooks.queue.queueUrl,
      [envNames.parkingQueueUrl]: webhooks.deadLetters.queueUrl,
      [envNames.setAsideQueueUrl]: setAside.queue.queueUrl,
      [envNames.setAsideParkingQueueUrl]: setAside.deadLetters.queueUrl,
      [envNames.allowsLoopback]: loopbackOf(house.stage),
    },
  });
  deliver.may([readRecord, changeRecord], table.tableArn);
  deliver.may([readAccount], secrets.arns);
  deliver.may(
    [send],
    webhooks.deadLetters.queueArn,
    setAside.queue.queueArn,
    setAside.deadLetters.queueArn,
  );
  return deliver;
}

function addSweep({ stack, house, table, timers }: Parts): void {
  const sweep = new ServiceFunction(stack, 'Sweep', {
    ...house,
    environment: {
      [envNames.tableName]: table.tableName,
      [envNames.timersQueueUrl]: timers.queue.queueUrl,
    },
  });
  sweep.may([findDue], `${table.tableArn}/index/${limits.dueIndexName}`);
  sweep.may([readRecord, changeRecord], table.tableArn);
  sweep.may([send], timers.queue.queueArn);
  // The next minute is the retry.
  sweep.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  new Rule(stack, 'EveryMinute', {
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaTarget(sweep.lambda, { retryAttempts: 0 })],
  });
}

function addApi(parts: Parts, door: FrontDoor): ServiceFunction {
  const { stack, house, parameters, table, secrets, hints, timers, events, webhooks } = parts;
  const api = new ServiceFunction(stack, 'Api', {
    ...house,
    environment: {
      ...loopEnvironment(parts),
      [envNames.hintsQueueUrl]: hints.queue.queueUrl,
      [envNames.notifyBaseUrl]: door.addressOr(parameters.notifyBaseUrl),
      [envNames.jwksUrl]: parameters.jwksUrl,
      [envNames.jwks]: parameters.jwks,
      [envNames.tokenIssuer]: parameters.tokenIssuer,
      [envNames.tokenAudience]: parameters.tokenAudience,
    },
  });
  api.may([readRecord, createRecord, changeRecord], table.tableArn);
  api.may([readAccount], secrets.arns);
  api.may(
    [send],
    hints.queue.queueArn,
    timers.queue.queueArn,
    events.queue.queueArn,
    webhooks.queue.queueArn,
  );
  return api;
}

/** What the loop reads wherever it runs. */
function loopEnvironment(parts: Parts) {
  const { house, table, secrets, parameters, timers, events, webhooks } = parts;
  const [eventsTenant = nobody] = queueTenants(house.stage);
  return {
    [envNames.tableName]: table.tableName,
    [envNames.accountSecretPrefix]: secrets.prefix,
    [envNames.wechatOrigin]: parameters.wechatOrigin,
    [envNames.wechatBackupOrigin]: parameters.wechatBackupOrigin,
    [envNames.timersQueueUrl]: timers.queue.queueUrl,
    [envNames.eventsQueueUrl]: events.queue.queueUrl,
    [envNames.eventsTenant]: eventsTenant,
    [envNames.webhooksQueueUrl]: webhooks.queue.queueUrl,
    [envNames.allowsLoopback]: loopbackOf(house.stage),
  };
}

/** No tenant is called so. */
const nobody = '*nobody*';

function loopbackOf({ allowsLoopback }: Stage): 'yes' | 'no' {
  return allowsLoopback ? 'yes' : 'no';
}
