import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LatePolicy } from '#core/account.ts';
import type { Decision } from '#core/decision.ts';
import type { CloseOutcome, OrderEvidence } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { isFen } from '#core/values/money.ts';
import { type Instant, instant } from '#core/values/time.ts';
import {
  account,
  changeOf,
  checked,
  moment,
  notFound,
  orderOf,
  otherMchid,
  paymentData,
  says,
} from '../../fixtures.ts';
import { dayAfter, reversalAt, reversingRecord } from './code-payments.ts';
import { note } from './refund-notes.ts';

const done: CloseOutcome = { type: 'done' };
const noSuchOrder: CloseOutcome = { type: 'no-such-order', code: 'ORDERNOTEXIST' };
const refused: CloseOutcome = { type: 'refused', code: 'TRADE_ERROR' };
const unknown: CloseOutcome = { type: 'unknown', code: 'RECALL' };
const fault: CloseOutcome = { type: 'fault', code: 'NOAUTH' };
const outcomes = [done, noSuchOrder, refused, unknown, fault];

const unpaid = ['NOTPAY', 'PAYERROR', 'USERPAYING', 'ACCEPT'] as const;
const cheaper = says('SUCCESS', { amountFen: checked(isFen, 8_799) });
const stranger = { ...says('SUCCESS'), mchid: otherMchid };
const payable: readonly OrderEvidence[] = [
  ...unpaid.map((state) => says(state)),
  says('SUCCESS'),
  cheaper,
  stranger,
  says('REFUND'),
];
const later = moment('2026-11-21T04:10:00Z');
const reverse: Decision = { type: 'command', command: 'reverse' };
const back = 'back-A-1001-20261121';

type Given = {
  readonly closed?: CloseOutcome;
  readonly now?: Instant;
  readonly latePolicy?: LatePolicy;
};

/** Without a claim: what is being reversed must never ask for one. */
function decide(record: StoredRecord, evidence: OrderEvidence, given: Given = {}): Decision {
  const { now = later, latePolicy = 'refund', closed } = given;
  return decideOrder(orderOf(record), evidence, {
    now,
    account: { ...account, latePolicy },
    ...(closed !== undefined && { closed }),
  });
}

const reversing = [reversingRecord(), reversingRecord({ status: 'AWAITING' })];

describe('a code payment that is being reversed', () => {
  for (const evidence of payable) {
    const name = evidence.type === 'state' ? evidence.state : evidence.type;
    it(`has its reversal sent, whatever the time and the policy, when WeChat says ${name}`, () => {
      for (const record of reversing) {
        for (const latePolicy of ['refund', 'hold', 'fulfil'] as const) {
          for (const now of [reversalAt, later, dayAfter]) {
            assert.deepEqual(decide(record, evidence, { now, latePolicy }), reverse);
          }
        }
      }
    });

    it(`is never announced as paid, however its reversal ended, when WeChat says ${name}`, () => {
      for (const closed of outcomes) {
        for (const latePolicy of ['refund', 'hold', 'fulfil'] as const) {
          for (const now of [later, dayAfter]) {
            const decision = decide(reversingRecord(), evidence, { closed, now, latePolicy });
            const events = decision.type === 'commit' ? decision.change.events : [];
            assert.equal(events.includes('order.paid'), false);
            assert.notEqual(decision.type, 'command');
          }
        }
      }
    });
  }

  it('is closed when its reversal was done and WeChat says REFUND, with its payment noted', () => {
    for (const now of [later, dayAfter]) {
      assert.deepEqual(changeOf(decide(reversingRecord(), says('REFUND'), { closed: done, now })), {
        status: 'CLOSED',
        patch: { set: { ...paymentData, noted: 'REFUND', closeReason: 'expired' } },
        events: ['order.closed'],
        lookAfterClose: true,
        evidence: 'REFUND',
      });
    }
  });

  for (const closed of [noSuchOrder, refused, unknown]) {
    it(`is not closed by a REFUND that came after a reversal that ended ${closed.type}`, () => {
      const decision = decide(reversingRecord(), says('REFUND'), { closed });
      assert.deepEqual(decision, { type: 'wait' });
    });
  }

  for (const closed of [done, noSuchOrder, unknown]) {
    it(`gives nothing back while its reversal ended ${closed.type}: that may do it`, () => {
      for (const evidence of [says('SUCCESS'), cheaper]) {
        assert.deepEqual(decide(reversingRecord(), evidence, { closed }), { type: 'wait' });
      }
    });
  }

  it('and was paid as ordered is given back when its reversal is refused', () => {
    for (const now of [later, dayAfter]) {
      const given = { closed: refused, now };
      const change = changeOf(decide(reversingRecord(), says('SUCCESS'), given));
      assert.equal(change.status, 'PAID');
      assert.deepEqual(change.events, ['order.paid_late']);
      assert.deepEqual(change.patch.set, {
        ...paymentData,
        late: true,
        refunds: [{ out_refund_no: back, refundFen: 8_800, startAt: now, status: 'CREATED' }],
      });
      assert.deepEqual(
        change.starts?.map(({ kind, number }) => [kind, number]),
        [['refund', back]],
      );
    }
  });

  for (const latePolicy of ['hold', 'fulfil'] as const) {
    it(`and was paid as ordered is a person's when its reversal is refused, policy ${latePolicy}`, () => {
      const decision = decide(reversingRecord(), says('SUCCESS'), { closed: refused, latePolicy });
      assert.deepEqual(changeOf(decision), {
        status: 'REVIEW',
        patch: {
          set: { ...paymentData, late: true, reviewReason: 'late', noted: 'SUCCESS' },
        },
        events: ['order.paid_late'],
        evidence: 'SUCCESS',
      });
    });
  }

  for (const [what, evidence, fen] of [
    ['amount', cheaper, 8_799],
    ['mchid', stranger, 8_800],
  ] as const) {
    it(`and was paid with another ${what} is a person's when its reversal is refused`, () => {
      for (const latePolicy of ['refund', 'hold', 'fulfil'] as const) {
        const decision = decide(reversingRecord(), evidence, { closed: refused, latePolicy });
        assert.deepEqual(changeOf(decision), {
          status: 'REVIEW',
          patch: { set: { ...paymentData, paidFen: fen, reviewReason: what, noted: 'SUCCESS' } },
          events: ['order.review'],
          evidence: 'SUCCESS',
        });
      }
    });
  }

  it("is a person's when its reversal is refused and a refund was begun already", () => {
    for (const refunds of [[note('R-1')], [note(back, { status: 'CLOSED' })]]) {
      const decision = decide(reversingRecord({}, { refunds }), says('SUCCESS'), {
        closed: refused,
      });
      const change = changeOf(decision);
      assert.deepEqual([change.status, change.patch.set?.['reviewReason']], ['REVIEW', 'late']);
      assert.deepEqual(change.events, ['order.paid_late']);
      assert.equal(change.starts, undefined);
    }
  });

  for (const state of unpaid) {
    it(`and still ${state} after its reversal is looked at by its plan until a day is over`, () => {
      const last = instant(dayAfter - 1);
      for (const closed of [done, noSuchOrder, refused, unknown]) {
        const decision = decide(reversingRecord(), says(state), { closed, now: last });
        assert.deepEqual(decision, { type: 'wait' });
      }
    });

    it(`and still ${state} after a day is a person's`, () => {
      for (const closed of outcomes) {
        const decision = decide(reversingRecord(), says(state), { closed, now: dayAfter });
        assert.deepEqual(changeOf(decision), {
          status: 'REVIEW',
          patch: { set: { reviewReason: 'reverse', noted: state } },
          events: ['order.review'],
          evidence: state,
        });
      }
    });
  }

  it('keeps what it saw paid when a person must decide', () => {
    for (const state of ['SUCCESS', 'REFUND'] as const) {
      const decision = decide(reversingRecord(), says(state), { closed: unknown, now: dayAfter });
      const set = { ...paymentData, reviewReason: 'reverse', noted: state };
      assert.deepEqual(changeOf(decision).patch, { set });
    }
  });

  it('waits for somebody to repair the account when its reversal met a fault', () => {
    const faulty = { type: 'unknown', code: 'NOAUTH', isFault: true };
    for (const evidence of payable) {
      assert.deepEqual(decide(reversingRecord(), evidence, { closed: fault }), faulty);
    }
    assert.deepEqual(decide(reversingRecord(), notFound, { closed: fault }), faulty);
  });

  for (const evidence of [
    { type: 'unknown', code: 'TIMEOUT' },
    { type: 'fault', code: 'SIGN_ERROR' },
  ] as const) {
    it(`has no reversal sent on an answer that is ${evidence.type}`, () => {
      const { type, code } = evidence;
      const owed = { type: 'unknown', code, isFault: type === 'fault' };
      for (const now of [reversalAt, dayAfter]) {
        assert.deepEqual(decide(reversingRecord(), evidence, { now }), owed);
        assert.deepEqual(decide(reversingRecord(), evidence, { now, closed: done }), owed);
      }
    });
  }
});
