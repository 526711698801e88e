import assert from 'node:assert/strict';
import type { RefundEvidence, RefundFacts, RefundState } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decodeRefund, type Refund } from '#core/subjects/refund/refund.ts';
import { type RefundStart, refundRecord, refundToStart } from '#core/subjects/refund/start.ts';
import { isOutRefundNo, isRefundId } from '#core/values/ids.ts';
import type { Json } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import { checked, moment, orderRecord, outTradeNo, transactionId } from '../../fixtures.ts';

export const outRefundNo = checked(isOutRefundNo, 'R-1001-20261121');
export const refundId = checked(isRefundId, '50300002002026112100000000001');

/** Noted at 07:00, to be applied for from 07:01 on. */
export const notedAt = moment('2026-11-21T07:00:00Z');
export const startAt = moment('2026-11-21T07:01:00Z');

/** 30.00 of the 88.00 yuan that the order was paid with. */
export const refundStart: RefundStart = {
  out_refund_no: outRefundNo,
  of: { out_trade_no: outTradeNo },
  transaction_id: transactionId,
  refundFen: checked(isFen, 3_000),
  totalFen: checked(isFen, 8_800),
  origin: 'request',
  startAt,
  notify_url: 'https://pay.example.com/notify/shop',
  reason: '少发一件',
  funds_account: 'AVAILABLE',
  bodySha256: 'nZ6mWn4x9mSZ0Vd7Fv0ZbK5xJ4ZqRr2Jm0x2m3m3m3M',
};

/** The record that an order's outbox starts, then changed as a test wants it. */
export function refundStored(
  changes: Partial<Omit<StoredRecord, 'data'>> = {},
  data: Readonly<Record<string, Json>> = {},
): StoredRecord {
  const entry = { type: 'start', at: notedAt, ...refundToStart(refundStart) } as const;
  const begun = refundRecord(orderRecord({ status: 'PAID' }), entry);
  return { ...begun, ...changes, data: { ...begun.data, ...data } };
}

/** The refund in a record, which must be readable. */
export function refundOf(record: StoredRecord): Refund {
  const decoded = decodeRefund(record);
  assert.deepEqual(decoded.ok ? undefined : decoded.error, undefined);
  assert.ok(decoded.ok);
  return decoded.value;
}

export const facts: RefundFacts = {
  refund_id: refundId,
  out_trade_no: outTradeNo,
  transaction_id: transactionId,
  refundFen: refundStart.refundFen,
  totalFen: refundStart.totalFen,
};

export const successAt = moment('2026-11-21T07:03:20Z');

/** A signed answer about the refund; SUCCESS says when. */
export function answers(
  state: RefundState,
  changes: Partial<RefundFacts> = {},
): Extract<RefundEvidence, { readonly type: 'state' }> {
  const more = state === 'SUCCESS' ? { successAt } : {};
  return {
    type: 'state',
    state,
    out_refund_no: outRefundNo,
    facts: { ...facts, ...more, ...changes },
  };
}

export const notFound: RefundEvidence = { type: 'not-found', code: 'RESOURCE_NOT_EXISTS' };
