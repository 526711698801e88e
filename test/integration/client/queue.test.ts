import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  type ReceiveMessageCommandOutput,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type Queue, takeEvents } from '../../../examples/shop/queue.ts';
import { type FauxqsQueues, startFauxqsQueues } from '../../support/fauxqs-queues.ts';
import { eventText } from '../../unit/client/events.ts';
import { openShopOfTest } from '../../unit/examples/books.ts';

/** Tells the handle of each message that the client receives, until the returned function is called. */
function watchHandles(sqs: SQSClient, tell: (handle: string) => void): () => void {
  const name = 'watchHandles';
  sqs.middlewareStack.add(
    (next) => async (given) => {
      const result = await next(given);
      const { Messages = [] }: ReceiveMessageCommandOutput = Object(result.output);
      for (const { ReceiptHandle = '' } of Messages) {
        tell(ReceiptHandle);
      }
      return result;
    },
    { step: 'initialize', name },
  );
  return () => void sqs.middlewareStack.remove(name);
}

describe('the consumer of the shop', () => {
  let queues: FauxqsQueues;

  before(async () => {
    queues = await startFauxqsQueues();
  });
  after(() => queues.stop());

  /** A shop at an empty queue of its own. */
  function open(context: TestContext) {
    const books = openShopOfTest();
    context.after(books.remove);
    context.mock.method(console, 'log', () => undefined);
    const errors = context.mock.method(console, 'error', () => undefined);
    const queue: Queue = { sqs: queues.client, url: queues.create('fifo').queueUrl };
    let sent = 0;
    return {
      ...books,
      errors,
      queue,
      take: () => takeEvents(queue, books.shop, 0),
      /** The emulator hands out one event of a subject at a time. */
      takeAll: async () => {
        for (let taken = 0; taken < sent; taken += 1) {
          await takeEvents(queue, books.shop, 0);
        }
      },
      send: async (body: string, group?: string) => {
        sent += 1;
        const { subject = 'none' } = body.startsWith('{"specversion') ? JSON.parse(body) : {};
        const message = {
          QueueUrl: queue.url,
          MessageBody: body,
          MessageGroupId: group ?? subject,
          // A repeat that the queue does not recognise any more.
          MessageDeduplicationId: String(sent),
        };
        await queue.sqs.send(new SendMessageCommand(message));
      },
    };
  }

  async function depthOf({ sqs, url }: Queue): Promise<{ waiting: number; inFlight: number }> {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    return {
      waiting: Number(Attributes['ApproximateNumberOfMessages']),
      inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
    };
  }

  const nothing = { waiting: 0, inFlight: 0 };

  it('ships what is paid and deletes the event', async (context) => {
    const { send, take, queue, shipped } = open(context);
    await send(eventText('order.paid'));
    await take();
    assert.deepEqual(shipped(), ['A-1001']);
    assert.deepEqual(await depthOf(queue), nothing);
  });

  it('ships once although the event comes again and again', async (context) => {
    const { send, takeAll, queue, shipped } = open(context);
    for (let round = 0; round < 2; round += 1) {
      await send(eventText('order.paid'));
      await send(eventText('order.paid'), 'another group');
      await takeAll();
    }
    assert.deepEqual(shipped(), ['A-1001']);
    assert.deepEqual(await depthOf(queue), nothing);
  });

  it('ignores types that it does not know, and deletes them', async (context) => {
    const { send, take, queue, shipped } = open(context);
    await send(eventText('order.frozen'));
    await take();
    assert.deepEqual(shipped(), []);
    assert.deepEqual(await depthOf(queue), nothing);
  });

  it('handles what failed, in its order, when it comes again', async (context) => {
    const { send, takeAll, queue, jamWarehouse, shipped, noted } = open(context);
    const handles: string[] = [];
    context.after(watchHandles(queue.sqs, (handle) => handles.push(handle)));
    await send(eventText('order.paid'));
    await send(eventText('order.review', { sequence: 3 }));
    await send(eventText('order.closed', { number: 'A-1002' }));
    jamWarehouse(true);
    await takeAll();
    assert.deepEqual([shipped(), noted()], [[], ['A-1002 order.closed']]);
    jamWarehouse(false);
    for (const ReceiptHandle of handles.splice(0)) {
      const now = { QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout: 0 };
      await queue.sqs.send(new ChangeMessageVisibilityCommand(now)).catch(() => undefined);
    }
    await takeAll();
    assert.deepEqual(shipped(), ['A-1001']);
    assert.deepEqual(noted(), ['A-1002 order.closed', 'A-1001 order.review']);
    assert.deepEqual(await depthOf(queue), nothing);
  });

  it('ships once when it died after its effect and before it deleted the event', async (context) => {
    const { send, take, queue, shop, shipped } = open(context);
    await send(eventText('order.paid'));
    const dying = {
      ...shop,
      handle: async (event: Parameters<typeof shop.handle>[0]) => {
        await shop.handle(event);
        throw new Error('The process is gone.');
      },
    };
    await takeEvents(queue, dying, 0);
    assert.deepEqual([shipped(), await depthOf(queue)], [['A-1001'], { waiting: 0, inFlight: 1 }]);
    await send(eventText('order.paid'), 'redelivered');
    await take();
    assert.deepEqual(shipped(), ['A-1001']);
  });

  for (const [what, body] of [
    ['that are no event', '{"type":"order.paid"}'],
    ['that are no JSON', 'hello'],
    ['that lack a field', eventText('order.paid', { data: { mchid: undefined } })],
  ] as const) {
    it(`never deletes messages ${what}`, async (context) => {
      const { send, take, queue, errors, idCount } = open(context);
      await send(body);
      await take();
      assert.deepEqual([idCount(), errors.mock.callCount()], [0, 1]);
      assert.deepEqual(await depthOf(queue), { waiting: 0, inFlight: 1 });
    });
  }

  it('has nothing to do at an empty queue', async (context) => {
    const { take, idCount } = open(context);
    await take();
    assert.equal(idCount(), 0);
  });

  it('fails when the queue cannot be reached', async (context) => {
    const { shop, queue } = open(context);
    await assert.rejects(takeEvents({ ...queue, sqs: queues.deafClient }, shop, 0));
  });
});
