import { type StoredRecord, subjectId } from './record.ts';
import { fail, ok, type Result } from './result.ts';
import { type AccountName, isAccountName } from './values/ids.ts';
import { fieldsOf, isObject, isText, type JsonObject, oneOf, parseObject } from './values/json.ts';
import { formatUtc, type Instant, parseRfc3339 } from './values/time.ts';

export const eventTypes = [
  'order.paid',
  'order.paid_late',
  'order.duplicate',
  'order.closed',
  'order.review',
  'order.unmatched',
  'refund.succeeded',
  'refund.closed',
  'refund.abnormal',
  'refund.refused',
  'plan.refused',
  'sign-plan.signed',
  'sign-plan.cancelled',
  'sign-plan.completed',
  'sign-plan.expired',
  'sign-plan.refused',
  'sign-plan.unmatched',
  'service-order.doing',
  'service-order.completed',
  'service-order.paid',
  'service-order.revoked',
  'service-order.expired',
  'service-order.review',
  'service-order.refused',
  'service-order.unmatched',
  'notice.unhandled',
] as const;
/** What the merchant can be told. `docs/events.md` describes each. */
export type EventType = (typeof eventTypes)[number];

/**
 * A CloudEvents 1.0 message in its JSON form (`events.fifo`). At least once, with a deterministic `id`
 * made of the subject, the type and how many of that type there were, never of a clock; keep the ids
 * that you handled and each has one effect. `sequence` is the record's version, padded so that texts
 * compare as numbers do (CloudEvents extension `sequence`): drop what is older.
 */
export type MerchantEvent = {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The subject, which is also the message group: events of one subject arrive in order. */
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly sequence: string;
  readonly data: JsonObject;
};

const sequenceDigits = 10;
const sourcePrefix = '/accounts/';

/** The event that entry (`type`, `n`, `at`) of the record's outbox stands for, the same each time. */
export function eventOf(
  record: StoredRecord,
  entry: { readonly event: string; readonly n: number; readonly at: Instant },
  data: JsonObject,
): MerchantEvent {
  const subject = subjectId(record.key);
  return {
    specversion: '1.0',
    id: `${subject}/${entry.event}/${entry.n}`,
    source: `${sourcePrefix}${record.account}`,
    type: entry.event,
    subject,
    time: formatUtc(entry.at),
    datacontenttype: 'application/json',
    sequence: String(record.version).padStart(sequenceDigits, '0'),
    data,
  };
}

/** The account whose event it is; undefined when `source` is none of ours. */
export function accountOfEvent({ source }: Pick<MerchantEvent, 'source'>): AccountName | undefined {
  const name = source.startsWith(sourcePrefix) ? source.slice(sourcePrefix.length) : undefined;
  return isAccountName(name) ? name : undefined;
}

/**
 * Reads an event as it lies in the queue. Types that this release does not know are read too: a consumer
 * decides by `type`. Extra fields are ignored.
 */
export function decodeEvent(text: string): Result<MerchantEvent, 'undecodable'> {
  const parsed = parseObject(text);
  const fields = fieldsOf(parsed.ok ? parsed.value : undefined);
  const event = {
    specversion: fields.required('specversion', oneOf(['1.0'])),
    id: fields.required('id', isText),
    source: fields.required('source', isText),
    type: fields.required('type', isText),
    subject: fields.required('subject', isText),
    time: fields.required('time', isTime),
    datacontenttype: fields.required('datacontenttype', oneOf(['application/json'])),
    sequence: fields.required('sequence', isSequence),
    data: fields.required('data', isObject),
  };
  const read = fields.result(() => event);
  return read.ok ? ok(read.value) : fail('undecodable');
}

function isTime(value: unknown): value is string {
  return isText(value) && parseRfc3339(value).ok;
}

function isSequence(value: unknown): value is string {
  return isText(value) && /^[0-9]{10}$/.test(value);
}
