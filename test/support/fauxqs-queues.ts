import { SQSClient } from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';

/** A queue of the emulator, and what it holds. */
export type FauxqsQueue = {
  readonly queueUrl: string;
  /** What waits, delayed or not, in the order in which it was sent. */
  waiting(): readonly FauxqsMessage[];
};

export type FauxqsMessage = {
  readonly body: string;
  readonly delaySeconds: number;
  readonly groupId?: string;
  readonly reason?: string;
};

export type FauxqsQueues = {
  readonly client: SQSClient;
  /** Talks to a port on which nobody listens. */
  readonly deafClient: SQSClient;
  create(kind: 'standard' | 'fifo'): FauxqsQueue;
  stop(): Promise<void>;
};

/** SQS in this process, on a free loopback port. */
export async function startFauxqsQueues(): Promise<FauxqsQueues> {
  const server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  const origin = `http://127.0.0.1:${server.port}`;
  const settings = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const client = new SQSClient({ ...settings, endpoint: origin });
  let queues = 0;
  return {
    client,
    deafClient: new SQSClient({ ...settings, endpoint: 'http://127.0.0.1:1', maxAttempts: 1 }),
    create: (kind) => {
      queues += 1;
      const name = kind === 'fifo' ? `queue-${queues}.fifo` : `queue-${queues}`;
      server.createQueue(name, { attributes: kind === 'fifo' ? { FifoQueue: 'true' } : {} });
      return {
        queueUrl: `${origin}/000000000000/${name}`,
        waiting: () => waitingIn(server, name),
      };
    },
    stop: async () => {
      client.destroy();
      await server.stop();
    },
  };
}

function waitingIn(server: FauxqsServer, name: string): readonly FauxqsMessage[] {
  const { ready = [], delayed = [] } = server.inspectQueue(name)?.messages ?? {};
  return [...ready, ...delayed].map((message) => {
    const { delayUntil = message.sentTimestamp, messageGroupId: groupId } = message;
    const reason = message.messageAttributes['reason']?.StringValue;
    return {
      body: message.body,
      delaySeconds: Math.round((delayUntil - message.sentTimestamp) / 1000),
      ...(groupId !== undefined && { groupId }),
      ...(reason !== undefined && { reason }),
    };
  });
}
