import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change } from '#core/decision.ts';
import type { CloseOutcome, OrderEvidence } from '#core/evidence.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { isTransactionId } from '#core/values/ids.ts';
import type { Json } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import {
  account,
  changeOf,
  checked,
  createdAt,
  moment,
  notFound,
  orderOf,
  orderRecord,
  paymentData,
  says,
  taken,
} from '../../fixtures.ts';
import { note } from './refund-notes.ts';

type Action = 'accept' | 'refund' | 'close';

const now = moment('2026-11-21T07:00:00Z');
const asked = { by: 'lin', why: 'called the payer', at: createdAt };
const back = 'back-A-1001-20261121';

function decide(
  action: Action,
  evidence: OrderEvidence,
  more: { readonly closed?: CloseOutcome; readonly data?: Readonly<Record<string, Json>> } = {},
) {
  const data = { reviewReason: 'amount', ...more.data, resolution: { action, ...asked } };
  const order = orderOf(orderRecord({ status: 'REVIEW' }, data));
  const closed = more.closed === undefined ? {} : { closed: more.closed };
  return decideOrder(order, evidence, { now, account, claim: taken, ...closed });
}

function done(action: Action, change: Partial<Change>, set: Readonly<Record<string, Json>>) {
  return {
    type: 'commit',
    change: {
      ...change,
      patch: {
        set: { ...set, resolved: { action, ...asked, outcome: 'done' } },
        unset: ['resolution', 'reviewReason'],
      },
    },
  };
}

function impossible(action: Action, evidence: string) {
  return {
    type: 'commit',
    change: {
      patch: {
        set: { resolved: { action, ...asked, outcome: 'impossible' } },
        unset: ['resolution'],
      },
      events: [],
      evidence,
    },
  };
}

const unpaid = ['NOTPAY', 'PAYERROR', 'USERPAYING', 'ACCEPT', 'CLOSED', 'REVOKED'] as const;
const unanswered: readonly OrderEvidence[] = [
  { type: 'unknown', code: 'TIMEOUT' },
  { type: 'fault', code: 'SIGN_ERROR' },
];

describe('a resolution', () => {
  it('waits while WeChat gives no answer', () => {
    for (const action of ['accept', 'refund', 'close'] as const) {
      for (const evidence of unanswered) {
        assert.equal(decide(action, evidence).type, 'unknown', `${action} ${evidence.type}`);
      }
    }
  });

  it('of an order that is in no review decides nothing', () => {
    const data = { ...paymentData, resolution: { action: 'refund', ...asked } };
    const order = orderOf(orderRecord({ status: 'PAID' }, data));
    assert.deepEqual(decideOrder(order, says('SUCCESS'), { now, account }), { type: 'quiet' });
  });
});

describe('a resolution of a payment that we know', () => {
  for (const action of ['accept', 'refund', 'close'] as const) {
    it(`is not decided by an unsigned answer: ${action}`, () => {
      const decision = { type: 'unknown', code: 'ORDER_NOT_EXIST', isFault: false };
      assert.deepEqual(decide(action, notFound, { data: paymentData }), decision);
      const closed = { type: 'no-such-order', code: 'ORDER_NOT_EXIST' } as const;
      assert.deepEqual(decide(action, notFound, { data: paymentData, closed }), decision);
    });
  }
});

describe('accept', () => {
  for (const state of ['SUCCESS', 'REFUND'] as const) {
    it(`takes it as paid when WeChat says ${state}`, () => {
      const change = { status: 'PAID', events: ['order.paid'], evidence: state } as const;
      assert.deepEqual(decide('accept', says(state)), done('accept', change, paymentData));
    });
  }

  it('takes it as paid also where we knew the payment before', () => {
    const change = { status: 'PAID', events: ['order.paid'], evidence: 'SUCCESS' } as const;
    const decision = decide('accept', says('SUCCESS'), { data: paymentData });
    assert.deepEqual(decision, done('accept', change, paymentData));
  });

  for (const state of unpaid) {
    it(`is impossible when WeChat says ${state}`, () => {
      assert.deepEqual(decide('accept', says(state)), impossible('accept', state));
    });
  }

  it('is impossible when WeChat knows no such order', () => {
    assert.deepEqual(decide('accept', notFound), impossible('accept', 'not-found'));
  });

  it('keeps its order PAID although the amount is not as ordered', () => {
    const resolved = { action: 'accept', ...asked, outcome: 'done' };
    const order = orderOf(
      orderRecord({ status: 'PAID' }, { ...paymentData, paidFen: 8_700, resolved }),
    );
    const amountFen = (fen: number) => says('SUCCESS', { amountFen: checked(isFen, fen) });
    assert.deepEqual(decideOrder(order, amountFen(8_700), { now, account }), { type: 'quiet' });
    const change = changeOf(decideOrder(order, amountFen(8_800), { now, account }));
    assert.equal(change.patch.set?.['contradictedAt'], now);
  });
});

describe('refund', () => {
  const started = {
    kind: 'refund',
    number: back,
    startAt: now,
    data: {
      out_trade_no: 'A-1001-20261121',
      transaction_id: '4200000001202611210000000001',
      refundFen: 8_800,
      totalFen: 8_800,
      origin: 'resolve',
      reason: '订单已取消，款项原路退回',
      notify_url: 'https://pay.example.com/notify/shop',
    },
  } as const;
  const note = { out_refund_no: back, refundFen: 8_800, startAt: now, status: 'CREATED' };

  it('gives all of it back, and announces nothing but the refund', () => {
    const change = { status: 'PAID', events: [], starts: [started], evidence: 'SUCCESS' } as const;
    const expected = done('refund', change, { ...paymentData, refunds: [note] });
    assert.deepEqual(decide('refund', says('SUCCESS')), expected);
  });

  it('is impossible when a part went back already, or is on its way', () => {
    assert.deepEqual(decide('refund', says('REFUND')), impossible('refund', 'REFUND'));
    const data = { refunds: [{ ...note, out_refund_no: 'R-1' }] };
    const decision = decide('refund', says('SUCCESS'), { data });
    assert.deepEqual(decision, impossible('refund', 'SUCCESS'));
  });

  it('is impossible when its number came to nothing before', () => {
    const data = { refunds: [{ ...note, status: 'CLOSED' }] };
    const decision = decide('refund', says('SUCCESS'), { data });
    assert.deepEqual(decision, impossible('refund', 'SUCCESS'));
  });

  for (const state of unpaid) {
    it(`is impossible when WeChat says ${state}`, () => {
      assert.deepEqual(decide('refund', says(state)), impossible('refund', state));
    });
  }

  it('is impossible when WeChat knows no such order', () => {
    assert.deepEqual(decide('refund', notFound), impossible('refund', 'not-found'));
  });
});

describe('close', () => {
  const change = {
    status: 'CLOSED',
    events: ['order.closed'],
    lookAfterClose: true,
  } as const;

  for (const state of ['REFUND', 'CLOSED', 'REVOKED'] as const) {
    it(`closes it when WeChat says ${state}`, () => {
      const seen = state === 'REFUND' ? { ...paymentData, noted: 'REFUND' } : {};
      const set = { closeReason: 'resolved', ...seen };
      const expected = done('close', { ...change, evidence: state }, set);
      assert.deepEqual(decide('close', says(state)), expected);
    });
  }

  const closing = ['CLOSED', ['order.closed']];
  for (const [what, refunds, isDone] of [
    ['on its way', ['PROCESSING'], true],
    ['one of several done', ['CLOSED', 'SUCCESS', 'REFUSED'], true],
    ['closed', ['CLOSED'], false],
    ['closed and refused', ['CLOSED', 'REFUSED'], false],
  ] as const) {
    it(`on REFUND is ${isDone ? 'done' : 'impossible'} when its refunds are ${what}`, () => {
      const notes = refunds.map((status, number) => note(`R-${number}`, { status }));
      const decision = decide('close', says('REFUND'), { data: { refunds: notes } });
      if (isDone) {
        assert.deepEqual([changeOf(decision).status, changeOf(decision).events], closing);
      } else {
        assert.deepEqual(decision, impossible('close', 'REFUND'));
      }
    });
  }

  it('is impossible on CLOSED when a payment was seen: that answer is older', () => {
    const found = decide('close', says('CLOSED'), { data: paymentData });
    assert.deepEqual(found, impossible('close', 'CLOSED'));
    const reversed = decide('close', says('REVOKED'), { data: paymentData });
    assert.deepEqual([changeOf(reversed).status, changeOf(reversed).events], closing);
  });

  it('is done on CLOSED although the refunds we know came to nothing: nothing was paid', () => {
    const refunds = [note('R-1', { status: 'REFUSED' })];
    const found = decide('close', says('CLOSED'), { data: { refunds } });
    assert.deepEqual([changeOf(found).status, changeOf(found).events], closing);
  });

  it('is impossible when it is paid', () => {
    assert.deepEqual(decide('close', says('SUCCESS')), impossible('close', 'SUCCESS'));
  });

  for (const evidence of [says('NOTPAY'), says('USERPAYING'), notFound]) {
    const word = evidence.type === 'state' ? evidence.state : evidence.type;
    it(`has WeChat close it first when it says ${word}`, () => {
      assert.deepEqual(decide('close', evidence), { type: 'command', command: 'close' });
    });

    for (const closed of [
      { type: 'refused', code: 'TRADE_ERROR' },
      { type: 'unknown', code: 'TIMEOUT' },
      { type: 'fault', code: 'SIGN_ERROR' },
    ] as const) {
      it(`looks again when that was ${closed.type} and it still says ${word}`, () => {
        const isFault = closed.type === 'fault';
        const decision = { type: 'unknown', code: 'STILL_PAYABLE', isFault };
        assert.deepEqual(decide('close', evidence, { closed }), decision);
      });
    }
  }

  it('is impossible where what lives at WeChat is not ours to close', () => {
    const data = { unplaced: true };
    for (const evidence of [says('NOTPAY'), says('USERPAYING')]) {
      const decision = decide('close', evidence, { data });
      assert.deepEqual(decision, impossible('close', evidence.state));
    }
  });

  it('looks again when WeChat closed it and still says that it can be paid', () => {
    const decision = { type: 'unknown', code: 'STILL_PAYABLE', isFault: false };
    assert.deepEqual(decide('close', says('NOTPAY'), { closed: { type: 'done' } }), decision);
  });

  for (const closed of [
    { type: 'done' },
    { type: 'no-such-order', code: 'ORDER_NOT_EXIST' },
  ] as const) {
    it(`closes what WeChat does not know after a definite answer: ${closed.type}`, () => {
      const expected = done(
        'close',
        { ...change, evidence: 'not-found' },
        { closeReason: 'resolved' },
      );
      assert.deepEqual(decide('close', notFound, { closed }), expected);
    });
  }

  it('leaves its order closed although the payment that went back is seen again', () => {
    const data = { ...paymentData, closeReason: 'resolved' };
    const order = orderOf(orderRecord({ status: 'CLOSED' }, data));
    const decision = decideOrder(order, says('REFUND'), { now, account });
    const change = { patch: { set: { noted: 'REFUND' } }, events: [], evidence: 'REFUND' };
    assert.deepEqual(decision, { type: 'commit', change });
    const again = orderOf(orderRecord({ status: 'CLOSED' }, { ...data, noted: 'REFUND' }));
    assert.deepEqual(decideOrder(again, says('REFUND'), { now, account }), { type: 'quiet' });
    const other = { transaction_id: checked(isTransactionId, '4200000001202611210000000009') };
    const found = changeOf(decideOrder(order, says('REFUND', other), { now, account }));
    assert.equal(found.status, 'REVIEW');
  });
});
