import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change } from '#core/decision.ts';
import {
  type ServiceOrderStatus,
  serviceOrderStatuses,
} from '#core/subjects/service-order/service-order.ts';
import { learnServiceOrder } from '#core/subjects/sign-plan/start.ts';
import { now } from '../../payscore/fixtures.ts';
import { detailsIn, signPlanIn, signPlanOf } from './fixtures.ts';

type State = 'NOT_USED' | 'USING' | 'USED' | 'SIGN_PLAN_DETAIL_CANCEL';
const CANCEL = 'SIGN_PLAN_DETAIL_CANCEL';
const states: readonly State[] = ['NOT_USED', 'USING', 'USED', CANCEL];

function learn(
  known: readonly string[],
  status: ServiceOrderStatus,
  { plan = 'SIGNED', out_order_no = 'lesson-2' } = {},
): Change | undefined {
  const record = signPlanIn(plan, { details: detailsIn(...known) });
  return learnServiceOrder(signPlanOf(record), { out_order_no, status }, now);
}

/** What its detail is after each, by what it was: NOT_USED, USING, USED, cancelled. `.`: nothing new. */
const learned: Readonly<Record<ServiceOrderStatus, readonly string[]>> = {
  CREATED: ['USING', '.', '.', '.'],
  DOING: ['USING', '.', '.', '.'],
  COMPLETED: ['USING', '.', '.', '.'],
  PAID: ['USED', 'USED', '.', '.'],
  DONE: ['USED', 'USED', '.', '.'],
  REVIEW: ['USED', 'USED', '.', '.'],
  REVOKED: [CANCEL, CANCEL, '.', '.'],
  EXPIRED: [CANCEL, CANCEL, '.', '.'],
  REFUSED: ['.', 'NOT_USED', '.', '.'],
  UNMATCHED: ['.', '.', '.', '.'],
};

describe('what a sign plan learns from a service order', () => {
  for (const status of serviceOrderStatuses) {
    for (const [n, state] of states.entries()) {
      const expected = learned[status][n] ?? '';
      it(`that is ${status}, of a detail that was ${state}: ${expected}`, () => {
        const change = learn(['USED', state, 'NOT_USED'], status);
        const details = detailsIn('USED', expected, 'NOT_USED');
        assert.deepEqual(change?.patch, expected === '.' ? undefined : { set: { details } });
      });
    }
  }

  it('is noted aside, announcing nothing', () => {
    assert.deepEqual(learn(['USED', 'USING', 'NOT_USED'], 'PAID'), {
      patch: { set: { details: detailsIn('USED', 'USED', 'NOT_USED') } },
      events: [],
      evidence: 'service order lesson-2 PAID',
      isAside: true,
    });
  });

  for (const [status, after] of [
    ['PAID', 'USED'],
    ['REVOKED', CANCEL],
    ['DONE', 'USED'],
  ] as const) {
    it(`asks WeChat how the plan stands after the last one, ${status}`, () => {
      assert.deepEqual(learn(['USED', 'USING', CANCEL], status), {
        patch: { set: { details: detailsIn('USED', after, CANCEL) } },
        events: [],
        evidence: `service order lesson-2 ${status}`,
        nextLookAt: now,
      });
    });
  }

  it('asks WeChat after a refused one, which may mean that the user has ended the plan', () => {
    const change = learn(['USED', 'USING', 'NOT_USED'], 'REFUSED');
    assert.deepEqual([change?.nextLookAt, change?.isAside], [now, undefined]);
  });

  for (const plan of ['SIGN_PLAN_CANCEL', 'COMPLETE', 'EXPIRE', 'LAPSED', 'UNSIGNED']) {
    it(`asks nobody about a plan that is ${plan}`, () => {
      for (const change of [
        learn(['USED', 'USING', 'USED'], 'PAID', { plan }),
        learn(['USED', 'USING', 'NOT_USED'], 'REFUSED', { plan }),
      ]) {
        assert.deepEqual([change?.nextLookAt, change?.isAside], [undefined, true]);
      }
    });
  }

  it('is nothing where the number is none of its details', () => {
    const change = learn(['USED', 'USING', 'NOT_USED'], 'PAID', { out_order_no: 'lesson-9' });
    assert.equal(change, undefined);
  });
});
