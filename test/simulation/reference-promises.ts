import type { MerchantEvent } from '#core/events.ts';
import { type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import { type Instant, secondMs } from '#core/values/time.ts';
import { keyIn, notesOf, orderIn } from './records.ts';
import { skewAllowanceMs, type Watching } from './told.ts';

/** Of the orders that pay one `reference` one is announced; the others replaced, given back or held. */
export type ReferencePromises = {
  onOrder(after: StoredRecord, before: StoredRecord | undefined): void;
  onEvent(event: MerchantEvent): void;
  /** A merchant begins to place this order. */
  onPut(key: SubjectKey): void;
};

/** What one function found may be acted on until its time is over. */
const functionMs = 30 * secondMs;
const never = Number.POSITIVE_INFINITY;

export function createReferencePromises({ site, table }: Watching): ReferencePromises {
  /** The order that was announced as paid, of itself, for each reference. */
  const announced = new Map<string, string>();
  const members = new Map<string, Set<string>>();
  /** Since when and until when an order was paid for certain; absent: never. */
  const certain = new Map<string, { readonly since: Instant; readonly until?: Instant }>();
  const lastPutAt = new Map<string, Instant>();
  const allowanceMs = skewAllowanceMs(site);

  function noteCertainty(id: string, record: StoredRecord): void {
    const now = site.agenda.now();
    const known = certain.get(id);
    const wasCertain = known !== undefined && known.until === undefined;
    const isCertain = isPaidForCertain(record);
    if (isCertain && !wasCertain) {
      certain.set(id, { since: now });
    } else if (!isCertain && wasCertain) {
      certain.set(id, { ...known, until: now });
    }
  }

  /** A machine gives a second payment back where the first is certain, and only there. */
  function checkDuplicate(id: string, after: StoredRecord): void {
    const order = orderIn(after);
    const owner = order.duplicateOf;
    if (owner === undefined) {
      return;
    }
    const ownerId = subjectId({ kind: 'order', mchid: owner.mchid, number: owner.out_trade_no });
    const others = members.get(String(after.data['reference']));
    if (ownerId === id || others?.has(ownerId) !== true) {
      site.report(`${id} is called a duplicate of ${ownerId}`);
    }
    const { since = never, until = never } = certain.get(ownerId) ?? {};
    const soonest = site.agenda.now() - functionMs;
    if (after.status === 'PAID' && (since === never || until < soonest)) {
      site.report(
        `${id} is given back as a duplicate of ${ownerId}, which is not paid for certain`,
      );
    }
    const policy = site.accounts.find(({ mchid }) => mchid === after.key.mchid)?.duplicatePolicy;
    const isSure = since < soonest && until === never && order.refunds.length === 0;
    if (after.status === 'REVIEW' ? policy === 'refund' && isSure : policy === 'hold') {
      site.report(`${id} is ${after.status}, and its account wants another end of it`);
    }
    if (after.status === 'REVIEW') {
      markHeld(ownerId);
    }
  }

  function markHeld(ownerId: string): void {
    const owner = table().peek(keyIn(ownerId));
    const isPaid = owner?.status === 'PAID';
    const word = isPaid && !isPaidForCertain(owner) ? 'PAID, not for certain' : owner?.status;
    site.mark(`duplicate held, the owner ${word}`);
  }

  function checkReplaced({ id, subject, data }: MerchantEvent): void {
    const since =
      Number(table().peek(keyIn(subject))?.data['createdAt']) - functionMs - allowanceMs;
    const others = [...(members.get(String(data['reference'])) ?? [])];
    const isNewer = (other: string): boolean =>
      other !== subject && (lastPutAt.get(other) ?? 0) >= since;
    if (!others.some(isNewer)) {
      site.report(`${id} says replaced, but there is no newer order`);
    }
    const isCode = (other: string): boolean =>
      table().peek(keyIn(other))?.data['trade_type'] === 'MICROPAY';
    const newer = others.find(isNewer) ?? subject;
    const [from, to] = [isCode(subject) ? 'code' : 'link', isCode(newer) ? 'code' : 'link'];
    site.mark(from === to ? 'replaced' : `replaced: a ${from} by a ${to}`);
  }

  return {
    onOrder: (after, before) => {
      const { reference } = after.data;
      if (reference === undefined) {
        return;
      }
      const id = subjectId(after.key);
      members.set(String(reference), (members.get(String(reference)) ?? new Set()).add(id));
      noteCertainty(id, after);
      if (after.data['duplicateOf'] !== undefined && before?.data['duplicateOf'] === undefined) {
        checkDuplicate(id, after);
      }
    },
    onEvent: (event) => {
      const { id, type, subject, data } = event;
      if (type === 'order.closed' && data['reason'] === 'replaced') {
        checkReplaced(event);
      }
      const { reference } = data;
      if (type !== 'order.paid' || reference === undefined || data['accepted_by'] !== undefined) {
        return;
      }
      const first = announced.get(String(reference)) ?? subject;
      announced.set(String(reference), first);
      if (first !== subject) {
        site.report(`${id} although ${first} was announced as paid for ${String(reference)}`);
      }
    },
    onPut: (key) => {
      lastPutAt.set(subjectId(key), site.agenda.now());
    },
  };
}

/** Paid, not in doubt, and nothing of it went back. */
function isPaidForCertain(record: StoredRecord): boolean {
  const isInDoubt =
    record.data['contradictedAt'] !== undefined || record.data['noted'] === 'REFUND';
  return (
    record.status === 'PAID' &&
    !isInDoubt &&
    notesOf(record).every(({ status }) => status === 'CLOSED' || status === 'REFUSED')
  );
}
