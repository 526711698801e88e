import { type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import { hourMs, plus } from '#core/values/time.ts';
import type { WorldRefund } from '../support/world-refunds.ts';
import { type Gap, isUnheard } from './gap.ts';
import type { House } from './house.ts';
import { isOrderTold, isSameRefund, notesOf, refundedBy } from './records.ts';
import { skewAllowanceMs } from './told.ts';

const eventOfStatus: Readonly<Record<string, string>> = {
  SUCCESS: 'refund.succeeded',
  CLOSED: 'refund.closed',
  ABNORMAL: 'refund.abnormal',
  REFUSED: 'refund.refused',
};

/** Looks once a day, or nearly, at a refund that only the merchant or a bank can bring on. */
export function isWaitingForWechat(house: House, record: StoredRecord): boolean {
  const { key, status, dueAt, outbox } = record;
  const isBetween = key.kind === 'refund' && (status === 'PROCESSING' || status === 'ABNORMAL');
  return (
    isBetween &&
    outbox.length === 0 &&
    dueAt !== undefined &&
    dueAt > plus(house.site.agenda.now(), 2 * hourMs) &&
    house.wechat.refunds.refund(key.mchid, key.number)?.state === status
  );
}

/** A refund here is as it is at WeChat, was announced so, and its order knows it. */
export function gapOfRefund(house: House, record: StoredRecord): Gap | undefined {
  const { key, status, eventCounts, history } = record;
  const id = subjectId(key);
  const event = eventOfStatus[status];
  if (event !== undefined && eventCounts[event] === undefined) {
    return { what: `${id} rests as ${status}, and nobody was told`, mayWait: false };
  }
  if (!isListed(house, record)) {
    return { what: `${id} rests as ${status}, and its order says otherwise`, mayWait: false };
  }
  const there = house.wechat.refunds.refund(key.mchid, key.number);
  const isSame = there !== undefined && isSameRefund(record, there.request);
  if (status !== 'REFUSED') {
    return isSame && there.state === status
      ? undefined
      : { what: `${id} is ${status} here, ${there?.state} at WeChat, or another`, mayWait: false };
  }
  // Nobody asks after a refusal unless something tells of it; the clock of who wrote it may be off.
  const { site } = house;
  const refusedAt = plus(history.at(-1)?.at ?? site.agenda.now(), skewAllowanceMs(site));
  return isSame && there.state !== 'CLOSED'
    ? {
        what: `${id} was called refused, and WeChat has it as ${there.state}`,
        mayWait: isUnheard(house, key, refusedAt),
      }
    : undefined;
}

function isListed({ table }: House, record: StoredRecord): boolean {
  const { key, status } = record;
  const order = table.peek(refundedBy(record));
  const note = notesOf(order).find(({ out_refund_no }) => out_refund_no === key.number);
  // That WeChat is at work is no news.
  return isOrderTold(table, record) || (status === 'PROCESSING' && note?.status === 'CREATED');
}

/** A refund at WeChat is known here; one that was made elsewhere, from its notice or the bill. */
export function gapOfWechatRefund(
  house: House,
  { mchid, request, state }: WorldRefund,
): Gap | undefined {
  const key: SubjectKey = { kind: 'refund', mchid, number: request.out_refund_no };
  return house.table.peek(key) === undefined
    ? {
        what: `${subjectId(key)} is ${state} at WeChat, and unknown here`,
        mayWait: isUnheard(house, key),
      }
    : undefined;
}
