import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { latePolicies } from '#core/account.ts';
import type { OrderEvidence } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { mismatchOf } from '#core/subjects/order/compare.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { isFen } from '#core/values/money.ts';
import {
  account,
  changeOf,
  checked,
  committed,
  moment,
  openid,
  orderOf,
  orderRecord,
  otherMchid,
  otherOpenid,
  paymentData,
  type StateEvidence,
  says,
  taken,
} from '../../fixtures.ts';

const now = moment('2026-11-21T04:30:00Z');
const context = { now, account, claim: taken };
const success = says('SUCCESS');
const fen = (amount: number) => checked(isFen, amount);

function without(evidence: StateEvidence, name: 'openid' | 'successAt' | 'payerTotalFen') {
  const { payment } = evidence;
  assert.ok(payment !== undefined);
  const { [name]: _, ...rest } = payment;
  return { ...evidence, payment: rest };
}

const { payment: _, ...withoutPayment } = success;
const { openid: __, ...nativeData } = orderRecord().data;
const native = { ...orderRecord(), data: { ...nativeData, trade_type: 'NATIVE' } };

describe('a payment', () => {
  it('of an order without a reference is announced without a claim', () => {
    const { reference: __, ...data } = orderRecord().data;
    const found = decideOrder(orderOf({ ...orderRecord(), data }), success, { now, account });
    assert.deepEqual([changeOf(found).status, changeOf(found).events], ['PAID', ['order.paid']]);
  });

  it('matches when money and identity are those that were ordered', () => {
    assert.equal(mismatchOf(orderOf(orderRecord()), success, account), undefined);
  });

  const matching: Readonly<Record<string, readonly [StateEvidence, StoredRecord]>> = {
    'a coupon paid a part': [says('SUCCESS', { payerTotalFen: fen(1) }), orderRecord()],
    'the time of the payment is missing': [without(success, 'successAt'), orderRecord()],
    'what the payer paid is missing': [without(success, 'payerTotalFen'), orderRecord()],
    'anybody paid an order that names no payer': [says('SUCCESS', { openid: otherOpenid }), native],
    'an unknown payer paid an order that names none': [without(success, 'openid'), native],
  };
  for (const [what, [evidence, record]] of Object.entries(matching)) {
    it(`matches although ${what}`, () => {
      const change = changeOf(decideOrder(orderOf(record), evidence, context));
      assert.equal(change.status, 'PAID');
      assert.deepEqual(change.events, ['order.paid']);
    });
  }

  const differing: Readonly<Record<string, readonly [string, StateEvidence]>> = {
    'one fen less': ['amount', says('SUCCESS', { amountFen: fen(8_799) })],
    'one fen more': ['amount', says('SUCCESS', { amountFen: fen(8_801) })],
    'yuan taken for fen': ['amount', says('SUCCESS', { amountFen: fen(88) })],
    nothing: ['amount', says('SUCCESS', { amountFen: fen(0) })],
    'an unknown amount': ['amount', withoutPayment],
    'another currency': ['currency', says('SUCCESS', { currency: 'HKD' })],
    'the currency in lower case': ['currency', says('SUCCESS', { currency: 'cny' })],
    'no currency': ['currency', says('SUCCESS', { currency: '' })],
    'another mchid': ['mchid', { ...success, mchid: otherMchid }],
    'an appid that is not of the account': ['appid', { ...success, appid: 'wx6666666666666666' }],
    'another appid of the account': ['appid', { ...success, appid: 'wx7777777777777777' }],
    'the appid in capitals': ['appid', { ...success, appid: 'WX8888888888888888' }],
    'another payer': ['payer', says('SUCCESS', { openid: otherOpenid })],
    'an unknown payer': ['payer', without(success, 'openid')],
  };
  for (const [what, [reason, evidence]] of Object.entries(differing)) {
    for (const status of ['CREATED', 'AWAITING', 'CLOSED', 'REFUSED']) {
      it(`of ${what} sends a ${status} order to REVIEW for its ${reason}`, () => {
        for (const latePolicy of latePolicies) {
          const policy = { now, account: { ...account, latePolicy } };
          const change = changeOf(decideOrder(orderOf(orderRecord({ status })), evidence, policy));
          assert.equal(change.status, 'REVIEW');
          assert.deepEqual(change.events, ['order.review']);
          assert.equal(change.patch.set?.['reviewReason'], reason);
        }
      });
    }
  }

  it('with two differences is reviewed for the money first', () => {
    const foreign = { ...says('SUCCESS', { amountFen: fen(1) }), mchid: otherMchid };
    const change = changeOf(decideOrder(orderOf(orderRecord()), foreign, context));
    assert.equal(change.patch.set?.['reviewReason'], 'amount');
  });

  it('of an order without terms never matches', () => {
    const order = orderOf(orderRecord({ status: 'UNMATCHED' }));
    assert.equal(mismatchOf(order, success, account), 'amount');
  });

  it('keeps the number, the amount and the time that WeChat states', () => {
    const change = changeOf(decideOrder(orderOf(orderRecord()), success, context));
    assert.deepEqual(change.patch.set, paymentData);
  });

  for (const name of ['successAt', 'payerTotalFen'] as const) {
    it(`keeps no ${name} where WeChat states none`, () => {
      const { [name]: _left, ...kept } = paymentData;
      const answer = without(success, name);
      const change = changeOf(decideOrder(orderOf(orderRecord()), answer, context));
      assert.deepEqual(change.patch.set, kept);
    });
  }

  it('never keeps the payer', () => {
    const answers = [success, says('REFUND'), says('SUCCESS', { openid: otherOpenid })];
    for (const evidence of answers) {
      const change = changeOf(decideOrder(orderOf(orderRecord()), evidence, context));
      assert.equal(JSON.stringify(change).includes('oUpF8'), false);
      assert.equal(JSON.stringify(change).includes(openid), false);
    }
  });
});

describe('an order that saw money', () => {
  const closedThere: OrderEvidence = says('CLOSED');

  for (const state of ['SUCCESS', 'REFUND'] as const) {
    it(`is not closed after a ${state} whose amount could not be read`, () => {
      const record = orderRecord();
      const evidence = { ...withoutPayment, state };
      const change = changeOf(decideOrder(orderOf(record), evidence, context));
      assert.equal(change.status, 'REVIEW');
      const after = orderOf(committed(record, change, now));
      assert.deepEqual(decideOrder(after, closedThere, context), { type: 'quiet' });
    });
  }

  it('is not closed, whatever its review was opened for', () => {
    const record = orderRecord({ status: 'REVIEW' }, { ...paymentData, reviewReason: 'not-found' });
    assert.deepEqual(decideOrder(orderOf(record), closedThere, context), { type: 'quiet' });
  });

  it('keeps the money it is known for when WeChat reports a refund of it', () => {
    const record = orderRecord({ status: 'PAID' }, paymentData);
    const refund = says('REFUND', { amountFen: fen(1) });
    const decision = decideOrder(orderOf(record), refund, context);
    const after = decision.type === 'commit' ? committed(record, decision.change, now) : record;
    assert.equal(orderOf(after).paidFen, 8_800);
  });
});

describe('an answer that no reader lets through', () => {
  it('stops the program instead of moving money', () => {
    const order = orderOf(orderRecord());
    const evidence = JSON.parse('{"type":"maybe"}');
    assert.throws(() => decideOrder(order, evidence, context), /^Error: evidence .* known cases/);
    const state = { ...success, state: JSON.parse('"PAID"') };
    assert.throws(() => decideOrder(order, state, context), /^Error: trade_state .* known cases/);
  });
});
