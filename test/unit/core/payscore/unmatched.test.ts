import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hint } from '#core/messages.ts';
import type { ServiceOrderEvidence, SignPlanEvidence } from '#core/payscore/evidence.ts';
import { unmatchedServiceOrderRecord, unmatchedSignPlanRecord } from '#core/payscore/unmatched.ts';
import { account, appid, mchid, moment, openid, transactionId } from '../fixtures.ts';
import { orderOf, orderSays, paidAt } from '../subjects/service-order/fixtures.ts';
import { overAt, signedAt, signPlanOf, signPlanSays } from '../subjects/sign-plan/fixtures.ts';
import { now, orderId, planId, serviceId, signPlanId } from './fixtures.ts';

function hintAbout(kind: 'service-order' | 'sign-plan', number: string): Hint {
  const subject = { kind, mchid, number };
  return { type: 'hint', account: account.name, subject, reason: 'notice', says: 'DONE' };
}

const noAnswers = [
  { type: 'not-found', code: 'ORDER_NOT_EXIST' },
  { type: 'unknown', code: 'TIMEOUT' },
  { type: 'fault', code: 'SIGN_ERROR' },
] as const;

describe('a service that was paid and never ordered here', () => {
  const hint = hintAbout('service-order', 'lesson-2');
  const record = unmatchedServiceOrderRecord(hint, orderSays('PAID'), now);

  it('is kept with its payment, without its payer, and announced once', () => {
    assert.deepEqual(record, {
      key: hint.subject,
      account: 'shop',
      status: 'UNMATCHED',
      version: 1,
      data: {
        service_id: serviceId,
        appid,
        createdAt: now,
        order_id: orderId,
        totalFen: 12_000,
        paidFen: 12_000,
        paid_type: 'NEWTON',
        transaction_id: transactionId,
        successAt: paidAt,
      },
      history: [{ at: now, from: '-', to: 'UNMATCHED', because: 'notice', evidence: 'DONE' }],
      historyCount: 1,
      outbox: [{ type: 'event', event: 'service-order.unmatched', n: 1, at: now }],
      eventCounts: { 'service-order.unmatched': 1 },
      dueAt: moment('2026-11-21T07:02:00Z'),
      leases: 0,
      unknownLooks: 0,
    });
  });

  it('is a record that its own reader understands, also without its optional facts', () => {
    assert.ok(record !== undefined);
    assert.equal(orderOf(record).status, 'UNMATCHED');
    const bare = orderSays('PAID', {
      order_id: undefined,
      totalFen: undefined,
      paidFen: undefined,
      paid_type: undefined,
      transaction_id: undefined,
      paidAt: undefined,
    });
    const kept = unmatchedServiceOrderRecord(hint, bare, now);
    assert.deepEqual(kept?.data, { service_id: serviceId, appid, createdAt: now });
  });

  const others: readonly ServiceOrderEvidence[] = [
    ...noAnswers,
    orderSays('CREATED'),
    orderSays('DOING'),
    orderSays('COMPLETED'),
    orderSays('DONE'),
    orderSays('REVOKED'),
    orderSays('EXPIRED'),
    orderSays('PAID', { collection_state: undefined }),
    orderSays('PAID', { collection_state: 'USER_PAYING' }),
    orderSays('PAID', { state: 'DOING' }),
  ];
  for (const evidence of others) {
    const { type: _, ...said } = evidence;
    it(`is not kept for ${Object.values(said).filter((one) => typeof one === 'string')}`, () => {
      assert.equal(unmatchedServiceOrderRecord(hint, evidence, now), undefined);
    });
  }
});

describe('a signature on a plan that was never launched here', () => {
  const hint = hintAbout('sign-plan', 'sign-1');
  const record = unmatchedSignPlanRecord(hint, signPlanSays('SIGNED'), { appid, now });

  it('is kept without a detail that could be charged for, and announced once', () => {
    assert.deepEqual(record, {
      key: hint.subject,
      account: 'shop',
      status: 'UNMATCHED',
      version: 1,
      data: {
        plan_id: planId,
        service_id: serviceId,
        appid,
        openid,
        details: [],
        createdAt: now,
        bodySha256: '',
        requestId: '',
        sign_plan_id: signPlanId,
        signedAt,
        overAt,
      },
      history: [{ at: now, from: '-', to: 'UNMATCHED', because: 'notice', evidence: 'SIGNED' }],
      historyCount: 1,
      outbox: [{ type: 'event', event: 'sign-plan.unmatched', n: 1, at: now }],
      eventCounts: { 'sign-plan.unmatched': 1 },
      dueAt: moment('2026-11-21T07:02:00Z'),
      leases: 0,
      unknownLooks: 0,
    });
  });

  it('is a record that its own reader understands', () => {
    assert.ok(record !== undefined);
    assert.equal(signPlanOf(record).status, 'UNMATCHED');
  });

  const others: readonly SignPlanEvidence[] = [
    ...noAnswers,
    ...['UNSIGNED', 'SIGN_PLAN_CANCEL', 'COMPLETE', 'EXPIRE', 'signed', 'NEW_WORD'].map((state) =>
      signPlanSays(state),
    ),
  ];
  for (const evidence of others) {
    const what = evidence.type === 'state' ? evidence.state : evidence.type;
    it(`is not kept for ${what}`, () => {
      assert.equal(unmatchedSignPlanRecord(hint, evidence, { appid, now }), undefined);
    });
  }
});
