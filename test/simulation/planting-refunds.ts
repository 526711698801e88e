import { commitChange } from '#app/carry-out.ts';
import { createRefund } from '#app/create-refund.ts';
import { createRefundKind } from '#app/refund-kind.ts';
import { resolveOrder } from '#app/resolve-order.ts';
import type { OpenSubject } from '#app/subject-kind.ts';
import type { OrderEvidence } from '#core/evidence.ts';
import type { RefundGateway } from '#core/ports.ts';
import type { OutboxEntry, StoredRecord, SubjectKey } from '#core/record.ts';
import { decideResolved } from '#core/subjects/order/decide-resolved.ts';
import type { Order } from '#core/subjects/order/order.ts';
import { startRefund } from '#core/subjects/order/refunds.ts';
import { noteResolution } from '#core/subjects/order/resolve.ts';
import { refundRecord, refundToStart } from '#core/subjects/refund/start.ts';
import { isOutRefundNo, isOutTradeNo, type OutRefundNo } from '#core/values/ids.ts';
import type { MemoryTable } from '../support/memory-table.ts';
import { valid } from '../support/order-builder.ts';
import { withOrders, withStore } from './planting.ts';
import type { SimulationPorts } from './ports.ts';
import { orderIn } from './records.ts';

export function withRefunds(
  ports: SimulationPorts,
  change: (subject: OpenSubject, record: StoredRecord) => OpenSubject,
): SimulationPorts {
  const { refund } = ports.kinds;
  const open: typeof refund.open = (record) => {
    const opened = refund.open(record);
    return opened.ok ? { ok: true, value: change(opened.value, record) } : opened;
  };
  return { ...ports, kinds: { ...ports.kinds, refund: { ...refund, open } } };
}

/** Begins refunds beside the commit that notes them, instead of from what it owes. */
export function beginBeside(
  ports: SimulationPorts,
  table: MemoryTable,
  when: 'before' | 'after',
): SimulationPorts {
  const { store } = ports;
  return withStore(ports, {
    commit: async (commit) => {
      const order = table.peek(commit.key);
      const begin = async (): Promise<void> => {
        for (const entry of commit.outbox) {
          if (isRefundStart(entry) && order !== undefined) {
            await store.create(refundRecord(order, entry));
          }
        }
      };
      if (when === 'before') {
        await begin();
      }
      const outbox = commit.outbox.filter((entry) => !isRefundStart(entry));
      const outcome = await store.commit({ ...commit, outbox });
      if (when === 'after' && outcome === 'done') {
        await begin();
      }
      return outcome;
    },
  });
}

type StartEntry = Extract<OutboxEntry, { readonly type: 'start' }>;

function isRefundStart(entry: OutboxEntry): entry is StartEntry {
  return entry.type === 'start' && entry.kind === 'refund';
}

/** After an application without an answer tries again as if nothing had been asked for. */
export function newNumberWhenUnknown(ports: SimulationPorts): SimulationPorts {
  const numbers = new Map<string, OutRefundNo>();
  const { refundGateway } = ports;
  const numberOf = (wanted: OutRefundNo): OutRefundNo => numbers.get(wanted) ?? wanted;
  const changed: RefundGateway = {
    query: async (account, wanted) => {
      const evidence = await refundGateway.query(account, numberOf(wanted));
      return evidence.type === 'state' ? { ...evidence, out_refund_no: wanted } : evidence;
    },
    apply: async (account, request) => {
      const { out_refund_no: wanted } = request;
      const number = numberOf(wanted);
      const outcome = await refundGateway.apply(account, { ...request, out_refund_no: number });
      if (outcome.type === 'unknown') {
        numbers.set(wanted, valid(`${number}-again`, isOutRefundNo));
      }
      return outcome;
    },
  };
  const refund = createRefundKind(changed);
  return { ...ports, kinds: { ...ports.kinds, refund } };
}

/** A refusal ends a refund at once. */
export function believeRefusal(ports: SimulationPorts): SimulationPorts {
  return withRefunds(ports, (subject) => ({
    ...subject,
    consider: async (look) => {
      const found = await subject.consider(look);
      const { decision } = found;
      const refusal =
        decision.type === 'commit' ? decision.change.patch.set?.['refusal'] : undefined;
      if (decision.type !== 'commit' || refusal === undefined) {
        return found;
      }
      const { nextLookAt: _, ...change } = decision.change;
      const refused = { status: 'REFUSED', patch: { set: { refusal } }, tells: true } as const;
      return {
        ...found,
        decision: { type: 'commit', change: { ...change, ...refused, events: ['refund.refused'] } },
      };
    },
  }));
}

/** Clears what a refund owes as soon as its order is loaded to hear of it. */
export function clearBeforeTelling(ports: SimulationPorts, table: MemoryTable): SimulationPorts {
  const { store } = ports;
  return withStore(ports, {
    load: async (key) => {
      for (const { key: refund, version, outbox } of table.records()) {
        if (key.kind === 'order' && outbox.some(({ type }) => type === 'tell')) {
          await store.clear(refund, version, true);
        }
      }
      return store.load(key);
    },
  });
}

/** Notes a refund by a write that does not ask for the version whose sum was checked. */
export const noteUnchecked: typeof createRefund = async (ports, account, request) => {
  const { mchid } = account;
  const number = 'out_trade_no' in request.of ? request.of.out_trade_no : request.of.out_order_no;
  const key: SubjectKey = { kind: 'order', mchid, number };
  const record = await ports.store.load(key);
  const change =
    record === undefined ? undefined : startRefund(orderIn(record), request, ports.clock.now());
  const standing = await ports.store.load({ kind: 'refund', mchid, number: request.out_refund_no });
  if (record === undefined || change?.ok !== true || standing !== undefined) {
    return createRefund(ports, account, request);
  }
  const { patch, starts = [] } = change.value;
  await ports.store.amend({ key, statusIn: [record.status], patch });
  for (const start of starts) {
    const entry = { type: 'start', at: ports.clock.now(), ...start } as const;
    await ports.store.create(refundRecord(record, entry));
  }
  return createRefund(ports, account, request);
};

/** Gives a late payment back at each look that still finds it whole. */
export function giveBackAgain(ports: SimulationPorts): SimulationPorts {
  return withOrders(ports, (subject, record) => {
    const order = orderIn(record);
    const isBack = order.status === 'PAID' && order.late && order.refunds.length === 1;
    return {
      ...subject,
      looksFor: (message) => isBack || subject.looksFor(message),
      consider: async (look) => {
        const found = await subject.consider(look);
        return isBack && found.answer === 'SUCCESS'
          ? { ...found, decision: again(record, order, look.now()) }
          : found;
      },
    };
  });
}

function again(record: StoredRecord, order: Order, now: Order['createdAt']) {
  const { refunds, transaction_id, paidFen } = order;
  const [first] = refunds;
  if (first === undefined || transaction_id === undefined || paidFen === undefined) {
    throw new Error('Nothing was given back.');
  }
  const out_refund_no = valid(`${first.out_refund_no}-2`, isOutRefundNo);
  const start = refundToStart({
    out_refund_no,
    of: { out_trade_no: valid(record.key.number, isOutTradeNo) },
    transaction_id,
    refundFen: paidFen,
    totalFen: paidFen,
    origin: 'late',
    startAt: now,
  });
  const set = { refunds: [...refunds, { ...first, out_refund_no, startAt: now }] };
  const change = { patch: { set }, events: [], starts: [start], evidence: 'SUCCESS' };
  return { type: 'commit', change } as const;
}

/** Has the order that was replaced closed where it stands, and WeChat knows nothing of it. */
export function closeHereAlone(ports: SimulationPorts): SimulationPorts {
  const { store } = ports;
  return withStore(ports, {
    amend: (amendment) =>
      store.amend(
        amendment.patch.set?.['closeReason'] === 'replaced'
          ? { ...amendment, status: 'CLOSED', dueAt: null }
          : amendment,
      ),
  });
}

/** Gives back what a person wants to be given back, by what the record says. */
export const refundUnasked: typeof resolveOrder = async (ports, key, asked) => {
  const noted = await ports.store.load(key);
  const change =
    noted === undefined || asked.action !== 'refund'
      ? undefined
      : noteResolution(orderIn(noted), asked, ports.clock.now());
  if (noted !== undefined && change?.ok === true && change.value !== undefined) {
    await commitChange(ports, noted, change.value, 'request');
    const record = await ports.store.load(key);
    const order = record === undefined ? undefined : orderIn(record);
    if (record !== undefined && order?.resolution !== undefined) {
      const evidence = asIfAsked(record, order);
      const context = { now: ports.clock.now() };
      const decision = decideResolved(order, order.resolution, evidence, context);
      if (decision.type === 'commit') {
        await commitChange(ports, record, decision.change, 'request');
      }
    }
  }
  return resolveOrder(ports, key, asked);
};

function asIfAsked({ key }: StoredRecord, order: Order): Extract<OrderEvidence, { type: 'state' }> {
  const { transaction_id, paidFen } = order;
  const paid = transaction_id !== undefined && paidFen !== undefined;
  return {
    type: 'state',
    state: 'SUCCESS',
    mchid: key.mchid,
    appid: '',
    out_trade_no: valid(key.number, isOutTradeNo),
    ...(paid && { payment: { transaction_id, amountFen: paidFen, currency: 'CNY' } }),
  };
}
