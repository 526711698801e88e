import type { Claim, ClaimKey, ClaimStore } from '#core/claims.ts';
import { AppError } from '#core/errors.ts';
import type { WriteOutcome } from '#core/ports.ts';
import type { OrderName } from '#core/subjects/order/order.ts';
import { type FaultSource, perform } from './faults.ts';

export type ClaimOperation = 'claim-load' | 'claim-take' | 'claim-place';

/** The claims themselves, as the table has them. */
export type ClaimTable = Map<string, Claim>;

/** A client of the claims, with the faults that befall this client. */
export function claimsOver(
  table: ClaimTable,
  faults: FaultSource<ClaimOperation> | undefined,
): ClaimStore {
  const write = (operation: ClaimOperation, run: () => WriteOutcome): Promise<WriteOutcome> =>
    perform(faults, operation, { run, failure, unknown: 'unknown', lost: () => 'lost' });
  return {
    load: (key) => perform(faults, 'claim-load', { run: () => table.get(idOf(key)), failure }),
    take: (key, order) =>
      write('claim-take', () => setIfSeen(table, key, { name: 'owner', order, seen: undefined })),
    place: (key, order, seen) =>
      write('claim-place', () => setIfSeen(table, key, { name: 'placed', order, seen })),
  };
}

function setIfSeen(
  table: ClaimTable,
  key: ClaimKey,
  change: {
    readonly name: keyof Claim;
    readonly order: OrderName;
    readonly seen: OrderName | undefined;
  },
): WriteOutcome {
  const { name, order, seen } = change;
  const claim = table.get(idOf(key)) ?? {};
  if (textOf(claim[name]) !== textOf(seen)) {
    return 'lost';
  }
  table.set(idOf(key), { ...claim, [name]: { ...order } });
  return 'done';
}

function idOf({ tenant, reference }: ClaimKey): string {
  return `${tenant}#${reference}`;
}

function textOf(order: OrderName | undefined): string {
  return order === undefined ? '' : `${order.account}#${order.mchid}#${order.out_trade_no}`;
}

function failure(): AppError {
  return new AppError('store_unavailable', 'The table refused, as the test planned.');
}
