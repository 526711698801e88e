import { type StoredRecord, subjectId } from '#core/record.ts';
import type { Gap } from './gap.ts';
import type { House } from './house.ts';
import { gapOfPayment } from './payments-at-rest.ts';
import { gapOfCharge, gapOfPayscore, isWaitingForOthers } from './payscore-at-rest.ts';
import { isBegun, isPayscore, notesOf } from './records.ts';
import { gapOfRefund, gapOfWechatRefund, isWaitingForWechat } from './refunds-at-rest.ts';
import { isOpen } from './wake-promises.ts';

/** Whether nobody does anything any more but look, once a day, at refunds that only others bring on. */
export function isAtRest(house: House): boolean {
  return house.table
    .records()
    .every((record) => record.dueAt === undefined || waitsForOthers(house, record));
}

/**
 * Nothing happens any more: what must hold now. `isBillRead`: the next day's bill was read, too. Answers
 * whether there is a payment or a refund of which only the bill can tell.
 */
export function checkRest(house: House, { isBillRead }: { readonly isBillRead: boolean }): boolean {
  const gaps: (Gap | undefined)[] = [];
  for (const record of house.table.records()) {
    checkRecord(house, record);
    if (record.key.kind === 'refund') {
      gaps.push(gapOfRefund(house, record));
    }
    if (isPayscore(record.key)) {
      gaps.push(gapOfPayscore(house, record));
    }
  }
  for (const trade of house.wechat.trades()) {
    gaps.push(gapOfPayment(house, trade));
    if (trade.state !== 'REFUND') {
      continue;
    }
    for (const refund of house.wechat.refunds.refundsOf(trade)) {
      gaps.push(gapOfWechatRefund(house, refund));
    }
  }
  for (const key of house.wechat.payscore.charged()) {
    gaps.push(gapOfCharge(house, key));
  }
  const found = gaps.filter((gap) => gap !== undefined);
  for (const { what, mayWait } of found) {
    if (isBillRead || !mayWait) {
      house.site.report(what);
    }
  }
  return found.length > 0;
}

function waitsForOthers(house: House, record: StoredRecord): boolean {
  return isWaitingForWechat(house, record) || isWaitingForOthers(house, record);
}

function checkRecord(house: House, record: StoredRecord): void {
  const { site, watch, wechat } = house;
  const { key, status, data } = record;
  const id = subjectId(key);
  const waits = waitsForOthers(house, record);
  if ((isOpen(record) && !waits) || data['resolution'] !== undefined) {
    site.report(`${id} rests as ${status}`);
  }
  if (record.outbox.length > 0 || (record.dueAt !== undefined && !waits)) {
    site.report(`${id} rests and is owed something`);
  }
  for (const [event, count] of Object.entries(record.eventCounts)) {
    for (let n = 1; n <= count; n += 1) {
      if (!watch.hasReceived(`${id}/${event}/${n}`)) {
        site.report(`${id}/${event}/${n} was committed and never came (I3)`);
      }
    }
  }
  if (key.kind === 'order' || key.kind === 'service-order') {
    checkBegun(house, record);
  }
  const trade = key.kind === 'order' ? wechat.trade(key) : undefined;
  const isPayable = trade?.state === 'NOTPAY' || trade?.state === 'USERPAYING';
  const isOver = status === 'CLOSED' || (status === 'REFUSED' && !trade?.isForeign);
  if (isPayable && isOver) {
    site.report(`${id} rests as ${status} and can be paid at WeChat (I4)`);
  }
}

/** Every refund that an order notes was begun. */
function checkBegun({ site, table }: House, record: StoredRecord): void {
  for (const { out_refund_no } of notesOf(record)) {
    if (!isBegun(table, record, out_refund_no)) {
      site.report(
        `${subjectId(record.key)} notes the refund ${out_refund_no}, which was never begun`,
      );
    }
  }
}
