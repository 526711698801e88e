import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '#core/errors.ts';
import type { UnhandledNotice } from '#core/messages.ts';
import { at } from '../../support/clock.ts';
import { Crash } from '../../support/faults.ts';
import { account, hint, orderKey, paidEvidence, wake } from '../../support/order-builder.ts';
import { createTestBed } from '../../support/test-bed.ts';
import { dyingLook, eventTypesOf, look, standing } from './looking.ts';

const done = { type: 'done' };
const missing = { type: 'retry', reason: 'record_missing' };

const unhandled: UnhandledNotice = {
  type: 'unhandled-notice',
  account: account.name,
  subject: { kind: 'notice', mchid: account.mchid, number: 'EV-2018022511223320873' },
  event_type: 'PAYSCORE.USER_PAID',
  createdAt: at('2026-11-21T03:59:58Z'),
};

for (const reason of ['notice', 'bill'] as const) {
  test(`a ${reason} about a payment that nobody ordered is kept and announced, never as paid`, async () => {
    const bed = createTestBed();
    bed.world.plan('query', paidEvidence());
    assert.deepEqual(await look(bed, hint({ reason, says: 'SUCCESS' })), done);
    assert.deepEqual([standing(bed).status, standing(bed).dueAt], ['UNMATCHED', undefined]);
    assert.deepEqual(eventTypesOf(bed), ['order.unmatched']);
  });
}

test('an unmatched payment is announced once, however often it is hinted at', async () => {
  const bed = createTestBed();
  bed.world.plan('query', paidEvidence(), paidEvidence());
  await Promise.all([look(bed), look(bed)]);
  await look(bed);
  await look(bed, hint({ reason: 'request' }));
  assert.equal(bed.world.callsOf('query'), 2);
  assert.deepEqual(eventTypesOf(bed), ['order.unmatched']);
});

for (const fault of ['unknown-done', 'unknown-not-done', 'crash-after'] as const) {
  test(`an unmatched payment whose create ends ${fault} is announced once`, async () => {
    const bed = createTestBed();
    bed.world.plan('query', paidEvidence(), paidEvidence());
    bed.faults.store.plan('create', fault);
    await look(bed).catch((error: unknown) => assert.ok(error instanceof Crash));
    assert.deepEqual(await look(bed), done);
    assert.deepEqual([eventTypesOf(bed), standing(bed).outbox], [['order.unmatched'], []]);
  });
}

const noPayment = {
  'an order that WeChat does not know': { type: 'not-found', code: 'ORDER_NOT_EXIST' },
  'an order without an answer': { type: 'unknown', code: 'TIMEOUT' },
  'an order that is not paid': { ...paidEvidence(), state: 'NOTPAY' },
} as const;
for (const [title, evidence] of Object.entries(noPayment)) {
  test(`a notice about ${title} stays in its queue and leaves no record`, async () => {
    const bed = createTestBed();
    bed.world.plan('query', evidence);
    assert.deepEqual(await look(bed, hint({ says: 'SUCCESS' })), missing);
    assert.deepEqual(bed.store.records(), []);
    assert.equal(bed.events.sends(), 0);
  });
}

test('a wake without a record is done and asks WeChat nothing', async () => {
  const bed = createTestBed();
  assert.deepEqual(await look(bed, wake()), done);
  assert.deepEqual([bed.world.callsOf(), bed.store.records()], [0, []]);
});

test('a request without a record is done and adopts nothing', async () => {
  const bed = createTestBed();
  assert.deepEqual(await look(bed, hint({ reason: 'request' })), done);
  assert.deepEqual([bed.world.callsOf(), bed.store.records()], [0, []]);
});

test('without time for a call a notice stays in its queue', async () => {
  const bed = createTestBed();
  bed.timeFor(0);
  assert.deepEqual(await look(bed), missing);
  assert.equal(bed.world.callsOf(), 0);
});

test('a record that appears while WeChat is asked is looked at, not overwritten', async () => {
  const bed = createTestBed();
  bed.world.plan('query', paidEvidence(), paidEvidence());
  bed.faults.store.plan('create', async () => {
    await look(bed, hint({ reason: 'bill' }));
  });
  assert.deepEqual(await look(bed), done);
  assert.deepEqual([bed.store.counts.create, eventTypesOf(bed)], [2, ['order.unmatched']]);
});

test('a notice of a kind we do not handle is kept without its content and announced', async () => {
  const bed = createTestBed();
  assert.deepEqual(await look(bed, unhandled), done);
  const record = bed.store.peek(unhandled.subject);
  assert.deepEqual(record?.data, {
    event_type: 'PAYSCORE.USER_PAID',
    createdAt: at('2026-11-21T03:59:58Z'),
  });
  assert.deepEqual(
    [record?.outbox, record?.dueAt, bed.store.peek(orderKey)],
    [[], undefined, undefined],
  );
  assert.deepEqual(bed.events.published()[0]?.data, {
    mchid: '1900000001',
    notice_id: 'EV-2018022511223320873',
    event_type: 'PAYSCORE.USER_PAID',
    create_time: '2026-11-21T03:59:58.000Z',
  });
});

test('a notice that comes fifteen times is announced once and asks WeChat nothing', async () => {
  const bed = createTestBed();
  for (let copy = 0; copy < 15; copy += 1) {
    assert.deepEqual(await look(bed, unhandled), done);
    bed.clock.advance(3_600_000);
  }
  assert.deepEqual(eventTypesOf(bed), ['notice.unhandled']);
  assert.equal(bed.world.callsOf(), 0);
});

test('a kept notice whose event was not sent is announced by its next copy or by the sweep', async () => {
  for (const message of [unhandled, wake({ origin: 'sweep', subject: unhandled.subject })]) {
    const bed = createTestBed();
    bed.faults.store.plan('create', 'crash-after');
    await dyingLook(bed, unhandled);
    assert.ok(bed.store.peek(unhandled.subject)?.dueAt !== undefined);
    assert.deepEqual(await look(bed, message), done);
    assert.deepEqual(eventTypesOf(bed), ['notice.unhandled']);
  }
});

test('a kept notice whose event queue is down stays owed', async () => {
  const bed = createTestBed();
  bed.faults.events.plan('send', 'fail');
  await assert.rejects(() => look(bed, unhandled), isAppError);
  assert.equal(bed.store.peek(unhandled.subject)?.outbox.length, 1);
});
