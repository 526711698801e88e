import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tradeStates } from '#core/evidence.ts';
import type { Hint } from '#core/messages.ts';
import { unmatchedOrderRecord } from '#core/subjects/order/unmatched.ts';
import {
  account,
  mchid,
  moment,
  notFound,
  orderOf,
  otherMchid,
  outTradeNo,
  paymentData,
  says,
} from '../../fixtures.ts';

const now = moment('2026-11-21T04:05:03Z');
const hint: Hint = {
  type: 'hint',
  account: account.name,
  subject: { kind: 'order', mchid, number: outTradeNo },
  reason: 'bill',
};

describe('a payment that nobody ordered here', () => {
  for (const state of ['SUCCESS', 'REFUND'] as const) {
    it(`is kept and announced once when WeChat says ${state}`, () => {
      const record = unmatchedOrderRecord(hint, says(state), now);
      assert.deepEqual(record, {
        key: hint.subject,
        account: 'shop',
        status: 'UNMATCHED',
        version: 1,
        data: { createdAt: now, closeAt: now, attempts: 0, ...paymentData },
        history: [{ at: now, from: '-', to: 'UNMATCHED', because: 'bill', evidence: state }],
        historyCount: 1,
        outbox: [{ type: 'event', event: 'order.unmatched', n: 1, at: now }],
        eventCounts: { 'order.unmatched': 1 },
        dueAt: moment('2026-11-21T04:07:03Z'),
        leases: 0,
        unknownLooks: 0,
      });
    });
  }

  it('is kept without what WeChat does not state', () => {
    const { payment } = says('SUCCESS');
    assert.ok(payment !== undefined);
    const { payerTotalFen: _, successAt: __, ...bare } = payment;
    const record = unmatchedOrderRecord(hint, { ...says('SUCCESS'), payment: bare }, now);
    const { transaction_id, paidFen } = paymentData;
    const data = { createdAt: now, closeAt: now, attempts: 0, transaction_id, paidFen };
    assert.deepEqual(record?.data, data);
  });

  it('is an order that its own reader understands', () => {
    const record = unmatchedOrderRecord(hint, says('SUCCESS'), now);
    assert.ok(record !== undefined);
    assert.equal(orderOf(record).status, 'UNMATCHED');
  });

  it('keeps nothing about the payer', () => {
    const text = JSON.stringify(unmatchedOrderRecord(hint, says('SUCCESS'), now));
    assert.equal(text.includes('openid'), false);
    assert.equal(text.includes('oUpF8'), false);
  });

  it('of another merchant is not kept under this one', () => {
    const foreign = { ...says('SUCCESS'), mchid: otherMchid };
    assert.equal(unmatchedOrderRecord(hint, foreign, now), undefined);
  });
});

describe('nothing is kept', () => {
  for (const state of tradeStates.filter((one) => one !== 'SUCCESS' && one !== 'REFUND')) {
    it(`when WeChat says ${state}, even with an amount beside it`, () => {
      assert.equal(unmatchedOrderRecord(hint, says(state), now), undefined);
      const { payment } = says('SUCCESS');
      assert.ok(payment !== undefined);
      assert.equal(unmatchedOrderRecord(hint, { ...says(state), payment }, now), undefined);
    });
  }

  it('when no answer says that money was paid', () => {
    const { payment: _, ...bare } = says('SUCCESS');
    for (const evidence of [
      bare,
      notFound,
      { type: 'unknown', code: 'TIMEOUT' } as const,
      { type: 'fault', code: 'SIGN_ERROR' } as const,
    ]) {
      assert.equal(unmatchedOrderRecord(hint, evidence, now), undefined);
    }
  });
});
