import { setTimeout as realDelay } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { eventOfMessages, keptMessageIds } from './batch.ts';
import type { QueuePlan, SourcePlan } from './deployment.ts';
import { clientSettings } from './emulators.ts';
import type { Invocation } from './environment.ts';

export type PollerOptions = {
  readonly source: SourcePlan;
  readonly queue: QueuePlan;
  /** Origin of the SQS emulator, or of the gate in front of it. */
  readonly endpoint: string;
  /** The access key id of its calls. */
  readonly caller: string;
  readonly invoke: (event: unknown) => Promise<Invocation>;
  readonly onError: (error: unknown) => void;
};

export type QueuePoller = {
  /** Receives nothing new; settles when the batches under way are done. */
  readonly stop: () => Promise<void>;
};

const waitSeconds = 20;
const pauseAfterErrorMs = 200;

/**
 * Feeds a function from a queue as Lambda's event source mapping does: batches, at most so many at a
 * time, deletes what the function did not keep. What it kept comes back after the visibility timeout.
 */
export function startQueuePoller(options: PollerOptions): QueuePoller {
  const { source, queue, onError } = options;
  const client = new SQSClient(clientSettings(options.endpoint, options.caller));
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  const receive = async (): Promise<readonly Message[]> => {
    const command = new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: Math.min(source.batchSize, 10),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages } = await client.send(command, { abortSignal: stopping.signal });
    return Messages ?? [];
  };
  const step = async (): Promise<void> => {
    if (underWay.size >= source.maxConcurrency) {
      await Promise.race(underWay);
      return;
    }
    const messages = await receive();
    if (messages.length > 0) {
      const work: Promise<void> = process(client, options, messages)
        .catch(onError)
        .finally(() => underWay.delete(work));
      underWay.add(work);
    }
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await step();
      } catch (error) {
        if (!stopping.signal.aborted) {
          onError(error);
          await realDelay(pauseAfterErrorMs);
        }
      }
    }
    await Promise.all(underWay);
    client.destroy();
  };
  const ended = loop();
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}

async function process(
  client: SQSClient,
  { source, queue, invoke }: PollerOptions,
  messages: readonly Message[],
): Promise<void> {
  const ids = messages.map(({ MessageId }) => MessageId ?? '');
  const invocation = await invoke(eventOfMessages(messages, queue.arn));
  const kept = keptMessageIds(invocation, ids, source.reportsFailures);
  const done = messages.filter(({ MessageId }) => !kept.includes(MessageId ?? ''));
  if (done.length === 0) {
    return;
  }
  const { Failed } = await client.send(
    new DeleteMessageBatchCommand({
      QueueUrl: queue.url,
      Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    }),
  );
  if (Failed !== undefined && Failed.length > 0) {
    throw new Error(`Not deleted from ${queue.queueName}: ${JSON.stringify(Failed)}`);
  }
}
