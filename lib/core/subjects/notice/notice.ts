import type { UnhandledNotice } from '../../messages.ts';
import type { StoredRecord } from '../../record.ts';
import type { Result } from '../../result.ts';
import { dueAtOfOwed } from '../../timing.ts';
import { fieldsOf, isText, type JsonObject } from '../../values/json.ts';
import { formatUtc, type Instant, isInstant } from '../../values/time.ts';

/** The record of a notice that we do not handle: its id, type and time; never its plaintext. */
export function noticeRecord(message: UnhandledNotice, now: Instant): StoredRecord {
  return {
    key: message.subject,
    account: message.account,
    status: 'KEPT',
    version: 1,
    data: { event_type: message.event_type, createdAt: message.createdAt },
    history: [],
    historyCount: 0,
    outbox: [{ type: 'event', event: 'notice.unhandled', n: 1, at: now }],
    eventCounts: { 'notice.unhandled': 1 },
    dueAt: dueAtOfOwed(undefined, now),
    leases: 0,
    unknownLooks: 0,
  };
}

/** The `data` of `notice.unhandled`. */
export function noticeEventData(record: StoredRecord): Result<JsonObject> {
  const fields = fieldsOf(record.data);
  const event_type = fields.required('event_type', isText);
  const createdAt = fields.required('createdAt', isInstant);
  return fields.result(() => ({
    mchid: record.key.mchid,
    notice_id: record.key.number,
    event_type,
    create_time: formatUtc(createdAt),
  }));
}
