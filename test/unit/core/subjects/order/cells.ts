import type { Decision } from '#core/decision.ts';
import type { StoredRecord } from '#core/record.ts';
import type { Json } from '#core/values/json.ts';
import { type Instant, plus } from '#core/values/time.ts';
import { createdAt, orderRecord, paymentData } from '../../fixtures.ts';

const link = { link: 'wx20261121120000', linkAt: createdAt };

const owner = { account: 'shop', mchid: '1900000001', out_trade_no: 'A-1000' };

/** One order a column: each status, and REVIEW by what opened it. */
export const columns = {
  CREATED: orderRecord(),
  AWAITING: orderRecord({ status: 'AWAITING' }, link),
  PAID: orderRecord({ status: 'PAID' }, { ...link, ...paymentData }),
  CLOSED: orderRecord({ status: 'CLOSED' }, link),
  'REVIEW amount': review('amount', paymentData),
  'REVIEW refund': review('refund', paymentData),
  'REVIEW late': review('late', { ...paymentData, late: true }),
  'REVIEW duplicate': review('duplicate', { ...paymentData, duplicateOf: owner }),
  'REVIEW refund-failed': review('refund-failed', paymentData),
  'REVIEW not-found': review('not-found', {}),
  'REVIEW user-paying': review('user-paying', {}),
  REFUSED: orderRecord({ status: 'REFUSED' }),
  UNMATCHED: orderRecord({ status: 'UNMATCHED' }, paymentData),
} as const satisfies Readonly<Record<string, StoredRecord>>;

export type Column = keyof typeof columns;

function review(reviewReason: string, data: Readonly<Record<string, Json>>): StoredRecord {
  return orderRecord({ status: 'REVIEW' }, { ...link, ...data, reviewReason });
}

export type Case = { readonly says: string; readonly now: Instant; readonly column: Column };

/** What a word of the table means, written out whole. */
export function decisionOf(word: string, { says, now, column }: Case): Decision {
  const [verb = '', reason = ''] = word.split(':');
  const meaning = meanings[verb];
  if (meaning === undefined) {
    throw new Error(`The table has no word ${word}.`);
  }
  return meaning({ says, now, column, reason });
}

type Meaning = (given: Case & { readonly reason: string }) => Decision;

const meanings: Readonly<Record<string, Meaning>> = {
  quiet: () => ({ type: 'quiet' }),
  wait: () => ({ type: 'wait' }),
  soon: ({ now }) => ({ type: 'wait', at: plus(now, 30_000) }),
  close: () => ({ type: 'command', command: 'close' }),
  unknown: () => ({ type: 'unknown', code: 'SYSTEM_ERROR', isFault: false }),
  fault: () => ({ type: 'unknown', code: 'SIGN_ERROR', isFault: true }),
  paid: ({ column }) =>
    commit({
      status: 'PAID',
      patch: {
        ...(column.startsWith('REVIEW') && { unset: ['reviewReason'] }),
        set: paymentData,
      },
      events: ['order.paid'],
      evidence: 'SUCCESS',
    }),
  owed: () => ({ type: 'unknown', code: 'ORDER_NOT_EXIST', isFault: false }),
  'paid-late': () =>
    commit({
      status: 'PAID',
      patch: { set: { ...paymentData, late: true } },
      events: ['order.paid'],
      evidence: 'SUCCESS',
    }),
  'back-late': ({ now }) => {
    const noted = { out_refund_no: back, refundFen: 8_800, startAt: now, status: 'CREATED' };
    return commit({
      status: 'PAID',
      patch: { set: { ...paymentData, late: true, refunds: [noted] } },
      events: ['order.paid_late'],
      starts: [{ kind: 'refund', number: back, startAt: now, data: backData }],
      evidence: 'SUCCESS',
    });
  },
  'hold-late': () =>
    commit({
      status: 'REVIEW',
      patch: { set: { ...paymentData, late: true, reviewReason: 'late', noted: 'SUCCESS' } },
      events: ['order.paid_late'],
      evidence: 'SUCCESS',
    }),
  review: ({ reason, says, column }) =>
    commit({
      status: 'REVIEW',
      patch: {
        set: {
          ...paidAs(reason),
          reviewReason: reason,
          noted: says,
          ...((column === 'CLOSED' || column === 'REFUSED') && { late: true }),
        },
      },
      events: ['order.review'],
      evidence: says,
    }),
  'review-payer': ({ says, now }) =>
    commit({
      status: 'REVIEW',
      patch: { set: { reviewReason: 'user-paying' } },
      events: ['order.review'],
      evidence: says,
      nextLookAt: plus(now, 600_000),
    }),
  note: ({ says }) => commit({ patch: { set: { noted: says } }, events: [], evidence: says }),
  'note-reason': ({ reason, says }) =>
    commit({
      patch: { set: { ...paidAs(reason), reviewReason: reason, noted: says } },
      events: [],
      evidence: says,
    }),
  doubt: ({ says, now }) =>
    commit({
      patch: { set: { contradictedAt: now } },
      events: [],
      evidence: says,
      nextLookAt: plus(now, 600_000),
    }),
  closed: ({ says, column }) => closed(says, column, { set: { closeReason: 'expired' } }),
  'closed-there': ({ says, column }) => closed(says, column, { set: { closeReason: 'wechat' } }),
};

const back = 'back-A-1001-20261121';
/** All of the payment goes back, as the one that it is. */
const backData = {
  out_trade_no: 'A-1001-20261121',
  transaction_id: paymentData.transaction_id,
  refundFen: 8_800,
  totalFen: 8_800,
  origin: 'late',
  reason: '订单已关闭，款项原路退回',
  notify_url: 'https://pay.example.com/notify/shop',
};

type Change = Extract<Decision, { readonly type: 'commit' }>['change'];

function commit(change: Change): Decision {
  return { type: 'commit', change };
}

function closed(evidence: string, column: Column, patch: Change['patch']): Decision {
  return commit({
    status: 'CLOSED',
    patch: { ...patch, ...(column.startsWith('REVIEW') && { unset: ['reviewReason'] }) },
    events: ['order.closed'],
    lookAfterClose: true,
    evidence,
  });
}

/** A payment of another amount is kept as WeChat states it. */
function paidAs(reason: string): Readonly<Record<string, Json>> {
  return reason === 'amount' ? { ...paymentData, paidFen: 8_799 } : paymentData;
}
