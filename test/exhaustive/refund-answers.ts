import type { ApplyOutcome, RefundEvidence, RefundFacts, RefundState } from '#core/evidence.ts';
import {
  isOutRefundNo,
  isOutTradeNo,
  isRefundId,
  isTransactionId,
  type OutRefundNo,
} from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import { at } from '../support/clock.ts';
import { outTradeNo, valid } from '../support/order-builder.ts';

/** What WeChat says: the rows of the refund's table. */
export const rowNames = [
  'PROCESSING',
  'SUCCESS',
  'CLOSED',
  'ABNORMAL',
  'another refund has this number',
  'no such refund (unsigned)',
  'no usable answer',
  'our account is at fault',
] as const;
export type RowName = (typeof rowNames)[number];

/** One answer to a query, as a look may get it. */
export type Answer = {
  readonly name: string;
  readonly row: RowName;
  readonly evidence: RefundEvidence;
  readonly isSigned: boolean;
  /** What a record keeps of it. */
  readonly kept: JsonObject;
};

export const outRefundNo: OutRefundNo = valid('R-1001', isOutRefundNo);

/** 30.00 of 88.00 yuan. */
export const facts: RefundFacts = {
  refund_id: valid('50300', isRefundId),
  out_trade_no: outTradeNo,
  transaction_id: valid('4200A1001', isTransactionId),
  refundFen: valid(3000, isFen),
  totalFen: valid(8800, isFen),
};
const successAt = at('2026-11-21T05:30:00Z');

function says(state: RefundState, changes: Partial<RefundFacts> = {}): RefundEvidence {
  const known = { ...facts, ...changes };
  return { type: 'state', state, out_refund_no: outRefundNo, facts: known };
}

function ours(state: RefundState): Answer {
  const kept = { refund_id: '50300' };
  return { name: state, row: state, evidence: says(state), isSigned: true, kept };
}

function others(name: string, state: RefundState, changes: Partial<RefundFacts>): Answer {
  const evidence = says(state, changes);
  return { name: `${state} of ${name}`, row: rowNames[4], evidence, isSigned: true, kept: {} };
}

function unsigned(evidence: Exclude<RefundEvidence, { readonly type: 'state' }>, row: RowName) {
  return { name: evidence.type, row, evidence, isSigned: false, kept: {} };
}

/** One answer, or a few, for each row of the table. */
export const answers: readonly Answer[] = [
  ours('PROCESSING'),
  ours('SUCCESS'),
  {
    ...ours('SUCCESS'),
    name: 'SUCCESS, with its time',
    evidence: says('SUCCESS', { successAt }),
    kept: { refund_id: '50300', successAt },
  },
  ours('CLOSED'),
  // Its time is kept of a SUCCESS only.
  { ...ours('CLOSED'), name: 'CLOSED, with a time', evidence: says('CLOSED', { successAt }) },
  ours('ABNORMAL'),
  others('another order', 'PROCESSING', { out_trade_no: valid('A-1002', isOutTradeNo) }),
  others('another payment', 'CLOSED', { transaction_id: valid('4200A1002', isTransactionId) }),
  others('one fen more', 'SUCCESS', { refundFen: valid(3001, isFen) }),
  others('one fen less', 'ABNORMAL', { refundFen: valid(2999, isFen) }),
  unsigned({ type: 'not-found', code: 'RESOURCE_NOT_EXISTS' }, 'no such refund (unsigned)'),
  unsigned({ type: 'unknown', code: 'TIMEOUT' }, 'no usable answer'),
  unsigned({ type: 'fault', code: 'SIGN_ERROR' }, 'our account is at fault'),
];

/** Every way in which our apply can end. */
export const applyOutcomes: readonly ApplyOutcome[] = [
  { type: 'accepted' },
  { type: 'refused', code: 'INVALID_REQUEST' },
  { type: 'refused', code: 'USER_ACCOUNT_ABNORMAL' },
  { type: 'unknown', code: 'NOT_ENOUGH' },
  { type: 'unknown', code: 'FREQUENCY_LIMITED' },
  { type: 'fault', code: 'NO_AUTH' },
];
