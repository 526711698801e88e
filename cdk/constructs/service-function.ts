import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  EventSourceMapping,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { envNames } from '../../lib/config/env-names.ts';
import { limits } from '../../lib/config/limits.ts';
import type { Stage } from '../stages.ts';
import type { QueueWithDeadLetters } from './queue-with-dead-letters.ts';

export type ServiceFunctionProps = {
  readonly stage: Stage;
  readonly bundlesDir: string;
  /** Exactly what the function reads, beside the stage and the log level that all of them read. */
  readonly environment: Readonly<Record<string, string>>;
};

/**
 * A function with the defaults of the house: Node 24 on ARM, its own log group and its own role, which
 * may write that log group and nothing else until it is told so. Named after its id, in lower case.
 */
export class ServiceFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { stage } = props;
    // Folder in `functions/` and in the built bundles.
    const name = id.toLowerCase();
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/wechatpay/${stage.name}/${name}`,
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: `${Stack.of(this).stackName}-${name}`,
      code: Code.fromAsset(join(props.bundlesDir, name)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 256,
      timeout: Duration.seconds(limits.functionTimeoutSeconds),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel[stage.logLevel],
      environment: {
        [envNames.stage]: stage.name,
        [envNames.logLevel]: stage.logLevel,
        ...props.environment,
      },
    });
  }

  /** Adds exactly these actions on exactly these resources. */
  may(actions: readonly string[], ...resources: readonly string[]): void {
    this.lambda.addToRolePolicy(
      new PolicyStatement({ actions: [...actions], resources: [...resources] }),
    );
  }

  /**
   * Receives the queue's messages in batches and answers for each message whether it is done.
   */
  consume(source: QueueWithDeadLetters, maxConcurrency: number): void {
    this.may(
      [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:ChangeMessageVisibility',
        'sqs:GetQueueAttributes',
      ],
      source.queue.queueArn,
    );
    new EventSourceMapping(this, source.node.id, {
      target: this.lambda,
      eventSourceArn: source.queue.queueArn,
      batchSize: limits.batchSize,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
  }
}
