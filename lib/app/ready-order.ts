import { AppError } from '#core/errors.ts';
import type { SubjectKey } from '#core/record.ts';
import { decodeOrder } from '#core/subjects/order/order.ts';
import { type CarryOutPorts, openRecord, withoutDebts } from './carry-out.ts';
import type { LoadedOrder } from './load-order.ts';

/**
 * Loads an order, and first carries out what it owes, so that a change of it can be committed.
 * `unknown`: there is none; undefined: somebody else changed it meanwhile, load again. Ends in
 * `record_undecodable` and in the ports' `AppError`s.
 */
export async function readyOrder(
  ports: CarryOutPorts,
  key: SubjectKey,
): Promise<LoadedOrder | 'unknown' | undefined> {
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
