import { AppError } from '#core/errors.ts';
import type { RecordStore, WriteOutcome } from '#core/ports.ts';
import { type FaultSource, type Performed, perform } from './faults.ts';
import {
  type CreateOutcome,
  createMemoryTable,
  type MemoryTable,
  type MemoryTableOptions,
  type StoreOperation,
} from './memory-table.ts';

export type MemoryStoreOptions = MemoryTableOptions & {
  readonly faults?: FaultSource<StoreOperation>;
};

/** `RecordStore` in memory, and a look at its table that no fault befalls. */
export type MemoryStore = RecordStore &
  Pick<MemoryTable, 'peek' | 'put' | 'drop' | 'records' | 'counts'>;

export function createMemoryStore({ faults, ...options }: MemoryStoreOptions = {}): MemoryStore {
  const table = createMemoryTable(options);
  const { peek, put, drop, records, counts } = table;
  return { ...storeOver(table, faults), peek, put, drop, records, counts };
}

/** A client of the table, with the faults that befall this client. */
export function storeOver(
  table: MemoryTable,
  faults: FaultSource<StoreOperation> | undefined,
): RecordStore {
  const write = (operation: StoreOperation, run: () => WriteOutcome): Promise<WriteOutcome> =>
    perform(faults, operation, { run, failure, unknown: 'unknown', lost });
  return {
    load: (key) => perform(faults, 'load', { run: () => table.load(key), failure }),
    create: (record, over) => {
      const performed: Performed<CreateOutcome> = {
        run: () => table.create(record, over),
        failure,
        unknown: { outcome: 'unknown' },
        lost: (result) =>
          result.outcome === 'lost' ? result : { outcome: 'lost', current: record },
      };
      return perform(faults, 'create', performed);
    },
    commit: (commit) => write('commit', () => table.commit(commit)),
    clear: (key, version, rests, patch) =>
      write('clear', () => table.clear(key, version, rests, patch)),
    amend: (amendment) => write('amend', () => table.amend(amendment)),
    arm: (arm) => write('arm', () => table.arm(arm)),
    due: (shard, now, limit) =>
      perform(faults, 'due', { run: () => table.due(shard, now, limit), failure }),
    lease: (row, until) => write('lease', () => table.lease(row, until)),
  };
}

function lost(): WriteOutcome {
  return 'lost';
}

function failure(): AppError {
  return new AppError('store_unavailable', 'The table refused, as the test planned.');
}
