import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  decodeOrder,
  isCodePayment,
  isSettled,
  isWaiting,
  owesLook,
  planOf,
  reopens,
} from '#core/subjects/order/order.ts';
import {
  closeAt,
  createdAt,
  expiresAt,
  moment,
  orderOf,
  orderRecord,
  paymentData,
} from '../../fixtures.ts';

const duplicateOf = { account: 'shop', mchid: '1900000001', out_trade_no: 'A-1000-20261121' };
const refund = {
  out_refund_no: 'R-1',
  refundFen: 100,
  startAt: createdAt,
  status: 'PROCESSING',
};
const resolution = { action: 'refund', by: 'Ann', why: 'paid twice', at: createdAt };
const resolved = { ...resolution, action: 'accept', outcome: 'impossible' };

const full = {
  ...paymentData,
  closableAt: createdAt,
  reversedAt: createdAt,
  unplaced: true,
  link: 'weixin://wxpay/bizpayurl?pr=1',
  linkAt: createdAt,
  closeReason: 'requested',
  late: true,
  reviewReason: 'late',
  notFoundAt: createdAt,
  contradictedAt: createdAt,
  contradiction: true,
  noted: 'REFUND',
  duplicateOf,
  refunds: [refund],
  resolution,
  resolved,
};

describe('reading an order out of its record', () => {
  it('gives the terms and the defaults of a new order', () => {
    const order = orderOf(orderRecord());
    assert.equal(order.status, 'CREATED');
    assert.equal(order.attempts, 1);
    assert.equal(order.late, false);
    assert.equal(order.contradiction, false);
    assert.equal(order.dueAt, moment('2026-11-21T04:31:00Z'));
    assert.deepEqual(order.terms, {
      trade_type: 'JSAPI',
      amountFen: 8_800,
      currency: 'CNY',
      appid: 'wx8888888888888888',
      openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      reference: 'shop-4711',
      notify_url: 'https://pay.example.com/notify/shop',
      bodySha256: 'K7gNU3sdo-OL0wNhqoVWhr3g6s1xYv72ol_pe_Unols',
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      expiresAt: Date.parse('2026-11-21T06:00:00Z'),
    });
  });

  it('gives every field that a record may hold', () => {
    const { status, terms, dueAt, unknownLooks, ...rest } = orderOf(
      orderRecord({ status: 'REVIEW', unknownLooks: 3 }, full),
    );
    assert.equal(status, 'REVIEW');
    assert.equal(unknownLooks, 3);
    assert.notEqual(terms, undefined);
    assert.notEqual(dueAt, undefined);
    assert.deepEqual(rest, { createdAt, closeAt, attempts: 1, ...full });
  });

  it('has nothing where nothing is', () => {
    const { dueAt: _, ...rest } = orderRecord();
    assert.equal(orderOf(rest).dueAt, undefined);
    assert.equal(orderOf(rest).link, undefined);
  });

  it('asks no terms of a payment that nobody ordered', () => {
    const record = orderRecord({ status: 'UNMATCHED' });
    const data = { createdAt, closeAt: createdAt, attempts: 0, ...paymentData };
    assert.equal(orderOf({ ...record, data }).terms, undefined);
  });

  for (const name of Object.keys(orderRecord().data)) {
    it(`fails with the name of ${name} when that is damaged`, () => {
      const decoded = decodeOrder(orderRecord({}, { [name]: { not: 'this' } }));
      assert.deepEqual(decoded, { ok: false, error: name });
    });
  }

  for (const name of Object.keys(full)) {
    it(`fails with the name of ${name} when that is null`, () => {
      assert.deepEqual(decodeOrder(orderRecord({}, { [name]: null })), { ok: false, error: name });
    });
  }

  const required = Object.keys(orderRecord().data).filter(
    (name) => name !== 'openid' && name !== 'reference',
  );
  for (const name of required) {
    it(`fails with the name of ${name} when that is missing`, () => {
      const record = orderRecord();
      const entries = Object.entries(record.data).filter(([other]) => other !== name);
      const decoded = decodeOrder({ ...record, data: Object.fromEntries(entries) });
      assert.deepEqual(decoded, { ok: false, error: name });
    });
  }

  for (const status of ['', 'paid', 'KEPT', 'CLOSING']) {
    it(`fails for the status ${JSON.stringify(status)}`, () => {
      assert.deepEqual(decodeOrder(orderRecord({ status })), { ok: false, error: 'status' });
    });
  }

  it('believes the status of the record, not one inside its data', () => {
    assert.equal(orderOf(orderRecord({ status: 'CLOSED' }, { status: 'PAID' })).status, 'CLOSED');
  });

  for (const [name, value] of [
    ['currency', 'USD'],
    ['trade_type', 'MWEB'],
    ['trade_type', 'micropay'],
    ['closableAt', '2026-11-21T04:00:25Z'],
    ['closableAt', -1],
    ['reversedAt', true],
    ['reversedAt', 0.5],
    ['reviewReason', 'reversed'],
    ['reviewReason', 'contradiction'],
    ['closeReason', 'elsewhere'],
    ['late', false],
    ['amountFen', -1],
    ['amountFen', 0.5],
    ['openid', 'o/1'],
    ['transaction_id', ''],
    ['reviewReason', ''],
    ['closeReason', 'paid'],
    ['duplicateOf', 'A-1000-20261121'],
    ['duplicateOf', { ...duplicateOf, account: 'Shop' }],
    ['duplicateOf', { ...duplicateOf, mchid: '' }],
    ['duplicateOf', { ...duplicateOf, out_trade_no: 'A-1' }],
    ['refunds', refund],
    ['refunds', [refund, null]],
    ['refunds', [{ ...refund, out_refund_no: '' }]],
    ['refunds', [{ ...refund, refundFen: 0.5 }]],
    ['refunds', [{ ...refund, startAt: null }]],
    ['refunds', [{ ...refund, status: 'PAID' }]],
    ['resolution', { ...resolution, action: 'keep' }],
    ['resolution', { ...resolution, by: 1 }],
    ['resolution', { ...resolution, why: null }],
    ['resolution', { ...resolution, at: '2026-11-21' }],
    ['resolved', resolution],
    ['resolved', { ...resolved, outcome: 'failed' }],
    ['resolved', { ...resolved, action: '' }],
  ] as const) {
    it(`fails for ${name} ${JSON.stringify(value)}`, () => {
      assert.deepEqual(decodeOrder(orderRecord({}, { [name]: value })), { ok: false, error: name });
    });
  }
});

describe('the state of an order', () => {
  const rows = [
    ['CREATED', {}, true, false],
    ['AWAITING', {}, true, false],
    ['PAID', {}, false, true],
    ['CLOSED', {}, false, true],
    ['REFUSED', {}, false, true],
    ['UNMATCHED', {}, false, true],
    ['REVIEW', { reviewReason: 'amount' }, false, true],
    ['REVIEW', { reviewReason: 'late' }, false, true],
    ['REVIEW', { reviewReason: 'not-found' }, false, true],
    ['REVIEW', { reviewReason: 'duplicate' }, false, true],
    ['REVIEW', { reviewReason: 'refund-failed' }, false, true],
    ['REVIEW', { reviewReason: 'reverse' }, false, true],
    ['REVIEW', { reviewReason: 'reverse', resolution }, false, false],
    ['CREATED', { reversedAt: createdAt }, true, false],
    ['CLOSED', { reversedAt: createdAt }, false, true],
    ['REVIEW', { reviewReason: 'user-paying' }, false, false],
    ['REVIEW', { reviewReason: 'amount', resolution }, false, false],
    ['REVIEW', { reviewReason: 'amount', resolved }, false, true],
    ['PAID', { resolution }, false, true],
  ] as const;
  for (const [status, data, waiting, settled] of rows) {
    const why = 'reviewReason' in data ? ` for ${data.reviewReason}` : '';
    it(`${status}${why} is ${waiting ? '' : 'not '}waiting and ${settled ? '' : 'not '}settled`, () => {
      const order = orderOf(orderRecord({ status }, data));
      assert.equal(isWaiting(order), waiting);
      assert.equal(isSettled(order), settled);
    });
  }

  for (const [what, unknownLooks, data, owes] of [
    ['an answered look', 0, {}, false],
    ['a look without an answer', 1, {}, true],
    ['a contradiction that must repeat', 0, { contradictedAt: createdAt }, true],
    ['one that was raised', 0, { contradictedAt: createdAt, contradiction: true }, false],
    ['a raised one and a look without an answer', 1, { contradiction: true }, true],
  ] as const) {
    it(`owes ${owes ? 'a' : 'no'} look after ${what}`, () => {
      const order = orderOf(orderRecord({ status: 'PAID', unknownLooks }, data));
      assert.equal(owesLook(order), owes);
    });
  }

  it('has a plan of its creation, expiry and closeAt', () => {
    assert.deepEqual(planOf(orderOf(orderRecord())), { createdAt, expiresAt, closeAt });
  });

  it('has the plan of the till, and ends in a reversal, when its code was charged', () => {
    for (const trade_type of ['NATIVE', 'JSAPI', 'APP', 'H5']) {
      const order = orderOf(orderRecord({}, { trade_type }));
      assert.equal(isCodePayment(order), false);
      assert.equal('isCodePayment' in planOf(order), false);
    }
    const order = orderOf(orderRecord({}, { trade_type: 'MICROPAY' }));
    assert.equal(isCodePayment(order), true);
    assert.deepEqual(planOf(order), { createdAt, expiresAt, closeAt, isCodePayment: true });
    const stray = orderRecord({ status: 'UNMATCHED' }, { trade_type: 'MICROPAY' });
    assert.equal(isCodePayment(orderOf(stray)), false);
  });

  for (const [reviewReason, ends] of [
    ['not-found', true],
    ['user-paying', true],
    ['reverse', false],
    ['late', false],
    ['refund', false],
  ] as const) {
    it(`${ends ? 'ends by itself' : 'is left to a person'} when it was opened for ${reviewReason}`, () => {
      const order = orderOf(orderRecord({ status: 'REVIEW' }, { reviewReason }));
      assert.equal(reopens(order), ends);
    });
  }

  it('has a plan without an expiry when nobody ordered it', () => {
    const plan = planOf(orderOf(orderRecord({ status: 'UNMATCHED' })));
    assert.deepEqual(plan, { createdAt, expiresAt: closeAt, closeAt });
  });
});
