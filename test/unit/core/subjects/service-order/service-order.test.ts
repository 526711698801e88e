import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  decodeServiceOrder,
  isRunning,
  isServiceOrderSettled,
  serviceOrderStatuses,
} from '#core/subjects/service-order/service-order.ts';
import { appid, moment, openid, transactionId } from '../../fixtures.ts';
import { notedAt, orderId, pendingOf, serviceId, sha } from '../../payscore/fixtures.ts';
import { signPlanNo } from '../sign-plan/fixtures.ts';
import { completedData, newLesson, orderOf, orderRecord, paidAt } from './fixtures.ts';

const endTime = moment('2026-11-21T05:00:00Z');
const ended = { name: 'complete', sha256: sha, outcome: 'done' };
const refunds = [
  { out_refund_no: 'R-1', refundFen: 3_000, startAt: notedAt, status: 'PROCESSING' },
];
const full = orderRecord(
  { status: 'REVIEW' },
  {
    ...completedData,
    endTime,
    order_id: orderId,
    transaction_id: transactionId,
    paidFen: 12_001,
    paid_type: 'NEWTON',
    successAt: paidAt,
    reviewReason: 'amount',
    refunds,
    pending: pendingOf('pay'),
    ended,
  },
);
const required = ['service_id', 'appid', 'createdAt'];
/** The record has it, the service order does not: it only tells starts apart. */
const aside = ['requestId'];
const times = ['startTime', 'endTime', 'createdAt', 'completedAt', 'successAt'];
const amounts = ['priceFen', 'totalFen', 'paidFen'];

describe('reading a service order out of its record', () => {
  it('gives every field that a record may hold', () => {
    assert.deepEqual(orderOf(full), {
      status: 'REVIEW',
      merchant_sign_plan_no: signPlanNo,
      service_id: serviceId,
      appid,
      openid,
      priceFen: 12_000,
      startTime: newLesson.timeRange.startAt,
      endTime,
      createdAt: notedAt,
      bodySha256: sha,
      totalFen: 12_000,
      completedAt: notedAt,
      order_id: orderId,
      transaction_id: transactionId,
      paidFen: 12_001,
      paid_type: 'NEWTON',
      successAt: paidAt,
      reviewReason: 'amount',
      refunds,
      pending: { ...pendingOf('pay'), refusedAt: undefined },
      ended: { ...ended, code: undefined },
    });
  });

  const names = Object.keys(full.data).filter((name) => !aside.includes(name));
  for (const name of required) {
    it(`fails with the name of ${name} when that is missing`, () => {
      const decoded = decodeServiceOrder(orderRecord({}, { [name]: undefined }));
      assert.deepEqual(decoded, { ok: false, error: name });
    });
  }

  for (const name of names.filter((one) => !required.includes(one))) {
    it(`does without ${name}`, () => {
      const order = orderOf(orderRecord({}, { ...full.data, [name]: undefined }));
      assert.deepEqual(Reflect.get(order, name), name === 'refunds' ? [] : undefined);
    });
  }

  for (const name of names) {
    for (const damage of [null, {}, 7]) {
      const isRight = damage === 7 && [...times, ...amounts].includes(name);
      it(`${isRight ? 'takes' : 'fails for'} ${name} ${JSON.stringify(damage)}`, () => {
        const decoded = decodeServiceOrder(orderRecord({}, { [name]: damage }));
        assert.equal(decoded.ok ? undefined : decoded.error, isRight ? undefined : name);
      });
    }
  }

  for (const [name, value] of [
    ['merchant_sign_plan_no', 'a|b'],
    ['openid', 'a b'],
    ['priceFen', -1],
    ['priceFen', 0.5],
    ['totalFen', '12000'],
    ['paidFen', -1],
    ['startTime', '20261121110000'],
    ['order_id', 'a/b'],
    ['transaction_id', '42-0'],
    ['reviewReason', 'refund'],
    ['refunds', [{ out_refund_no: 'R-1', refundFen: 3_000, startAt: 0, status: 'PAID' }]],
    ['refunds', [{ out_refund_no: 'R-1', refundFen: -1, startAt: 0, status: 'CREATED' }]],
    ['pending', { name: 'pay', body: '{}' }],
    ['ended', { name: 'pay', sha256: sha }],
  ] as const) {
    it(`fails for ${name} ${JSON.stringify(value)}`, () => {
      const decoded = decodeServiceOrder(orderRecord({}, { [name]: value }));
      assert.deepEqual(decoded, { ok: false, error: name });
    });
  }

  for (const status of ['', 'paid', 'USER_PAID', 'CLOSED', 'SIGNED']) {
    it(`fails for the status ${JSON.stringify(status)}`, () => {
      assert.deepEqual(decodeServiceOrder(orderRecord({ status })), { ok: false, error: 'status' });
    });
  }
});

describe('a service order', () => {
  it('runs until it is over and paid for', () => {
    const running = serviceOrderStatuses.filter((status) => isRunning({ status }));
    assert.deepEqual(running, ['CREATED', 'DOING', 'COMPLETED']);
  });

  it('is settled from then on, and never while a command is pending', () => {
    const { pending } = orderOf(full);
    for (const status of serviceOrderStatuses) {
      const settled = isServiceOrderSettled({ status, pending: undefined });
      assert.equal(settled, !isRunning({ status }), status);
      assert.equal(isServiceOrderSettled({ status, pending }), false, status);
    }
  });
});
