import { DatabaseSync } from 'node:sqlite';
import {
  createOnceHandler,
  type EventStore,
  type Handling,
  type MerchantEvent,
  type OrderFacts,
  type PaidOrderFacts,
  type RefundFacts,
  type RefusedRefundFacts,
} from '../../client/src/index.ts';

/** The first two tables are for `createOnceHandler`, the others are the books of the shop. */
const schema = `
  CREATE TABLE IF NOT EXISTS handled_events (id TEXT PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS event_subjects (subject TEXT PRIMARY KEY, sequence TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS orders (
    mchid TEXT, out_trade_no TEXT, last_told TEXT NOT NULL,
    PRIMARY KEY (mchid, out_trade_no)) STRICT;
  CREATE TABLE IF NOT EXISTS refunds (
    mchid TEXT, out_refund_no TEXT, out_trade_no TEXT NOT NULL, amount INTEGER NOT NULL, status TEXT NOT NULL,
    PRIMARY KEY (mchid, out_refund_no)) STRICT;
  CREATE TABLE IF NOT EXISTS shipments (
    mchid TEXT, out_trade_no TEXT, transaction_id TEXT,
    PRIMARY KEY (mchid, out_trade_no)) STRICT;
`;

export type Shop = {
  /** Acts on an event, once. What it throws means: not done, so let the event come again. */
  readonly handle: (event: MerchantEvent) => Promise<Handling>;
  readonly close: () => void;
};

/** A statement of the running transaction; answers whether it changed a row. */
type Run = (sql: string, ...values: readonly (string | number | null)[]) => boolean;

/** A shop whose books are the SQLite file `path`. Its warehouse sends what stands in `shipments`. */
export function openShop(path: string): Shop {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  database.exec(`PRAGMA journal_mode = WAL; ${schema}`);
  const handle = createOnceHandler({ store: storeIn(database), handle: act, older: 'drop' });
  return { handle, close: () => database.close() };
}

function act(event: MerchantEvent, run: Run): void {
  switch (event.type) {
    case 'order.paid':
      note(run, event.data, event.type);
      ship(run, event.data);
      break;
    case 'order.closed':
    case 'order.paid_late':
    case 'order.duplicate':
    case 'order.review':
    case 'order.unmatched':
      // Nothing to ship. A real shop frees its stock here, or calls a person.
      note(run, event.data, event.type);
      break;
    case 'refund.succeeded':
    case 'refund.closed':
    case 'refund.abnormal':
    case 'refund.refused':
      noteRefund(run, event.data);
      break;
    case 'notice.unhandled':
    case 'unknown':
      break;
  }
}

function note(run: Run, { mchid, out_trade_no }: OrderFacts, lastTold: string): void {
  const sql = `INSERT INTO orders VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET last_told = excluded.last_told`;
  run(sql, mchid, out_trade_no, lastTold);
}

function noteRefund(run: Run, refund: RefundFacts | RefusedRefundFacts): void {
  const { mchid, out_refund_no, out_trade_no, amount, status } = refund;
  if (out_trade_no === undefined) {
    // Of a PayScore service order: this shop sells none.
    return;
  }
  const sql = `INSERT INTO refunds VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET status = excluded.status`;
  run(sql, mchid, out_refund_no, out_trade_no, amount.refund, status);
}

/**
 * One order is one parcel. The events of an order and those of its refunds may overtake each other: what is all
 * refunded by now stays here.
 */
function ship(run: Run, order: PaidOrderFacts): void {
  const { mchid, out_trade_no, transaction_id = null, amount, paid_total = amount.total } = order;
  const sql = `INSERT INTO shipments SELECT ?1, ?2, ?3
    WHERE ?4 > (SELECT coalesce(sum(amount), 0) FROM refunds
                  WHERE mchid = ?1 AND out_trade_no = ?2 AND status = 'SUCCESS')
    ON CONFLICT DO NOTHING`;
  run(sql, mchid, out_trade_no, transaction_id, paid_total);
}

function storeIn(database: DatabaseSync): EventStore<Run> {
  let last: Promise<unknown> = Promise.resolve();
  return {
    // One connection has one transaction at a time.
    transaction: (work) => {
      const mine = last.then(() => inTransaction(database, work));
      last = mine.catch(() => undefined);
      return mine;
    },
    remember: (run, { id }) =>
      run('INSERT INTO handled_events VALUES (?) ON CONFLICT DO NOTHING', id),
    advance: (run, { subject, sequence }) => {
      const sql = `INSERT INTO event_subjects VALUES (?, ?)
        ON CONFLICT DO UPDATE SET sequence = excluded.sequence WHERE sequence <= excluded.sequence`;
      return run(sql, subject, sequence);
    },
  };
}

async function inTransaction<T>(
  database: DatabaseSync,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  // Takes the lock at once, so that another process waits here and not in the middle.
  database.exec('BEGIN IMMEDIATE');
  try {
    const run: Run = (sql, ...values) => database.prepare(sql).run(...values).changes === 1;
    const result = await work(run);
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) {
      database.exec('ROLLBACK');
    }
    throw error;
  }
}
