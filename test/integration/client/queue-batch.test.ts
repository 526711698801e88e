import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { takeEvents } from '../../../examples/shop/queue.ts';
import { eventText } from '../../unit/client/events.ts';
import { openShopOfTest } from '../../unit/examples/books.ts';
import { startStandIn } from './sqs-stand-in.ts';

const order = (number: string) => `order#1900000001#${number}`;
const paid = { subject: order('A-1001'), body: eventText('order.paid') };
const reviewed = {
  subject: order('A-1001'),
  body: eventText('order.review', { sequence: 3, data: { reason: 'contradiction' } }),
};
const closed = {
  subject: order('A-1002'),
  body: eventText('order.closed', { number: 'A-1002' }),
};
const unreadable = { subject: order('A-1001'), body: 'hello' };

async function open(context: TestContext, batch: readonly (typeof paid)[]) {
  const books = openShopOfTest();
  context.after(books.remove);
  context.mock.method(console, 'log', () => undefined);
  context.mock.method(console, 'error', () => undefined);
  const standIn = await startStandIn(context, batch);
  return { ...books, ...standIn, take: () => takeEvents(standIn.queue, books.shop, 0) };
}

describe('a batch with several events of one subject', () => {
  it('is handled in its order and deleted', async (context) => {
    const { take, deleted, noted, shipped, asked } = await open(context, [paid, reviewed, closed]);
    await take();
    assert.deepEqual(deleted(), ['0', '1', '2']);
    assert.deepEqual(shipped(), ['A-1001']);
    assert.deepEqual(noted(), ['A-1001 order.review', 'A-1002 order.closed']);
    assert.deepEqual(asked().length, 1);
  });

  it('is left from its first failure on, others are not', async (context) => {
    const { take, deleted, noted, jamWarehouse } = await open(context, [paid, reviewed, closed]);
    jamWarehouse(true);
    await take();
    assert.deepEqual(deleted(), ['2']);
    assert.deepEqual(noted(), ['A-1002 order.closed']);
  });

  it('is left from its first unreadable event on', async (context) => {
    const { take, deleted, noted } = await open(context, [unreadable, paid, closed]);
    await take();
    assert.deepEqual([deleted(), noted()], [['2'], ['A-1002 order.closed']]);
  });

  it('with repeats ships once, and the repeats are deleted, too', async (context) => {
    const { take, deleted, shipped } = await open(context, [paid, paid, paid]);
    await take();
    assert.deepEqual([deleted(), shipped()], [['0', '1', '2'], ['A-1001']]);
  });

  it('comes again as repeats when it could not be deleted', async (context) => {
    const { take, deleted, shipped, noted, failDeletions } = await open(context, [paid, reviewed]);
    failDeletions();
    await take();
    assert.deepEqual([deleted(), noted()], [[], ['A-1001 order.paid']]);
    await take();
    assert.deepEqual(shipped(), ['A-1001']);
  });
});
