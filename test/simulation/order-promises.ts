import type { MerchantEvent } from '#core/events.ts';
import { type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import type { Order, ResolveAction } from '#core/subjects/order/order.ts';
import { type Instant, plus, secondMs } from '#core/values/time.ts';
import { createPerSubject } from './per-subject.ts';
import { keyIn, notesOf, orderIn } from './records.ts';
import { type OrderTold, skewAllowanceMs, type Watching } from './told.ts';

/** How an order may move, what may be announced of it (I1), and who may be asked to pay it. */
export type OrderPromises = {
  onRecord(after: StoredRecord, before: StoredRecord | undefined): void;
  onEvent(event: MerchantEvent): void;
  onPlacing(key: SubjectKey): void;
  /** A link was handed out. */
  onLink(key: SubjectKey, link: string): void;
  /** A person asks for this. */
  onResolve(key: SubjectKey, action: ResolveAction): void;
};

const moves: Readonly<Record<string, readonly string[]>> = {
  CREATED: ['AWAITING', 'PAID', 'CLOSED', 'REVIEW', 'REFUSED'],
  AWAITING: ['PAID', 'CLOSED', 'REVIEW'],
  PAID: ['REVIEW'],
  CLOSED: ['PAID', 'REVIEW'],
  REVIEW: ['PAID', 'CLOSED'],
  REFUSED: ['CREATED', 'PAID', 'REVIEW'],
  UNMATCHED: [],
};
/** "No such order" is believed only when it was told twice, so far apart. */
const notFoundApartMs = 90 * secondMs;
/** A placing begun before the fence has ended within a function's time. */
const fenceMs = 60 * secondMs;
const functionMs = 30 * secondMs;

export function createOrderPromises({ site, wechat, table, told }: Watching): OrderPromises {
  const stoodLinks = createPerSubject<Set<string>>();
  const asked = new Set<string>();
  const allowanceMs = skewAllowanceMs(site);
  const wasAsked = (key: SubjectKey, action: ResolveAction): boolean =>
    asked.has(`${subjectId(key)} ${action}`);

  function checkMove(after: StoredRecord, before: StoredRecord): void {
    const id = subjectId(after.key);
    if (moves[before.status]?.includes(after.status) !== true) {
      site.report(`${id} moved from ${before.status} to ${after.status}`);
    }
    if (before.status === 'CLOSED' && isOldNews(after, before)) {
      site.report(`${id} is in review again, for what a person closed it for`);
    }
    if (before.status === 'PAID' && !hasBackFailed(after)) {
      site.report(`${id} left PAID, and no refund of it had failed`);
    }
    const resolution = before.status === 'REVIEW' ? orderIn(before).resolution : undefined;
    if (resolution !== undefined && orderIn(after).resolved?.outcome === 'done') {
      checkResolved(after, resolution);
      return;
    }
    if (after.status === 'CLOSED' && !mayClose(told.order(after.key))) {
      site.report(`${id} was closed although WeChat never said so to a query`);
    }
    if (before.status === 'REVIEW' && !reopens(orderIn(before), after)) {
      site.report(`${id} left its review and nobody had asked for it`);
    }
  }

  /** A person asked, and then WeChat was asked: only what its answer allows is done. */
  function checkResolved(
    after: StoredRecord,
    { action, at }: { readonly action: ResolveAction; readonly at: Instant },
  ): void {
    const { states, notFoundAt } = told.order(after.key);
    const since = plus(at, -allowanceMs);
    const isTold = (...wanted: readonly string[]): boolean =>
      [...states].some(([state, toldAt]) => wanted.includes(state) && toldAt >= since);
    const allowed = {
      accept: () => isTold('SUCCESS', 'REFUND'),
      refund: () => isTold('SUCCESS'),
      close: () =>
        isTold('REFUND', 'CLOSED', 'REVOKED') || notFoundAt.some((toldAt) => toldAt >= since),
    };
    if (!wasAsked(after.key, action) || !allowed[action]()) {
      site.report(`${subjectId(after.key)}: ${action}, but nobody had asked, or not WeChat since`);
    }
    site.mark(`resolved: ${action}`);
  }

  function mayClose({ states, notFoundAt, isReversed }: OrderTold): boolean {
    const [first] = notFoundAt;
    const last = notFoundAt.at(-1);
    const isTwice =
      first !== undefined && last !== undefined && last - first >= notFoundApartMs - allowanceMs;
    const isBack = isReversed && states.has('REFUND');
    return states.has('CLOSED') || states.has('REVOKED') || isBack || isTwice;
  }

  /** Only a payment that a query of ours was told of, as it was ordered; or what a person accepted. */
  function checkMoney({ id, type, subject, data }: MerchantEvent): void {
    const key = keyIn(subject);
    const trade = wechat().trade(key);
    const isRight = trade?.paidAs === 'right' && !trade.isForeign && told.order(key).isPaid;
    const acceptedBy = data['accepted_by'];
    if (acceptedBy === undefined ? !isRight : !wasAsked(key, 'accept')) {
      site.report(`${id} although WeChat told no matching payment (I1)`);
    }
    const record = table().peek(key);
    const resolved = record?.data['resolved'] === undefined ? undefined : orderIn(record).resolved;
    const isAccepted = resolved?.action === 'accept' && resolved.outcome === 'done';
    if (isAccepted && type === 'order.paid' && acceptedBy !== resolved.by) {
      site.report(`${id} does not say who accepted it`);
    }
    const isFulfilled = trade?.account.latePolicy === 'fulfil';
    if (type === 'order.paid' && data['late'] === true && !isAccepted && !isFulfilled) {
      site.report(`${id} came late, and its account does not want that`);
    }
  }

  /**
   * What becomes of a late payment is the account's policy; a machine is not sure after any refund, nor
   * where a person closed the order as given back.
   */
  function checkLate({ id, subject, data }: MerchantEvent): void {
    const key = keyIn(subject);
    const isHeld = data['status'] === 'REVIEW';
    const record = table().peek(key);
    const resolved = record === undefined ? undefined : orderIn(record).resolved;
    const isOverForPerson = resolved?.action === 'close' && resolved.outcome === 'done';
    // Whatever may have been reversed is not delivered for, and perhaps not there to be given back.
    const isReversed = record?.data['reversedAt'] !== undefined;
    const wasBack = isReversed && told.order(key).states.has('REFUND');
    const isUnsure = notesOf(record).length > 0 || isOverForPerson || wasBack;
    const account = site.accounts.find(({ mchid }) => mchid === key.mchid);
    const isAsWanted = {
      refund: !isHeld || isUnsure,
      hold: isHeld,
      fulfil: isHeld && (isOverForPerson || isReversed),
    };
    if (account === undefined || !isAsWanted[account.latePolicy]) {
      site.report(`${id}, and its account wants another end of it`);
    }
  }

  return {
    onRecord: (after, before) => {
      if (after.data['link'] !== undefined && after.status === 'AWAITING') {
        const links = stoodLinks.of(after.key, () => new Set());
        links.add(String(after.data['link']));
      }
      if (before !== undefined && before.status !== after.status) {
        checkMove(after, before);
      }
    },
    onEvent: (event) => {
      if (event.type === 'order.paid' || event.type === 'order.duplicate') {
        checkMoney(event);
      }
      if (event.type === 'order.paid_late') {
        checkMoney(event);
        checkLate(event);
      }
    },
    onPlacing: (key) => {
      const record = table().peek(key);
      const now = site.agenda.now();
      const graceMs = functionMs + allowanceMs;
      const latest = Number(record?.data['expiresAt']) - fenceMs + graceMs;
      const endedAt = record?.history.find(({ to }) => to === 'CLOSED' || to === 'REVIEW')?.at;
      if (now > latest || (endedAt !== undefined && now > endedAt + graceMs)) {
        site.report(`${key.number} was placed at WeChat although it was over (the fence)`);
      }
    },
    onLink: (key, link) => {
      if (stoodLinks.get(key)?.has(link) !== true) {
        site.report(
          `${key.number}: the link ${link} was handed out, but never stood on a waiting record`,
        );
      }
    },
    onResolve: (key, action) => {
      asked.add(`${subjectId(key)} ${action}`);
    },
  };
}

/** A review that was opened without an answer about money ends by itself once there is one. */
function reopens({ reviewReason }: Order, after: StoredRecord): boolean {
  const isOpenEnded = reviewReason === 'not-found' || reviewReason === 'user-paying';
  return isOpenEnded || (reviewReason === 'reverse' && after.status === 'CLOSED');
}

/** A person closed it although money had gone back; that it had is no news. */
function isOldNews(after: StoredRecord, before: StoredRecord): boolean {
  const { resolved } = orderIn(before);
  const isSame = before.history.at(-1)?.evidence === after.history.at(-1)?.evidence;
  return resolved?.action === 'close' && resolved.outcome === 'done' && isSame;
}

function hasBackFailed(record: StoredRecord): boolean {
  const back = notesOf(record).find(
    ({ out_refund_no }) => out_refund_no === `back-${record.key.number}`,
  );
  return back?.status === 'CLOSED' || back?.status === 'REFUSED';
}
