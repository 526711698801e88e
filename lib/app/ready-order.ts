import { AppError } from '#core/errors.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { decodeOrder, type Order } from '#core/subjects/order/order.ts';
import { type CarryOutPorts, openRecord, withoutDebts } from './carry-out.ts';

/** An order that owes nothing, so that a change of it can be committed. */
export type ReadyOrder = { readonly record: StoredRecord; readonly order: Order };

/**
 * Loads an order, and first carries out what it owes. `unknown`: there is none; undefined: somebody else
 * changed it meanwhile, load again. Ends in `record_undecodable` and in the ports' `AppError`s.
 */
export async function readyOrder(
  ports: CarryOutPorts,
  key: SubjectKey,
): Promise<ReadyOrder | 'unknown' | undefined> {
  const loaded = await ports.store.load(key);
  if (loaded === undefined) {
    return 'unknown';
  }
  const record = await withoutDebts(ports, loaded, openRecord(ports, loaded));
  if (record === undefined) {
    return undefined;
  }
  const decoded = decodeOrder(record);
  if (!decoded.ok) {
    throw new AppError('record_undecodable', `The order is wrong at ${decoded.error}.`);
  }
  return { record, order: decoded.value };
}
