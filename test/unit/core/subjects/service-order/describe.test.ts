import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serviceOrderEventData, serviceOrderView } from '#core/subjects/service-order/describe.ts';
import { serviceOrderStatuses } from '#core/subjects/service-order/service-order.ts';
import { openid, transactionId } from '../../fixtures.ts';
import { notedAt, now, orderId, pendingOf, sha } from '../../payscore/fixtures.ts';
import { completedData, orderIn, orderOf, orderRecord, paidAt } from './fixtures.ts';

const row = {
  at: now,
  from: 'COMPLETED',
  to: 'PAID',
  because: 'notice',
  evidence: 'DONE USER_PAID',
};
const payment = {
  transaction_id: transactionId,
  paidFen: 12_001,
  paid_type: 'NEWTON',
  successAt: paidAt,
};
const record = {
  ...orderIn('REVIEW', {
    ...completedData,
    ...payment,
    reviewReason: 'amount',
    refunds: [{ out_refund_no: 'R-1', refundFen: 3_000, startAt: notedAt, status: 'PROCESSING' }],
    ended: { name: 'modify', sha256: sha, outcome: 'refused', code: 'STATE' },
  }),
  history: [row],
  historyCount: 1,
};
const facts = {
  status: 'REVIEW',
  merchant_sign_plan_no: 'sign-1',
  order_id: orderId,
  total_amount: 12_000,
  paid_amount: 12_001,
  paid_type: 'NEWTON',
  transaction_id: transactionId,
  success_time: '2026-11-21T06:59:30.000Z',
  reason: 'amount',
  last_command: { name: 'modify', outcome: 'refused', reason: 'STATE' },
};

describe('a service order', () => {
  it('is told of by its facts', () => {
    assert.deepEqual(serviceOrderEventData(record, orderOf(record)), {
      mchid: '1900000001',
      out_order_no: 'lesson-2',
      ...facts,
    });
  });

  it('is shown with them, and with its refunds', () => {
    assert.deepEqual(serviceOrderView(record, orderOf(record)), {
      out_order_no: 'lesson-2',
      mchid: '1900000001',
      ...facts,
      appid: 'wx8888888888888888',
      service_id: '00004000000000162930000000000001',
      created_at: '2026-11-21T04:00:00.000Z',
      refunds: [
        {
          out_refund_no: 'R-1',
          amount: { refund: 3_000, currency: 'CNY' },
          status: 'PROCESSING',
        },
      ],
      history: [{ ...row, at: '2026-11-21T07:00:00.000Z' }],
      history_count: 1,
    });
  });

  it('is shown before WeChat knows it, with nothing that nobody knows', () => {
    const fresh = orderRecord();
    assert.deepEqual(serviceOrderEventData(fresh, orderOf(fresh)), {
      mchid: '1900000001',
      out_order_no: 'lesson-2',
      status: 'CREATED',
      merchant_sign_plan_no: 'sign-1',
      pending_command: 'create-service-order',
    });
    assert.ok(!('refunds' in serviceOrderView(fresh, orderOf(fresh))));
  });

  it('is shown with nothing to pay, which is an amount', () => {
    const free = orderIn('DONE', { totalFen: 0 });
    assert.equal(serviceOrderView(free, orderOf(free))['total_amount'], 0);
  });

  for (const status of serviceOrderStatuses) {
    it(`never shows who pays, nor a command's bytes, while it is ${status}`, () => {
      const secret = orderIn(status, {
        ...payment,
        pending: pendingOf('create-service-order', { body: JSON.stringify({ openid }) }),
      });
      const order = orderOf(secret);
      const text = JSON.stringify([
        serviceOrderView(secret, order),
        serviceOrderEventData(secret, order),
      ]);
      for (const word of [openid, 'openid', 'body', 'sha256', 'requestId', 'refusals']) {
        assert.ok(!text.includes(word), word);
      }
    });
  }
});
