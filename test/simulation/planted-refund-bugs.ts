import type { PlantedBug } from './planted-bug.ts';
import { withOrders, withStore } from './planting.ts';
import { believeOwner, claimAfterCommit, putIfAbsent, withClaiming } from './planting-claims.ts';
import {
  beginBeside,
  believeRefusal,
  clearBeforeTelling,
  closeHereAlone,
  giveBackAgain,
  newNumberWhenUnknown,
  noteUnchecked,
  refundUnasked,
  withRefunds,
} from './planting-refunds.ts';

/** Mistakes about refunds, about two orders of one `reference`, and about what a person decides. */
export const plantedRefundBugs: readonly PlantedBug[] = [
  {
    name: 'a refund is begun after its commit, and not owed by it',
    within: 20000,
    breaks: /never begun|was not \(I3\)/,
    ports: (ports, table) => beginBeside(ports, table, 'after'),
  },
  {
    name: 'a refund is begun before its commit',
    within: 300,
    breaks: /was begun, but its order does not note it/,
    ports: (ports, table) => beginBeside(ports, table, 'before'),
  },
  {
    name: 'a refund whose application had no answer gets a new number',
    within: 2000,
    breaks: /was asked for, but its order does not note it/,
    ports: newNumberWhenUnknown,
  },
  {
    name: 'a refusal of a refund is believed at once',
    within: 3000,
    breaks: /refund\.refused.* although WeChat told no query of ours so/,
    ports: believeRefusal,
  },
  {
    name: 'the order does not hear what became of its refund',
    within: 300,
    breaks: /before its order was told/,
    ports: (ports) => withRefunds(ports, ({ tells: _, ...subject }) => subject),
  },
  {
    name: 'what an order is to hear is cleared before it heard it',
    within: 300,
    breaks: /was not told when that was cleared/,
    ports: clearBeforeTelling,
  },
  {
    name: 'the sum of the refunds is checked on a stale read',
    within: 3000,
    breaks: /forgot its refund|its order does not note it/,
    createRefund: noteUnchecked,
  },
  {
    name: 'a late payment is given back under two numbers',
    within: 10000,
    breaks: /makes [0-9]+ fen of|given back twice/,
    ports: giveBackAgain,
  },
  {
    name: 'a refund passes for begun where another order has its number',
    within: 20000,
    breaks: /was cleared before it was begun/,
    ports: (ports) => withOrders(ports, ({ refuseStart: _, ...subject }) => subject),
  },
  {
    name: 'a reference is claimed after the commit',
    within: 10000,
    breaks: /was announced as paid for/,
    ports: claimAfterCommit,
  },
  {
    name: 'a reference is claimed by a put if absent, and nothing else',
    within: 5000,
    breaks: /not paid for certain|is called a duplicate/,
    ports: (ports) => withClaiming(ports, putIfAbsent),
  },
  {
    name: 'an owner in review or given back passes for paid',
    within: 5000,
    breaks: /not paid for certain/,
    ports: (ports) => withClaiming(ports, believeOwner),
  },
  {
    name: 'a replaced order is closed in our table alone',
    within: 300,
    breaks: /WeChat never said so to a query/,
    ports: closeHereAlone,
  },
  {
    name: 'what a person wants given back is, and WeChat not asked',
    within: 1000,
    breaks: /not WeChat since/,
    resolveOrder: refundUnasked,
  },
  {
    name: 'a change beside a look forgets the look that is owed',
    within: 10000,
    breaks: /lost a look that it was owed/,
    ports: (ports) =>
      withStore(ports, { commit: ({ keepsLooks: _, ...commit }) => ports.store.commit(commit) }),
  },
];
