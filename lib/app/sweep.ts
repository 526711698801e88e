import { isAppError } from '#core/errors.ts';
import type { Wake } from '#core/messages.ts';
import type { Clock, DueRow, RecordStore, TimerQueue } from '#core/ports.ts';
import { subjectId } from '#core/record.ts';
import type { Telemetry } from '#core/telemetry.ts';
import { leaseMs, stuckLease } from '#core/timing.ts';
import { minuteMs, plus } from '#core/values/time.ts';

const batchSize = 10;

export type SweepPorts = {
  readonly store: RecordStore;
  readonly timers: TimerQueue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly shards: number;
  readonly rowsPerShard: number;
  readonly hasTime: () => boolean;
};

/**
 * Finds the records whose look is due, leases each and only then sends its wake: two sweeps at once
 * send one wake, and a wake that is lost comes again when the lease ends. Each minute's run starts at
 * another shard, so that none starves when the time runs out. Answers how many wakes it sent; a shard
 * that fails is logged and left for the next run.
 */
export async function sweep(ports: SweepPorts): Promise<number> {
  const startShard = Math.floor(ports.clock.now() / minuteMs) % ports.shards;
  let sent = 0;
  for (let step = 0; step < ports.shards && ports.hasTime(); step += 1) {
    sent += await sweepShard(ports, (startShard + step) % ports.shards);
  }
  return sent;
}

async function sweepShard(ports: SweepPorts, shard: number): Promise<number> {
  let sent = 0;
  try {
    const rows = await ports.store.due(shard, ports.clock.now(), ports.rowsPerShard);
    for (let start = 0; start < rows.length && ports.hasTime(); start += batchSize) {
      sent += await wakeBatch(ports, rows.slice(start, start + batchSize));
    }
  } catch (error) {
    ports.telemetry.log('error', 'sweep of a shard failed', {
      count: shard,
      reason: isAppError(error) ? error.code : 'internal',
    });
  }
  return sent;
}

async function wakeBatch(ports: SweepPorts, rows: readonly DueRow[]): Promise<number> {
  const leased = await Promise.all(rows.map((row) => leaseWake(ports, row)));
  const wakes = leased.filter((wake) => wake !== undefined);
  if (wakes.length === 0) {
    return 0;
  }
  const refused = await ports.timers.sendBatch(wakes);
  if (refused.length > 0) {
    ports.telemetry.log('warn', 'wakes not sent', { count: refused.length });
  }
  return wakes.length - refused.length;
}

/** The wake to send for a row, if this sweep got its lease. A row that fails keeps no other from its look. */
async function leaseWake(ports: SweepPorts, row: DueRow): Promise<Wake | undefined> {
  try {
    return await tryLease(ports, row);
  } catch (error) {
    const code = isAppError(error) ? error.code : 'internal';
    ports.telemetry.log('error', 'lease failed', { subject: subjectId(row.key), code });
    if (code === 'record_undecodable') {
      await setAside(ports, row);
    }
    return undefined;
  }
}

/** Nobody can look at what cannot be read: a human must, and until then it comes up every six hours. */
async function setAside(ports: SweepPorts, row: DueRow): Promise<void> {
  ports.telemetry.count('stuck');
  try {
    await ports.store.lease(row, plus(ports.clock.now(), leaseMs(Number.MAX_SAFE_INTEGER)));
  } catch {
    // It comes up again in a minute.
  }
}

async function tryLease(ports: SweepPorts, row: DueRow): Promise<Wake | undefined> {
  const record = await ports.store.load(row.key);
  if (record?.dueAt !== row.dueAt) {
    return undefined;
  }
  const lease = record.leases + 1;
  const until = plus(ports.clock.now(), leaseMs(lease));
  if ((await ports.store.lease(row, until)) !== 'done') {
    return undefined;
  }
  ports.telemetry.count('lease');
  if (lease >= stuckLease) {
    ports.telemetry.count('stuck');
    ports.telemetry.log('error', 'stuck', { subject: subjectId(row.key), count: lease });
  }
  const { account, key: subject } = record;
  return { type: 'wake', account, subject, origin: 'sweep', slot: row.dueAt, hop: 0 };
}
