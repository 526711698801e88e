import { type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import type { ResolveAction } from '#core/subjects/order/order.ts';
import type { Instant } from '#core/values/time.ts';
import { type Gap, isLost, isUnheard } from './gap.ts';
import type { House } from './house.ts';
import { isAbout } from './queue.ts';
import { notesOf, orderIn } from './records.ts';
import { orderKeyOf, type Trade, wasPaid } from './trade.ts';

/**
 * Paid at WeChat: announced as paid, given back in full, or with a person. What landed late, or was never
 * ordered here, may wait for the bill if no message told of it.
 */
export function gapOfPayment(house: House, trade: Trade): Gap | undefined {
  const key = orderKeyOf(trade);
  const record = house.table.peek(key);
  const isKept = wasPaid(trade.state) && trade.isReversed !== true;
  if (!isKept || (record !== undefined && isSeenTo(house, trade, record))) {
    return undefined;
  }
  if (record?.status === 'PAID') {
    return { what: `${trade.number} was to be given back, and was not (I3)`, mayWait: false };
  }
  // Ours: the look after the close finds what lands late. Another's: only its notice tells of it.
  const isUnknown = record?.status === 'REFUSED' || wasNeverKnown(trade, record);
  const mayWait = trade.isForeign
    ? isUnheard(house, key)
    : (isAfterClose(trade, record) && isLost(house, key)) ||
      (trade.isCode && isUnknown && isLookMissing(house, key, trade.paidAt));
  const what = `${trade.number} is ${trade.state} at WeChat, ${record?.status} here, and nobody was told (I3)`;
  return { what, mayWait };
}

/** WeChat had closed it; or it was closed here, for WeChat did not know its charge yet. */
function isAfterClose({ closedAt, paidAt }: Trade, record: StoredRecord | undefined): boolean {
  const closedHereAt = record?.history.find(({ to }) => to === 'CLOSED')?.at;
  const isUnknownThere =
    closedHereAt !== undefined && paidAt !== undefined && closedHereAt < paidAt;
  return closedAt !== undefined || isUnknownThere;
}

/** Closed before it was paid, and WeChat had not said a word of it: its PUT may have died on a refusal. */
function wasNeverKnown(trade: Trade, record: StoredRecord | undefined): boolean {
  return record?.status === 'CLOSED' && !('noted' in record.data) && isAfterClose(trade, record);
}

/**
 * The look after a refused charge is no debt: who dies before leaves it to the bill. Nor is its one answer
 * doubted, which is "no such order" where it should be.
 */
function isLookMissing(house: House, key: SubjectKey, paidAt: Instant | undefined): boolean {
  const isLook = (body: string): boolean => body.includes('after-close') && isAbout(body, key);
  const isDenied = paidAt !== undefined && house.watch.wasDeniedSince(key, paidAt);
  return isDenied || isLost(house, key) || !house.timers.sent().some(isLook);
}

const reviewEvents = ['order.review', 'order.paid_late', 'order.duplicate'];

function isSeenTo(house: House, trade: Trade, record: StoredRecord): boolean {
  const id = subjectId(record.key);
  const isTold = (...types: readonly string[]): boolean =>
    types.some((type) => house.watch.hasReceived(`${id}/${type}/1`));
  switch (record.status) {
    case 'PAID':
      return isToGiveBack(record) ? isGivenBack(house, trade) : isTold('order.paid');
    case 'REVIEW':
      return isTold(...reviewEvents);
    case 'UNMATCHED':
      return isTold('order.unmatched');
    case 'CLOSED':
      return isResolved(record, 'close') || (trade.isCode && isNotedAsBack(record));
    default:
      return false;
  }
}

/** Late and not wanted, one too many, or a person said so. */
function isToGiveBack(record: StoredRecord): boolean {
  const hasBack = notesOf(record).some(({ out_refund_no }) => isBack(out_refund_no));
  return hasBack && !isResolved(record, 'accept');
}

function isResolved(record: StoredRecord, action: ResolveAction): boolean {
  const resolved = record.data['resolved'] === undefined ? undefined : orderIn(record).resolved;
  return resolved?.action === action && resolved.outcome === 'done';
}

function isGivenBack({ wechat }: House, trade: Trade): boolean {
  const backs = wechat.refunds
    .refundsOf(trade)
    .filter(({ state, request }) => state !== 'CLOSED' && isBack(request.out_refund_no));
  const [back] = backs;
  return backs.length === 1 && back?.request.refundFen === trade.payment?.amountFen;
}

/**
 * What lands after its reversal, and is refunded in the console before we look, is taken for reversed:
 * whoever refunded it knows of it.
 */
function isNotedAsBack({ data }: StoredRecord): boolean {
  return data['reversedAt'] !== undefined && data['noted'] === 'REFUND';
}

function isBack(out_refund_no: string): boolean {
  return out_refund_no.startsWith('back-');
}
