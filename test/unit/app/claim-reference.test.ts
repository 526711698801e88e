import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimReference, isSameOrder } from '#app/claim-reference.ts';
import { isAppError } from '#core/errors.ts';
import type { OrderName } from '#core/subjects/order/order.ts';
import { isMchid, isOutTradeNo } from '#core/values/ids.ts';
import { storedOrder, valid } from '../../support/order-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';
import { assertFaultsCame } from './looking.ts';
import { claimKey, first, second } from './paying-twice.ts';

function nameOf(number: string): OrderName {
  return { ...first, out_trade_no: valid(number, isOutTradeNo) };
}

/** Somebody else takes the claim from whoever has it; their order stands in this status. */
async function overtake(bed: TestBed, name: OrderName, status: string): Promise<void> {
  const seen = (await bed.claims.load(claimKey))?.owner;
  assert.equal(await bed.claims.take(claimKey, name, seen), 'done');
  const { out_trade_no: number, mchid } = name;
  bed.store.put(storedOrder(status, { key: { kind: 'order', mchid, number } }));
}

test('the first order takes the claim, and finds it taken by itself whenever it asks', async () => {
  const bed = createTestBed();
  assert.deepEqual(await claimReference(bed, claimKey, first), { type: 'taken' });
  assert.deepEqual(await claimReference(bed, claimKey, first), { type: 'taken' });
  assert.deepEqual((await bed.claims.load(claimKey))?.owner, first);
});

for (const [status, type] of [
  ['CREATED', 'waits'],
  ['AWAITING', 'waits'],
  ['PAID', 'duplicate'],
  ['REVIEW', 'doubtful'],
] as const) {
  test(`an owner that is ${status} keeps the claim: ${type}`, async () => {
    const bed = createTestBed();
    await overtake(bed, first, status);
    const finding = await claimReference(bed, claimKey, second);
    assert.deepEqual(finding, { type, owner: first });
    assert.deepEqual((await bed.claims.load(claimKey))?.owner, first);
  });
}

test('an owner whose record cannot be read is doubtful', async () => {
  const bed = createTestBed();
  await overtake(bed, first, 'CLOSED');
  const key = { kind: 'order', mchid: first.mchid, number: first.out_trade_no } as const;
  bed.store.put(storedOrder('CLOSED', { key, data: { amountFen: 'many' } }));
  const finding = await claimReference(bed, claimKey, second);
  assert.deepEqual(finding, { type: 'doubtful', owner: first });
});

test('who loses the take-over judges the new owner, not the one that was seen', async () => {
  const bed = createTestBed();
  await overtake(bed, first, 'CLOSED');
  bed.faults.claims.plan('claim-take', 'pass', () => overtake(bed, nameOf('C-1001'), 'PAID'));
  const finding = await claimReference(bed, claimKey, second);
  assert.deepEqual(finding, { type: 'duplicate', owner: nameOf('C-1001') });
  assertFaultsCame(bed);
});

test('who is overtaken again and again looks again later', async () => {
  const bed = createTestBed();
  await overtake(bed, first, 'CLOSED');
  bed.faults.claims.plan(
    'claim-take',
    'pass',
    () => overtake(bed, nameOf('C-1001'), 'CLOSED'),
    'pass',
    () => overtake(bed, nameOf('D-1001'), 'CLOSED'),
  );
  const finding = await claimReference(bed, claimKey, second);
  assert.deepEqual(finding, { type: 'waits', owner: nameOf('D-1001') });
});

test('a claim that cannot be written is no finding', async () => {
  const bed = createTestBed();
  const faults = ['unknown-not-done', 'unknown-not-done', 'unknown-not-done'] as const;
  bed.faults.claims.plan('claim-take', ...faults);
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
