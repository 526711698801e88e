import type { DuplicatePolicy, LatePolicy } from '#core/account.ts';
import type { CloseOutcome } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import type { ClaimFinding } from '#core/subjects/order/claim.ts';
import type { Order } from '#core/subjects/order/order.ts';
import type { Instant } from '#core/values/time.ts';
import type { Conditions } from './cases.ts';
import { type Answer, rowNames, rowOf } from './order-answers.ts';

/** What a decision is made of. */
export type Given = {
  readonly record: StoredRecord;
  readonly order: Order;
  readonly answer: Answer;
  readonly now: Instant;
  readonly latePolicy: LatePolicy;
  readonly duplicatePolicy: DuplicatePolicy;
  /** What claiming its `reference` found. */
  readonly claim?: ClaimFinding;
  /** How the close ended that was sent earlier in this look. */
  readonly closed?: CloseOutcome;
};

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;
const reasonsThatEnd = ['not-found', 'user-paying'];
const reasonsWithoutMoney = [...reasonsThatEnd, 'reverse'];
const withoutMoney = ['CLOSED', 'REFUSED'];

/** What the words before a colon mean. */
export const conditions = {
  else: () => true,
  'late policy `refund`': ({ latePolicy }) => latePolicy === 'refund',
  'late policy `hold`': ({ latePolicy }) => latePolicy === 'hold',
  'late policy `fulfil`': ({ latePolicy }) => latePolicy === 'fulfil',
  'before `closeAt`': ({ order, now }) => now < order.closeAt,
  'before `closeAt` + 10 min': ({ order, now }) => now < order.closeAt + 10 * minuteMs,
  'before `closeAt` + 24 h': ({ order, now }) => now < order.closeAt + dayMs,
  'from `closeAt` + 24 h on': ({ order, now }) => now >= order.closeAt + dayMs,
  'a code payment that is not being reversed': ({ order }) =>
    isCode(order) && order.reversedAt === undefined,
  'REFUND, and the reversal was done': ({ answer, closed }) =>
    answer.word === 'REFUND' && closed?.type === 'done',
  'SUCCESS, the reversal was refused, late policy `refund`': ({ answer, closed, latePolicy }) =>
    answer.word === 'SUCCESS' && closed?.type === 'refused' && latePolicy === 'refund',
  'SUCCESS that differs, and the reversal was refused': ({ order, answer, closed }) =>
    rowOf(answer, order) === rowNames[1] && closed?.type === 'refused',
  'for less than 10 min, and no definite answer to the reversal': ({ order, now, closed }) =>
    !isDefinite(closed) && now < (order.notFoundAt ?? 0) + 10 * minuteMs,
  'SUCCESS, and the reversal was refused': ({ answer, closed }) =>
    answer.word === 'SUCCESS' && closed?.type === 'refused',
  'never placed by us': ({ order }) => order.unplaced,
  'never placed by us, from `closeAt` on': ({ order, now }) =>
    order.unplaced && now >= order.closeAt,
  'we hold its link': ({ order }) => order.link !== undefined,
  'placed by us, and no definite answer to a close yet': ({ order, closed }) =>
    !order.unplaced && !isDefinite(closed),
  'a close was answered definitely': ({ closed }) => isDefinite(closed),
  'not found for the first time': ({ order }) => order.notFoundAt === undefined,
  'for less than 90 s': ({ order, now }) => now < (order.notFoundAt ?? 0) + 90 * secondMs,
  'a close met a fault': ({ closed }) => closed?.type === 'fault',
  'the reversal met a fault': ({ closed }) => closed?.type === 'fault',
  'a close met no definite answer': ({ closed }) => closed !== undefined && !isDefinite(closed),
  'a look is owed, or in doubt, or CLOSED and known to WeChat (14 times at most)': ({ order }) =>
    order.unknownLooks < 14 &&
    (order.unknownLooks > 0 || isInDoubt(order) || (order.status === 'CLOSED' && wasKnown(order))),
  'resolved a day ago': ({ order, now }) => now >= (order.resolution?.at ?? now) + dayMs,
  'in doubt': ({ order }) => isInDoubt(order),
  'opened for `not-found` or `user-paying`': ({ order }) =>
    reasonsThatEnd.includes(order.reviewReason ?? ''),
  'opened for `user-paying`': ({ order }) => order.reviewReason === 'user-paying',
  'money was seen': ({ order }) =>
    order.transaction_id !== undefined || !reasonsWithoutMoney.includes(order.reviewReason ?? ''),
  'noted before': ({ order, answer }) => order.noted === answer.word,
  'not sent in this look': ({ closed }) => closed === undefined,
  'still waits': ({ order }) =>
    ['CREATED', 'AWAITING'].includes(order.status) || order.reviewReason === 'user-paying',
  'raised before': ({ order }) => order.contradiction,
  'for the first time': ({ order }) => order.contradictedAt === undefined,
  'for less than 10 min': ({ order, now }) => now < (order.contradictedAt ?? 0) + 10 * minuteMs,
  'its `reference` is not claimed yet': ({ order, claim }) =>
    order.terms?.reference !== undefined && claim === undefined,
  'it has no `reference`, or owns it': ({ order, claim }) =>
    order.terms?.reference === undefined || claim?.type === 'taken',
  'the owner waits, before `closeAt` + 24 h': ({ order, now, claim }) =>
    claim?.type === 'waits' && now < order.closeAt + dayMs,
  'the owner is paid, duplicate policy `refund`': ({ claim, duplicatePolicy }) =>
    claim?.type === 'duplicate' && duplicatePolicy === 'refund',
  'there are refunds of it, and none counts': ({ order: { refunds } }) =>
    refunds.length > 0 && refunds.every(({ status }) => withoutMoney.includes(status)),
  'a refund of it counts, or the automatic one is used up': ({ record, order }) =>
    order.refunds.some(
      ({ out_refund_no, status }) =>
        out_refund_no === `back-${record.key.number}` || !withoutMoney.includes(status),
    ),
  'CLOSED, and its payment is known': ({ order, answer }) =>
    answer.word === 'CLOSED' && order.transaction_id !== undefined,
  'its payment is known': ({ order }) => order.transaction_id !== undefined,
  'it was closed knowing of this payment': ({ order, answer }) =>
    order.transaction_id === undefined
      ? order.noted === 'REFUND'
      : (answer.kept['transaction_id'] ?? order.transaction_id) === order.transaction_id,
} as const satisfies Conditions<string, Given>;
export type Condition = keyof typeof conditions;

export function isCode({ terms }: Order): boolean {
  return terms?.trade_type === 'MICROPAY';
}

function isDefinite(closed: CloseOutcome | undefined): boolean {
  return closed?.type === 'done' || closed?.type === 'no-such-order';
}

/** We hold its link, or a signed answer about its code payment. */
function wasKnown(order: Order): boolean {
  return order.link !== undefined || (isCode(order) && order.noted !== undefined);
}

function isInDoubt(order: Order): boolean {
  return order.contradictedAt !== undefined && !order.contradiction;
}
