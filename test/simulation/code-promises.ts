import type { MerchantEvent } from '#core/events.ts';
import { type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import { type Instant, minuteMs, plus, secondMs } from '#core/values/time.ts';
import { createPerSubject } from './per-subject.ts';
import { keyIn, orderIn } from './records.ts';
import { skewAllowanceMs, type Watching } from './told.ts';
import { orderKeyOf, type Trade } from './trade.ts';

/**
 * A code is sent to WeChat once, and soon. A reversal is written before it is sent, and not sent too soon;
 * what may have been reversed is not announced as paid. And what is closed, by whom and when.
 */
export type CodePromises = {
  onEvent(event: MerchantEvent): void;
  onPlacing(key: SubjectKey): void;
  /** A function sends one of these. */
  onClose(key: SubjectKey): void;
  onCharge(key: SubjectKey): void;
  onReverse(key: SubjectKey): void;
  /** Money that was paid goes back by a reversal. */
  onReversed(trade: Trade): void;
};

const chargedWithinMs = 10 * secondMs;
const reversibleAfterMs = 15 * secondMs;
/** APIv2 closes no link that is younger. */
const closableAfterMs = 5 * minuteMs;
const functionMs = 30 * secondMs;

/** A code that was sent: in which life of its number, and when. */
type Charge = { readonly life: unknown; readonly at: Instant };

export function createCodePromises({ site, table }: Watching): CodePromises {
  const charges = createPerSubject<Charge>();
  const placedAt = createPerSubject<Instant>();
  const allowanceMs = skewAllowanceMs(site);

  function isBefore(since: Instant | undefined, afterMs: number): boolean {
    return since !== undefined && site.agenda.now() < plus(since, afterMs - allowanceMs);
  }

  return {
    onEvent: ({ id, type, subject, data }) => {
      const record = table().peek(keyIn(subject));
      if (record?.data['trade_type'] !== 'MICROPAY') {
        return;
      }
      const isBeingReversed = record.data['reversedAt'] !== undefined;
      if (type === 'order.paid' && isBeingReversed && data['accepted_by'] === undefined) {
        site.report(`${id} although it is being reversed`);
      }
      if (type === 'order.closed' && !id.endsWith('/1') && data['reason'] !== 'resolved') {
        site.report(`${id}: closed twice`);
      }
    },
    onPlacing: (key) => {
      placedAt.set(key, site.agenda.now());
    },
    onClose: (key) => {
      const record = table().peek(key);
      const isWaiting = record?.status === 'CREATED' || record?.status === 'AWAITING';
      if (record?.data['trade_type'] === 'MICROPAY') {
        site.report(`${key.number} was closed, and not reversed`);
      }
      const isV2 = site.accounts.some(({ mchid, api }) => mchid === key.mchid && api === 'v2');
      if (isV2 && isWaiting && isBefore(placedAt.get(key), closableAfterMs - functionMs)) {
        site.report(`${key.number} was closed within five minutes of its placing`);
      }
    },
    onCharge: (key) => {
      const record = table().peek(key);
      const now = site.agenda.now();
      const life = record?.data['requestId'];
      if (charges.get(key)?.life === life) {
        site.report(`the code of ${key.number} was sent twice`);
      }
      charges.set(key, { life, at: now });
      if (now > Number(record?.data['createdAt']) + chargedWithinMs + allowanceMs) {
        site.report(`the code of ${key.number} was sent too late (the fence)`);
      }
    },
    onReverse: (key) => {
      if (table().peek(key)?.data['reversedAt'] === undefined) {
        site.report(`${key.number} was reversed, and its record does not say so`);
      }
      if (isBefore(charges.get(key)?.at, reversibleAfterMs)) {
        site.report(`${key.number} was reversed within 15 s of its charge`);
      }
    },
    onReversed: (trade) => {
      const record = table().peek(orderKeyOf(trade));
      if (record !== undefined && isAnnounced(record)) {
        site.report(`${subjectId(record.key)} was announced as paid, and is reversed`);
      }
    },
  };
}

/** By the loop; a person may accept what is in doubt. */
function isAnnounced(record: StoredRecord): boolean {
  const { resolved } = orderIn(record);
  return record.eventCounts['order.paid'] !== undefined && resolved?.action !== 'accept';
}
