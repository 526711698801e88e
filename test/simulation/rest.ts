import { type StoredRecord, subjectId } from '#core/record.ts';
import type { House } from './house.ts';
import type { Trade } from './wechat.ts';

/**
 * Nothing happens any more: what must hold now. `isBillRead`: the next day's bill was read, too. Answers
 * whether there is a payment of which only the bill can tell.
 */
export function checkRest(house: House, { isBillRead }: { readonly isBillRead: boolean }): boolean {
  const told = new Map<string, Set<string>>();
  const ids = new Set<string>();
  for (const event of house.watch.received()) {
    ids.add(event.id);
    told.set(event.subject, (told.get(event.subject) ?? new Set()).add(event.type));
  }
  for (const record of house.table.records()) {
    checkRecord(house, record, ids);
  }
  let isUnheard = false;
  for (const trade of house.wechat.trades()) {
    isUnheard = checkTrade(house, trade, told, isBillRead) || isUnheard;
  }
  return isUnheard;
}

const open = new Set(['CREATED', 'AWAITING']);

function checkRecord(
  { site, wechat }: House,
  record: StoredRecord,
  ids: ReadonlySet<string>,
): void {
  const id = subjectId(record.key);
  if (open.has(record.status)) {
    site.report(`${id} rests as ${record.status}`);
  }
  if (record.outbox.length > 0 || record.dueAt !== undefined) {
    site.report(`${id} rests and is owed something`);
  }
  for (const [event, count] of Object.entries(record.eventCounts)) {
    for (let n = 1; n <= count; n += 1) {
      if (!ids.has(`${id}/${event}/${n}`)) {
        site.report(`${id}/${event}/${n} was committed and never came (I3)`);
      }
    }
  }
  const trade = wechat.trade(record.key.number);
  const isPayable = trade?.state === 'NOTPAY' || trade?.state === 'USERPAYING';
  const isOver = record.status === 'CLOSED' || (record.status === 'REFUSED' && !trade?.isForeign);
  if (isPayable && isOver) {
    site.report(`${id} rests as ${record.status} and can be paid at WeChat (I4)`);
  }
}

const announcing = ['order.paid', 'order.paid_late', 'order.review', 'order.unmatched'];

/** Paid at WeChat: announced, or with a person. Answers true for one that nobody could hear of: it waits for the bill. */
function checkTrade(
  { site, table, desk, hints, timers }: House,
  trade: Trade,
  told: ReadonlyMap<string, ReadonlySet<string>>,
  isBillRead: boolean,
): boolean {
  if (trade.state !== 'SUCCESS' && trade.state !== 'REFUND') {
    return false;
  }
  const key = { kind: 'order', mchid: site.account.mchid, number: trade.number } as const;
  const types = told.get(subjectId(key));
  const status = table.peek(key)?.status;
  const isAnnounced = announcing.some((type) => types?.has(type));
  const isHeld = status === 'PAID' || status === 'REVIEW' || status === 'UNMATCHED';
  if (isAnnounced && isHeld) {
    return false;
  }
  const isLost = [...hints.gone(), ...timers.gone()].some((body) => body.includes(trade.number));
  // Ours: the look after the close finds what lands late. Another's: only its notice tells of it.
  const isHeardOnce = trade.isForeign ? desk.acknowledged.has(trade.number) : true;
  const isLate = trade.isForeign || trade.closedAt !== undefined;
  const isUnheard = isLate && (isLost || !isHeardOnce);
  if (isBillRead || !isUnheard) {
    site.report(
      `${trade.number} is ${trade.state} at WeChat, ${status} here, and nobody was told (I3)`,
    );
  }
  return isUnheard;
}
