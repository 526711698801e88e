import type { Kind, StoredRecord, SubjectKey } from '#core/record.ts';
import { decodeOrder, type Order, type RefundNote } from '#core/subjects/order/order.ts';
import { isMchid } from '#core/values/ids.ts';
import type { MemoryTable } from '../support/memory-table.ts';
import { valid } from '../support/order-builder.ts';

const kindOf: Readonly<Record<string, Kind>> = { order: 'order', refund: 'refund' };

const keys = new Map<string, SubjectKey>();

/** The key that the subject of an event names. */
export function keyIn(subject: string): SubjectKey {
  const known = keys.get(subject);
  if (known !== undefined) {
    return known;
  }
  const [kind = '', mchid, number = ''] = subject.split('#');
  const key = { kind: kindOf[kind] ?? 'notice', mchid: valid(mchid, isMchid), number };
  keys.set(subject, key);
  return key;
}

const orders = new WeakMap<StoredRecord, Order>();

/** The order in a record; each is read once. */
export function orderIn(record: StoredRecord): Order {
  const known = orders.get(record);
  if (known !== undefined) {
    return known;
  }
  const decoded = decodeOrder(record);
  if (!decoded.ok) {
    throw new Error(`Not an order: ${decoded.error}`);
  }
  orders.set(record, decoded.value);
  return decoded.value;
}

/** The refunds that an order's record notes. */
export function notesOf(record: StoredRecord | undefined): readonly RefundNote[] {
  return record?.data['refunds'] === undefined ? [] : orderIn(record).refunds;
}

/**
 * Whether its order knows what became of this refund. Who was not there yet heard nothing of it: a payment
 * that was found after its refund, or a refused number that was used again.
 */
export function isOrderTold(table: MemoryTable, refund: StoredRecord): boolean {
  const { mchid, number } = refund.key;
  const order = table.peek({ kind: 'order', mchid, number: String(refund.data['out_trade_no']) });
  const note = notesOf(order).find(({ out_refund_no }) => out_refund_no === number);
  if (order === undefined || (note === undefined && order.status === 'UNMATCHED')) {
    return true;
  }
  const toldAt = refund.history.at(-1)?.at ?? 0;
  return note?.status === refund.status || Number(order.data['createdAt']) >= toldAt;
}

/** Whether a refund that an order notes was begun; or refused, for its number belongs to another order's. */
export function isBegun(table: MemoryTable, order: StoredRecord, out_refund_no: string): boolean {
  const { mchid, number } = order.key;
  const refund = table.peek({ kind: 'refund', mchid, number: out_refund_no });
  const note = notesOf(order).find((each) => each.out_refund_no === out_refund_no);
  return (
    refund !== undefined && (refund.data['out_trade_no'] === number || note?.status === 'REFUSED')
  );
}

/** Whether WeChat's refund under this number is the one that was noted here. */
export function isSameRefund(
  { data }: StoredRecord,
  there: { readonly transaction_id: string; readonly refundFen: number },
): boolean {
  const { transaction_id, refundFen } = there;
  return data['transaction_id'] === transaction_id && data['refundFen'] === refundFen;
}
