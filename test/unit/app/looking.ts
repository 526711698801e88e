import assert from 'node:assert/strict';
import { confirm } from '#app/confirm.ts';
import { createOrder } from '#app/create-order.ts';
import type { Ending } from '#app/ending.ts';
import type { Message } from '#core/messages.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { Crash } from '../../support/faults.ts';
import { account, hint, newOrder, orderKey, outTradeNo } from '../../support/order-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';

/** A bed in which `newOrder()` was placed at 04:00:00 and waits for its payer. */
export async function placed(bed = createTestBed()): Promise<TestBed> {
  const answer = await createOrder(bed, account, newOrder());
  assert.ok(answer.ok, 'the order is placed');
  return bed;
}

/** The same, paid 20 s later; nobody here knows yet. */
export async function paidUnseen(): Promise<TestBed> {
  const bed = await placed();
  bed.clock.advance(20_000);
  bed.world.pay(outTradeNo);
  return bed;
}

/** The same, and the loop has seen it: PAID and announced. */
export async function paidSeen(bed = createTestBed()): Promise<TestBed> {
  await placed(bed);
  bed.clock.advance(20_000);
  bed.world.pay(outTradeNo);
  assert.deepEqual(await look(bed), { type: 'done' });
  return bed;
}

export function look(bed: TestBed, message: Message = hint(), receiveCount = 1): Promise<Ending> {
  return confirm(bed, message, { receiveCount });
}

/** A look during which the function dies. */
export async function dyingLook(bed: TestBed, message: Message = hint()): Promise<void> {
  await assert.rejects(() => look(bed, message), Crash);
}

export function standing(bed: TestBed, key: SubjectKey = orderKey): StoredRecord {
  const record = bed.store.peek(key);
  assert.ok(record !== undefined, 'there is a record');
  return record;
}

export function eventTypesOf(bed: TestBed): readonly string[] {
  return bed.events.published().map(({ type }) => type);
}

/** Every fault that a test planned came. */
export function assertFaultsCame({ faults }: TestBed): void {
  const unspent = Object.values(faults).flatMap((source) => source.unspent());
  assert.deepEqual(unspent, [], 'planned faults that never came');
}
