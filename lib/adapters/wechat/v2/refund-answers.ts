import type { ApplyOutcome, RefundEvidence, RefundFacts, RefundState } from '#core/evidence.ts';
import {
  isOutRefundNo,
  isOutTradeNo,
  isRefundId,
  isTransactionId,
  type OutRefundNo,
} from '#core/values/ids.ts';
import { fenIn, malformed, textIn, timeIn } from './values.ts';
import type { Fields } from './xml.ts';

const otherRefund = { type: 'unknown', code: 'OTHER_REFUND' } as const;

/** CHANGE: the bank sent it back, and the merchant must see to it. */
const states: ReadonlyMap<string, RefundState> = new Map([
  ['PROCESSING', 'PROCESSING'],
  ['SUCCESS', 'SUCCESS'],
  ['REFUNDCLOSE', 'CLOSED'],
  ['CHANGE', 'ABNORMAL'],
]);

/**
 * Reads a signed answer to our query of a refund, which may list several of its order: ours must be there
 * once. Anything that is not a whole answer about it is `unknown`: an open outcome is looked at again, a
 * wrong one would move money.
 */
export function readRefund(fields: Fields, asked: OutRefundNo): RefundEvidence {
  const numbered = [...fields.entries()].filter(([name]) => /^out_refund_no_\d{1,2}$/.test(name));
  const [ours, ...more] = numbered.filter(([, value]) => value === asked);
  if (ours === undefined) {
    return numbered.length === 0 ? malformed : otherRefund;
  }
  const index = ours[0].slice('out_refund_no_'.length);
  const state = states.get(fields.get(`refund_status_${index}`) ?? '');
  const facts = factsIn(fields, index);
  return more.length > 0 || state === undefined || facts === undefined
    ? malformed
    : { type: 'state', state, out_refund_no: asked, facts };
}

/** Reads a signed answer to our application: accepted is not done, its status is the query's to tell. */
export function readApplied(fields: Fields, asked: OutRefundNo): ApplyOutcome {
  const out_refund_no = fields.get('out_refund_no');
  if (!isOutRefundNo(out_refund_no)) {
    return malformed;
  }
  return out_refund_no === asked ? { type: 'accepted' } : otherRefund;
}

/** Numbers and amounts must be whole; a time that cannot be read is left out, it decides nothing. */
function factsIn(fields: Fields, index: string): RefundFacts | undefined {
  const refund_id = fields.get(`refund_id_${index}`);
  const out_trade_no = fields.get('out_trade_no');
  const transaction_id = fields.get('transaction_id');
  const refundFen = fenIn(fields, `refund_fee_${index}`);
  const totalFen = fenIn(fields, 'total_fee');
  // Fen are Chinese money: an amount of any other would be read as one of them.
  const isChinese = (textIn(fields, 'fee_type') ?? 'CNY') === 'CNY';
  if (
    !isRefundId(refund_id) ||
    !isOutTradeNo(out_trade_no) ||
    !isTransactionId(transaction_id) ||
    refundFen === undefined ||
    totalFen === undefined ||
    !isChinese
  ) {
    return undefined;
  }
  const successAt = timeIn(fields, `refund_success_time_${index}`);
  return {
    refund_id,
    out_trade_no,
    transaction_id,
    refundFen,
    totalFen,
    ...(successAt !== undefined && { successAt }),
  };
}
