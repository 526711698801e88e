import { setTimeout as realDelay } from 'node:timers/promises';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { clientSettings } from './emulators.ts';
import { type JsonObject, parseJsonObject } from './json.ts';

/** An event as the merchant's consumer got it. */
export type CollectedEvent = {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  /** When it was received, in the stack's time. */
  readonly receivedAtMs: number;
  /** The whole CloudEvents message. */
  readonly event: JsonObject;
};

export type EventCollector = {
  /** All that came so far, in the order in which it came, repeats included. */
  readonly events: () => readonly CollectedEvent[];
  readonly stop: () => Promise<void>;
};

const waitSeconds = 20;
const pauseAfterErrorMs = 200;

/** Stands for the merchant's consumer: takes every event from the queue and remembers it. */
export function startEventCollector(endpoint: string, queueUrl: string): EventCollector {
  const client = new SQSClient(clientSettings(endpoint, 'merchant'));
  const stopping = new AbortController();
  const collected: CollectedEvent[] = [];
  const take = async ({ Body, ReceiptHandle }: Message): Promise<void> => {
    collected.push(collectedOf(Body ?? ''));
    await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
  };
  const step = async (): Promise<void> => {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: waitSeconds,
    });
    const { Messages } = await client.send(command, { abortSignal: stopping.signal });
    for (const message of Messages ?? []) {
      await take(message);
    }
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await step().catch(() => realDelay(pauseAfterErrorMs));
    }
    client.destroy();
  };
  const ended = loop();
  return {
    events: () => [...collected],
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}

function collectedOf(body: string): CollectedEvent {
  const event = parseJsonObject(body) ?? {};
  const text = (name: string): string => String(event[name] ?? '');
  return {
    id: text('id'),
    type: text('type'),
    subject: text('subject'),
    receivedAtMs: Date.now(),
    event,
  };
}
