import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LatePolicy } from '#core/account.ts';
import type { OrderEvidence, TradeState } from '#core/evidence.ts';
import { judgeOwner, latePolicyFor, referenceToClaim } from '#core/subjects/order/claim.ts';
import { decodeOrder } from '#core/subjects/order/order.ts';
import type { JsonObject } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import {
  account,
  checked,
  createdAt,
  notFound,
  orderOf,
  orderRecord,
  otherMchid,
  otherOpenid,
  paymentData,
  says,
} from '../../fixtures.ts';
import { codeRecord, reversingRecord } from './code-payments.ts';
import { note } from './refund-notes.ts';

const review = (reviewReason: string, data: JsonObject = paymentData): JsonObject => ({
  ...data,
  reviewReason,
});
const resolution = (action: string): JsonObject => ({
  action,
  by: 'lin',
  why: 'called the payer',
  at: createdAt,
});

function claimed(
  status: string,
  data: JsonObject,
  evidence: OrderEvidence,
  latePolicy: LatePolicy = 'refund',
): string | undefined {
  const order = orderOf(orderRecord({ status }, data));
  return referenceToClaim(order, evidence, { ...account, latePolicy });
}

describe('the reference of an order', () => {
  for (const [what, status, data] of [
    ['a CREATED order', 'CREATED', {}],
    ['an AWAITING order', 'AWAITING', {}],
    ['a review that opened as not found', 'REVIEW', review('not-found', {})],
    ['a review that opened while somebody paid', 'REVIEW', review('user-paying', {})],
  ] as const) {
    it(`is claimed for ${what} that is paid as ordered`, () => {
      assert.equal(claimed(status, data, says('SUCCESS')), 'shop-4711');
    });
  }

  for (const action of ['refund', 'close']) {
    it(`is not claimed for a review that a person resolves by ${action}`, () => {
      for (const reviewReason of ['not-found', 'user-paying']) {
        const data = { ...review(reviewReason), resolution: resolution(action) };
        assert.equal(claimed('REVIEW', data, says('SUCCESS')), undefined);
      }
    });
  }

  it('is not claimed by what is no answer of WeChat about the order, nor for the unknown', () => {
    const accepted = { ...review('amount'), resolution: resolution('accept') };
    for (const evidence of [notFound, { type: 'unknown', code: 'TIMEOUT' } as const]) {
      assert.equal(claimed('REVIEW', accepted, evidence), undefined);
      assert.equal(claimed('AWAITING', {}, evidence), undefined);
    }
    assert.equal(claimed('PAID', paymentData, says('SUCCESS')), undefined);
    assert.equal(claimed('UNMATCHED', paymentData, says('SUCCESS')), undefined);
  });

  for (const status of ['CLOSED', 'REFUSED']) {
    it(`is claimed for a late payment of ${status} only where that is fulfilled`, () => {
      assert.equal(claimed(status, {}, says('SUCCESS'), 'fulfil'), 'shop-4711');
      assert.equal(claimed(status, {}, says('SUCCESS'), 'refund'), undefined);
      assert.equal(claimed(status, {}, says('SUCCESS'), 'hold'), undefined);
    });
  }

  for (const reason of ['amount', 'late', 'duplicate', 'not-found', 'user-paying']) {
    for (const state of ['SUCCESS', 'REFUND'] as const) {
      it(`is claimed for a review for ${reason} that a person accepts, when WeChat says ${state}`, () => {
        const data = { ...review(reason), resolution: resolution('accept') };
        const evidence = says(state, { amountFen: checked(isFen, 1) });
        assert.equal(claimed('REVIEW', data, evidence), 'shop-4711');
      });
    }
  }

  for (const [what, status, data] of [
    ['a PAID order', 'PAID', paymentData],
    ['a payment that nobody ordered', 'UNMATCHED', paymentData],
    ['a review for its amount', 'REVIEW', review('amount')],
    ['a review for a late payment', 'REVIEW', review('late')],
    ['a review for a duplicate', 'REVIEW', review('duplicate')],
    [
      'a review that a person has refunded',
      'REVIEW',
      { ...review('late'), resolution: resolution('refund') },
    ],
    [
      'a review that a person closes',
      'REVIEW',
      { ...review('late'), resolution: resolution('close') },
    ],
  ] as const) {
    it(`is not claimed for ${what}`, () => {
      for (const policy of ['refund', 'hold', 'fulfil'] as const) {
        assert.equal(claimed(status, data, says('SUCCESS'), policy), undefined);
      }
    });
  }

  const others: readonly TradeState[] = ['REFUND', 'NOTPAY', 'CLOSED', 'USERPAYING'];
  const untrue: readonly (readonly [string, OrderEvidence])[] = [
    ['of another amount', says('SUCCESS', { amountFen: checked(isFen, 8_799) })],
    ['in another currency', says('SUCCESS', { currency: 'HKD' })],
    ['by another payer', says('SUCCESS', { openid: otherOpenid })],
    ['of another merchant', { ...says('SUCCESS'), mchid: otherMchid }],
    ['of another app', { ...says('SUCCESS'), appid: 'wx0000000000000000' }],
    ...others.map((state) => [`that is ${state}`, says(state)] as const),
    ['that WeChat does not know', notFound],
    ['without an answer', { type: 'unknown', code: 'TIMEOUT' }],
    ['that WeChat refuses to tell', { type: 'fault', code: 'SIGN_ERROR' }],
  ];
  for (const [what, evidence] of untrue) {
    it(`is not claimed by a payment ${what}`, () => {
      assert.equal(claimed('AWAITING', {}, evidence), undefined);
    });
  }

  it('is not claimed for a review that is accepted without money', () => {
    const data = { ...review('not-found', {}), resolution: resolution('accept') };
    for (const evidence of [says('NOTPAY'), says('CLOSED'), notFound]) {
      assert.equal(claimed('REVIEW', data, evidence), undefined);
    }
  });

  it('is nothing where the merchant named none', () => {
    const { reference: _, ...data } = orderRecord().data;
    const order = orderOf({ ...orderRecord(), data });
    assert.equal(referenceToClaim(order, says('SUCCESS'), account), undefined);
  });
});

describe('the reference of a code payment', () => {
  const policies = ['refund', 'hold', 'fulfil'] as const;

  it('is claimed where it is paid before it is being reversed', () => {
    for (const status of ['CREATED', 'AWAITING']) {
      const order = orderOf(codeRecord({ status }));
      assert.equal(referenceToClaim(order, says('SUCCESS'), account), 'shop-4711');
    }
  });

  for (const status of ['CREATED', 'AWAITING', 'CLOSED']) {
    it(`is not claimed where it is ${status} and being reversed, whatever the policy`, () => {
      const order = orderOf(reversingRecord({ status }));
      for (const latePolicy of policies) {
        const claim = referenceToClaim(order, says('SUCCESS'), { ...account, latePolicy });
        assert.equal(claim, undefined);
      }
    });
  }

  it('is not claimed for a review that could not be reversed, unless a person accepts it', () => {
    const data = { reviewReason: 'reverse' };
    const order = orderOf(reversingRecord({ status: 'REVIEW' }, data));
    for (const latePolicy of policies) {
      const claim = referenceToClaim(order, says('SUCCESS'), { ...account, latePolicy });
      assert.equal(claim, undefined);
    }
    for (const action of ['refund', 'close', 'accept']) {
      const resolving = { ...data, resolution: resolution(action) };
      const resolved = orderOf(reversingRecord({ status: 'REVIEW' }, resolving));
      const claim = referenceToClaim(resolved, says('SUCCESS'), account);
      assert.equal(claim, action === 'accept' ? 'shop-4711' : undefined);
    }
  });

  it('waits for an owner that is being reversed, and doubts one that was, or could not be', () => {
    assert.equal(judgeOwner(orderOf(reversingRecord())), 'waits');
    assert.equal(judgeOwner(orderOf(codeRecord({ status: 'CLOSED' }))), 'waits');
    assert.equal(judgeOwner(orderOf(reversingRecord({ status: 'CLOSED' }))), 'doubtful');
    const data = { reviewReason: 'reverse' };
    assert.equal(judgeOwner(orderOf(reversingRecord({ status: 'REVIEW' }, data))), 'doubtful');
  });
});

describe('what becomes of a late payment', () => {
  for (const [policy, whole, reversed] of [
    ['refund', 'refund', 'refund'],
    ['hold', 'hold', 'hold'],
    ['fulfil', 'fulfil', 'hold'],
  ] as const) {
    it(`is ${whole} under the policy ${policy}, and ${reversed} where it may have been reversed`, () => {
      const by = { latePolicy: policy };
      for (const status of ['CLOSED', 'REFUSED', 'CREATED']) {
        assert.equal(latePolicyFor(orderOf(orderRecord({ status })), by), whole);
        assert.equal(latePolicyFor(orderOf(codeRecord({ status })), by), whole);
        assert.equal(latePolicyFor(orderOf(reversingRecord({ status })), by), reversed);
      }
    });
  }
});

describe('the owner of a reference', () => {
  const going = note('R-1', { status: 'PROCESSING' });
  const rows: readonly (readonly [string, string, JsonObject, string])[] = [
    ['CLOSED', 'CLOSED', {}, 'waits'],
    ['CLOSED by a person', 'CLOSED', { closeReason: 'resolved' }, 'doubtful'],
    ['REFUSED', 'REFUSED', {}, 'waits'],
    ['CREATED', 'CREATED', {}, 'waits'],
    ['AWAITING', 'AWAITING', {}, 'waits'],
    ['in review while somebody pays', 'REVIEW', review('user-paying', {}), 'waits'],
    [
      'in review, being resolved',
      'REVIEW',
      { ...review('amount'), resolution: resolution('close') },
      'waits',
    ],
    ['PAID', 'PAID', paymentData, 'duplicate'],
    [
      'PAID, a refund CLOSED',
      'PAID',
      { ...paymentData, refunds: [note('R-1', { status: 'CLOSED' })] },
      'duplicate',
    ],
    [
      'PAID, a refund REFUSED',
      'PAID',
      { ...paymentData, refunds: [note('R-1', { status: 'REFUSED' })] },
      'duplicate',
    ],
    ['PAID, a refund under way', 'PAID', { ...paymentData, refunds: [going] }, 'doubtful'],
    ['PAID and refunded', 'PAID', { ...paymentData, refunds: [note('R-1')] }, 'doubtful'],
    ['PAID, and WeChat said REFUND', 'PAID', { ...paymentData, noted: 'REFUND' }, 'doubtful'],
    [
      'PAID, and WeChat denied it',
      'PAID',
      { ...paymentData, contradictedAt: createdAt },
      'doubtful',
    ],
    ['in review for its amount', 'REVIEW', review('amount'), 'doubtful'],
    ['in review as not found', 'REVIEW', review('not-found', {}), 'doubtful'],
    ['UNMATCHED', 'UNMATCHED', paymentData, 'doubtful'],
  ];
  for (const [what, status, data, judged] of rows) {
    it(`that is ${what} is ${judged}`, () => {
      assert.equal(judgeOwner(orderOf(orderRecord({ status }, data))), judged);
    });
  }

  it('whose record is missing is doubtful: it was lost, not closed', () => {
    assert.equal(judgeOwner(undefined), 'doubtful');
  });
});

describe('the order that paid the reference before', () => {
  const duplicateOf = { account: 'app', mchid: '1900000009', out_trade_no: 'B-1001-20261121' };

  it('is read back as it was kept', () => {
    assert.deepEqual(orderOf(orderRecord({}, { duplicateOf })).duplicateOf, duplicateOf);
    assert.equal(orderOf(orderRecord()).duplicateOf, undefined);
  });

  for (const damage of [
    null,
    'B-1001-20261121',
    {},
    { ...duplicateOf, account: 'App' },
    { ...duplicateOf, mchid: 1_900_000_009 },
    { ...duplicateOf, out_trade_no: 'B#1001' },
  ]) {
    it(`is not read from ${JSON.stringify(damage)}`, () => {
      const decoded = decodeOrder(orderRecord({}, { duplicateOf: damage }));
      assert.deepEqual(decoded, { ok: false, error: 'duplicateOf' });
    });
  }
});
