import assert from 'node:assert/strict';
import { createOrder } from '#app/create-order.ts';
import type { Account } from '#core/account.ts';
import type { Hint } from '#core/messages.ts';
import type { SubjectKey } from '#core/record.ts';
import type { OrderName } from '#core/subjects/order/order.ts';
import { account, hint, newOrder, orderKey, outTradeNo } from '../../support/order-builder.ts';
import { reference, secondKey, secondNumber } from '../../support/refund-builder.ts';
import type { TestBed } from '../../support/test-bed.ts';

export const claimKey = { tenant: account.tenant, reference };

export function nameOf(out_trade_no: OrderName['out_trade_no'], holder = account): OrderName {
  return { account: holder.name, mchid: holder.mchid, out_trade_no };
}

export const first = nameOf(outTradeNo);
export const second = nameOf(secondNumber);

/** What the second order is under, when another account places it. */
export function secondKeyOf({ mchid }: Account): SubjectKey {
  return { ...secondKey, mchid };
}

export function firstRequest() {
  return newOrder({ reference });
}

export function secondRequest() {
  return newOrder({ reference, out_trade_no: secondNumber, bodySha256: 'body of B-1001' });
}

/**
 * Two orders of one `reference`, A-1001 and then B-1001, which may be another account's: A-1001 is to be
 * closed, and nobody has done it yet.
 */
export async function placedBoth(bed: TestBed, holder = account): Promise<TestBed> {
  assert.ok((await createOrder(bed, account, firstRequest())).ok);
  bed.clock.advance(5_000);
  assert.ok((await createOrder(bed, holder, secondRequest())).ok);
  bed.hints.take();
  return bed;
}

/** The same, and both are paid 15 s later; nobody here knows. */
export async function paidBoth(bed: TestBed, holder = account): Promise<TestBed> {
  await placedBoth(bed, holder);
  bed.clock.advance(15_000);
  bed.world.pay(outTradeNo);
  bed.world.pay(secondNumber);
  return bed;
}

export function firstHint(): Hint {
  return hint({ subject: orderKey, says: 'SUCCESS' });
}

export function secondHint(holder = account): Hint {
  return hint({ subject: secondKeyOf(holder), account: holder.name, says: 'SUCCESS' });
}
