import type { RecordStore } from '#core/ports.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { decodeOrder, type Order } from '#core/subjects/order/order.ts';

export type LoadedOrder = { readonly record: StoredRecord; readonly order: Order };

/** An order as it stands; undefined when there is none, or none that can be read. */
export async function loadOrder(
  store: RecordStore,
  { mchid, number }: Omit<SubjectKey, 'kind'>,
): Promise<LoadedOrder | undefined> {
  const record = await store.load({ kind: 'order', mchid, number });
  const decoded = record === undefined ? undefined : decodeOrder(record);
  return record !== undefined && decoded?.ok === true
    ? { record, order: decoded.value }
    : undefined;
}
