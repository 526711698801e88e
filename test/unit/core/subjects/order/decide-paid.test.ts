import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OrderEvidence } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { instant } from '#core/values/time.ts';
import {
  account,
  changeOf,
  committed,
  moment,
  notFound,
  orderOf,
  orderRecord,
  otherMchid,
  paymentData,
  says,
} from '../../fixtures.ts';

const now = moment('2026-11-21T12:00:00Z');
const tenMinutes = 600_000;
const later = (ms: number) => instant(now + ms);
const paid = orderRecord({ status: 'PAID' }, paymentData);
const doubted = orderRecord(
  { status: 'PAID', dueAt: later(tenMinutes) },
  {
    ...paymentData,
    contradictedAt: now,
  },
);

function decide(record: StoredRecord, evidence: OrderEvidence, at = now) {
  return decideOrder(orderOf(record), evidence, { now: at, account });
}

const { payment } = says('SUCCESS');
assert.ok(payment !== undefined);

const contradictions = [
  ...(['NOTPAY', 'PAYERROR', 'USERPAYING', 'ACCEPT', 'CLOSED', 'REVOKED'] as const).map((state) =>
    says(state),
  ),
  { ...says('SUCCESS'), mchid: otherMchid },
  { ...says('CLOSED'), payment },
];
const unsigned: readonly OrderEvidence[] = [
  notFound,
  { type: 'unknown', code: 'TIMEOUT' },
  { type: 'fault', code: 'SIGN_ERROR' },
];

describe('a PAID order', () => {
  it('is left by no answer, signed or not, ever', () => {
    for (const evidence of [...contradictions, ...unsigned, says('REFUND'), says('SUCCESS')]) {
      for (const record of [paid, doubted]) {
        for (const ms of [0, tenMinutes, 86_400_000]) {
          const decision = decide(record, evidence, later(ms));
          assert.equal(decision.type === 'commit' ? decision.change.status : undefined, undefined);
          assert.notEqual(decision.type, 'command');
        }
      }
    }
  });

  it('is changed by no unsigned answer', () => {
    for (const evidence of unsigned) {
      for (const record of [paid, doubted]) {
        assert.notEqual(decide(record, evidence, later(tenMinutes)).type, 'commit');
      }
    }
  });

  it('notes once that money went back', () => {
    const change = changeOf(decide(paid, says('REFUND')));
    assert.deepEqual(change.events, []);
    assert.equal(change.status, undefined);
    const after = committed(paid, change, now);
    assert.deepEqual(decide(after, says('REFUND')), { type: 'quiet' });
    assert.equal(after.dueAt, undefined);
  });

  for (const evidence of contradictions) {
    describe(`that a signed ${evidence.state} contradicts`, () => {
      it('is looked at again after 10 min and announces nothing yet', () => {
        const change = changeOf(decide(paid, evidence));
        assert.deepEqual(change.events, []);
        assert.equal(change.nextLookAt, later(tenMinutes));
        assert.equal(committed(paid, change, now).dueAt, later(tenMinutes));
      });

      it('is no alarm before the 10 min are over', () => {
        for (const ms of [0, 1, tenMinutes - 1]) {
          const decision = decide(doubted, evidence, later(ms));
          assert.deepEqual(decision, { type: 'wait', at: later(tenMinutes) });
        }
      });

      it('is an alarm once the answer repeats after 10 min, and only once', () => {
        const at = later(tenMinutes);
        const change = changeOf(decide(doubted, evidence, at));
        assert.deepEqual(change, {
          patch: { set: { contradiction: true } },
          events: ['order.review'],
          evidence: evidence.state,
        });
        const after = committed(doubted, change, at);
        assert.equal(after.status, 'PAID');
        for (const ms of [tenMinutes, 86_400_000]) {
          assert.deepEqual(decide(after, evidence, later(ms)), { type: 'quiet' });
        }
      });
    });
  }

  it('that WeChat confirms is no longer in doubt', () => {
    const change = changeOf(decide(doubted, says('SUCCESS'), later(tenMinutes)));
    assert.deepEqual(change, {
      patch: { unset: ['contradictedAt'] },
      events: [],
      evidence: 'SUCCESS',
    });
    const after = committed(doubted, change, later(tenMinutes));
    assert.equal(orderOf(after).contradictedAt, undefined);
    assert.equal(after.dueAt, undefined);
  });

  it('starts its 10 min anew with a doubt that comes after a confirmation', () => {
    const sure = changeOf(decide(doubted, says('SUCCESS'), later(1)));
    const after = committed(doubted, sure, later(1));
    const again = changeOf(decide(after, says('NOTPAY'), later(86_400_000)));
    assert.deepEqual(again.events, []);
  });

  it('stays in contradiction although WeChat says SUCCESS again: a person has it', () => {
    const data = { ...paymentData, contradictedAt: now, contradiction: true };
    const record = orderRecord({ status: 'PAID' }, data);
    assert.deepEqual(decide(record, says('SUCCESS')), { type: 'quiet' });
  });

  it('stays in contradiction although WeChat says REFUND, which is noted', () => {
    const data = { ...paymentData, contradictedAt: now, contradiction: true };
    const record = orderRecord({ status: 'PAID' }, data);
    assert.deepEqual(changeOf(decide(record, says('REFUND'))), {
      patch: { set: { noted: 'REFUND' } },
      events: [],
      evidence: 'REFUND',
    });
  });

  it('in doubt keeps its look when the repeat finds an unsigned "no such order"', () => {
    assert.notEqual(decide(doubted, notFound, later(tenMinutes)).type, 'quiet');
  });

  it('is no longer in doubt once WeChat says REFUND, for then it was paid', () => {
    const change = changeOf(decide(doubted, says('REFUND'), later(tenMinutes)));
    assert.deepEqual(change, {
      patch: { set: { noted: 'REFUND' }, unset: ['contradictedAt'] },
      events: [],
      evidence: 'REFUND',
    });
    const after = committed(doubted, change, later(tenMinutes));
    const next = decide(after, says('NOTPAY'), later(86_400_000));
    assert.deepEqual(next.type === 'commit' && next.change.events, []);
  });
});
