import type { ClaimKey, ClaimStore } from '#core/claims.ts';
import { AppError } from '#core/errors.ts';
import type { RecordStore } from '#core/ports.ts';
import { type ClaimFinding, judgeOwner } from '#core/subjects/order/claim.ts';
import type { Order, OrderName } from '#core/subjects/order/order.ts';
import { loadOrder } from './load-order.ts';

export type ClaimPorts = { readonly claims: ClaimStore; readonly store: RecordStore };

const tryLimit = 3;

/**
 * Makes an order the one that is announced as paid for its `reference`, unless another was before it.
 * Done before the decision is committed: who dies in between finds itself as the owner, and others wait
 * for it. Ends in the ports' `AppError`s.
 */
export async function claimReference(
  ports: ClaimPorts,
  key: ClaimKey,
  me: OrderName,
): Promise<ClaimFinding> {
  let seen: OrderName | undefined;
  for (let round = 0; round < tryLimit; round += 1) {
    if ((await ports.claims.take(key, me, seen)) === 'done') {
      return { type: 'taken' };
    }
    const owner = (await ports.claims.load(key))?.owner;
    if (owner !== undefined && isSameOrder(owner, me)) {
      return { type: 'taken' };
    }
    const judged = owner === undefined ? 'free' : judgeOwner(await orderOf(ports.store, owner));
    if (owner !== undefined && judged !== 'free') {
      return { type: judged, owner };
    }
    seen = owner;
  }
  if (seen === undefined) {
    throw new AppError('store_unavailable', 'The claim could not be written.');
  }
  return { type: 'waits', owner: seen };
}

export function isSameOrder(one: OrderName, other: OrderName): boolean {
  return one.mchid === other.mchid && one.out_trade_no === other.out_trade_no;
}

async function orderOf(
  store: RecordStore,
  { mchid, out_trade_no }: OrderName,
): Promise<Order | undefined> {
  return (await loadOrder(store, { mchid, number: out_trade_no }))?.order;
}
