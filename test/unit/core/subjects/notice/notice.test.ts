import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UnhandledNotice } from '#core/messages.ts';
import { noticeEventData, noticeRecord } from '#core/subjects/notice/notice.ts';
import { account, mchid, moment } from '../../fixtures.ts';

const createdAt = moment('2026-11-21T04:05:00Z');
const now = moment('2026-11-21T04:05:03Z');
const message: UnhandledNotice = {
  type: 'unhandled-notice',
  account: account.name,
  subject: { kind: 'notice', mchid, number: 'EV-1' },
  event_type: 'COUPON.USE',
  createdAt,
};

describe('a notice that we do not handle', () => {
  it('is kept with its id, type and time, and owes one event', () => {
    assert.deepEqual(noticeRecord(message, now), {
      key: message.subject,
      account: 'shop',
      status: 'KEPT',
      version: 1,
      data: { event_type: 'COUPON.USE', createdAt },
      history: [],
      historyCount: 0,
      outbox: [{ type: 'event', event: 'notice.unhandled', n: 1, at: now }],
      eventCounts: { 'notice.unhandled': 1 },
      dueAt: moment('2026-11-21T04:07:03Z'),
      leases: 0,
      unknownLooks: 0,
    });
  });

  it('is announced with the time that WeChat gave it', () => {
    assert.deepEqual(noticeEventData(noticeRecord(message, now)), {
      ok: true,
      value: {
        mchid: '1900000001',
        notice_id: 'EV-1',
        event_type: 'COUPON.USE',
        create_time: '2026-11-21T04:05:00.000Z',
      },
    });
  });

  for (const [name, data] of [
    ['event_type', { createdAt }],
    ['event_type', { createdAt, event_type: 7 }],
    ['createdAt', { event_type: 'X' }],
    ['createdAt', { event_type: 'X', createdAt: '2026-11-21T04:05:00Z' }],
    ['createdAt', { event_type: 'X', createdAt: -1 }],
  ] as const) {
    it(`is not read from ${JSON.stringify(data)}`, () => {
      const record = { ...noticeRecord(message, now), data };
      assert.deepEqual(noticeEventData(record), { ok: false, error: name });
    });
  }
});
