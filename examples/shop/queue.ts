import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { readEvent } from '../../client/src/index.ts';
import { openShop, type Shop } from './shop.ts';

/** Where `events.fifo` is, and who reads it. */
export type Queue = { readonly sqs: SQSClient; readonly url: string };

/**
 * Takes up to ten events from the queue, in order, and deletes those that the shop has handled. The others come
 * again after their visibility timeout, and in the end lie in the dead-letter queue.
 */
export async function takeEvents({ sqs, url }: Queue, shop: Shop, waitSeconds = 20): Promise<void> {
  const command = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: waitSeconds,
    MessageSystemAttributeNames: ['MessageGroupId'],
  });
  const { Messages: messages = [] } = await sqs.send(command);
  const halted = new Set<string>();
  for (const message of messages) {
    const subject = message.Attributes?.MessageGroupId ?? '';
    // What comes after a failure must not overtake it.
    if (!halted.has(subject) && !(await isDone({ sqs, url }, shop, message))) {
      halted.add(subject);
    }
  }
}

async function isDone({ sqs, url }: Queue, shop: Shop, message: Message): Promise<boolean> {
  try {
    const event = readEvent(message.Body ?? '');
    console.log(`${event.id}: ${await shop.handle(event)}`);
    const { ReceiptHandle } = message;
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    return true;
  } catch (error) {
    console.error(error);
    return false;
  }
}

/** The queue of the stack on this machine, from its `dev.json`. */
async function localQueue(devFile: string): Promise<Queue> {
  const dev: { sqs: string; queues: { events: string } } = JSON.parse(
    await readFile(devFile, 'utf8'),
  );
  const credentials = { accessKeyId: 'shop', secretAccessKey: 'local' };
  const sqs = new SQSClient({ endpoint: dev.sqs, region: 'us-east-1', credentials });
  return { sqs, url: dev.queues.events };
}

if (import.meta.main) {
  const {
    dev,
    url = '',
    database,
  } = parseArgs({
    options: {
      dev: { type: 'string' },
      url: { type: 'string' },
      database: { type: 'string', default: 'shop.db' },
    },
  }).values;
  const queue = dev === undefined ? { sqs: new SQSClient(), url } : await localQueue(dev);
  const shop = openShop(database);
  console.log(`The shop takes events from ${queue.url}`);
  for (;;) {
    await takeEvents(queue, shop).catch(async (error: unknown) => {
      console.error(error);
      await delay(1_000);
    });
  }
}
