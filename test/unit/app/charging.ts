import assert from 'node:assert/strict';
import { createOrder } from '#app/create-order.ts';
import type { PlacedOrder } from '#app/place-order.ts';
import type { Account } from '#core/account.ts';
import type { Wake } from '#core/messages.ts';
import type { Answer } from '#core/refusal.ts';
import { at } from '../../support/clock.ts';
import { accountWithCodes, codeOrder, wake } from '../../support/order-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import type { Payer } from '../../support/world-codes.ts';

/** A bed whose merchant takes code payments, and whose payers are such. */
export function till(payer: Payer, holder: Account = accountWithCodes): TestBed {
  const bed = createTestBed([holder]);
  bed.world.payersAre(payer);
  return bed;
}

/** `PUT` of a code payment. */
export function charge(bed: TestBed, order = codeOrder()): Promise<Answer<PlacedOrder>> {
  return createOrder(bed, accountWithCodes, order);
}

/** A code payment of 04:00:00 whose payer is asked for a password. */
export async function typing(holder: Account = accountWithCodes): Promise<TestBed> {
  const bed = till('types-password', holder);
  assert.ok((await createOrder(bed, holder, codeOrder())).ok);
  return bed;
}

/** When an unpaid code payment of 04:00:00 is taken back. */
export const reversalAt = at('2026-11-21T04:00:45Z');

/** The same, and it is time to take it back. */
export async function overdue(holder: Account = accountWithCodes): Promise<TestBed> {
  const bed = await typing(holder);
  bed.clock.advanceTo(reversalAt);
  bed.timers.take();
  return bed;
}

/** The wake of that moment. */
export const lastWake: Wake = wake({ slot: reversalAt, hop: 6 });
