import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at } from '../../../support/clock.ts';
import {
  acceptedBy,
  bodied,
  cancellation,
  completion,
  isMoment,
  isText,
  isWhole,
  modification,
  payment,
} from './payscore-bodies.ts';
import { notObjects, pointersOf, refusedIn, withAt } from './support.ts';

const { complete, modify, cancel, sync } = bodied;

/** Payments of other names each. */
const payments = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ name: `item ${n}`, amount: 1 }));

describe('the body that completes a service order', () => {
  it('becomes a command', async () => {
    const { sha256, ...asked } = await acceptedBy(
      complete,
      Buffer.from(JSON.stringify(completion)),
    );
    const { time_range: _, ...rest } = completion;
    assert.deepEqual(asked, {
      out_order_no: 'lesson-1',
      request: {
        name: 'complete',
        ...rest,
        timeRange: {
          startAt: at('2026-11-21T03:00:00Z'),
          endAt: at('2026-11-21T05:00:00Z'),
          start_time_remark: '上课',
          end_time_remark: '下课',
        },
      },
    });
    assert.match(String(sha256), /^[0-9A-Za-z_-]{43}$/);
  });

  it('needs payments and a total, and nothing else', async () => {
    const post_payments = [{ name: '第三节课', amount: 0 }];
    const { request } = await acceptedBy(complete, { post_payments, total_amount: 0 });
    assert.deepEqual(request, { name: 'complete', post_payments, total_amount: 0 });
    for (const pointer of [
      '/post_payments',
      '/total_amount',
      '/post_payments/0/name',
      '/post_payments/0/amount',
      '/post_discounts/0/name',
      '/post_discounts/0/amount',
      '/location/end_location',
    ]) {
      await refusedIn(complete.request, completion, pointer, [undefined]);
    }
  });

  it('may say a part of the times', async () => {
    for (const [time_range, timeRange] of [
      [{}, {}],
      [{ end_time: '20261121130000' }, { endAt: at('2026-11-21T05:00:00Z') }],
      [{ end_time_remark: '下课' }, { end_time_remark: '下课' }],
    ]) {
      const { request } = await acceptedBy(complete, { ...completion, time_range });
      assert.deepEqual(Object(request).timeRange, timeRange);
    }
  });

  it('has moments in one of two ways', async () => {
    await isMoment(complete, '/time_range/start_time');
    await isMoment(complete, '/time_range/end_time');
  });

  for (const [pointer, most] of [
    ['/time_range/start_time_remark', 20],
    ['/time_range/end_time_remark', 20],
    ['/location/end_location', 50],
    ['/goods_tag', 32],
  ] as const) {
    it(`has a text of at most ${most} characters at ${pointer}`, () =>
      isText(complete, pointer, most));
  }

  it('says in one word whether the money is shared', async () => {
    await acceptedBy(complete, { ...completion, profit_sharing: true });
    await refusedIn(complete.request, completion, '/profit_sharing', [null, 0, 1, 'true', {}, []]);
  });
});

for (const [what, kind, body] of [
  ['completes', complete, completion],
  ['lowers', modify, modification],
] as const) {
  describe(`what is charged in a body that ${what}`, () => {
    it('has 1 to 100 payments, and up to 30 discounts', async () => {
      for (const [name, count] of [
        ['post_payments', 1],
        ['post_payments', 100],
        ['post_discounts', 0],
        ['post_discounts', 30],
      ] as const) {
        await acceptedBy(kind, { ...body, [name]: payments(count) });
      }
      const { request } = kind;
      await refusedIn(request, body, '/post_payments', [null, {}, 'x', 1, [], payments(101)]);
      await refusedIn(request, body, '/post_discounts', [null, {}, 'x', 1, payments(31)]);
      await refusedIn(request, body, '/post_payments/0', notObjects);
      await refusedIn(request, body, '/post_discounts/0', notObjects);
    });

    it('has each name once in each list', async () => {
      const twice = [
        { name: 'a', amount: 1 },
        { name: 'b', amount: 1 },
        { name: 'a', amount: 2 },
      ];
      await refusedIn(kind.request, body, '/post_payments', [twice]);
      await refusedIn(kind.request, body, '/post_discounts', [twice]);
      const one = twice.slice(0, 2);
      await acceptedBy(kind, { ...body, post_payments: one, post_discounts: one });
    });

    for (const list of ['/post_payments', '/post_discounts']) {
      it(`has lines in ${list} as WeChat takes them`, async () => {
        await isText(kind, `${list}/0/name`, 20);
        await isText(kind, `${list}/0/description`, 30);
        await isWhole(kind, `${list}/0/amount`, 0);
        await isWhole(kind, `${list}/0/count`, 1, 100);
      });
    }

    it('has a total in fen', () => isWhole(kind, '/total_amount', 0));

    it('has no other fields', async () => {
      for (const place of ['', '/post_payments/0', '/post_discounts/0']) {
        for (const name of ['x', 'service_id', 'appid', 'risk_fund', '__proto__', '']) {
          await refusedIn(kind.request, body, `${place}/${name}`, ['x', null, {}]);
        }
      }
    });
  });
}

describe('the body that lowers a total', () => {
  it('becomes a command', async () => {
    const { request } = await acceptedBy(modify, modification);
    assert.deepEqual(request, { name: 'modify', ...modification });
  });

  it('has a reason of 50 characters', async () => {
    await isText(modify, '/reason', 50);
    await refusedIn(modify.request, modification, '/reason', [undefined]);
  });

  it('says nothing of what only a completion says', async () => {
    for (const name of ['time_range', 'location', 'profit_sharing', 'goods_tag']) {
      await refusedIn(modify.request, modification, `/${name}`, [Object(completion)[name]]);
    }
  });
});

describe('the body that cancels a service order', () => {
  it('becomes a command', async () => {
    const { request } = await acceptedBy(cancel, cancellation);
    assert.deepEqual(request, { name: 'cancel', ...cancellation });
  });

  it('has a reason of 50 characters, and nothing else', async () => {
    await isText(cancel, '/reason', 50);
    await refusedIn(cancel.request, cancellation, '/reason', [undefined]);
    await refusedIn(cancel.request, cancellation, '/total_amount', [1, null]);
  });
});

describe('the body that says how a service order was paid otherwise', () => {
  it('becomes a command', async () => {
    const { request } = await acceptedBy(sync, payment);
    assert.deepEqual(request, { name: 'sync', paidAt: at('2026-11-21T05:30:00Z') });
    const digits = await acceptedBy(sync, { paid_time: '20261121133000' });
    assert.deepEqual(digits['request'], request);
  });

  it('has a moment, and nothing else', async () => {
    await isMoment(sync, '/paid_time');
    await refusedIn(sync.request, payment, '/paid_time', [undefined]);
    await refusedIn(sync.request, payment, '/type', ['Order_Paid']);
    await refusedIn(sync.request, payment, '/detail', [payment]);
  });
});

describe('two bodies of one meaning', () => {
  it('are two requests, told apart by their bytes', async () => {
    const hashes = await Promise.all(
      ['{"reason":"a"}', '{ "reason":"a"}', '{"reason":"\\u0061"}'].map(
        async (text) => (await acceptedBy(cancel, Buffer.from(text)))['sha256'],
      ),
    );
    assert.equal(new Set(hashes).size, 3);
  });
});

describe('a body for another command', () => {
  it('is refused', async () => {
    for (const [{ request }, body, fault] of [
      [complete, modification, '/reason'],
      [cancel, payment, '/reason'],
      [sync, cancellation, '/paid_time'],
      [modify, withAt(completion, '/reason', 'x'), '/time_range'],
    ] as const) {
      assert.ok((await pointersOf(request, body)).includes(fault), fault);
    }
  });
});
