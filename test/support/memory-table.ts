import type { Amendment, Arm, Commit, DueRow, WriteOutcome } from '#core/ports.ts';
import { type DataPatch, type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import type { Json } from '#core/values/json.ts';
import type { Instant } from '#core/values/time.ts';
import { frozenPlain } from './plain.ts';

export type StoreOperation =
  | 'load'
  | 'create'
  | 'commit'
  | 'clear'
  | 'amend'
  | 'arm'
  | 'due'
  | 'lease';

export type CreateOutcome =
  | { readonly outcome: 'done' | 'unknown' }
  | { readonly outcome: 'lost'; readonly current: StoredRecord };

export type MemoryTableOptions = {
  readonly shards?: number;
  /** Given each change of the index; applies it at once, or keeps it until the index catches up. */
  readonly onIndex?: (apply: () => void, dueAt: Instant | undefined) => void;
  /** Told of each record as it becomes; `before` is absent when it is new. */
  readonly onPut?: (after: StoredRecord, before: StoredRecord | undefined) => void;
};

/** The table itself: every operation happens at once and whole, under the very conditions of `RecordStore`. */
export type MemoryTable = {
  peek(key: SubjectKey): StoredRecord | undefined;
  /** Puts a record there, as if it had always been; or takes it away. */
  put(record: StoredRecord): void;
  drop(key: SubjectKey): void;
  records(): readonly StoredRecord[];
  /** How often each operation ran to its end. */
  readonly counts: Readonly<Record<StoreOperation, number>>;
  /** When the earliest look is due, as the index has it. */
  earliestDue(): Instant | undefined;
  load(key: SubjectKey): StoredRecord | undefined;
  create(record: StoredRecord, over: string | undefined): CreateOutcome;
  commit(commit: Commit): WriteOutcome;
  clear(key: SubjectKey, version: number, rests: boolean, patch?: DataPatch): WriteOutcome;
  amend(amendment: Amendment): WriteOutcome;
  arm(arm: Arm): WriteOutcome;
  due(shard: number, now: Instant, limit: number): readonly DueRow[];
  lease(row: DueRow, until: Instant): WriteOutcome;
};

const envelopeNames = new Set(
  'pk account status version history historyCount outbox eventCounts dueAt dueShard leases unknownLooks'.split(
    ' ',
  ),
);

/** Records in memory, frozen. */
export function createMemoryTable(options: MemoryTableOptions = {}): MemoryTable {
  const { shards = 16, onIndex = (apply) => apply(), onPut } = options;
  const table = new Map<string, StoredRecord>();
  const index = new Map<string, DueRow & { readonly shard: number }>();
  const counts = { load: 0, create: 0, commit: 0, clear: 0, amend: 0, arm: 0, due: 0, lease: 0 };

  function put(record: StoredRecord): void {
    const id = subjectId(record.key);
    const before = table.get(id);
    table.set(id, frozenPlain(record));
    if (before?.dueAt !== record.dueAt) {
      onIndex(() => reindex(id, record), record.dueAt);
    }
    onPut?.(record, before);
  }

  function reindex(id: string, { key, dueAt }: StoredRecord): void {
    if (dueAt === undefined) {
      index.delete(id);
    } else {
      index.set(id, { key, dueAt, shard: shardOf(id, shards) });
    }
  }

  /** One conditional write: `change` answers the record as it becomes, or undefined when refused. */
  function write(
    operation: StoreOperation,
    key: SubjectKey,
    change: (standing: StoredRecord) => StoredRecord | undefined,
  ): WriteOutcome {
    counts[operation] += 1;
    const standing = table.get(subjectId(key));
    const changed = standing === undefined ? undefined : change(standing);
    if (changed === undefined) {
      return 'lost';
    }
    put(changed);
    return 'done';
  }

  return {
    counts,
    put,
    drop: (key) => {
      table.delete(subjectId(key));
      index.delete(subjectId(key));
    },
    peek: (key) => table.get(subjectId(key)),
    records: () => [...table.values()],
    earliestDue: () => {
      let earliest: Instant | undefined;
      for (const { dueAt } of index.values()) {
        earliest = earliest === undefined || dueAt < earliest ? dueAt : earliest;
      }
      return earliest;
    },
    load: (key) => {
      counts.load += 1;
      return table.get(subjectId(key));
    },
    create: (record, over) => {
      counts.create += 1;
      assertDataNames(Object.keys(record.data));
      const standing = table.get(subjectId(record.key));
      const isOver = standing?.status === over && standing?.version === record.version - 1;
      if (standing !== undefined && !isOver) {
        return { outcome: 'lost', current: standing };
      }
      put(record);
      return { outcome: 'done' };
    },
    commit: (commit) => write('commit', commit.key, (record) => committed(record, commit)),
    clear: (key, version, rests, patch = {}) =>
      write('clear', key, (record) => cleared(record, { version, rests, patch })),
    amend: (amendment) => write('amend', amendment.key, (record) => amended(record, amendment)),
    arm: (arm) => write('arm', arm.key, (record) => armed(record, arm)),
    due: (shard, now, limit) => {
      if (!Number.isInteger(shard) || shard < 0 || shard >= shards || limit < 1) {
        throw new RangeError(`No shard ${shard} of ${shards}, or no row asked for.`);
      }
      counts.due += 1;
      const rows = [...index.values()].filter((row) => row.shard === shard && row.dueAt <= now);
      rows.sort((one, other) => one.dueAt - other.dueAt);
      return rows.slice(0, limit).map(({ key, dueAt }) => ({ key, dueAt }));
    },
    lease: (row, until) =>
      write('lease', row.key, (record) =>
        record.dueAt === row.dueAt
          ? { ...record, dueAt: until, leases: record.leases + 1 }
          : undefined,
      ),
  };
}

function committed(record: StoredRecord, commit: Commit): StoredRecord | undefined {
  assertPatch(commit.patch);
  const { keepsLooks } = commit;
  const isPlannedAnew = keepsLooks !== undefined && (record.dueAt ?? null) !== keepsLooks.seenDueAt;
  const isMoved = record.version !== commit.version || record.status !== commit.row.from;
  if (isMoved || record.outbox.length > 0 || isPlannedAnew) {
    return undefined;
  }
  return withDue(
    {
      ...record,
      status: commit.status ?? record.status,
      version: record.version + 1,
      data: patched(record, commit.patch),
      history: commit.history ?? [...record.history, commit.row],
      historyCount: record.historyCount + 1,
      outbox: commit.outbox,
      eventCounts: commit.outbox.length > 0 ? commit.eventCounts : record.eventCounts,
      ...(keepsLooks === undefined && { leases: 0, unknownLooks: 0 }),
    },
    commit.dueAt,
  );
}

function cleared(
  record: StoredRecord,
  clear: { readonly version: number; readonly rests: boolean; readonly patch: DataPatch },
): StoredRecord | undefined {
  const { version, rests, patch } = clear;
  assertPatch(patch);
  if (record.version !== version || record.outbox.length === 0) {
    return undefined;
  }
  const empty = { ...record, data: patched(record, patch), outbox: [] };
  return rests ? withDue({ ...empty, leases: 0 }, undefined) : empty;
}

function amended(record: StoredRecord, amendment: Amendment): StoredRecord | undefined {
  assertPatch(amendment.patch);
  const { data } = record;
  const holds =
    amendment.statusIn.includes(record.status) &&
    (amendment.absent ?? []).every((name) => !Object.hasOwn(data, name)) &&
    Object.entries(amendment.equals ?? {}).every(([name, value]) => data[name] === value);
  if (!holds) {
    return undefined;
  }
  const { row } = amendment;
  const changed: StoredRecord = {
    ...record,
    status: amendment.status ?? record.status,
    data: patched(record, amendment.patch),
    ...(row !== undefined && {
      history: [...record.history, row],
      historyCount: record.historyCount + 1,
    }),
  };
  return amendment.dueAt === undefined ? changed : withDue(changed, amendment.dueAt ?? undefined);
}

function armed(record: StoredRecord, arm: Arm): StoredRecord | undefined {
  const isAsSeen = (record.dueAt ?? null) === arm.seenDueAt;
  return record.version === arm.version && isAsSeen
    ? withDue({ ...record, leases: 0, unknownLooks: arm.unknownLooks }, arm.dueAt ?? undefined)
    : undefined;
}

function withDue(record: StoredRecord, dueAt: Instant | undefined): StoredRecord {
  const { dueAt: _, ...rest } = record;
  return dueAt === undefined ? rest : { ...rest, dueAt };
}

function patched(record: StoredRecord, patch: DataPatch): StoredRecord['data'] {
  const data: Record<string, Json> = { ...record.data, ...patch.set };
  for (const name of patch.unset ?? []) {
    delete data[name];
  }
  return data;
}

/** As the table would: no attribute twice in one update, none of the envelope's. */
function assertPatch({ set = {}, unset = [] }: DataPatch): void {
  const twice = unset.find(
    (name, position) => Object.hasOwn(set, name) || unset.indexOf(name) < position,
  );
  if (twice !== undefined) {
    throw new Error(`An attribute is patched twice: ${twice}.`);
  }
  assertDataNames(Object.keys(set));
  assertDataNames(unset);
}

function assertDataNames(names: readonly string[]): void {
  const clash = names.find((name) => envelopeNames.has(name));
  if (clash !== undefined) {
    throw new Error(`The name ${clash} belongs to the envelope of a record.`);
  }
}

function shardOf(id: string, shards: number): number {
  let hash = 0;
  for (let position = 0; position < id.length; position += 1) {
    hash = (Math.imul(hash, 31) + id.charCodeAt(position)) >>> 0;
  }
  return hash % shards;
}
