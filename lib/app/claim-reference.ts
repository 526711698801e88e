import type { ClaimKey, ClaimStore } from '#core/claims.ts';
import { AppError } from '#core/errors.ts';
import type { RecordStore } from '#core/ports.ts';
import { type ClaimFinding, judgeOwner } from '#core/subjects/order/claim.ts';
import type { OrderName } from '#core/subjects/order/order.ts';
import { loadOrder } from './load-order.ts';

export type ClaimPorts = { readonly claims: ClaimStore; readonly store: RecordStore };

/**
 * Makes an order the one that is announced as paid for its `reference`, unless another was before it.
 * Done before the decision is committed: who dies in between finds itself as the owner, and others wait
 * for it. Ends in the ports' `AppError`s.
 */
export async function claimReference(
  { claims, store }: ClaimPorts,
  key: ClaimKey,
  me: OrderName,
): Promise<ClaimFinding> {
  if ((await claims.take(key, me)) === 'done') {
    return { type: 'taken' };
  }
  const owner = (await claims.load(key))?.owner;
  if (owner === undefined) {
    throw new AppError('store_unavailable', 'The claim could not be written.');
  }
  if (isSameOrder(owner, me)) {
    return { type: 'taken' };
  }
  const loaded = await loadOrder(store, { mchid: owner.mchid, number: owner.out_trade_no });
  return { type: judgeOwner(loaded?.order), owner };
}

export function isSameOrder(one: OrderName, other: OrderName): boolean {
  return one.mchid === other.mchid && one.out_trade_no === other.out_trade_no;
}
