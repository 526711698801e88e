import { fail, ok, type Result } from '../../result.ts';
import { isOutRefundNo, type OutRefundNo, type TransactionId } from '../../values/ids.ts';
import { fieldsOf, oneOf } from '../../values/json.ts';
import { type Fen, isFen } from '../../values/money.ts';
import { dayMs, type Instant, isInstant, latest, minuteMs, plus } from '../../values/time.ts';
import { isWithoutMoney, type RefundStatus, refundStatuses } from './refund.ts';

/** A refund as the record of what it gives back notes it: the sum check, and the list that `GET` shows. */
export type RefundNote = {
  readonly out_refund_no: OutRefundNo;
  readonly refundFen: Fen;
  readonly startAt: Instant;
  readonly status: RefundStatus;
};

/** A payment that parts can be given back of. */
export type Refundable = {
  readonly transaction_id: TransactionId;
  readonly paidFen: Fen;
  readonly successAt: Instant | undefined;
  readonly refunds: readonly RefundNote[];
};

/** WeChat's rules for the parts of one payment (4013071036). */
const mostRefunds = 50;
const partsApartMs = minuteMs;
const refundableMs = 365 * dayMs;

const isRefundStatus = oneOf(refundStatuses);

export function isRefundNotes(value: unknown): value is readonly RefundNote[] {
  return Array.isArray(value) && value.every(isRefundNote);
}

function isRefundNote(value: unknown): value is RefundNote {
  const fields = fieldsOf(value);
  fields.required('out_refund_no', isOutRefundNo);
  fields.required('refundFen', isFen);
  fields.required('startAt', isInstant);
  fields.required('status', isRefundStatus);
  return fields.result(() => true).ok;
}

/** The note of one more part, which starts a minute after the one before; or why there can be none. */
export function noteOfPart(
  { paidFen, successAt, refunds }: Refundable,
  { out_refund_no, refundFen }: Pick<RefundNote, 'out_refund_no' | 'refundFen'>,
  now: Instant,
): Result<RefundNote, 'refund_exceeds' | 'refund_limit' | 'refund_too_late'> {
  if (successAt !== undefined && now >= successAt + refundableMs) {
    return fail('refund_too_late');
  }
  const counted = refunds.filter(countsForSum);
  if (counted.length >= mostRefunds) {
    return fail('refund_limit');
  }
  const refundedFen = counted.reduce((sum, note) => sum + note.refundFen, 0);
  return refundedFen + refundFen > paidFen
    ? fail('refund_exceeds')
    : ok({ out_refund_no, refundFen, startAt: startOf(counted, now), status: 'CREATED' });
}

/** The notes once this refund stands as it does; undefined when that is known already. */
export function notesWith(
  refunds: readonly RefundNote[],
  note: RefundNote,
): readonly RefundNote[] | undefined {
  const known = refunds.find(({ out_refund_no }) => out_refund_no === note.out_refund_no);
  if (known === undefined) {
    return [...refunds, note];
  }
  return known.status === note.status
    ? undefined
    : refunds.map((each) => (each === known ? { ...known, status: note.status } : each));
}

/** The number of a refund that was noted belongs to another payment's: this one will never be applied for. */
export function notesWithout(
  refunds: readonly RefundNote[],
  out_refund_no: string,
): readonly RefundNote[] {
  return refunds.map((note) =>
    note.out_refund_no === out_refund_no ? { ...note, status: 'REFUSED' } : note,
  );
}

/** A refund that ended without moving money frees its amount again. */
export function countsForSum(note: RefundNote): boolean {
  return !isWithoutMoney(note.status);
}

function startOf(counted: readonly RefundNote[], now: Instant): Instant {
  return counted.reduce((at, note) => latest(at, plus(note.startAt, partsApartMs)), now);
}
