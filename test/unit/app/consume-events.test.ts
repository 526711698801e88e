import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consumeBatch, eventMail } from '#app/consume-batch.ts';
import type { Ending } from '#app/ending.ts';
import type { Received } from '#core/ports.ts';
import { merchantEvent } from '../../support/event-builder.ts';
import { createdAt } from '../../support/order-builder.ts';
import { createTelemetry } from '../../support/telemetry.ts';

const done: Ending = { type: 'done' };

function letter(messageId: string, groupId: string, body = eventText(messageId)): Received {
  const receiptHandle = `handle-${messageId}`;
  return { messageId, receiptHandle, groupId, body, receiveCount: 1, sentAt: createdAt };
}

function eventText(id: string): string {
  return JSON.stringify(merchantEvent({ id }));
}

/** Consumes these with the endings that are told, done for all others; notes who was handled and put off. */
async function consume(
  batch: readonly Received[],
  endings: Readonly<Record<string, Ending | 'throws'>>,
  park: () => Promise<void> = () => Promise.resolve(),
) {
  const handled: string[] = [];
  const postponed: (readonly [string, number])[] = [];
  const kept = await consumeBatch(
    {
      mail: eventMail,
      telemetry: createTelemetry(),
      jitter: () => 0,
      inbox: {
        postpone: ({ messageId }, delayMs) => {
          postponed.push([messageId, delayMs]);
          return Promise.resolve();
        },
        park,
      },
      handle: ({ id }) => {
        handled.push(id);
        const ending = endings[id] ?? done;
        return ending === 'throws' ? Promise.reject(new Error('boom')) : Promise.resolve(ending);
      },
    },
    batch,
  );
  return { handled, postponed, kept };
}

const retry: Ending = { type: 'retry', reason: 'delivery_failed', afterMs: 7_000 };

test('after one that stays the rest of its group stays, unhandled and as long; others go on', async () => {
  const batch = [letter('a1', 'a'), letter('a2', 'a'), letter('b1', 'b'), letter('a3', 'a')];
  const { handled, postponed, kept } = await consume(batch, { a2: retry });
  assert.deepEqual(handled.toSorted(), ['a1', 'a2', 'b1']);
  assert.deepEqual(kept, ['a2', 'a3']);
  assert.deepEqual(postponed, [
    ['a2', 7_000],
    ['a3', 7_000],
  ]);
});

test('what throws blocks its group, too', async () => {
  const { handled, kept } = await consume([letter('a1', 'a'), letter('a2', 'a')], { a1: 'throws' });
  assert.deepEqual([handled, kept], [['a1'], ['a1', 'a2']]);
});

test('what is parked blocks nobody', async () => {
  const parked: Ending = { type: 'parked', reason: 'delivery_failed', detail: 'status 503' };
  const { handled, kept } = await consume([letter('a1', 'a'), letter('a2', 'a')], { a1: parked });
  assert.deepEqual([handled, kept], [['a1', 'a2'], []]);
});

test('what could not be parked stays, and so does what comes behind it', async () => {
  const parked: Ending = { type: 'parked', reason: 'delivery_failed' };
  const batch = [letter('a1', 'a'), letter('a2', 'a')];
  const refuse = () => Promise.reject(new Error('full'));
  const { handled, kept } = await consume(batch, { a1: parked }, refuse);
  assert.deepEqual([handled, kept], [['a1'], ['a1', 'a2']]);
});

test('an event that nobody can read is parked, and the next one of its group is handled', async () => {
  const batch = [letter('a1', 'a', 'not an event'), letter('a2', 'a')];
  const { handled, kept } = await consume(batch, {});
  assert.deepEqual([handled, kept], [['a2'], []]);
});

test('an event that lies twice in a batch is handled once', async () => {
  const batch = [letter('a1', 'a'), letter('a2', 'a', eventText('a1'))];
  assert.deepEqual((await consume(batch, {})).handled, ['a1']);
});
