import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hourMs, minuteMs, secondMs } from '#core/values/time.ts';
import type { Emulator } from '../../../local/emulators.ts';
import {
  type BilledCall,
  isWrite,
  strongReadsOf,
  writeUnitsOf,
} from '../../support/counted-client.ts';
import { startDynamodbLocal, whyNoDynamodbLocal } from '../../support/dynamodb-local.ts';
import { storedOrder } from '../../support/order-builder.ts';
import { beginOrderLife, type OrderLife } from '../../support/order-life.ts';

const wholeLifeMs = 3 * hourMs;

describe('the write units of an order of two hours', { skip: whyNoDynamodbLocal() }, () => {
  let emulator: Emulator;
  const lives: OrderLife[] = [];

  before(async () => {
    emulator = await startDynamodbLocal();
  });
  after(async () => {
    for (const life of lives) {
      life.end();
    }
    await emulator.stop();
  });

  async function begin(): Promise<OrderLife> {
    const life = await beginOrderLife(emulator.origin, `life-${lives.length}`);
    lives.push(life);
    return life;
  }

  /** It came to rest as it should, and nothing was billed for a condition that did not hold. */
  async function assertRests(life: OrderLife, status: string, event: string): Promise<void> {
    const record = await life.record();
    assert.deepEqual(
      [record?.status, record?.dueAt, record?.outbox, record?.leases],
      [status, undefined, [], 0],
    );
    assert.deepEqual(
      life.bed.events.published().map(({ type }) => type),
      [event],
    );
    assert.ok(life.calls().every(({ isLost }) => !isLost));
  }

  it('paid within 25 s, with its notice: 6, and 2 strong reads', async () => {
    const life = await begin();
    await life.liveUntil(25 * secondMs);
    await life.pay('delivered');
    await life.liveUntil(wholeLifeMs);
    await assertRests(life, 'PAID', 'order.paid');
    assert.deepEqual(writesOf(life), [
      'PutItem 1 + 1', // the record, due in 31 min
      'UpdateItem 1 + 0', // the link
      'UpdateItem 1 + 0', // the commit; dueAt stands
      'UpdateItem 1 + 1', // the clear; due no more
    ]);
    assert.equal(writeUnitsOf(life.calls()), 6);
    // By the notice, and by the wake at 30 s, which finds it paid.
    assert.equal(strongReadsOf(life.calls()), 2);
  });

  it('paid at 8 min, with its notice: 6, and 6 strong reads', async () => {
    const life = await begin();
    await life.liveUntil(8 * minuteMs);
    await life.pay('delivered');
    await life.liveUntil(wholeLifeMs);
    await assertRests(life, 'PAID', 'order.paid');
    assert.deepEqual(writesOf(life), [
      'PutItem 1 + 1', // the record
      'UpdateItem 1 + 0', // the link
      'UpdateItem 1 + 0', // the commit
      'UpdateItem 1 + 1', // the clear
    ]);
    assert.equal(writeUnitsOf(life.calls()), 6);
    // By the wakes at 30 s, 1, 3, 5 and 10 min, which write nothing, and by the notice.
    assert.equal(strongReadsOf(life.calls()), 6);
  });

  it('paid at 8 min, its notice lost: 6, and 5 strong reads', async () => {
    const life = await begin();
    await life.liveUntil(8 * minuteMs);
    await life.pay('lost');
    await life.liveUntil(wholeLifeMs);
    await assertRests(life, 'PAID', 'order.paid');
    assert.equal(writeUnitsOf(life.calls()), 6);
    assert.equal(strongReadsOf(life.calls()), 5);
  });

  it('paid within 25 s, every message lost, healed by the sweep: 9, and 2 strong reads', async () => {
    const life = await begin();
    await life.liveUntil(25 * secondMs, 'vanish');
    await life.pay('delivered');
    await life.liveUntil(30 * minuteMs, 'vanish');
    assert.equal((await life.record())?.status, 'AWAITING');
    assert.equal(life.deliveries(), 0);
    await life.liveUntil(wholeLifeMs);
    await assertRests(life, 'PAID', 'order.paid');
    assert.deepEqual(writesOf(life), [
      'PutItem 1 + 1', // the record
      'UpdateItem 1 + 0', // the link
      'UpdateItem 1 + 2', // the lease at 31 min: out of its old place in the index, into a new one
      'UpdateItem 1 + 0', // the commit; dueAt stands where the lease put it
      'UpdateItem 1 + 1', // the clear
    ]);
    assert.equal(writeUnitsOf(life.calls()), 9);
    // By the sweep, and by its wake.
    assert.equal(strongReadsOf(life.calls()), 2);
  });

  it('never paid: 12, and 10 strong reads', async () => {
    const life = await begin();
    await life.liveUntil(wholeLifeMs);
    await assertRests(life, 'CLOSED', 'order.closed');
    assert.deepEqual(writesOf(life), [
      'PutItem 1 + 1', // the record
      'UpdateItem 1 + 0', // the link
      'UpdateItem 1 + 2', // the wake at 30 min plans closeAt, too far off for a message
      'UpdateItem 1 + 2', // the lease at closeAt
      'UpdateItem 1 + 0', // the commit; dueAt stands where the lease put it
      'UpdateItem 1 + 1', // the clear
    ]);
    assert.equal(writeUnitsOf(life.calls()), 12);
    // By the seven wakes of the first half hour, the sweep, its wake, and the look after the close.
    assert.equal(strongReadsOf(life.calls()), 10);
  });

  it('are counted: more than 1 KB is two, a lost condition is seen', async () => {
    const life = await begin();
    const attach = 'x'.repeat(1024);
    const large = storedOrder('CREATED', { version: 2, data: { attach } });
    assert.equal((await life.bed.store.create(large)).outcome, 'lost');
    await life.bed.store.amend({
      key: large.key,
      statusIn: ['AWAITING'],
      patch: { set: { attach } },
    });
    assert.deepEqual(life.calls().slice(2).map(inWords), ['PutItem lost', 'UpdateItem 2 + 0']);
  });
});

/** Units of the table + units of the index. */
function inWords({ operation, tableUnits, indexUnits, isLost }: BilledCall): string {
  return `${operation} ${isLost ? 'lost' : `${tableUnits} + ${indexUnits}`}`;
}

function writesOf(life: OrderLife): readonly string[] {
  return life.calls().filter(isWrite).map(inWords);
}
