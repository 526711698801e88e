import { Arn, Duration, Stack } from 'aws-cdk-lib';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
  RedrivePermission,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { limits } from '../../lib/config/limits.ts';

export type QueueWithDeadLettersProps = {
  /** Prefixed with the stack's name; `.fifo` at the end makes it a FIFO queue. */
  readonly name: string;
  readonly retentionDays: number;
  /** Receives before a message is taken for one that no try can help. */
  readonly maxReceiveCount: number;
};

/**
 * A queue that loses nothing: what was received too often waits 14 days in a dead-letter queue that
 * only this queue may fill. Encrypted, TLS only. A FIFO queue is a high-throughput one.
 */
export class QueueWithDeadLetters extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: QueueWithDeadLettersProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const [base = '', ending] = props.name.split('.');
    const name = `${stack.stackName}-${props.name}`;
    const kind = ending === 'fifo' ? highThroughputFifo : {};
    // The two queues name each other; only a name that is known before either exists allows that.
    const arn = Arn.format({ service: 'sqs', resource: name }, stack);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...house,
      ...kind,
      queueName: `${stack.stackName}-${base}-dead-letters${ending === 'fifo' ? '.fifo' : ''}`,
      retentionPeriod: Duration.days(limits.deadLetterRetentionDays),
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        sourceQueues: [Queue.fromQueueArn(this, 'Source', arn)],
      },
    });
    this.queue = new Queue(this, 'Queue', {
      ...house,
      ...kind,
      queueName: name,
      retentionPeriod: Duration.days(props.retentionDays),
      visibilityTimeout: Duration.seconds(limits.visibilityTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maxReceiveCount },
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
  }
}

const house: QueueProps = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

const highThroughputFifo: QueueProps = {
  fifo: true,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};
