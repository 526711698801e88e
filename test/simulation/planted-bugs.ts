import { confirm } from '#app/confirm.ts';
import { createOrder } from '#app/create-order.ts';
import { placeOrder } from '#app/place-order.ts';
import { receiveNotice } from '#app/receive-notice.ts';
import type { SubjectKey } from '#core/record.ts';
import { minuteMs, plus } from '#core/values/time.ts';
import type { PlantedBug } from './planted-bug.ts';
import { plantedCodeBugs } from './planted-code-bugs.ts';
import { plantedPayscoreBugs } from './planted-payscore-bugs.ts';
import { plantedRefundBugs } from './planted-refund-bugs.ts';
import {
  believeHints,
  closeUnasked,
  later,
  sendNext,
  sendOwed,
  stateEvidence,
  sweepWith,
  takeUnknownForClosed,
  versionOf,
  withGateway,
  withOrders,
  withStore,
} from './planting.ts';
import { keyIn, orderIn } from './records.ts';

/** Mistakes that this product must not make, each of which the simulation has to find. */
export const plantedBugs: readonly PlantedBug[] = [
  ...plantedRefundBugs,
  ...plantedCodeBugs,
  ...plantedPayscoreBugs,
  {
    name: 'a notice is acknowledged before its hint is enqueued',
    within: 300,
    breaks: /acknowledged without its hint/,
    receiveNotice: (ports, name, raw) =>
      receiveNotice(
        { ...ports, hints: { send: (hint) => later(ports.hints.send(hint)) } },
        name,
        raw,
      ),
  },
  {
    name: 'events are sent before the commit',
    within: 300,
    breaks: /sent before it was committed/,
    ports: (ports, table) =>
      withStore(ports, {
        commit: async (commit) => {
          await sendOwed(ports, table, commit);
          return ports.store.commit(commit);
        },
      }),
  },
  {
    name: 'the commit does not ask for the version',
    within: 1000,
    breaks: /came again with another content/,
    ports: (ports, table) =>
      withStore(ports, {
        commit: (commit) => {
          const from = table.peek(commit.key)?.status ?? commit.row.from;
          const version = versionOf(table, commit.key);
          return ports.store.commit({ ...commit, version, row: { ...commit.row, from } });
        },
      }),
  },
  {
    name: 'the outbox is cleared without a condition',
    within: 20000,
    breaks: /cleared before it was|not told when that was cleared/,
    ports: (ports, table) =>
      withStore(ports, {
        clear: (key, _, ...rest) => ports.store.clear(key, versionOf(table, key), ...rest),
      }),
  },
  {
    name: 'the outbox is cleared before the events are sent',
    within: 300,
    breaks: /cleared before it was sent/,
    ports: (ports, table) => ({
      ...ports,
      events: {
        send: async (event) => {
          const key = keyIn(event.subject);
          await ports.store.clear(key, versionOf(table, key), true);
          await ports.events.send(event);
        },
      },
    }),
  },
  {
    name: 'what a loaded record owes is not carried out',
    within: 300,
    breaks: /nobody is to look at it/,
    ports: (ports) =>
      withStore(ports, {
        load: async (key) => {
          const record = await ports.store.load(key);
          return record === undefined ? undefined : { ...record, outbox: [] };
        },
      }),
  },
  {
    name: 'the commit that settles removes dueAt',
    within: 300,
    breaks: /nobody is to look at it/,
    ports: (ports) =>
      withStore(ports, { commit: ({ dueAt: _, ...commit }) => ports.store.commit(commit) }),
  },
  {
    name: 'the look after a close is not owed by the commit',
    within: 2000,
    breaks: /CLOSED here, and nobody was told/,
    ports: (ports) =>
      withStore(ports, {
        commit: (commit) => {
          const outbox = commit.outbox.filter(({ type }) => type !== 'look');
          return ports.store.commit({ ...commit, outbox });
        },
      }),
  },
  {
    name: 'a record is created without dueAt',
    within: 300,
    breaks: /nobody is to look at it/,
    ports: (ports) =>
      withStore(ports, {
        create: ({ dueAt: _, ...record }, over) => ports.store.create(record, over),
      }),
  },
  {
    name: 'a settled record is never looked at again',
    within: 1000,
    breaks: /CLOSED here, and nobody was told/,
    ports: (ports) =>
      withOrders(ports, (subject) => ({
        ...subject,
        looksFor: (message) => !subject.settled && subject.looksFor(message),
      })),
  },
  {
    name: 'a hint is believed',
    within: 300,
    breaks: /told no matching payment/,
    ports: believeHints,
  },
  {
    name: 'an order is closed without a query',
    within: 300,
    breaks: /WeChat never said so to a query/,
    ports: closeUnasked,
  },
  {
    name: 'a close without an answer counts as closed',
    within: 1000,
    breaks: /WeChat never said so to a query/,
    ports: (ports) => withGateway(ports, takeUnknownForClosed(ports.gateway)),
  },
  {
    name: 'every "no such order" counts as closed',
    within: 300,
    breaks: /WeChat never said so to a query/,
    ports: (ports) =>
      withGateway(ports, {
        ...ports.gateway,
        query: async (account, order) => {
          const evidence = await ports.gateway.query(account, order);
          return evidence.type === 'not-found'
            ? stateEvidence(account.mchid, order.out_trade_no, 'CLOSED')
            : evidence;
        },
      }),
  },
  {
    name: 'a placing has no fence',
    within: 1000,
    breaks: /although it was over|moved from REFUSED to AWAITING|nobody is to look at it/,
    createOrder: async (ports, account, request) => {
      const key: SubjectKey = { kind: 'order', mchid: account.mchid, number: request.out_trade_no };
      const record = await ports.store.load(key);
      return record === undefined
        ? createOrder(ports, account, request)
        : placeOrder(ports, { account, request, record, order: orderIn(record), isFirst: false });
    },
  },
  {
    name: 'a link is handed out although its write-back lost the race',
    within: 1000,
    breaks: /never stood on a waiting record/,
    ports: (ports) =>
      withStore(ports, {
        amend: async (amendment) => {
          const outcome = await ports.store.amend(amendment);
          return amendment.patch.set?.['link'] === undefined ? outcome : 'done';
        },
      }),
  },
  {
    name: 'every hint sets off a wake',
    within: 300,
    breaks: /the wake .* was sent/,
    confirm: async (ports, message, delivery) => {
      const ending = await confirm(ports, message, delivery);
      const record = await ports.store.load(message.subject);
      if (message.type === 'hint' && record !== undefined) {
        await sendNext(ports, record, message);
      }
      return ending;
    },
  },
  {
    name: 'every PUT sets off a wake',
    within: 300,
    breaks: /the wake .* was sent/,
    createOrder: async (ports, account, request) => {
      const answer = await createOrder(ports, account, request);
      const subject: SubjectKey = {
        kind: 'order',
        mchid: account.mchid,
        number: request.out_trade_no,
      };
      const record = await ports.store.load(subject);
      if (record !== undefined) {
        await sendNext(ports, record, { account: account.name, subject });
      }
      return answer;
    },
  },
  {
    name: 'a wake that came late is dropped',
    within: 300,
    breaks: /got [0-9]+ wakes|not come to rest|has come to rest/,
    confirm: (ports, message, delivery) =>
      message.type === 'wake' && ports.clock.now() > plus(message.slot, minuteMs)
        ? Promise.resolve({ type: 'done' })
        : confirm(ports, message, delivery),
  },
  {
    name: 'a wake that was received before still carries the chain',
    within: 2000,
    breaks: /the wake .* was sent/,
    confirm: (ports, message) => confirm(ports, message, { receiveCount: 1 }),
  },
  {
    name: 'the sweep sends before it leases',
    within: 1000,
    breaks: /the wake .* was sent/,
    sweep: (ports) => sweepWith(ports, { leaseFirst: false, withCondition: true }),
  },
  {
    name: 'the sweep leases without a condition',
    within: 1000,
    breaks: /the wake .* was sent/,
    sweep: (ports) => sweepWith(ports, { leaseFirst: true, withCondition: false }),
  },
  {
    name: 'the id of an event is made of the clock',
    within: 300,
    breaks: /sent before it was committed/,
    ports: (ports) => ({
      ...ports,
      events: {
        send: (event) =>
          ports.events.send({
            ...event,
            id: `${event.subject}/${event.type}/${ports.clock.now()}`,
          }),
      },
    }),
  },
];
