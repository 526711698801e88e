import { type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import { minuteMs, plus } from '#core/values/time.ts';
import { type Gap, isUnheard } from './gap.ts';
import type { House } from './house.ts';
import { pendingOf } from './payscore-commands.ts';
import { wordOf } from './payscore-lives.ts';
import { isPayscore, serviceOrderIn, signPlanIn } from './records.ts';

/** Statuses that only the user, the merchant or WeChat's charge brings on. */
const waitsForOthers: ReadonlySet<string> = new Set([
  'UNSIGNED',
  'SIGNED',
  'DOING',
  'COMPLETED',
  'CREATED',
]);
/** The status that WeChat's words stand for; others are the status themselves. */
const statusOf: Readonly<Record<string, string>> = {
  'DOING USER_CONFIRM': 'DOING',
  'DOING MCH_COMPLETE USER_PAYING': 'COMPLETED',
  'DONE USER_PAID': 'PAID',
};
/** What must have been announced of a record that rests so. */
const eventOfStatus: Readonly<Record<string, string>> = {
  SIGNED: 'signed',
  SIGN_PLAN_CANCEL: 'cancelled',
  COMPLETE: 'completed',
  EXPIRE: 'expired',
  DOING: 'doing',
  COMPLETED: 'completed',
  DONE: 'completed',
  PAID: 'paid',
  REVOKED: 'revoked',
  EXPIRED: 'expired',
  REVIEW: 'review',
  REFUSED: 'refused',
  UNMATCHED: 'unmatched',
};
const detailStates: Readonly<Record<string, string>> = {
  CREATED: 'USING',
  DOING: 'USING',
  COMPLETED: 'USING',
  PAID: 'USED',
  DONE: 'USED',
  REVIEW: 'USED',
  REVOKED: 'SIGN_PLAN_DETAIL_CANCEL',
  EXPIRED: 'SIGN_PLAN_DETAIL_CANCEL',
  REFUSED: 'NOT_USED',
};

/** It is as it is at WeChat, and looked at ever more seldom: only others bring it on. */
export function isWaitingForOthers(house: House, record: StoredRecord): boolean {
  const { key, status, dueAt, outbox } = record;
  return (
    isPayscore(key) &&
    waitsForOthers.has(status) &&
    outbox.length === 0 &&
    pendingOf(record) === undefined &&
    dueAt !== undefined &&
    dueAt > plus(house.site.agenda.now(), 40 * minuteMs) &&
    isAsThere(house, record)
  );
}

function isAsThere({ wechat }: House, { key, status }: StoredRecord): boolean {
  const word = wordOf(wechat.payscore.truth(key));
  return (statusOf[word] ?? word) === status;
}

/** What rests here is what is at WeChat, was announced, and its sign plan knows it (I3). */
export function gapOfPayscore(house: House, record: StoredRecord): Gap | undefined {
  const { key, status, eventCounts } = record;
  const id = subjectId(key);
  const event = eventOfStatus[status];
  if (event !== undefined && eventCounts[`${key.kind}.${event}`] === undefined) {
    return { what: `${id} rests as ${status}, and nobody was told (I3)`, mayWait: false };
  }
  const there = wordOf(house.wechat.payscore.truth(key));
  if (pendingOf(record) !== undefined) {
    return { what: `${id} rests with a command that nobody sends`, mayWait: false };
  }
  if (!isDetailRight(house, record)) {
    return { what: `${id} rests as ${status}, and its sign plan says otherwise`, mayWait: false };
  }
  return isAsThere(house, record) || isLetGo(house, record, there)
    ? undefined
    : { what: `${id} is ${status} here, ${there} at WeChat (I3)`, mayWait: isUnheard(house, key) };
}

/** With a person, or given up: what WeChat made of it since, nobody told us. */
function isLetGo(house: House, { key, status }: StoredRecord, there: string): boolean {
  switch (status) {
    case 'NORMAL':
      // A stop that was called refused, and went through all the same: nobody is told of a plan.
      return there === 'STOP';
    case 'REVIEW':
      return there === 'DONE USER_PAID';
    case 'UNMATCHED':
      return true;
    case 'REFUSED':
    case 'LAPSED':
      return !there.startsWith('DONE') && (there !== 'SIGNED' || isUnheard(house, key));
    default:
      // A signature of another system stands under the number of ours, or nothing does.
      return false;
  }
}

function isDetailRight(house: House, record: StoredRecord): boolean {
  const { key, status } = record;
  const number = key.kind === 'service-order' && serviceOrderIn(record).merchant_sign_plan_no;
  const signPlan = number && house.table.peek({ kind: 'sign-plan', mchid: key.mchid, number });
  const detail =
    signPlan &&
    signPlanIn(signPlan).details.find(
      ({ merchant_plan_detail_no }) => merchant_plan_detail_no === key.number,
    );
  if (!detail || detail.state === detailStates[status]) {
    return true;
  }
  // Paid although it was cancelled; or made although it was called refused.
  return detail.state === 'SIGN_PLAN_DETAIL_CANCEL'
    ? status === 'REVIEW' || status === 'PAID'
    : status === 'REFUSED' && house.wechat.payscore.truth(key).type === 'state';
}

/** Whatever WeChat charged is known here. */
export function gapOfCharge(house: House, key: SubjectKey): Gap | undefined {
  const status = house.table.peek(key)?.status;
  return status === 'PAID' || status === 'REVIEW' || status === 'UNMATCHED'
    ? undefined
    : {
        what: `${subjectId(key)} was charged at WeChat, is ${status} here, and nobody was told (I3)`,
        mayWait: isUnheard(house, key),
      };
}
