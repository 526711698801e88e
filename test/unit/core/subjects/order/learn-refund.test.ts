import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change } from '#core/decision.ts';
import { learnRefund } from '#core/subjects/order/refunds.ts';
import { type RefundStatus, refundStatuses } from '#core/subjects/refund/refund.ts';
import type { JsonObject } from '#core/values/json.ts';
import { moment, orderOf, orderRecord, outTradeNo, paymentData } from '../../fixtures.ts';
import { refundOf, refundStored, startAt } from '../refund/fixtures.ts';
import { note } from './refund-notes.ts';

const number = 'R-1001-20261121';
const backNo = `back-${outTradeNo}`;

/** What an order learns of a refund of 30.00 yuan that starts at 07:01. */
function learn(
  status: string,
  data: JsonObject,
  told: RefundStatus,
  out_refund_no = number,
): Change | undefined {
  const record = orderRecord({ status }, data);
  const refund = refundOf(refundStored({ status: told }));
  return learnRefund(record, orderOf(record), { out_refund_no, refund });
}

function noteOf(status: RefundStatus, changes: JsonObject = {}): JsonObject {
  return note(number, { refundFen: 3_000, startAt, status, ...changes });
}

/** A change that does nothing but note the refunds. */
function noting(refunds: readonly JsonObject[], status: string, out_refund_no = number): Change {
  const evidence = `refund ${out_refund_no} ${status}`;
  return { patch: { set: { refunds } }, events: [], isAside: true, evidence };
}

describe('a refund that its order did not know', () => {
  for (const status of refundStatuses) {
    it(`is noted as ${status} on a PAID order`, () => {
      const change = learn('PAID', paymentData, status);
      assert.deepEqual(change, noting([noteOf(status)], status));
    });
  }

  for (const [what, status, data] of [
    ['UNMATCHED', 'UNMATCHED', paymentData],
    ['in review for its amount', 'REVIEW', { ...paymentData, reviewReason: 'amount' }],
  ] as const) {
    it(`is only noted on an order that is ${what}`, () => {
      assert.deepEqual(learn(status, data, 'SUCCESS'), noting([noteOf('SUCCESS')], 'SUCCESS'));
    });
  }

  for (const reviewReason of ['not-found', 'user-paying', 'reverse'] as const) {
    it(`explains a review that was opened for ${reviewReason}`, () => {
      const change = learn('REVIEW', { reviewReason }, 'SUCCESS');
      const set = {
        refunds: [noteOf('SUCCESS')],
        transaction_id: '4200000001202611210000000001',
        paidFen: 8_800,
        reviewReason: 'refund',
      };
      assert.deepEqual(change, { ...noting([], 'SUCCESS'), patch: { set } });
      const refused = learn('REVIEW', { reviewReason }, 'REFUSED');
      assert.deepEqual(refused, noting([noteOf('REFUSED')], 'REFUSED'));
    });
  }

  for (const reviewReason of ['amount', 'late', 'duplicate', 'refund-failed', 'refund'] as const) {
    it(`explains no review that was opened for ${reviewReason}, whatever is known of it`, () => {
      const change = learn('REVIEW', { reviewReason }, 'SUCCESS');
      assert.deepEqual(change, noting([noteOf('SUCCESS')], 'SUCCESS'));
    });
  }

  it('is noted behind the others', () => {
    const refunds = [note('R-1'), note('R-2', { status: 'CLOSED' })];
    const change = learn('PAID', { ...paymentData, refunds }, 'PROCESSING');
    assert.deepEqual(change, noting([...refunds, noteOf('PROCESSING')], 'PROCESSING'));
  });

  it('is left alone when its number is none', () => {
    assert.equal(learn('PAID', paymentData, 'SUCCESS', '退款'), undefined);
  });
});

describe('a refund that its order noted', () => {
  it('has its status moved on, and keeps its amount and its start', () => {
    const before = note(number, { refundFen: 2_999, startAt: moment('2026-11-21T07:09:00Z') });
    const refunds = [note('R-1'), { ...before, status: 'CREATED' }, note('R-2')];
    const change = learn('PAID', { ...paymentData, refunds }, 'SUCCESS');
    const after = [note('R-1'), { ...before, status: 'SUCCESS' }, note('R-2')];
    assert.deepEqual(change, noting(after, 'SUCCESS'));
  });

  for (const status of refundStatuses) {
    it(`is nothing new when it is ${status} already`, () => {
      for (const order of ['PAID', 'AWAITING', 'CLOSED']) {
        const data = { ...paymentData, refunds: [noteOf(status)] };
        assert.equal(learn(order, data, status), undefined);
      }
    });
  }
});

describe('money that went back on an order which we hold for unpaid', () => {
  for (const [status, isLate] of [
    ['CREATED', false],
    ['AWAITING', false],
    ['CLOSED', true],
    ['REFUSED', true],
  ] as const) {
    // Even one that WeChat gave up says that there was a payment.
    for (const told of ['PROCESSING', 'SUCCESS', 'ABNORMAL', 'CLOSED'] as const) {
      it(`is for a person: ${told} on ${status}`, () => {
        assert.deepEqual(learn(status, {}, told), {
          status: 'REVIEW',
          patch: {
            set: {
              refunds: [noteOf(told)],
              transaction_id: '4200000001202611210000000001',
              paidFen: 8_800,
              reviewReason: 'refund',
              ...(isLate && { late: true }),
            },
          },
          events: ['order.review'],
          isAside: true,
          evidence: `refund ${number} ${told}`,
        });
      });
    }

    it(`is none when WeChat knows of no refund: ${status} stays`, () => {
      assert.deepEqual(learn(status, {}, 'REFUSED'), noting([noteOf('REFUSED')], 'REFUSED'));
    });
  }
});

describe('a refund of an order that a person closed as given back', () => {
  const closed = { ...paymentData, closeReason: 'resolved' };

  for (const told of ['PROCESSING', 'SUCCESS', 'ABNORMAL'] as const) {
    it(`is only noted while money moves: ${told}`, () => {
      assert.deepEqual(learn('CLOSED', closed, told), noting([noteOf(told)], told));
    });
  }

  for (const told of ['CLOSED', 'REFUSED'] as const) {
    it(`is for a person again when it came to nothing: ${told}`, () => {
      assert.deepEqual(learn('CLOSED', closed, told), {
        status: 'REVIEW',
        patch: {
          set: { refunds: [noteOf(told)], reviewReason: 'refund-failed' },
          unset: ['contradictedAt', 'contradiction'],
        },
        events: ['order.review'],
        isAside: true,
        evidence: `refund ${number} ${told}`,
      });
    });
  }
});

describe('an automatic refund', () => {
  const begun = [note(backNo, { status: 'CREATED' })];

  for (const told of ['CLOSED', 'REFUSED'] as const) {
    it(`that came to nothing, ${told}, is for a person`, () => {
      const change = learn('PAID', { ...paymentData, refunds: begun }, told, backNo);
      assert.deepEqual(change, {
        status: 'REVIEW',
        patch: {
          set: { refunds: [note(backNo, { status: told })], reviewReason: 'refund-failed' },
          unset: ['contradictedAt', 'contradiction'],
        },
        events: ['order.review'],
        isAside: true,
        evidence: `refund ${backNo} ${told}`,
      });
    });

    it(`that came to nothing, ${told}, is only noted where a person has the order`, () => {
      const data = { ...paymentData, reviewReason: 'duplicate', refunds: begun };
      const change = learn('REVIEW', data, told, backNo);
      assert.deepEqual(change, noting([note(backNo, { status: told })], told, backNo));
    });

    it(`of another order, ${told}, is none of this one`, () => {
      const change = learn('PAID', paymentData, told, 'back-A-1002-20261121');
      assert.equal(change?.status, undefined);
    });

    it(`is told from a merchant's own, which may come to nothing: ${told}`, () => {
      assert.equal(learn('PAID', paymentData, told)?.status, undefined);
    });
  }

  for (const told of ['PROCESSING', 'SUCCESS', 'ABNORMAL'] as const) {
    it(`that is ${told} is only noted`, () => {
      const change = learn('PAID', { ...paymentData, refunds: begun }, told, backNo);
      assert.deepEqual(change, noting([note(backNo, { status: told })], told, backNo));
    });
  }
});
