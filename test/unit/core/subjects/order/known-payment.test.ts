import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { referenceToClaim } from '#core/subjects/order/claim.ts';
import { isKnownPayment } from '#core/subjects/order/compare.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { learnRefund, refuseNote } from '#core/subjects/order/refunds.ts';
import { isTransactionId } from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import {
  account,
  changeOf,
  checked,
  createdAt,
  moment,
  orderOf,
  orderRecord,
  paymentData,
  says,
} from '../../fixtures.ts';
import { refundOf, refundStored } from '../refund/fixtures.ts';
import { note } from './refund-notes.ts';

const now = moment('2026-11-21T07:00:00Z');
const other = { transaction_id: checked(isTransactionId, '4200000001202611210000000009') };
const back = 'back-A-1001-20261121';
const resolved = { by: 'lin', why: 'called the payer', at: createdAt, outcome: 'done' };

function known(status: string, data: JsonObject, evidence = says('REFUND')): boolean {
  return isKnownPayment(orderOf(orderRecord({ status }, data)), evidence);
}

describe('the payment of an order that a person closed', () => {
  it('is known by its number, or by the answer where no number was read', () => {
    assert.equal(known('CLOSED', paymentData), true);
    assert.equal(known('CLOSED', { noted: 'REFUND' }), true);
  });

  it('is known where the answer has none that can be read', () => {
    const { payment: _, ...unreadable } = says('REFUND');
    assert.equal(known('CLOSED', paymentData, unreadable), true);
    assert.equal(known('CLOSED', {}, unreadable), false);
  });

  it('is not known by another number, nor where nothing was seen', () => {
    assert.equal(known('CLOSED', paymentData, says('REFUND', other)), false);
    assert.equal(known('CLOSED', {}), false);
    assert.equal(known('CLOSED', { noted: 'NOTPAY' }), false);
  });

  it('is a matter of closed orders only', () => {
    for (const status of ['REVIEW', 'PAID']) {
      assert.equal(known(status, { ...paymentData, reviewReason: 'amount' }), false);
    }
    assert.equal(known('REFUSED', { noted: 'REFUND' }), false);
  });
});

describe('a payment that a person closed as given back, and that WeChat has as paid', () => {
  for (const latePolicy of ['refund', 'hold', 'fulfil'] as const) {
    it(`is with a person again under ${latePolicy}, and claims nothing`, () => {
      const data = { ...paymentData, reference: 'shop-4711', closeReason: 'resolved' };
      const order = orderOf(orderRecord({ status: 'CLOSED' }, data));
      const policies = { ...account, latePolicy };
      assert.equal(referenceToClaim(order, says('SUCCESS'), policies), undefined);
      const change = changeOf(decideOrder(order, says('SUCCESS'), { now, account: policies }));
      assert.deepEqual([change.status, change.events], ['REVIEW', ['order.paid_late']]);
      assert.equal(change.patch.set?.['late'], true);
      assert.equal(change.starts, undefined);
    });
  }
});

describe('a PAID order that a person had closed before', () => {
  it('is contradicted by what was not ordered, like any other', () => {
    const data = { ...paymentData, resolved: { ...resolved, action: 'close' } };
    const order = orderOf(orderRecord({ status: 'PAID' }, data));
    const answer = { ...says('SUCCESS'), appid: 'wx0000000000000000' };
    const change = changeOf(decideOrder(order, answer, { now, account }));
    assert.equal(change.patch.set?.['contradictedAt'], now);
  });

  it('is not when a person had it given back', () => {
    const data = { ...paymentData, resolved: { ...resolved, action: 'refund' } };
    const order = orderOf(orderRecord({ status: 'PAID' }, data));
    const answer = { ...says('SUCCESS'), appid: 'wx0000000000000000' };
    assert.deepEqual(decideOrder(order, answer, { now, account }), { type: 'quiet' });
  });
});

describe('a payer at work', () => {
  it('on a closed order that we never placed is left alone', () => {
    const order = orderOf(orderRecord({ status: 'CLOSED' }, { unplaced: true }));
    assert.deepEqual(decideOrder(order, says('USERPAYING'), { now, account }), { type: 'quiet' });
  });
});

describe('an automatic refund that came to nothing', () => {
  for (const status of ['CLOSED', 'REFUSED'] as const) {
    it(`is only noted once the order was announced as paid: ${status}`, () => {
      const refunds = [note(back, { status: 'CREATED' })];
      const record = orderRecord(
        { status: 'PAID', eventCounts: { 'order.paid': 1 } },
        { ...paymentData, refunds },
      );
      const refund = refundOf(refundStored({ status }));
      const change = learnRefund(record, orderOf(record), { out_refund_no: back, refund });
      assert.equal(change?.status, undefined);
      assert.deepEqual(change?.patch, { set: { refunds: [note(back, { status })] } });
    });
  }
});

describe('a refund whose number another order has', () => {
  it('is kept as refused, the others as they are', () => {
    const refunds = [note('R-1'), note('R-2', { status: 'CREATED' }), note('R-3')];
    const order = orderOf(orderRecord({ status: 'PAID' }, { ...paymentData, refunds }));
    assert.deepEqual(refuseNote(order, 'R-2'), {
      set: { refunds: [note('R-1'), note('R-2', { status: 'REFUSED' }), note('R-3')] },
    });
  });
});
