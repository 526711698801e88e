import { createOrderKind } from '#app/order-kind.ts';
import type { OpenSubject } from '#app/subject-kind.ts';
import type { SweepPorts } from '#app/sweep.ts';
import { eventOf } from '#core/events.ts';
import type { OrderEvidence, TradeState } from '#core/evidence.ts';
import type { Hint, Wake } from '#core/messages.ts';
import type { Commit, OrderGateway, RecordStore } from '#core/ports.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { orderEventData } from '#core/subjects/order/describe.ts';
import { isCodePayment, isWaiting, type Order, planOf } from '#core/subjects/order/order.ts';
import { leaseMs, nextSlot } from '#core/timing.ts';
import { isOutTradeNo, isTransactionId, type Mchid } from '#core/values/ids.ts';
import { minuteMs, plus } from '#core/values/time.ts';
import type { MemoryTable } from '../support/memory-table.ts';
import { valid } from '../support/order-builder.ts';
import type { SimulationPorts } from './ports.ts';
import { orderIn } from './records.ts';

export function later(sending: Promise<void>): Promise<void> {
  sending.catch(() => undefined);
  return Promise.resolve();
}

export function withStore(ports: SimulationPorts, change: Partial<RecordStore>): SimulationPorts {
  return { ...ports, store: { ...ports.store, ...change } };
}

export function withGateway(ports: SimulationPorts, gateway: OrderGateway): SimulationPorts {
  const { claims, store } = ports;
  const order = createOrderKind({ gateway, claims, store });
  return { ...ports, gateway, kinds: { ...ports.kinds, order } };
}

export function withOrders(
  ports: SimulationPorts,
  change: (subject: OpenSubject, record: StoredRecord) => OpenSubject,
): SimulationPorts {
  const { order } = ports.kinds;
  const open: typeof order.open = (record) => {
    const opened = order.open(record);
    return opened.ok ? { ok: true, value: change(opened.value, record) } : opened;
  };
  return { ...ports, kinds: { ...ports.kinds, order: { ...order, open } } };
}

export function versionOf(table: MemoryTable, key: SubjectKey): number {
  return table.peek(key)?.version ?? 0;
}

export async function sendOwed(
  ports: SimulationPorts,
  table: MemoryTable,
  commit: Commit,
): Promise<void> {
  const before = table.peek(commit.key);
  if (before === undefined || commit.key.kind !== 'order') {
    return;
  }
  const after: StoredRecord = {
    ...before,
    status: commit.status ?? before.status,
    version: commit.version + 1,
    data: { ...before.data, ...commit.patch.set },
  };
  const order = orderIn(after);
  for (const entry of commit.outbox) {
    if (entry.type === 'event') {
      await ports.events.send(eventOf(after, entry, orderEventData(after, order, entry.event)));
    }
  }
}

export function believeHints(ports: SimulationPorts): SimulationPorts {
  return withOrders(ports, (subject, record) => {
    let believed: Hint | undefined;
    return {
      ...subject,
      looksFor: (message) => {
        believed = message.type === 'hint' && message.says === 'SUCCESS' ? message : undefined;
        return subject.looksFor(message);
      },
      consider: (look) => {
        const order = orderIn(record);
        const evidence = believed === undefined ? undefined : claimedEvidence(record, order);
        return evidence === undefined
          ? subject.consider(look)
          : Promise.resolve({
              decision: decideOrder(order, evidence, { now: look.now(), account: look.account }),
              answer: 'SUCCESS',
            });
      },
    };
  });
}

export function closeUnasked(ports: SimulationPorts): SimulationPorts {
  return withOrders(ports, (subject, record) => ({
    ...subject,
    consider: async (look) => {
      const order = orderIn(record);
      const { account } = look;
      const evidence = stateEvidence(account.mchid, record.key.number, 'CLOSED');
      const isOver = isWaiting(order) && look.now() >= order.closeAt;
      if (!isOver || isCodePayment(order) || evidence.type !== 'state') {
        return subject.consider(look);
      }
      const closed = await ports.gateway.close(account, evidence.out_trade_no);
      return closed.type === 'done'
        ? { decision: decideOrder(order, evidence, { now: look.now(), account }), answer: 'CLOSED' }
        : subject.consider(look);
    },
  }));
}

export function takeUnknownForClosed(gateway: OrderGateway): OrderGateway {
  const taken = new Set<string>();
  return {
    ...gateway,
    close: async (account, number) => {
      const outcome = await gateway.close(account, number);
      if (outcome.type === 'unknown') {
        taken.add(number);
      }
      return outcome;
    },
    query: (account, order) =>
      taken.delete(order.out_trade_no)
        ? Promise.resolve(stateEvidence(account.mchid, order.out_trade_no, 'CLOSED'))
        : gateway.query(account, order),
  };
}

export async function sendNext(
  ports: Pick<SimulationPorts, 'timers' | 'clock'>,
  record: StoredRecord,
  about: Pick<Wake, 'account' | 'subject'>,
): Promise<void> {
  const order = orderIn(record);
  const { account, subject } = about;
  const slot = nextSlot(planOf(order), ports.clock.now());
  const delayMs = Math.min(slot - ports.clock.now(), 15 * minuteMs);
  await ports.timers.send(
    { type: 'wake', account, subject, origin: 'chain', slot, hop: 0 },
    delayMs,
  );
}

export function stateEvidence(mchid: Mchid, number: string, state: TradeState): OrderEvidence {
  const out_trade_no = valid(number, isOutTradeNo);
  return { type: 'state', state, mchid, appid: '', out_trade_no };
}

/** The payment that something else than a query claims, as if a query had said so. */
export function claimedEvidence(record: StoredRecord, order: Order): OrderEvidence | undefined {
  const { terms } = order;
  if (terms === undefined) {
    return undefined;
  }
  const { amountFen, currency, appid, openid } = terms;
  return {
    type: 'state',
    state: 'SUCCESS',
    mchid: record.key.mchid,
    appid,
    out_trade_no: valid(record.key.number, isOutTradeNo),
    payment: {
      transaction_id: valid('4200', isTransactionId),
      amountFen,
      currency,
      ...(openid !== undefined && { openid }),
    },
  };
}

/** A sweep of one shard as somebody might write it: the wake and the lease in the wrong order, or unconditional. */
export async function sweepWith(
  ports: SweepPorts,
  { leaseFirst, withCondition }: { readonly leaseFirst: boolean; readonly withCondition: boolean },
): Promise<number> {
  const rows = await ports.store.due(0, ports.clock.now(), ports.rowsPerShard);
  for (const row of rows) {
    const record = await ports.store.load(row.key);
    if (record?.dueAt === undefined) {
      continue;
    }
    const { account, key: subject, dueAt } = record;
    const until = plus(ports.clock.now(), leaseMs(record.leases + 1));
    const wake: Wake = { type: 'wake', account, subject, origin: 'sweep', slot: row.dueAt, hop: 0 };
    if (!leaseFirst) {
      await ports.timers.sendBatch([wake]);
    }
    const outcome = await ports.store.lease(withCondition ? row : { ...row, dueAt }, until);
    if (leaseFirst && (outcome === 'done' || !withCondition)) {
      await ports.timers.sendBatch([wake]);
    }
  }
  return rows.length;
}
