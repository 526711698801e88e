import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '#core/account.ts';
import type { Decision } from '#core/decision.ts';
import type { StoredRecord } from '#core/record.ts';
import type { ClaimFinding } from '#core/subjects/order/claim.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import {
  account,
  changeOf,
  checked,
  closeAt,
  moment,
  orderOf,
  orderRecord,
  paymentData,
  says,
  taken,
} from '../../fixtures.ts';

const now = moment('2026-11-21T04:05:10Z');
const owner = {
  account: account.name,
  mchid: account.mchid,
  out_trade_no: checked(isOutTradeNo, 'A-1000'),
};
const back = 'back-A-1001-20261121';
const backNote = { out_refund_no: back, refundFen: 8_800, startAt: now, status: 'CREATED' };
const waiting = orderRecord({ status: 'AWAITING' });
const closed = orderRecord({ status: 'CLOSED' });
const unanswered = orderRecord({ status: 'REVIEW' }, { reviewReason: 'not-found' });

function decide(
  record: StoredRecord,
  claim: ClaimFinding | undefined,
  policies: Partial<Account> = {},
  at = now,
): Decision {
  const context = { now: at, account: { ...account, ...policies } };
  const withClaim = claim === undefined ? context : { ...context, claim };
  return decideOrder(orderOf(record), says('SUCCESS'), withClaim);
}

const held = {
  status: 'REVIEW',
  patch: {
    set: { ...paymentData, duplicateOf: owner, reviewReason: 'duplicate', noted: 'SUCCESS' },
  },
  events: ['order.duplicate'],
  evidence: 'SUCCESS',
};

describe('an order about to be announced for a reference', () => {
  for (const [what, record] of [
    ['waiting', waiting],
    ['in a review without an answer', unanswered],
  ] as const) {
    it(`${what}, is not decided on before it claimed it`, () => {
      const decision = { type: 'unknown', code: 'UNCLAIMED', isFault: false };
      assert.deepEqual(decide(record, undefined), decision);
    });

    it(`${what}, is paid once it has it`, () => {
      assert.equal(changeOf(decide(record, taken)).status, 'PAID');
      assert.deepEqual(changeOf(decide(record, taken)).events, ['order.paid']);
      assert.equal(changeOf(decide(record, taken)).starts, undefined);
    });

    it(`${what}, looks again while the owner is undecided`, () => {
      const decision = { type: 'unknown', code: 'CLAIM_WAITS', isFault: false };
      assert.deepEqual(decide(record, { type: 'waits', owner }), decision);
    });
  }

  it('that is late needs none, unless it is fulfilled', () => {
    assert.deepEqual(changeOf(decide(closed, undefined)).events, ['order.paid_late']);
    const decision = decide(closed, undefined, { latePolicy: 'fulfil' });
    assert.deepEqual(decision, { type: 'unknown', code: 'UNCLAIMED', isFault: false });
    const change = changeOf(decide(closed, taken, { latePolicy: 'fulfil' }));
    assert.deepEqual(change.events, ['order.paid']);
    assert.equal(change.patch.set?.['late'], true);
  });

  it('that is not as ordered needs none', () => {
    const answer = { ...says('SUCCESS'), appid: 'wx0000000000000000' };
    const decision = decideOrder(orderOf(waiting), answer, { now, account });
    assert.deepEqual(changeOf(decision).events, ['order.review']);
  });
});

describe('an order whose reference is paid for', () => {
  const duplicate: ClaimFinding = { type: 'duplicate', owner };

  it('is announced as a duplicate, and all of it goes back', () => {
    assert.deepEqual(changeOf(decide(waiting, duplicate)), {
      status: 'PAID',
      patch: { set: { ...paymentData, duplicateOf: owner, refunds: [backNote] } },
      events: ['order.duplicate'],
      starts: [
        {
          kind: 'refund',
          number: back,
          startAt: now,
          data: {
            out_trade_no: 'A-1001-20261121',
            transaction_id: '4200000001202611210000000001',
            refundFen: 8_800,
            totalFen: 8_800,
            origin: 'duplicate',
            reason: '重复支付，款项原路退回',
            notify_url: 'https://pay.example.com/notify/shop',
          },
        },
      ],
      evidence: 'SUCCESS',
    });
  });

  it('ends its review with that', () => {
    assert.deepEqual(changeOf(decide(unanswered, duplicate)).patch.unset, ['reviewReason']);
  });

  it('is both late and a duplicate where late ones are fulfilled', () => {
    const change = changeOf(decide(closed, duplicate, { latePolicy: 'fulfil' }));
    assert.deepEqual(change.events, ['order.duplicate']);
    assert.equal(change.patch.set?.['late'], true);
    assert.deepEqual(change.patch.set?.['duplicateOf'], owner);
  });

  it('is held by policy', () => {
    assert.deepEqual(changeOf(decide(waiting, duplicate, { duplicatePolicy: 'hold' })), held);
  });

  it('is held where a refund of it was begun already', () => {
    const noted = { ...backNote, out_refund_no: 'R-1', startAt: now };
    const begun = orderRecord({ status: 'AWAITING' }, { refunds: [noted] });
    assert.deepEqual(changeOf(decide(begun, duplicate)), held);
  });

  it('is held whatever the policy when the owner may not be paid any more', () => {
    assert.deepEqual(changeOf(decide(waiting, { type: 'doubtful', owner })), held);
  });

  it('is held when the owner has not been decided on for a day', () => {
    const day = 24 * 3_600_000;
    const atLast = moment(new Date(closeAt + day).toISOString());
    const before = moment(new Date(closeAt + day - 1).toISOString());
    const waits: ClaimFinding = { type: 'waits', owner };
    assert.equal(decide(waiting, waits, {}, before).type, 'unknown');
    assert.deepEqual(changeOf(decide(waiting, waits, {}, atLast)), held);
  });
});
