import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  createEventQueue,
  createHintQueue,
  createTimerQueue,
  type QueueOptions,
} from '#adapters/sqs/queues.ts';
import { createClock } from '../support/clock.ts';
import { merchantEvent } from '../support/event-builder.ts';
import type { FaultSource } from '../support/faults.ts';
import { type FauxqsQueues, startFauxqsQueues } from '../support/fauxqs-queues.ts';
import {
  createMemoryEvents,
  createMemoryHints,
  createMemoryTimers,
  type MemoryQueue,
} from '../support/memory-queues.ts';
import { type QueueHarness, runQueuesContract, type Waiting } from './queues.contract.ts';

const clock = createClock();
const faults: FaultSource<'send'> = { take: () => 'fail' };

function waitingIn(queue: MemoryQueue): Promise<readonly Waiting[]> {
  const waiting = queue.queued().map(({ body, sentAt, availableAt }) => ({
    body,
    delaySeconds: (availableAt - sentAt) / 1000,
  }));
  return Promise.resolve(waiting);
}

runQueuesContract('the fakes', {
  hints: () => {
    const queue = createMemoryHints({ clock });
    const refusing = createMemoryHints({ clock, faults });
    return Promise.resolve({ queue, refusing, waiting: () => waitingIn(queue) });
  },
  timers: () => {
    const queue = createMemoryTimers({ clock });
    const refusing = createMemoryTimers({ clock, faults });
    return Promise.resolve({ queue, refusing, waiting: () => waitingIn(queue) });
  },
  events: () => {
    const queue = createMemoryEvents({ clock });
    const refusing = createMemoryEvents({ clock, faults });
    const waiting = (): Promise<readonly Waiting[]> =>
      Promise.resolve(
        queue.published().map((event) => ({
          body: JSON.stringify(event),
          delaySeconds: 0,
          groupId: event.subject,
        })),
      );
    return Promise.resolve({ queue, refusing, waiting });
  },
});

let sqs: FauxqsQueues;
before(async () => {
  sqs = await startFauxqsQueues();
});
after(() => sqs.stop());

function overFauxqs<Queue>(
  kind: 'standard' | 'fifo',
  create: (options: QueueOptions) => Queue,
): () => Promise<QueueHarness<Queue>> {
  return () => {
    const { queueUrl, waiting } = sqs.create(kind);
    return Promise.resolve({
      queue: create({ client: sqs.client, queueUrl }),
      refusing: create({ client: sqs.deafClient, queueUrl: 'http://127.0.0.1:1/0/none' }),
      waiting: () => Promise.resolve(waiting()),
    });
  };
}

runQueuesContract('SQS over fauxqs', {
  hints: overFauxqs('standard', createHintQueue),
  timers: overFauxqs('standard', createTimerQueue),
  events: overFauxqs('fifo', createEventQueue),
});

test('what SQS takes as JSON only, U+FFFE and U+FFFF, is written so and read back the same', async () => {
  const { queueUrl, waiting } = sqs.create('fifo');
  const event = merchantEvent({ data: { accepted_by: 'li\ufffe\uffff\ufffd' } });
  await createEventQueue({ client: sqs.client, queueUrl }).send(event);
  const [message] = waiting();
  assert.doesNotMatch(message?.body ?? '', /[\ufffe\uffff]/);
  assert.deepEqual(JSON.parse(message?.body ?? ''), event);
});
