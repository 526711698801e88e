import type { MerchantEvent } from '#core/events.ts';
import type { RefundState } from '#core/evidence.ts';
import type { RefundRequest } from '#core/ports.ts';
import { type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import type { RefundNote } from '#core/subjects/refund/note.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import { minuteMs, plus } from '#core/values/time.ts';
import { isOrderTold, keyIn, notesOf, paidIn, refundedBy } from './records.ts';
import { skewAllowanceMs, type Watching } from './told.ts';

/** One intention, one number, one set of parameters; noted before it is asked for; never too much. */
export type RefundPromises = {
  onRecord(after: StoredRecord, before: StoredRecord | undefined): void;
  /** An order's record was written. */
  onOrder(after: StoredRecord, before: StoredRecord | undefined): void;
  onEvent(event: MerchantEvent): void;
  onOrderEvent(event: MerchantEvent): void;
  onApply(key: SubjectKey, request: RefundRequest): void;
  /** The client was told that this refund is there. */
  onAnswered(key: SubjectKey, request: NewRefund): void;
};

const moves: Readonly<Record<string, readonly string[]>> = {
  CREATED: ['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL', 'REFUSED'],
  PROCESSING: ['SUCCESS', 'CLOSED', 'ABNORMAL'],
  // An answer of some seconds ago may still say PROCESSING.
  ABNORMAL: ['SUCCESS', 'CLOSED', 'PROCESSING'],
  CLOSED: ['SUCCESS'],
  REFUSED: ['PROCESSING', 'ABNORMAL', 'SUCCESS'],
  SUCCESS: [],
};
const stateOfEvent: Readonly<Record<string, RefundState>> = {
  'refund.succeeded': 'SUCCESS',
  'refund.closed': 'CLOSED',
  'refund.abnormal': 'ABNORMAL',
};
const backPrefix = 'back-';
const freed: ReadonlySet<string> = new Set(['CLOSED', 'REFUSED']);
const moving: ReadonlySet<string> = new Set(['PROCESSING', 'SUCCESS', 'ABNORMAL']);
const unpaid: ReadonlySet<string> = new Set(['CREATED', 'AWAITING', 'CLOSED', 'REFUSED']);

export function createRefundPromises({ site, wechat, table, told }: Watching): RefundPromises {
  const applied = new Map<string, string>();
  const allowanceMs = skewAllowanceMs(site);

  function noteOf(refund: StoredRecord | undefined): RefundNote | undefined {
    const order = refund && table().peek(refundedBy(refund));
    return notesOf(order).find(({ out_refund_no }) => out_refund_no === refund?.key.number);
  }

  /** What an order's record notes of refunds is never lost, and never more than was paid. */
  function checkNotes(after: StoredRecord, before: StoredRecord | undefined): void {
    if (after.data['refunds'] === before?.data['refunds']) {
      return;
    }
    const id = subjectId(after.key);
    const [notes, old] = [notesOf(after), notesOf(before)];
    for (const note of old) {
      const still = notes.find(({ out_refund_no }) => out_refund_no === note.out_refund_no);
      if (still?.refundFen !== note.refundFen && after.status !== 'CREATED') {
        site.report(`${id} forgot its refund ${note.out_refund_no}`);
      }
    }
    if (isHeldForUnpaid(after) && notes.some(({ status }) => moving.has(status))) {
      site.report(`${id} is ${after.status}, and money of it went back`);
    }
    for (const note of notes) {
      const isNew = old.every(({ out_refund_no }) => out_refund_no !== note.out_refund_no);
      // One that was made elsewhere is noted as it stands there.
      if (isNew && note.status === 'CREATED') {
        checkNewNote(after, old, note);
      }
    }
  }

  function checkNewNote(after: StoredRecord, old: readonly RefundNote[], note: RefundNote): void {
    const id = subjectId(after.key);
    const paid = paidIn(after);
    const { paidFen = 0, refunds, status } = paid;
    const isLate = 'late' in paid && paid.late;
    site.mark(`refund of ${'late' in paid ? '' : 'a service '}${status}${isLate ? ', late' : ''}`);
    const counted = old.filter((each) => !freed.has(each.status));
    const sumFen = [note, ...counted].reduce((sum, { refundFen }) => sum + refundFen, 0);
    if (sumFen > paidFen) {
      site.report(`${id}: ${note.out_refund_no} makes ${sumFen} fen of ${paidFen}`);
    }
    const since = plus(note.startAt, -minuteMs);
    if (counted.some(({ startAt }) => startAt > since)) {
      site.report(`${id}: ${note.out_refund_no} starts within a minute of another`);
    }
    const backs = refunds.filter(({ out_refund_no }) => out_refund_no.startsWith(backPrefix));
    if (backs.length > 1 || backs.some((back) => !isBackOf(after, back))) {
      site.report(`${id} is given back twice`);
    }
  }

  function isBackOf({ key }: StoredRecord, { out_refund_no, refundFen }: RefundNote): boolean {
    const payment = wechat().trade(key)?.payment;
    return out_refund_no === `${backPrefix}${key.number}` && refundFen === payment?.amountFen;
  }

  function checkApply(key: SubjectKey, request: RefundRequest): void {
    const id = subjectId(key);
    const refund = table().peek(key);
    const note = noteOf(refund);
    if (note === undefined || note.refundFen !== request.refundFen) {
      site.report(`${id} was asked for, but its order does not note it`);
    }
    const text = JSON.stringify(request);
    const first = applied.get(id) ?? text;
    applied.set(id, first);
    if (first !== text) {
      site.report(`${id} was asked for again with other parameters`);
    }
    if (site.agenda.now() < (note?.startAt ?? 0) - allowanceMs) {
      site.report(`${id} was asked for too soon`);
    }
  }

  /** Refused by WeChat, and twice, a minute apart, unknown to it; or its number is another's there. */
  function mayBeRefused(key: SubjectKey): boolean {
    const { notFoundAt, refusedAt, isAnother } = told.refund(key);
    const after = notFoundAt.filter((toldAt) => refusedAt !== undefined && toldAt >= refusedAt);
    const [first] = after;
    const last = after.at(-1);
    const isTwice =
      first !== undefined && last !== undefined && last - first >= minuteMs - allowanceMs;
    return isAnother || isTwice;
  }

  return {
    onRecord: (after, before) => {
      const id = subjectId(after.key);
      if (before === undefined) {
        const isNoted = noteOf(after) !== undefined;
        if (after.data['origin'] !== 'console' && !isNoted) {
          site.report(`${id} was begun, but its order does not note it`);
        }
        site.mark(`refund by ${String(after.data['origin'])}`);
      } else if (before.status !== after.status) {
        if (moves[before.status]?.includes(after.status) !== true) {
          site.report(`${id} moved from ${before.status} to ${after.status}`);
        }
        site.mark(`refund ${before.status}, then ${after.status}`);
      }
    },
    onOrder: checkNotes,
    onEvent: ({ id, type, subject }) => {
      const key = keyIn(subject);
      const record = table().peek(key);
      const state = stateOfEvent[type];
      if (state === undefined ? !mayBeRefused(key) : !told.refund(key).states.has(state)) {
        site.report(`${id} although WeChat told no query of ours so`);
      }
      if (record !== undefined && !isOrderTold(table(), record)) {
        site.report(`${id} was sent before its order was told`);
      }
    },
    onOrderEvent: ({ id, subject }) => {
      const order = table().peek(keyIn(subject));
      for (const { out_refund_no: number } of notesOf(order)) {
        if (table().peek({ ...keyIn(subject), kind: 'refund', number }) === undefined) {
          site.report(`${id} was sent before the refund ${number} was begun`);
        }
      }
    },
    onApply: checkApply,
    onAnswered: (key, { bodySha256 }) => {
      if (table().peek(key)?.data['bodySha256'] !== bodySha256) {
        site.report(`${subjectId(key)}: the client was told that it has another's refund`);
      }
    },
  };
}

/** Nothing here knows of a payment; a person may have closed one that went back. */
function isHeldForUnpaid({ status, data }: StoredRecord): boolean {
  return unpaid.has(status) && data['transaction_id'] === undefined;
}
