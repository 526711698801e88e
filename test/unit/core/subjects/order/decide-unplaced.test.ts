import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OrderEvidence } from '#core/evidence.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { instant, plus } from '#core/values/time.ts';
import {
  account,
  changeOf,
  closeAt,
  notFound,
  orderOf,
  orderRecord,
  says,
  taken,
} from '../../fixtures.ts';

// Every placing was refused because the number lives at WeChat: what lives there is not ours to close.
const unplaced = { unplaced: true };
const justBefore = instant(closeAt - 1);
const dayAfter = plus(closeAt, 86_400_000);

function decide(evidence: OrderEvidence, now = closeAt, status = 'CREATED', data = {}) {
  const order = orderOf(orderRecord({ status }, { ...unplaced, ...data }));
  return decideOrder(order, evidence, { now, account, claim: taken });
}

const states = ['NOTPAY', 'PAYERROR', 'USERPAYING', 'ACCEPT', 'CLOSED', 'REVOKED'] as const;
const answers = states.map((state) => says(state));

function letGo(evidence: string) {
  const change = { status: 'REFUSED', patch: { unset: ['unplaced'] }, events: [], evidence };
  return { type: 'commit', change };
}

describe('an order under a number that was refused to us', () => {
  for (const answer of answers) {
    for (const [name, now] of [
      ['from closeAt on', closeAt],
      ['a day after closeAt', dayAfter],
    ] as const) {
      it(`is let go, not closed, ${name} on ${answer.state}`, () => {
        assert.deepEqual(decide(answer, now), letGo(answer.state));
      });
    }
  }

  it('is let go, not closed, when WeChat knew nothing of it twice in 90 s', () => {
    const first = {
      patch: { set: { notFoundAt: closeAt } },
      events: [],
      evidence: 'not-found',
      nextLookAt: plus(closeAt, 90_000),
    };
    assert.deepEqual(decide(notFound), { type: 'commit', change: first });
    const since = { notFoundAt: closeAt };
    const early = plus(closeAt, 89_999);
    const wait = { type: 'wait', at: plus(closeAt, 90_000) };
    assert.deepEqual(decide(notFound, early, 'CREATED', since), wait);
    const twice = decide(notFound, plus(closeAt, 90_000), 'CREATED', since);
    assert.deepEqual(twice, letGo('not-found'));
  });

  it('waits before closeAt, for a placing may still succeed', () => {
    for (const answer of [says('NOTPAY'), says('PAYERROR'), notFound]) {
      assert.deepEqual(decide(answer, justBefore), { type: 'wait' });
    }
    for (const answer of [says('USERPAYING'), says('ACCEPT')]) {
      const soon = { type: 'wait', at: plus(justBefore, 30_000) };
      assert.deepEqual(decide(answer, justBefore), soon);
    }
  });

  it('is let go at once where WeChat has closed what lives there', () => {
    for (const state of ['CLOSED', 'REVOKED'] as const) {
      assert.equal(changeOf(decide(says(state), justBefore)).status, 'REFUSED');
    }
  });

  it('is paid or reviewed like any other when money was paid', () => {
    assert.equal(changeOf(decide(says('SUCCESS'))).status, 'PAID');
    assert.equal(changeOf(decide(says('REFUND'))).status, 'REVIEW');
  });

  it('is not let go once a person must decide', () => {
    const notFoundReview = { reviewReason: 'not-found' };
    const unpaid = decide(says('NOTPAY'), closeAt, 'REVIEW', notFoundReview);
    assert.deepEqual(unpaid, { type: 'quiet' });
    const closed = decide(says('CLOSED'), closeAt, 'REVIEW', notFoundReview);
    assert.equal(changeOf(closed).status, 'CLOSED');
  });
});
