import type { Order } from '#core/subjects/order/order.ts';
import { type Cases, type Conditions, firstThatHolds } from './cases.ts';

const conditions = {
  else: () => true,
  'CREATED, AWAITING, REFUSED, CLOSED by no person and no reversal': (order) =>
    ['CREATED', 'AWAITING', 'REFUSED'].includes(order.status) ||
    (order.status === 'CLOSED' &&
      order.closeReason !== 'resolved' &&
      order.reversedAt === undefined),
  'a REVIEW that is looked at by itself': ({ status, reviewReason, resolution }) =>
    status === 'REVIEW' && (reviewReason === 'user-paying' || resolution !== undefined),
  'PAID, never contradicted, and nothing of it went back': (order) =>
    order.status === 'PAID' &&
    order.contradictedAt === undefined &&
    order.noted !== 'REFUND' &&
    order.refunds.every(({ status }) => status === 'CLOSED' || status === 'REFUSED'),
} as const satisfies Conditions<string, Order>;

const findings = {
  waits: 'waits',
  'is paid': 'duplicate',
  'is doubtful': 'doubtful',
} as const;

/** What the order that owns a `reference` means to another one that is paid. */
export const ownerCases: Cases<keyof typeof conditions, keyof typeof findings> = [
  ['CREATED, AWAITING, REFUSED, CLOSED by no person and no reversal', 'waits'],
  ['a REVIEW that is looked at by itself', 'waits'],
  ['PAID, never contradicted, and nothing of it went back', 'is paid'],
  ['else', 'is doubtful'],
];
export type OwnerCase = (typeof ownerCases)[number];

export function expectedOfOwner(owner: Order): {
  readonly cases: readonly OwnerCase[];
  readonly finding: string;
} {
  const held = firstThatHolds(conditions, ownerCases, owner);
  return { cases: [held], finding: findings[held[1]] };
}
