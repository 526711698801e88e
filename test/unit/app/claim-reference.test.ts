import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimReference, isSameOrder } from '#app/claim-reference.ts';
import { isAppError } from '#core/errors.ts';
import type { OrderName } from '#core/subjects/order/order.ts';
import { isMchid, isOutTradeNo } from '#core/values/ids.ts';
import { storedOrder, valid } from '../../support/order-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { claimKey, first, second } from './paying-twice.ts';

function nameOf(number: string): OrderName {
  return { ...first, out_trade_no: valid(number, isOutTradeNo) };
}

/** The claim is this order's; its record stands in this status. */
async function claimed(bed: TestBed, { mchid, out_trade_no: number }: OrderName, status: string) {
  assert.equal(await bed.claims.take(claimKey, first), 'done');
  bed.store.put(storedOrder(status, { key: { kind: 'order', mchid, number } }));
}

test('the first order takes the claim, and finds it taken by itself whenever it asks', async () => {
  const bed = createTestBed();
  assert.deepEqual(await claimReference(bed, claimKey, first), { type: 'taken' });
  assert.deepEqual(await claimReference(bed, claimKey, first), { type: 'taken' });
  assert.deepEqual((await bed.claims.load(claimKey))?.owner, first);
});

for (const [status, type] of [
  ['CLOSED', 'waits'],
  ['REFUSED', 'waits'],
  ['CREATED', 'waits'],
  ['AWAITING', 'waits'],
  ['PAID', 'duplicate'],
  ['REVIEW', 'doubtful'],
] as const) {
  test(`an owner that is ${status} keeps the claim: ${type}`, async () => {
    const bed = createTestBed();
    await claimed(bed, first, status);
    const finding = await claimReference(bed, claimKey, second);
    assert.deepEqual(finding, { type, owner: first });
    assert.deepEqual((await bed.claims.load(claimKey))?.owner, first);
  });
}

test('an owner whose record cannot be read is doubtful', async () => {
  const bed = createTestBed();
  await claimed(bed, first, 'CLOSED');
  const key = { kind: 'order', mchid: first.mchid, number: first.out_trade_no } as const;
  bed.store.put(storedOrder('CLOSED', { key, data: { amountFen: 'many' } }));
  const finding = await claimReference(bed, claimKey, second);
  assert.deepEqual(finding, { type: 'doubtful', owner: first });
});

test('a claim that cannot be written is no finding', async () => {
  const bed = createTestBed();
  bed.faults.claims.plan('claim-take', 'unknown-not-done');
  await assert.rejects(
    () => claimReference(bed, claimKey, first),
    (error) => isAppError(error) && error.code === 'store_unavailable',
  );
});

test('an order is the same by its merchant and its number alone', () => {
  assert.equal(isSameOrder(first, { ...first }), true);
  assert.equal(isSameOrder(first, { ...first, account: second.account }), true);
  assert.equal(isSameOrder(first, nameOf('A-1002')), false);
  assert.equal(isSameOrder(first, { ...first, mchid: valid('1900000009', isMchid) }), false);
});
