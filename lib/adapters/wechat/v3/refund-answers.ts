import {
  type ApplyOutcome,
  type RefundEvidence,
  type RefundFacts,
  refundStates,
} from '#core/evidence.ts';
import type { Result } from '#core/result.ts';
import {
  isOutRefundNo,
  isOutTradeNo,
  isRefundId,
  isTransactionId,
  type OutRefundNo,
} from '#core/values/ids.ts';
import { fieldsOf, isObject, type JsonObject, oneOf } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import { instantIn, malformed, objectIn } from './answers.ts';

const otherRefund = { type: 'unknown', code: 'OTHER_REFUND' } as const;

/**
 * Reads a signed answer to our query of a refund (4013071036). Anything that is not a whole answer about
 * the refund we asked for is `unknown`: an open outcome is looked at again, a wrong one would move money.
 */
export function readRefund(body: Uint8Array, asked: OutRefundNo): RefundEvidence {
  const answer = objectIn(body) ?? {};
  const fields = fieldsOf(answer);
  const state = fields.required('status', oneOf(refundStates));
  const out_refund_no = fields.required('out_refund_no', isOutRefundNo);
  const read = fields.result(() => ({ state, out_refund_no }));
  if (!read.ok) {
    return malformed;
  }
  if (out_refund_no !== asked) {
    return otherRefund;
  }
  const facts = readFacts(answer);
  return facts.ok ? { type: 'state', ...read.value, facts: facts.value } : malformed;
}

/** Reads a signed answer to our application: accepted is not done, its status is the query's to tell. */
export function readApplied(body: Uint8Array, asked: OutRefundNo): ApplyOutcome {
  const { out_refund_no } = objectIn(body) ?? {};
  if (!isOutRefundNo(out_refund_no)) {
    return malformed;
  }
  return out_refund_no === asked ? { type: 'accepted' } : otherRefund;
}

/** Numbers and amounts must be whole; a time that cannot be read is left out, it decides nothing. */
function readFacts(answer: JsonObject): Result<RefundFacts> {
  const fields = fieldsOf(answer);
  const numbers = {
    refund_id: fields.required('refund_id', isRefundId),
    out_trade_no: fields.required('out_trade_no', isOutTradeNo),
    transaction_id: fields.required('transaction_id', isTransactionId),
  };
  const amount = fieldsOf(fields.required('amount', isObject));
  const refundFen = amount.required('refund', isFen);
  const totalFen = amount.required('total', isFen);
  // Fen are Chinese money: an amount of any other would be read as one of them.
  amount.optional('currency', oneOf(['CNY']));
  const whole = amount.result(() => ({ refundFen, totalFen }));
  if (!whole.ok) {
    return whole;
  }
  const successAt = instantIn(answer['success_time']);
  return fields.result(() => ({
    ...numbers,
    ...whole.value,
    ...(successAt !== undefined && { successAt }),
  }));
}
