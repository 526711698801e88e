import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAppError } from '#core/errors.ts';
import type { MerchantEvent } from '#core/events.ts';
import { decodeMessage, type Message, type UnhandledNotice } from '#core/messages.ts';
import type { EventQueue, HintQueue, TimerQueue } from '#core/ports.ts';
import { at } from '../support/clock.ts';
import { account, hint, wake } from '../support/order-builder.ts';

/** A message as the queue keeps it. */
export type Waiting = {
  readonly body: string;
  readonly delaySeconds: number;
  /** Of a FIFO queue. */
  readonly groupId?: string;
};

/** A queue for one test. */
export type QueueHarness<Queue> = {
  readonly queue: Queue;
  /** The same port in front of a queue that refuses. */
  readonly refusing: Queue;
  /** Everything that waits, in the order in which it was sent. */
  waiting(): Promise<readonly Waiting[]>;
};

export type QueueHarnesses = {
  readonly hints: () => Promise<QueueHarness<HintQueue>>;
  readonly timers: () => Promise<QueueHarness<TimerQueue>>;
  readonly events: () => Promise<QueueHarness<EventQueue>>;
};

/** Every promise of the three queues (core/ports.ts). Each opener gives one test an empty queue. */
export function runQueuesContract(name: string, open: QueueHarnesses): void {
  describe(`queues contract: ${name}`, () => {
    describe('hints', () => hintContract(open.hints));
    describe('timers', () => timerContract(open.timers));
    describe('wakes in batches', () => batchContract(open.timers));
    describe('events', () => eventContract(open.events));
  });
}

const oneMiB = 1_048_576;

const unhandled: UnhandledNotice = {
  type: 'unhandled-notice',
  account: account.name,
  subject: { kind: 'notice', mchid: account.mchid, number: 'EV-2018022511223320873' },
  event_type: 'PAYSCORE.USER_PAID',
  createdAt: at('2026-11-21T04:00:00.123Z'),
};

const event: MerchantEvent = {
  specversion: '1.0',
  id: 'order#1900000001#A|1001*/order.paid/1',
  source: '/accounts/shop',
  type: 'order.paid',
  subject: 'order#1900000001#A|1001*',
  time: '2026-11-21T04:00:20.000Z',
  datacontenttype: 'application/json',
  sequence: '0000000002',
  data: { out_trade_no: 'A|1001*', amount: { total: 8800, currency: 'CNY' }, note: '咖啡 ☕' },
};

function hintContract(open: QueueHarnesses['hints']): void {
  for (const message of [hint(), hint({ says: 'SUCCESS', reason: 'request' }), unhandled]) {
    test(`a ${message.type} arrives as it was sent, at once`, async () => {
      const { queue, waiting } = await open();
      await queue.send(message);
      assert.deepEqual(decoded(await waiting()), [message]);
      assert.equal((await waiting())[0]?.delaySeconds, 0);
    });
  }

  test('a hint is not deduplicated', async () => {
    const { queue, waiting } = await open();
    await queue.send(hint());
    await queue.send(hint());
    assert.equal((await waiting()).length, 2);
  });

  test('a hint above 1 MiB is refused and not queued', async () => {
    const { queue, waiting } = await open();
    await refused(() => queue.send(hint({ says: 'x'.repeat(oneMiB) })), 'message_too_large');
    assert.deepEqual(await waiting(), []);
  });

  test('the size of a hint is counted in bytes, not in characters', async () => {
    const { queue } = await open();
    await refused(() => queue.send(hint({ says: '咖'.repeat(400_000) })), 'message_too_large');
  });

  test('a queue that refuses a hint says so', async () => {
    const { refusing } = await open();
    await refused(() => refusing.send(hint()), 'queue_unavailable');
  });
}

function timerContract(open: QueueHarnesses['timers']): void {
  test('a wake arrives as it was sent', async () => {
    const { queue, waiting } = await open();
    const sent = wake({ origin: 'after-close', hop: 3 });
    await queue.send(sent, 0);
    assert.deepEqual(decoded(await waiting()), [sent]);
  });

  const seconds: readonly (readonly [number, number])[] = [
    [0, 0],
    [1, 1],
    [999, 1],
    [1000, 1],
    [1001, 2],
    [29_500, 30],
    [900_000, 900],
  ];
  for (const [delayMs, delaySeconds] of seconds) {
    test(`a delay of ${delayMs} ms is ${delaySeconds} s`, async () => {
      const { queue, waiting } = await open();
      await queue.send(wake(), delayMs);
      assert.equal((await waiting())[0]?.delaySeconds, delaySeconds);
    });
  }

  test('a delay above 15 minutes is refused and not queued', async () => {
    const { queue, waiting } = await open();
    await assert.rejects(() => queue.send(wake(), 900_001));
    assert.deepEqual(await waiting(), []);
  });

  test('a queue that refuses a wake says so', async () => {
    const { refusing } = await open();
    await refused(() => refusing.send(wake(), 1000), 'queue_unavailable');
  });
}

function batchContract(open: QueueHarnesses['timers']): void {
  const ten = Array.from({ length: 10 }, (_, hop) => wake({ origin: 'sweep', hop }));

  test('ten wakes arrive at once, none left over', async () => {
    const { queue, waiting } = await open();
    assert.deepEqual(await queue.sendBatch(ten), []);
    const hops = decoded(await waiting()).map((message) => 'hop' in message && message.hop);
    assert.deepEqual(hops.toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.ok((await waiting()).every(({ delaySeconds }) => delaySeconds === 0));
  });

  for (const wakes of [[], [...ten, wake()]]) {
    test(`a batch of ${wakes.length} is refused and not queued`, async () => {
      const { queue, waiting } = await open();
      await assert.rejects(() => queue.sendBatch(wakes));
      assert.deepEqual(await waiting(), []);
    });
  }
}

function eventContract(open: QueueHarnesses['events']): void {
  test('an event arrives as it was sent, in the group of its subject', async () => {
    const { queue, waiting } = await open();
    await queue.send(event);
    const [message, ...rest] = await waiting();
    assert.deepEqual(JSON.parse(message?.body ?? ''), event);
    assert.deepEqual([message?.groupId, rest], [event.subject, []]);
  });

  test('an event that is sent again is there once', async () => {
    const { queue, waiting } = await open();
    await queue.send(event);
    await queue.send({ ...event, time: '2026-11-21T04:00:21.000Z' });
    assert.equal((await waiting()).length, 1);
  });

  test('another event of the same subject follows the first', async () => {
    const { queue, waiting } = await open();
    const ids = ['order.paid/1', 'order.review/1', 'order.review/2'];
    for (const id of ids) {
      await queue.send({ ...event, id: `${event.subject}/${id}` });
    }
    const bodies = (await waiting()).map(({ body }) => JSON.parse(body).id);
    assert.deepEqual(
      bodies,
      ids.map((id) => `${event.subject}/${id}`),
    );
  });

  test('an event id of 128 characters is taken, a longer one is refused', async () => {
    const { queue, waiting } = await open();
    await queue.send({ ...event, id: 'e'.repeat(128) });
    await assert.rejects(() => queue.send({ ...event, id: 'e'.repeat(129) }), isAppError);
    assert.equal((await waiting()).length, 1);
  });

  test('an event above 1 MiB is refused and not queued', async () => {
    const { queue, waiting } = await open();
    const data = { note: 'x'.repeat(oneMiB) };
    await refused(() => queue.send({ ...event, data }), 'message_too_large');
    assert.deepEqual(await waiting(), []);
  });

  test('a queue that refuses an event says so', async () => {
    const { refusing } = await open();
    await refused(() => refusing.send(event), 'queue_unavailable');
  });
}

function decoded(waiting: readonly Waiting[]): readonly Message[] {
  return waiting.map(({ body }) => {
    const message = decodeMessage(body);
    assert.ok(message.ok, body);
    return message.value;
  });
}

/** A port refuses by its promise, never by throwing before there is one. */
async function refused(send: () => Promise<void>, code: string): Promise<void> {
  await assert.rejects(send, (error) => isAppError(error) && error.code === code);
}
