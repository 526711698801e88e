import { AppError } from '#core/errors.ts';
import type { RecordStore } from '#core/ports.ts';
import { renewed, type StoredRecord, subjectId } from '#core/record.ts';

export type Written = { readonly isNew: boolean; readonly record: StoredRecord };

const tryLimit = 3;

/**
 * Writes a subject's first record unless there is one; a REFUSED one gives its number away once it owes
 * nothing more. `isNew`: it is this request's. Ends in `store_unavailable`.
 */
export async function writeRecord(store: RecordStore, fresh: StoredRecord): Promise<Written> {
  let record = fresh;
  for (let round = 0; round < tryLimit; round += 1) {
    const created = await store.create(record, 'REFUSED');
    if (created.outcome === 'done') {
      return { isNew: true, record };
    }
    const current = created.outcome === 'lost' ? created.current : await store.load(record.key);
    if (current !== undefined && (current.status !== 'REFUSED' || current.outbox.length > 0)) {
      return { isNew: isSame(current, fresh), record: current };
    }
    record = current === undefined ? fresh : renewed(current, fresh);
  }
  throw new AppError('store_unavailable', `${subjectId(fresh.key)} could not be written.`);
}

/** A write whose answer was lost may meet itself: what was made of our request is ours. */
function isSame(current: StoredRecord, fresh: StoredRecord): boolean {
  return current.data['requestId'] === fresh.data['requestId'];
}
