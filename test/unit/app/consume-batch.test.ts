import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BatchPorts, consumeBatch, lookMail } from '#app/consume-batch.ts';
import type { Ending } from '#app/ending.ts';
import { AppError } from '#core/errors.ts';
import { encodeMessage, type Message } from '#core/messages.ts';
import type { Received } from '#core/ports.ts';
import { createdAt, hint, orderKey, wake } from '../../support/order-builder.ts';
import { createTelemetry } from '../../support/telemetry.ts';
import { createTestBed } from '../../support/test-bed.ts';
import { look } from './looking.ts';

type Handle = BatchPorts<Message>['handle'];

const done: Ending = { type: 'done' };
const other = hint({ subject: { ...orderKey, number: 'A-1002' } });
const third = hint({ subject: { ...orderKey, number: 'A-1003' } });

function received(message: Message | string, overrides: Partial<Received> = {}): Received {
  const body = typeof message === 'string' ? message : encodeMessage(message);
  const messageId = overrides.messageId ?? `id-${body.length}-${body.slice(-40)}`;
  const receiptHandle = `handle-${messageId}`;
  return { messageId, receiptHandle, body, receiveCount: 1, sentAt: createdAt, ...overrides };
}

/** A consumer whose inbox notes what it was asked to do. */
function consumer(handle: Handle, overrides: Partial<BatchPorts<Message>> = {}) {
  const postponed: (readonly [string, number])[] = [];
  const parked: (readonly [string, string])[] = [];
  const telemetry = createTelemetry();
  const ports: BatchPorts<Message> = {
    mail: lookMail,
    handle,
    telemetry,
    jitter: () => 0,
    inbox: {
      postpone: (message, delayMs) => {
        postponed.push([message.messageId, delayMs]);
        return Promise.resolve();
      },
      park: (message, reason) => {
        parked.push([message.messageId, reason]);
        return Promise.resolve();
      },
    },
    ...overrides,
  };
  return {
    postponed,
    parked,
    telemetry,
    run: (batch: readonly Received[]) => consumeBatch(ports, batch),
  };
}

function ending(given: Ending): Handle {
  return () => Promise.resolve(given);
}

test('a batch of which all is done keeps nothing', async () => {
  const { run, postponed, parked } = consumer(ending(done));
  assert.deepEqual(await run([received(hint()), received(other)]), []);
  assert.deepEqual([postponed, parked], [[], []]);
});

test('an empty batch is done', async () => {
  assert.deepEqual(await consumer(ending(done)).run([]), []);
});

test('only the messages that failed stay in the queue', async () => {
  const { run, postponed } = consumer((message) =>
    Promise.resolve(
      message.subject.number === 'A-1002' ? { type: 'retry', reason: 'record_missing' } : done,
    ),
  );
  const batch = [received(hint()), received(other, { messageId: 'm-2' }), received(third)];
  assert.deepEqual(await run(batch), ['m-2']);
  assert.deepEqual(postponed, [['m-2', 7_500]]);
});

test('a handler that throws fails its own message alone', async () => {
  for (const [thrown, reason] of [
    [new AppError('store_unavailable', 'down'), 'store_unavailable'],
    [new TypeError('a bug'), 'internal'],
  ] as const) {
    const { run, telemetry } = consumer((message) =>
      message.subject.number === 'A-1002' ? Promise.reject(thrown) : Promise.resolve(done),
    );
    assert.deepEqual(await run([received(hint()), received(other, { messageId: 'm-2' })]), ['m-2']);
    assert.equal(telemetry.countOf('message_retried', reason), 1);
  }
});

test('identical messages of one batch are handled once and end alike', async () => {
  for (const [given, kept] of [
    [done, []],
    [{ type: 'retry', reason: 'record_missing' }, ['m-1', 'm-2', 'm-3']],
  ] as const) {
    let handled = 0;
    const { run } = consumer(() => {
      handled += 1;
      return Promise.resolve(given);
    });
    const batch = ['m-1', 'm-2', 'm-3'].map((messageId) => received(hint(), { messageId }));
    assert.deepEqual([await run(batch), handled], [kept, 1]);
  }
});

test('different messages of one subject are handled one after another, in order', async () => {
  const running: string[] = [];
  let atOnce = 0;
  const { run } = consumer(async (message) => {
    atOnce += 1;
    assert.equal(atOnce, 1);
    await Promise.resolve();
    running.push(message.type === 'hint' ? message.reason : message.type);
    atOnce -= 1;
    return done;
  });
  const reasons = ['notice', 'bill', 'request'] as const;
  await run([...reasons.map((reason) => received(hint({ reason }))), received(wake())]);
  assert.deepEqual(running, ['notice', 'bill', 'request', 'wake']);
});

test('different subjects are handled at once', async () => {
  const started: string[] = [];
  const open = Promise.withResolvers<Ending>();
  const { run } = consumer((message) => {
    started.push(message.subject.number);
    return open.promise;
  });
  const running = run([received(hint()), received(other), received(third)]);
  await Promise.resolve();
  assert.deepEqual(started, ['A-1001', 'A-1002', 'A-1003']);
  open.resolve(done);
  assert.deepEqual(await running, []);
});

test('the handler learns how often the message was received', async () => {
  const counts: number[] = [];
  const { run } = consumer((_, { receiveCount }) => {
    counts.push(receiveCount);
    return Promise.resolve(done);
  });
  await run([received(hint(), { receiveCount: 7 })]);
  assert.deepEqual(counts, [7]);
});

for (const [body, reason] of [
  ['', 'undecodable'],
  ['{"version":1', 'undecodable'],
  ['[]', 'undecodable'],
  ['{"version":1,"type":"hint"}', 'undecodable'],
  ['{"version":1,"type":"bill"}', 'unknown-type'],
] as const) {
  test(`the message ${body} is parked as ${reason} and acknowledged, not handled`, async () => {
    const { run, parked, telemetry } = consumer(() => assert.fail('not handled'));
    assert.deepEqual(await run([received(body, { messageId: 'm-1' })]), []);
    assert.deepEqual(parked, [['m-1', reason]]);
    assert.equal(telemetry.countOf('message_parked', reason), 1);
  });
}

test('a message of a newer version stays in its queue', async () => {
  const { run, parked, postponed } = consumer(() => assert.fail('not handled'));
  const body = encodeMessage(hint()).replace('"version":1', '"version":2');
  assert.deepEqual(await run([received(body, { messageId: 'm-1' })]), ['m-1']);
  assert.deepEqual([parked, postponed], [[], [['m-1', 7_500]]]);
});

test('a message that the handler parks is copied with its reason and acknowledged', async () => {
  const { run, parked } = consumer(ending({ type: 'parked', reason: 'record_undecodable' }));
  assert.deepEqual(await run([received(hint(), { messageId: 'm-1' })]), []);
  assert.deepEqual(parked, [['m-1', 'record_undecodable']]);
});

test('a message that could not be parked or postponed stays, and stops nobody', async () => {
  const down = () => Promise.reject(new Error('the queue is down'));
  const { run } = consumer(ending({ type: 'retry', reason: 'record_missing' }), {
    inbox: { park: down, postpone: down },
  });
  const batch = [received('broken', { messageId: 'm-1' }), received(hint(), { messageId: 'm-2' })];
  assert.deepEqual(await run(batch), ['m-1', 'm-2']);
});

test('pauses grow with each receive, and an asked pause is kept', async () => {
  const { run, postponed } = consumer(ending({ type: 'retry', reason: 'record_missing' }), {
    jitter: () => 0.999,
  });
  for (const receiveCount of [1, 2, 3, 4, 5, 6, 7, 20]) {
    await run([received(hint(), { receiveCount })]);
  }
  const seconds = postponed.map(([, delayMs]) => Math.round(delayMs / 1000));
  assert.deepEqual(seconds, [10, 30, 60, 120, 300, 600, 900, 900]);
  const asked = consumer(ending({ type: 'retry', reason: 'notice_ahead', afterMs: 5_000 }));
  await asked.run([received(hint(), { messageId: 'm-1' })]);
  assert.deepEqual(asked.postponed, [['m-1', 5_000]]);
});

test('a record that the table cannot read parks its message: no retry can help', async () => {
  const bed = createTestBed();
  const load = () => Promise.reject(new AppError('record_undecodable', 'No readable envelope.'));
  const { run, parked } = consumer((message) =>
    look({ ...bed, store: { ...bed.store, load } }, message),
  );
  assert.deepEqual(await run([received(hint(), { messageId: 'm-1' })]), []);
  assert.deepEqual(parked, [['m-1', 'record_undecodable']]);
});
