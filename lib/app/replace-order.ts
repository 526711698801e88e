import type { Account } from '#core/account.ts';
import type { ClaimStore } from '#core/claims.ts';
import { AppError } from '#core/errors.ts';
import { isWaiting, type OrderName } from '#core/subjects/order/order.ts';
import type { Reference } from '#core/values/ids.ts';
import { isSameOrder } from './claim-reference.ts';
import { requestClose } from './close-order.ts';
import { type LoadedOrder, loadOrder } from './load-order.ts';
import { type HintPorts, sendRequestHint } from './request-look.ts';

export type ReplacePorts = HintPorts & { readonly claims: ClaimStore };

const tryLimit = 3;

/**
 * Before an order is placed: has the one that was placed before it for the same `reference` closed, and
 * takes its place. Who still pays the older one in that moment pays late or twice, which the loop sees
 * to. `closing` when a newer order took the place meanwhile, and had this one closed. Ends in the ports'
 * `AppError`s.
 */
export async function replaceOlder(
  ports: ReplacePorts,
  account: Account,
  reference: Reference,
  me: OrderName,
): Promise<'placed' | 'closing'> {
  const key = { tenant: account.tenant, reference };
  for (let round = 0; round < tryLimit; round += 1) {
    const placed = (await ports.claims.load(key))?.placed;
    if (placed !== undefined && isSameOrder(placed, me)) {
      return 'placed';
    }
    if (placed !== undefined) {
      // Whoever took our place had us closed before that.
      const mine = await loadWaiting(ports, me);
      if (mine === undefined || mine.order.closeReason !== undefined) {
        return 'closing';
      }
      await closeReplaced(ports, placed);
    }
    if ((await ports.claims.place(key, me, placed)) === 'done') {
      return 'placed';
    }
  }
  throw new AppError('store_unavailable', 'The reference could not be taken.');
}

async function closeReplaced(ports: ReplacePorts, name: OrderName): Promise<void> {
  for (let round = 0; round < tryLimit; round += 1) {
    const waiting = await loadWaiting(ports, name);
    if (waiting === undefined) {
      return;
    }
    const { record, order } = waiting;
    if ((await requestClose(ports, record, order, 'replaced')) === 'done') {
      return sendRequestHint(ports, record);
    }
  }
  throw new AppError('store_unavailable', 'The replaced order could not be closed.');
}

async function loadWaiting(
  { store }: ReplacePorts,
  { mchid, out_trade_no }: OrderName,
): Promise<LoadedOrder | undefined> {
  const loaded = await loadOrder(store, { mchid, number: out_trade_no });
  return loaded !== undefined && isWaiting(loaded.order) ? loaded : undefined;
}
