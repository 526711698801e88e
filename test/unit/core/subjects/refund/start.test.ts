import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RefundState } from '#core/evidence.ts';
import type { Hint } from '#core/messages.ts';
import { adoptedRefundRecord, refundRecord, refundToStart } from '#core/subjects/refund/start.ts';
import { account, mchid, moment, orderRecord } from '../../fixtures.ts';
import {
  answers,
  notedAt,
  notFound,
  outRefundNo,
  refundOf,
  refundStart,
  refundStored,
  startAt,
  successAt,
} from './fixtures.ts';

describe('a refund that an order starts', () => {
  it('is written as the outbox of its order carries it', () => {
    const { out_refund_no, startAt: _, of, ...data } = refundStart;
    assert.deepEqual(refundToStart(refundStart), {
      kind: 'refund',
      number: out_refund_no,
      startAt,
      data: { ...data, ...of },
    });
  });

  it('is a record of version 1 that owes nothing and is looked at two minutes after its start', () => {
    const { out_refund_no: _, startAt: __, of, ...data } = refundStart;
    assert.deepEqual(refundStored(), {
      key: { kind: 'refund', mchid: '1900000001', number: 'R-1001-20261121' },
      account: 'shop',
      status: 'CREATED',
      version: 1,
      data: { createdAt: notedAt, startAt, ...data, ...of },
      history: [],
      historyCount: 0,
      outbox: [],
      eventCounts: {},
      dueAt: moment('2026-11-21T07:03:00Z'),
      leases: 0,
      unknownLooks: 0,
    });
  });

  it('is the same record whenever it is begun', () => {
    const order = orderRecord({ status: 'PAID' });
    const later = { ...order, version: 9, dueAt: moment('2026-11-22T00:00:00Z'), leases: 3 };
    const entry = { type: 'start', at: notedAt, ...refundToStart(refundStart) } as const;
    assert.deepEqual(refundRecord(later, entry), refundRecord(order, entry));
  });

  it('carries nothing that it was not given', () => {
    const {
      reason: _,
      funds_account: __,
      bodySha256: ___,
      notify_url: ____,
      ...bare
    } = refundStart;
    const { data } = refundToStart(bare);
    const names = ['out_trade_no', 'transaction_id', 'refundFen', 'totalFen', 'origin'];
    assert.deepEqual(Object.keys(data).sort(), names.sort());
  });
});

describe('a refund that was made elsewhere', () => {
  const hint: Hint = {
    type: 'hint',
    account: account.name,
    subject: { kind: 'refund', mchid, number: outRefundNo },
    reason: 'notice',
    says: 'SUCCESS',
  };
  const now = moment('2026-11-21T07:04:00Z');

  const announced = {
    PROCESSING: [],
    SUCCESS: ['refund.succeeded'],
    CLOSED: ['refund.closed'],
    ABNORMAL: ['refund.abnormal'],
  } as const satisfies Readonly<Record<RefundState, readonly string[]>>;
  for (const [state, events] of Object.entries(announced)) {
    it(`is kept as ${state}, its order told, and ${events[0] ?? 'nothing'} owed after that`, () => {
      const evidence = answers(state as RefundState);
      const record = adoptedRefundRecord(hint, evidence, now);
      assert.ok(record !== undefined);
      const { data, ...envelope } = record;
      assert.deepEqual(envelope, {
        key: hint.subject,
        account: 'shop',
        status: state,
        version: 1,
        history: [{ at: now, from: '-', to: state, because: 'notice', evidence: state }],
        historyCount: 1,
        outbox: [
          { type: 'tell', at: now },
          ...events.map((event) => ({ type: 'event', event, n: 1, at: now })),
        ],
        eventCounts: Object.fromEntries(events.map((event) => [event, 1])),
        dueAt: moment('2026-11-21T07:06:00Z'),
        leases: 0,
        unknownLooks: 0,
      });
      const { facts } = evidence;
      assert.deepEqual(data, { createdAt: now, startAt: now, origin: 'console', ...facts });
    });
  }

  it('is a refund that its own reader understands, without a request behind it', () => {
    const record = adoptedRefundRecord(hint, answers('SUCCESS'), now);
    assert.ok(record !== undefined);
    const refund = refundOf(record);
    assert.deepEqual(
      [refund.origin, refund.successAt, refund.bodySha256, refund.terms.notify_url],
      ['console', successAt, undefined, undefined],
    );
  });

  for (const evidence of [
    notFound,
    { type: 'unknown', code: 'TIMEOUT' } as const,
    { type: 'fault', code: 'SIGN_ERROR' } as const,
  ]) {
    it(`is not kept for an answer that is ${evidence.type}, whatever the notice said`, () => {
      assert.equal(adoptedRefundRecord(hint, evidence, now), undefined);
    });
  }
});
