import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../support/clock.ts';
import { account, hint, orderKey, outTradeNo, wake } from '../../support/order-builder.ts';
import { createTestBed } from '../../support/test-bed.ts';
import { assertFaultsCame, eventTypesOf, look, paidUnseen, placed, standing } from './looking.ts';

const done = { type: 'done' };

test('a paid order is committed once, announced once and owes nothing more', async () => {
  const bed = await paidUnseen();
  assert.deepEqual(await look(bed, hint({ says: 'SUCCESS' })), done);
  const record = standing(bed);
  assert.deepEqual([record.status, record.version, record.outbox], ['PAID', 2, []]);
  assert.equal(record.dueAt, undefined);
  assert.equal(record.data['transaction_id'], '4200A1001');
  assert.deepEqual([bed.store.counts.commit, bed.store.counts.clear], [1, 1]);
});

test('the event of a paid order says what was paid, and nothing of the payer', async () => {
  const bed = await paidUnseen();
  await look(bed);
  assert.deepEqual(bed.events.published(), [
    {
      specversion: '1.0',
      id: 'order#1900000001#A-1001/order.paid/1',
      source: '/accounts/shop',
      type: 'order.paid',
      subject: 'order#1900000001#A-1001',
      time: '2026-11-21T04:00:20.000Z',
      datacontenttype: 'application/json',
      sequence: '0000000002',
      data: {
        mchid: '1900000001',
        out_trade_no: 'A-1001',
        status: 'PAID',
        amount: { total: 8800, currency: 'CNY' },
        transaction_id: '4200A1001',
        paid_total: 8800,
        payer_total: 8800,
        success_time: '2026-11-21T04:00:20.000Z',
      },
    },
  ]);
});

test('the history says who moved it and what WeChat had said', async () => {
  const bed = await paidUnseen();
  await look(bed, wake({ slot: at('2026-11-21T04:00:30Z') }));
  assert.deepEqual(standing(bed).history.at(-1), {
    at: at('2026-11-21T04:00:20Z'),
    from: 'AWAITING',
    to: 'PAID',
    because: 'timer',
    evidence: 'SUCCESS',
  });
});

test('a duplicate of a notice on PAID costs no call to WeChat, no write and no event', async () => {
  const bed = await paidUnseen();
  await look(bed);
  const calls = bed.world.callsOf();
  for (let copy = 0; copy < 5; copy += 1) {
    assert.deepEqual(await look(bed, hint({ says: 'SUCCESS' })), done);
  }
  assert.equal(bed.world.callsOf(), calls);
  assert.deepEqual([bed.store.counts.commit, bed.store.counts.arm], [1, 0]);
  assert.equal(bed.events.sends(), 1);
});

test('a late wake on PAID costs no call to WeChat and sends no wake', async () => {
  const bed = await paidUnseen();
  await look(bed);
  const [calls, sends] = [bed.world.callsOf(), bed.timers.sends()];
  assert.deepEqual(await look(bed, wake()), done);
  assert.deepEqual([bed.world.callsOf(), bed.timers.sends()], [calls, sends]);
});

for (const reason of ['request', 'bill'] as const) {
  test(`a ${reason} looks at WeChat even on PAID, and changes nothing there`, async () => {
    const bed = await paidUnseen();
    await look(bed);
    const calls = bed.world.callsOf('query');
    assert.deepEqual(await look(bed, hint({ reason })), done);
    assert.equal(bed.world.callsOf('query'), calls + 1);
    assert.deepEqual([standing(bed).version, bed.events.sends()], [2, 1]);
  });
}

test('an order that WeChat shows unpaid is not believed paid, whatever the notice says', async () => {
  const bed = await placed();
  await look(bed, hint({ says: 'SUCCESS' }));
  assert.equal(standing(bed).status, 'AWAITING');
  assert.equal(bed.events.sends(), 0);
});

test('a payment of another amount goes to a person and is never announced as paid', async () => {
  const bed = await placed();
  bed.world.pay(outTradeNo, { amountFen: 100 });
  assert.deepEqual(await look(bed), done);
  assert.equal(standing(bed).status, 'REVIEW');
  assert.deepEqual(eventTypesOf(bed), ['order.review']);
  assert.equal(bed.events.published()[0]?.data['reason'], 'amount');
});

test('two looks at once make one commit and one event', async () => {
  const bed = await paidUnseen();
  const endings = await Promise.all([look(bed), look(bed)]);
  assert.deepEqual(endings, [done, done]);
  assert.equal(standing(bed).version, 2);
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

test('a look whose commit lost the race loads again and leaves the winner alone', async () => {
  const bed = await paidUnseen();
  bed.faults.store.plan('commit', async () => {
    await look(bed);
  });
  assert.deepEqual(await look(bed), done);
  assert.equal(bed.telemetry.countOf('commit_lost'), 1);
  assert.deepEqual([standing(bed).version, eventTypesOf(bed)], [2, ['order.paid']]);
  assertFaultsCame(bed);
});

for (const fault of ['unknown-done', 'unknown-not-done', 'lost-done'] as const) {
  test(`a commit that ends ${fault} is looked up, not guessed: one event`, async () => {
    const bed = await paidUnseen();
    bed.faults.store.plan('commit', fault);
    assert.deepEqual(await look(bed), done);
    assert.deepEqual([standing(bed).status, standing(bed).version], ['PAID', 2]);
    assert.deepEqual([standing(bed).outbox, eventTypesOf(bed)], [[], ['order.paid']]);
    assertFaultsCame(bed);
  });
}

test('after three rounds without a commit the message goes back to its queue', async () => {
  const bed = await paidUnseen();
  bed.faults.store.plan('commit', 'unknown-not-done', 'unknown-not-done', 'unknown-not-done');
  assert.deepEqual(await look(bed), { type: 'retry', reason: 'commit_lost' });
  assert.equal(bed.telemetry.countOf('commit_lost'), 3);
  assert.equal(bed.events.sends(), 0);
  assertFaultsCame(bed);
});

test('a message of an account that nobody knows is retried and looks at nothing', async () => {
  const bed = createTestBed([]);
  assert.deepEqual(await look(bed), { type: 'retry', reason: 'account_unknown' });
  assert.deepEqual([bed.store.counts.load, bed.world.callsOf()], [0, 0]);
});

test('a record whose data cannot be read is parked and not looked at', async () => {
  const bed = await placed();
  const record = standing(bed);
  bed.store.put({ ...record, data: { ...record.data, amountFen: 'many' } });
  const calls = bed.world.callsOf();
  assert.deepEqual(await look(bed), { type: 'parked', reason: 'record_undecodable' });
  assert.equal(bed.world.callsOf(), calls);
  assert.equal(standing(bed).leases, 1, 'parking counts as a lease');
});

test('a query that dies with its function leaves the record as it was', async () => {
  const bed = await paidUnseen();
  const before = standing(bed);
  bed.world.plan('query', () => Promise.reject(new Error('killed')));
  await assert.rejects(() => look(bed));
  assert.deepEqual(bed.store.peek(orderKey), before);
  assert.deepEqual(await look(bed), done);
  assert.deepEqual(eventTypesOf(bed), ['order.paid']);
});

test('a payment late by policy is fulfilled only for an account that says so', async () => {
  const fulfilling = { ...account, latePolicy: 'fulfil' } as const;
  for (const [holder, types] of [
    [account, ['order.closed', 'order.paid_late']],
    [fulfilling, ['order.closed', 'order.paid']],
  ] as const) {
    const bed = await placed(createTestBed([holder]));
    const { store, world } = bed;
    store.put({ ...standing(bed), data: { ...standing(bed).data, closeAt: bed.clock.now() } });
    await look(bed);
    world.force(outTradeNo, 'NOTPAY');
    world.pay(outTradeNo);
    await look(bed);
    assert.deepEqual(eventTypesOf(bed), types);
  }
});
