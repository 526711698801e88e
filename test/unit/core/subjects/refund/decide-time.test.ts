import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RefundEvidence } from '#core/evidence.ts';
import { decideRefund, type RefundContext } from '#core/subjects/refund/decide.ts';
import { moment } from '../../fixtures.ts';
import { answers, notFound, refundId, refundOf, refundStored, startAt } from './fixtures.ts';

const created = refundStored();

function decide(record: typeof created, evidence: RefundEvidence, context: RefundContext) {
  return decideRefund(refundOf(record), evidence, context);
}

describe('a refund that is to start later', () => {
  it('is not applied for before, whoever looks', () => {
    for (const now of ['2026-11-21T07:00:00Z', '2026-11-21T07:00:59.999Z']) {
      const decision = decide(created, notFound, { now: moment(now) });
      assert.deepEqual(decision, { type: 'wait', at: startAt });
    }
  });

  it('is applied for from its start on, and for as long as WeChat does not know it', () => {
    for (const now of ['2026-11-21T07:01:00Z', '2026-11-22T07:01:00Z', '2027-11-21T07:01:00Z']) {
      const decision = decide(created, notFound, { now: moment(now) });
      assert.deepEqual(decision, { type: 'command', command: 'apply' }, now);
    }
  });

  it('is taken as it stands when WeChat knows it before', () => {
    const decision = decide(created, answers('SUCCESS'), { now: moment('2026-11-21T07:00:00Z') });
    assert.equal(decision.type === 'commit' && decision.change.status, 'SUCCESS');
  });
});

describe('a refusal', () => {
  const refusedAt = moment('2026-11-21T07:01:02Z');
  const refused = refundStored({}, { refusal: 'INVALID_REQUEST', refusedAt });
  const refusal = { type: 'refused', code: 'INVALID_REQUEST' } as const;

  it('is noted when the query after it finds nothing, and looked into a minute later', () => {
    const decision = decide(created, notFound, { now: refusedAt, applied: refusal });
    assert.deepEqual(decision.type === 'commit' && decision.change, {
      patch: { set: { refusal: 'INVALID_REQUEST', refusedAt } },
      events: [],
      evidence: 'INVALID_REQUEST',
      nextLookAt: moment('2026-11-21T07:02:02Z'),
    });
  });

  it('is not believed before that minute is over, nor is it applied for again', () => {
    for (const now of ['2026-11-21T07:01:02Z', '2026-11-21T07:02:01.999Z']) {
      const decision = decide(refused, notFound, { now: moment(now) });
      assert.deepEqual(decision, { type: 'wait', at: moment('2026-11-21T07:02:02Z') });
    }
  });

  it('is believed when a query a minute later finds nothing either', () => {
    const decision = decide(refused, notFound, { now: moment('2026-11-21T07:02:02Z') });
    assert.deepEqual(decision.type === 'commit' && decision.change, {
      status: 'REFUSED',
      patch: { set: { refusal: 'INVALID_REQUEST' }, unset: ['refusedAt'] },
      events: ['refund.refused'],
      tells: true,
      evidence: 'INVALID_REQUEST',
    });
  });

  it('is not believed for a query without an answer', () => {
    for (const type of ['unknown', 'fault'] as const) {
      const now = moment('2026-11-21T07:02:02Z');
      const decision = decide(refused, { type, code: 'SOME_CODE' }, { now });
      assert.equal(decision.type, 'unknown');
    }
  });

  it('is forgotten once WeChat knows the refund', () => {
    const now = moment('2026-11-21T07:02:02Z');
    const decision = decide(refused, answers('PROCESSING'), { now });
    assert.deepEqual(decision.type === 'commit' && decision.change.patch, {
      set: { refund_id: refundId },
      unset: ['refusedAt', 'refusal'],
    });
  });
});

describe('a refund that WeChat has not accepted for an hour', () => {
  const before = moment('2026-11-21T08:00:59.999Z');
  const hourLater = moment('2026-11-21T08:01:00Z');
  const notEnough = { type: 'unknown', code: 'NOT_ENOUGH' } as const;

  it('is overdue from then on, counted from its start', () => {
    for (const [now, isOverdue] of [
      [before, undefined],
      [hourLater, true],
      [moment('2026-11-24T07:01:00Z'), true],
    ] as const) {
      const decision = decide(created, notFound, { now, applied: notEnough });
      assert.equal(decision.type === 'unknown' && decision.isOverdue, isOverdue);
    }
  });

  for (const [what, evidence, applied] of [
    ['an apply that lacks the money', notFound, notEnough],
    ['an apply that lacks the rights', notFound, { type: 'fault', code: 'NO_AUTH' }],
    ['an accepted apply that no query finds', notFound, { type: 'accepted' }],
    ['a query without an answer', { type: 'unknown', code: 'TIMEOUT' }, undefined],
    ['a query that WeChat refuses', { type: 'fault', code: 'SIGN_ERROR' }, undefined],
  ] as const) {
    it(`is overdue by ${what}`, () => {
      const context = { now: hourLater, ...(applied !== undefined && { applied }) };
      const decision = decide(created, evidence, context);
      assert.equal(decision.type === 'unknown' && decision.isOverdue, true);
    });
  }

  for (const status of ['PROCESSING', 'ABNORMAL', 'SUCCESS', 'CLOSED', 'REFUSED']) {
    it(`is not overdue once it is ${status}`, () => {
      const evidence = { type: 'unknown', code: 'TIMEOUT' } as const;
      const decision = decide(refundStored({ status }), evidence, { now: hourLater });
      assert.deepEqual(decision, { type: 'unknown', code: 'TIMEOUT', isFault: false });
    });
  }
});
