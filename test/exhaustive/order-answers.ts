import type { CloseOutcome, OrderEvidence, PaymentFacts, TradeState } from '#core/evidence.ts';
import type { ClaimFinding } from '#core/subjects/order/claim.ts';
import type { Order, OrderName, ReviewReason } from '#core/subjects/order/order.ts';
import { isMchid, isOpenid, isOutTradeNo, isTransactionId } from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import { at } from '../support/clock.ts';
import { account, outTradeNo, valid } from '../support/order-builder.ts';

/** What WeChat says: the rows of the order's table. */
export const rowNames = [
  'SUCCESS, money and identity match',
  'SUCCESS; amount, currency, mchid, appid or payer differ',
  'REFUND',
  'NOTPAY, PAYERROR',
  'USERPAYING, ACCEPT',
  'CLOSED, REVOKED',
  'no such order (unsigned)',
  'no usable answer',
  'our account is at fault',
] as const;
export type RowName = (typeof rowNames)[number];

/** One answer to a query, as a look may get it. */
export type Answer = {
  readonly name: string;
  readonly row: RowName;
  readonly evidence: OrderEvidence;
  /** The word for it in the record: what is noted, and what stands in the history. */
  readonly word: string;
  readonly isSigned: boolean;
  /** How the payment is not the one that was ordered. */
  readonly differs?: ReviewReason;
  /** What a record keeps of the payment. */
  readonly kept: JsonObject;
};

const payment: PaymentFacts = {
  transaction_id: valid('4200A1001', isTransactionId),
  amountFen: valid(8800, isFen),
  payerTotalFen: valid(8300, isFen),
  currency: 'CNY',
  openid: valid('oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', isOpenid),
  successAt: at('2026-11-21T04:05:00Z'),
};
const kept: JsonObject = {
  transaction_id: '4200A1001',
  paidFen: 8800,
  payerTotalFen: 8300,
  successAt: Date.parse('2026-11-21T04:05:00Z'),
};

const { mchid } = account;
const named = { type: 'state', mchid, appid: account.appids[0], out_trade_no: outTradeNo } as const;

function signed(state: TradeState, row: RowName): Answer {
  const evidence = { ...named, state };
  return { name: state, row, evidence, word: state, isSigned: true, kept: {} };
}

function paying(state: 'SUCCESS' | 'REFUND', row: RowName): Answer {
  return { ...signed(state, row), evidence: { ...named, state, payment }, kept };
}

function unsigned(evidence: Exclude<OrderEvidence, { readonly type: 'state' }>, row: RowName) {
  return { name: evidence.type, row, evidence, word: evidence.type, isSigned: false, kept: {} };
}

const matching = paying('SUCCESS', rowNames[0]);

function differing(
  differs: ReviewReason,
  changes: { readonly payment?: Partial<PaymentFacts>; readonly named?: object },
  keptToo: JsonObject = {},
): Answer {
  const paidSo = { ...payment, ...changes.payment };
  return {
    ...matching,
    name: `SUCCESS, another ${differs}`,
    row: rowNames[1],
    evidence: { ...named, ...changes.named, state: 'SUCCESS', payment: paidSo },
    differs,
    kept: { ...kept, ...keptToo },
  };
}

const cheaper = { amountFen: valid(8799, isFen) };
const stranger = { openid: valid('oUpF8uMuAJO_M2pxb1Q9zNjWeS6p', isOpenid) };

/** One answer, or a few, for each row of the table. */
export const answers: readonly Answer[] = [
  matching,
  differing('amount', { payment: cheaper }, { paidFen: 8799 }),
  differing('currency', { payment: { currency: 'HKD' } }),
  differing('mchid', { named: { mchid: valid('1900000009', isMchid) } }),
  differing('appid', { named: { appid: 'wx0000000000000000' } }),
  differing('payer', { payment: stranger }),
  paying('REFUND', 'REFUND'),
  { ...signed('REFUND', 'REFUND'), name: 'REFUND, amount unreadable' },
  signed('NOTPAY', 'NOTPAY, PAYERROR'),
  signed('PAYERROR', 'NOTPAY, PAYERROR'),
  signed('USERPAYING', 'USERPAYING, ACCEPT'),
  signed('ACCEPT', 'USERPAYING, ACCEPT'),
  signed('CLOSED', 'CLOSED, REVOKED'),
  signed('REVOKED', 'CLOSED, REVOKED'),
  unsigned({ type: 'not-found', code: 'ORDER_NOT_EXIST' }, 'no such order (unsigned)'),
  unsigned({ type: 'unknown', code: 'TIMEOUT' }, 'no usable answer'),
  unsigned({ type: 'fault', code: 'SIGN_ERROR' }, 'our account is at fault'),
];

/** Every way in which our close can end. */
export const closeOutcomes: readonly CloseOutcome[] = [
  { type: 'done' },
  { type: 'no-such-order', code: 'ORDER_NOT_EXIST' },
  { type: 'refused', code: 'TRADE_ERROR' },
  { type: 'unknown', code: 'FREQUENCY_LIMITED' },
  { type: 'fault', code: 'NO_AUTH' },
];

const owner: OrderName = {
  account: account.name,
  mchid,
  out_trade_no: valid('A-1000', isOutTradeNo),
};

/** Everything that claiming a `reference` can find. */
export const claimFindings: readonly ClaimFinding[] = [
  { type: 'taken' },
  { type: 'waits', owner },
  { type: 'duplicate', owner },
  { type: 'doubtful', owner },
];

/**
 * The row of an answer about this order: whoever pays an order that names no payer is the right one; and
 * an order that a person took as paid, or gave back, was paid right if it was paid the same.
 */
export function rowOf(answer: Answer, order: Order): RowName {
  const { resolved } = order;
  const isTaken = resolved?.outcome === 'done' && resolved.action !== 'close';
  if (answer.word === 'SUCCESS' && order.status === 'PAID' && isTaken) {
    return rowNames[answer.kept['paidFen'] === order.paidFen ? 0 : 1];
  }
  const isAnybody = answer.differs === 'payer' && order.terms?.openid === undefined;
  return isAnybody && order.terms !== undefined ? rowNames[0] : answer.row;
}
