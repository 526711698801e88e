import { type Kind, kinds, type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import type { Result } from '#core/result.ts';
import { decodeOrder, type Order } from '#core/subjects/order/order.ts';
import type { RefundNote } from '#core/subjects/refund/note.ts';
import {
  decodeServiceOrder,
  type ServiceOrder,
} from '#core/subjects/service-order/service-order.ts';
import { decodeSignPlan, type SignPlan } from '#core/subjects/sign-plan/sign-plan.ts';
import { isMchid } from '#core/values/ids.ts';
import type { MemoryTable } from '../support/memory-table.ts';
import { valid } from '../support/order-builder.ts';

const kindOf: ReadonlyMap<string, Kind> = new Map(kinds.map((kind) => [kind, kind]));

const keys = new Map<string, SubjectKey>();

/** The key that the subject of an event names. */
export function keyIn(subject: string): SubjectKey {
  const known = keys.get(subject);
  if (known !== undefined) {
    return known;
  }
  const [kind = '', mchid, number = ''] = subject.split('#');
  const key = { kind: kindOf.get(kind) ?? 'notice', mchid: valid(mchid, isMchid), number };
  keys.set(subject, key);
  return key;
}

/** The order in a record; each is read once. */
const payscoreKinds: ReadonlySet<string> = new Set(['plan', 'sign-plan', 'service-order']);

export function isPayscore({ kind }: SubjectKey): boolean {
  return payscoreKinds.has(kind);
}

export const orderIn = readingOnce<Order>(decodeOrder);
export const signPlanIn = readingOnce<SignPlan>(decodeSignPlan);
export const serviceOrderIn = readingOnce<ServiceOrder>(decodeServiceOrder);

function readingOnce<T>(decode: (record: StoredRecord) => Result<T>): (record: StoredRecord) => T {
  const read = new WeakMap<StoredRecord, T>();
  return (record) => {
    const known = read.get(record);
    if (known !== undefined) {
      return known;
    }
    const decoded = decode(record);
    if (!decoded.ok) {
      throw new Error(`${subjectId(record.key)} is wrong at ${decoded.error}`);
    }
    read.set(record, decoded.value);
    return decoded.value;
  };
}

/** The order or the service order in a record that can be refunded. */
export function paidIn(record: StoredRecord): Order | ServiceOrder {
  return record.key.kind === 'service-order' ? serviceOrderIn(record) : orderIn(record);
}

/** The refunds that the record of an order, or of a service order, notes. */
export function notesOf(record: StoredRecord | undefined): readonly RefundNote[] {
  return record?.data['refunds'] === undefined ? [] : paidIn(record).refunds;
}

/** What a refund gives back of. */
export function refundedBy({ key, data }: StoredRecord): SubjectKey {
  const { mchid } = key;
  const { out_order_no, out_trade_no } = data;
  return out_order_no === undefined
    ? { kind: 'order', mchid, number: String(out_trade_no) }
    : { kind: 'service-order', mchid, number: String(out_order_no) };
}

/**
 * Whether its order knows what became of this refund. Who was not there yet heard nothing of it: a payment
 * that was found after its refund, or a refused number that was used again.
 */
export function isOrderTold(table: MemoryTable, refund: StoredRecord): boolean {
  const { number } = refund.key;
  const order = table.peek(refundedBy(refund));
  const note = notesOf(order).find(({ out_refund_no }) => out_refund_no === number);
  if (order === undefined || (note === undefined && order.status === 'UNMATCHED')) {
    return true;
  }
  const toldAt = refund.history.at(-1)?.at ?? 0;
  return note?.status === refund.status || Number(order.data['createdAt']) >= toldAt;
}

/** Whether a refund that an order notes was begun; or refused, for its number belongs to another order's. */
export function isBegun(table: MemoryTable, order: StoredRecord, out_refund_no: string): boolean {
  const { mchid } = order.key;
  const refund = table.peek({ kind: 'refund', mchid, number: out_refund_no });
  const note = notesOf(order).find((each) => each.out_refund_no === out_refund_no);
  return (
    refund !== undefined &&
    (subjectId(refundedBy(refund)) === subjectId(order.key) || note?.status === 'REFUSED')
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

/** Whether a service order that a sign plan begins is there; or its number is another signature's. */
export function isServiceBegun(
  table: MemoryTable,
  signPlan: StoredRecord,
  number: string,
): boolean {
  const order = table.peek({ kind: 'service-order', mchid: signPlan.key.mchid, number });
  const isOurs = order?.data['merchant_sign_plan_no'] === signPlan.key.number;
  const detail = detailOf(signPlan, number);
  return order !== undefined && (isOurs || detail?.state === 'SIGN_PLAN_DETAIL_CANCEL');
}

const begun: ReadonlySet<string> = new Set(['CREATED', 'DOING', 'COMPLETED']);

/** Whether its sign plan knows how far this service is: free again, or over. */
export function isSignPlanTold(table: MemoryTable, order: StoredRecord): boolean {
  const { mchid, number } = order.key;
  const signPlanNo = serviceOrderIn(order).merchant_sign_plan_no ?? '';
  const signPlan = table.peek({ kind: 'sign-plan', mchid, number: signPlanNo });
  const state = signPlan && detailOf(signPlan, number)?.state;
  return (
    state === undefined ||
    begun.has(order.status) ||
    // Free again, and it may be used once more already.
    order.status === 'REFUSED' ||
    (state !== 'NOT_USED' && state !== 'USING')
  );
}

function detailOf(signPlan: StoredRecord, number: string) {
  return signPlanIn(signPlan).details.find((each) => each.merchant_plan_detail_no === number);
}
