import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { MerchantEvent } from '../../../client/src/index.ts';
import { eventOf, permutationsOf } from '../client/events.ts';
import { openShopOfTest } from './books.ts';
import { numberAt, tellProcess } from './tell-process.ts';

const paid = eventOf('order.paid', { sequence: 2 });
const partBack = eventOf('refund.succeeded', { sequence: 3 });
const allBack = eventOf('refund.succeeded', {
  number: 'R-1002',
  data: { amount: { refund: 8800, total: 8800, currency: 'CNY' } },
});
const nameless = eventOf('order.frozen', { number: 'A-1002' });
const notice = eventOf('notice.unhandled', {
  data: { notice_id: 'EV-1', event_type: 'COUPON.USE', create_time: '2026-11-21T04:00:20.000Z' },
});

function open(context: TestContext) {
  const opened = openShopOfTest();
  context.after(opened.remove);
  return opened;
}

async function tell(
  { handle }: { readonly handle: (event: MerchantEvent) => Promise<unknown> },
  events: readonly MerchantEvent[],
): Promise<void> {
  for (const event of events) {
    await handle(event);
  }
}

describe('the shop', () => {
  it('ships what is paid, and notes it', async (context) => {
    const { shop, shipped, noted } = open(context);
    assert.equal(await shop.handle(paid), 'handled');
    assert.deepEqual(shipped(), ['A-1001']);
    assert.deepEqual(noted(), ['A-1001 order.paid']);
  });

  it('ships each of two orders', async (context) => {
    const { shop, shipped } = open(context);
    await tell(shop, [eventOf('order.paid', { number: 'a-1001' }), paid, paid]);
    assert.deepEqual(shipped(), ['a-1001', 'A-1001']);
  });

  it('ships an order once although it is announced under two ids', async (context) => {
    const { shop, shipped } = open(context);
    await tell(shop, [paid, eventOf('order.paid', { n: 2, sequence: 5 })]);
    assert.deepEqual(shipped(), ['A-1001']);
  });

  for (const type of [
    'order.closed',
    'order.paid_late',
    'order.duplicate',
    'order.review',
    'order.unmatched',
  ] as const) {
    it(`ships nothing for ${type}`, async (context) => {
      const { shop, shipped, noted } = open(context);
      await shop.handle(eventOf(type));
      assert.deepEqual(shipped(), []);
      assert.deepEqual(noted(), [`A-1001 ${type}`]);
    });
  }

  it('ignores notices and types that it does not know, and keeps their ids', async (context) => {
    const { shop, shipped, noted, idCount } = open(context);
    await tell(shop, [nameless, notice, nameless]);
    assert.deepEqual([shipped(), noted(), idCount()], [[], [], 2]);
  });

  it('keeps what was all refunded before it heard of the payment', async (context) => {
    const { shop, shipped, noted } = open(context);
    await tell(shop, [allBack, paid]);
    assert.deepEqual(shipped(), []);
    assert.deepEqual(noted(), ['A-1001 order.paid', 'R-1002 SUCCESS']);
  });

  it('ships what was refunded in part, or to another, or in vain', async (context) => {
    const { shop, shipped } = open(context);
    const amount = { refund: 8800, total: 8800, currency: 'CNY' };
    const another = eventOf('refund.succeeded', {
      number: 'R-1003',
      data: { amount, out_trade_no: 'A-1002' },
    });
    const inVain = eventOf('refund.closed', { number: 'R-1004', data: { amount } });
    await tell(shop, [partBack, another, inVain, paid]);
    assert.deepEqual(shipped(), ['A-1001']);
  });

  it('ships nothing for a payment after which it heard that WeChat denies it', async (context) => {
    const { shop, shipped } = open(context);
    const denied = eventOf('order.review', { sequence: 5, data: { reason: 'contradiction' } });
    await tell(shop, [denied, paid]);
    assert.deepEqual(shipped(), []);
  });
});

describe('a story told in any order, with repeats', () => {
  type Story = (number: string, refundNumber: string) => readonly MerchantEvent[];
  const isPaid = (number: string, sequence: number) =>
    eventOf('order.paid', { number, sequence, data: { late: sequence > 2 } });
  const isClosed = (number: string) => eventOf('order.closed', { number, sequence: 3 });
  const isPartBack = (number: string, out_trade_no: string) =>
    eventOf('refund.succeeded', { number, sequence: 3, data: { out_trade_no } });
  const stories: readonly (readonly [string, boolean, string, readonly string[], Story])[] = [
    [
      'paid, told twice, refunded in part after a failure',
      true,
      'order.paid',
      ['SUCCESS'],
      (order, refund) => [
        isPaid(order, 2),
        isPaid(order, 2),
        eventOf('refund.abnormal', { number: refund, data: { out_trade_no: order } }),
        isPartBack(refund, order),
      ],
    ],
    [
      'closed, then paid late under the policy to fulfil, and refunded in part',
      true,
      'order.paid',
      ['SUCCESS'],
      (order, refund) => [
        isClosed(order),
        isPaid(order, 4),
        isPartBack(refund, order),
        isPaid(order, 4),
        eventOf('plan.signed', { number: order }),
      ],
    ],
    [
      'closed, then paid late and given back',
      false,
      'order.paid_late',
      ['SUCCESS'],
      (order, refund) => [
        isClosed(order),
        eventOf('order.paid_late', { number: order, sequence: 4 }),
        isClosed(order),
        isPartBack(refund, order),
      ],
    ],
    [
      'in review, closed by a person, and nobody paid',
      false,
      'order.closed',
      [],
      (order) => [
        eventOf('order.review', { number: order, sequence: 2 }),
        isClosed(order),
        eventOf('plan.signed', { number: order }),
        isClosed(order),
      ],
    ],
  ];
  for (const [name, isShipped, lastTold, refundStatuses, story] of stories) {
    it(`ends alike: ${name}`, async (context) => {
      const { shop, shipped, noted } = open(context);
      const orders = permutationsOf([...story('', '').keys()]).map((turns, index) => ({
        turns,
        number: `A-${1_000 + index}`,
        refund: `R-${1_000 + index}`,
      }));
      for (const { turns, number, refund } of orders) {
        const events = story(number, refund);
        const told = turns.flatMap((turn) => events[turn] ?? []);
        await tell(shop, [...told, ...told.toReversed()]);
      }
      const numbers = orders.map(({ number }) => number);
      assert.deepEqual(shipped(), isShipped ? numbers : []);
      const refunds = orders.flatMap(({ refund }) => refundStatuses.map((is) => `${refund} ${is}`));
      assert.deepEqual(noted(), [...numbers.map((number) => `${number} ${lastTold}`), ...refunds]);
    });
  }
});

describe('the shop, interrupted', () => {
  it('has shipped once when it died before it could acknowledge', async (context) => {
    const { shop, reopen, shipped } = open(context);
    await shop.handle(paid);
    const again = reopen();
    assert.equal(await again.handle(paid), 'repeated');
    assert.deepEqual(shipped(), ['A-1001']);
  });

  it('has kept nothing when its books failed, and ships when they are well', async (context) => {
    const { shop, jamWarehouse, shipped, noted, idCount } = open(context);
    jamWarehouse(true);
    await assert.rejects(shop.handle(paid), /jammed/);
    await assert.rejects(shop.handle(paid), /jammed/);
    assert.deepEqual([shipped(), noted(), idCount()], [[], [], 0]);
    jamWarehouse(false);
    assert.equal(await shop.handle(paid), 'handled');
    assert.deepEqual(shipped(), ['A-1001']);
  });

  it('goes on with other events when one fails', async (context) => {
    const { shop, jamWarehouse, noted } = open(context);
    jamWarehouse(true);
    const settled = await Promise.allSettled([shop.handle(paid), shop.handle(partBack)]);
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    );
    assert.deepEqual(noted(), ['R-1001 SUCCESS']);
  });

  it('ships once when its processes are told the same at the same time', async (context) => {
    const { path, shipped } = open(context);
    const processes = [tellProcess(context, path, 50), tellProcess(context, path, 50)];
    const handlings = (await Promise.all(processes.map(({ ended }) => ended))).flat();
    const count = (handling: string) => handlings.filter((line) => line.endsWith(handling)).length;
    assert.deepEqual([count(' handled'), count(' repeated')], [50, 50]);
    assert.deepEqual(shipped().toSorted(), numbersTo(50));
  });

  it('ships once when its process is killed somewhere, and all is told again', async (context) => {
    const { shop, path, shipped } = open(context);
    const killed = tellProcess(context, path, Number.POSITIVE_INFINITY);
    await killed.lines(20);
    killed.kill();
    const acknowledged = (await killed.ended).length;
    const numbers = numbersTo(Math.max(acknowledged, shipped().length) + 10);
    const again: string[] = [];
    for (const number of numbers) {
      again.push(await shop.handle(eventOf('order.paid', { number })));
    }
    assert.ok(again.slice(0, acknowledged).every((handling) => handling === 'repeated'));
    assert.ok(again.slice(-10).every((handling) => handling === 'handled'));
    assert.deepEqual(shipped(), numbers);
  });
});

function numbersTo(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => numberAt(index));
}
