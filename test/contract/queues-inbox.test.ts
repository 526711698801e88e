import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { createInbox } from '#adapters/sqs/inbox.ts';
import { createSetAsideQueue } from '#adapters/sqs/set-aside-queue.ts';
import { isAppError } from '#core/errors.ts';
import type { Inbox, Received } from '#core/ports.ts';
import { at } from '../support/clock.ts';
import {
  type FauxqsQueue,
  type FauxqsQueues,
  startFauxqsQueues,
} from '../support/fauxqs-queues.ts';

let sqs: FauxqsQueues;
before(async () => {
  sqs = await startFauxqsQueues();
});
after(() => sqs.stop());

type Setting = {
  readonly inbox: Inbox;
  readonly queue: FauxqsQueue;
  readonly parking: FauxqsQueue;
  readonly received: Received;
};

async function withOneReceived(): Promise<Setting> {
  const [queue, parking] = [sqs.create('standard'), sqs.create('standard')];
  const { queueUrl: QueueUrl } = queue;
  await sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'not {JSON' }));
  const taken = await sqs.client.send(new ReceiveMessageCommand({ QueueUrl }));
  const [message] = taken.Messages ?? [];
  const received = {
    messageId: message?.MessageId ?? '',
    receiptHandle: message?.ReceiptHandle ?? '',
    body: message?.Body ?? '',
    receiveCount: 1,
    sentAt: at('2026-11-21T04:00:00Z'),
  };
  const options = { client: sqs.client, queueUrl: QueueUrl, parkingQueueUrl: parking.queueUrl };
  return { inbox: createInbox(options), queue, parking, received };
}

test('a message postponed by nothing may be received at once', async () => {
  const { inbox, queue, received } = await withOneReceived();
  assert.equal(queue.waiting().length, 0);
  await inbox.postpone(received, 0);
  assert.deepEqual(
    queue.waiting().map(({ body }) => body),
    ['not {JSON'],
  );
});

test('a message postponed by a moment is not received at once', async () => {
  const { inbox, queue, received } = await withOneReceived();
  await inbox.postpone(received, 5_000);
  assert.equal(queue.waiting().length, 0);
});

test('a pause longer than SQS allows is cut to 12 hours', async () => {
  const { inbox, received } = await withOneReceived();
  await inbox.postpone(received, 13 * 3_600_000);
});

test('a parked message lies in the dead-letter queue with its reason, its body untouched', async () => {
  const { inbox, parking, received } = await withOneReceived();
  await inbox.park(received, 'undecodable');
  assert.deepEqual(parking.waiting(), [
    { body: 'not {JSON', delaySeconds: 0, reason: 'undecodable' },
  ]);
});

test('a message that was never received cannot be postponed', async () => {
  const { inbox, received } = await withOneReceived();
  await assert.rejects(() => inbox.postpone({ ...received, receiptHandle: 'unknown' }, 1000));
});

test('a dead-letter queue that is not there refuses the parking', async () => {
  const { queue, received } = await withOneReceived();
  const { client } = sqs;
  const parkingQueueUrl = `${queue.queueUrl}-missing`;
  const inbox = createInbox({ client, queueUrl: queue.queueUrl, parkingQueueUrl });
  await assert.rejects(() => inbox.park(received, 'undecodable'));
});

test('what is parked or set aside of a FIFO queue keeps its group, and is copied once', async () => {
  const { received } = await withOneReceived();
  const fifo = sqs.create('fifo');
  const { client } = sqs;
  const ofGroup = { ...received, groupId: 'order#1900000001#A-1001' };
  const inbox = createInbox({ client, queueUrl: '', parkingQueueUrl: fifo.queueUrl });
  await inbox.park(ofGroup, 'status 503');
  await inbox.park(ofGroup, 'status 503');
  const copy = { body: 'not {JSON', delaySeconds: 0, groupId: 'order#1900000001#A-1001' };
  assert.deepEqual(fifo.waiting(), [{ ...copy, reason: 'status 503' }]);
  const aside = sqs.create('fifo');
  const setAside = createSetAsideQueue({ client, queueUrl: aside.queueUrl });
  await setAside.send(ofGroup);
  await setAside.send(ofGroup);
  assert.deepEqual(aside.waiting(), [copy]);
});

test('a set-aside queue that cannot be reached ends in queue_unavailable', async () => {
  const { received } = await withOneReceived();
  const { deafClient: client } = sqs;
  const setAside = createSetAsideQueue({ client, queueUrl: 'http://127.0.0.1:1/0/aside.fifo' });
  await assert.rejects(
    () => setAside.send({ ...received, groupId: 'g' }),
    (error) => isAppError(error) && error.code === 'queue_unavailable',
  );
});
