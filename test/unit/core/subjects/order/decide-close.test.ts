import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Decision } from '#core/decision.ts';
import type { CloseOutcome, OrderEvidence } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { type Instant, instant } from '#core/values/time.ts';
import {
  account,
  changeOf,
  closeAt,
  committed,
  createdAt,
  moment,
  notFound,
  orderOf,
  orderRecord,
  says,
  taken,
} from '../../fixtures.ts';

const done: CloseOutcome = { type: 'done' };
const noSuchOrder: CloseOutcome = { type: 'no-such-order', code: 'ORDER_NOT_EXIST' };
const indefinite: readonly CloseOutcome[] = [
  { type: 'refused', code: 'RULE_LIMIT' },
  { type: 'unknown', code: 'FREQUENCY_LIMITED' },
  { type: 'unknown', code: 'TIMEOUT' },
];
const outcomes = [done, noSuchOrder, ...indefinite];
const broken: CloseOutcome = { type: 'fault', code: 'SIGN_ERROR' };
const link = { link: 'wx20261121120000', linkAt: createdAt };
const waiting = [orderRecord(), orderRecord({ status: 'AWAITING' }, link)];
const now = moment('2026-11-21T06:20:00Z');
const later = (ms: number) => instant(now + ms);

function decide(record: StoredRecord, evidence: OrderEvidence, closed?: CloseOutcome, at = now) {
  return decideOrder(orderOf(record), evidence, {
    now: at,
    account,
    claim: taken,
    ...(closed !== undefined && { closed }),
  });
}

/** One look at an order that WeChat does not know: the close is tried, then the second answer decides. */
function lookNotFound(record: StoredRecord, closed: CloseOutcome, at: Instant): Decision {
  assert.deepEqual(decide(record, notFound, undefined, at), { type: 'command', command: 'close' });
  return decide(record, notFound, closed, at);
}

describe('after a close', () => {
  for (const outcome of [...outcomes, broken]) {
    it(`that ended ${outcome.type} nothing but WeChat's own CLOSED closes the order`, () => {
      for (const record of waiting) {
        const change = changeOf(decide(record, says('CLOSED'), outcome));
        assert.equal(change.status, 'CLOSED');
        assert.deepEqual(change.events, ['order.closed']);
        assert.equal(change.lookAfterClose, true);
        for (const state of ['NOTPAY', 'PAYERROR', 'USERPAYING', 'ACCEPT'] as const) {
          const decision = decide(record, says(state), outcome);
          const expected: Decision =
            outcome === broken
              ? { type: 'unknown', code: 'SIGN_ERROR', isFault: true }
              : { type: 'wait' };
          assert.deepEqual(decision, expected, state);
        }
      }
    });

    it(`that ended ${outcome.type} a payment that was faster is paid`, () => {
      for (const record of waiting) {
        assert.equal(changeOf(decide(record, says('SUCCESS'), outcome)).status, 'PAID');
      }
    });

    it(`that ended ${outcome.type} no second command follows, whatever WeChat says`, () => {
      const statuses = ['CREATED', 'AWAITING', 'PAID', 'CLOSED', 'REFUSED', 'UNMATCHED'];
      const records = [
        ...statuses.map((status) => orderRecord({ status })),
        ...['amount', 'refund', 'late', 'not-found', 'user-paying'].map((reviewReason) =>
          orderRecord({ status: 'REVIEW' }, { reviewReason }),
        ),
      ];
      const states = ['NOTPAY', 'PAYERROR', 'USERPAYING', 'ACCEPT', 'CLOSED', 'SUCCESS'] as const;
      for (const record of records) {
        for (const evidence of [...states.map((state) => says(state)), notFound]) {
          assert.notEqual(decide(record, evidence, outcome).type, 'command');
        }
      }
    });
  }

  for (const outcome of outcomes) {
    it(`that ended ${outcome.type} a CLOSED order still payable at WeChat does not rest`, () => {
      const owed = { type: 'unknown', code: 'STILL_PAYABLE', isFault: false };
      const record = orderRecord({ status: 'CLOSED' });
      assert.deepEqual(decide(record, says('NOTPAY'), outcome), owed);
      assert.deepEqual(decide(record, says('USERPAYING'), outcome), owed);
    });
  }

  it('that WeChat did not answer a CLOSED order does not rest on an unsigned "no such order"', () => {
    const record = orderRecord({ status: 'CLOSED' });
    assert.deepEqual(decide(record, says('NOTPAY')), { type: 'command', command: 'close' });
    for (const outcome of indefinite) {
      assert.notEqual(decide(record, notFound, outcome).type, 'quiet', outcome.type);
    }
  });

  it('a settled order whose look is owed believes no unsigned "no such order" for 8 hours', () => {
    const owed = { type: 'unknown', code: 'ORDER_NOT_EXIST', isFault: false };
    for (const status of ['CLOSED', 'PAID', 'REFUSED']) {
      for (const unknownLooks of [1, 13]) {
        assert.deepEqual(decide(orderRecord({ status, unknownLooks }), notFound), owed);
      }
      const atLast = orderRecord({ status, unknownLooks: 14 });
      assert.deepEqual(decide(atLast, notFound), { type: 'quiet' });
    }
  });

  it('answered definitely a CLOSED order that is not found rests', () => {
    for (const outcome of [done, noSuchOrder]) {
      const decision = decide(orderRecord({ status: 'CLOSED' }), notFound, outcome);
      assert.deepEqual(decision, { type: 'quiet' });
    }
  });

  it('a refusal of our credentials waits for somebody to repair them', () => {
    const decision = decide(orderRecord({ status: 'CLOSED' }), says('NOTPAY'), broken);
    assert.deepEqual(decision, { type: 'unknown', code: 'SIGN_ERROR', isFault: true });
  });
});

describe('an order that WeChat does not know', () => {
  for (const definite of [done, noSuchOrder]) {
    it(`is closed when it is not found again after 90 s and the close ended ${definite.type}`, () => {
      const record = orderRecord();
      const first = changeOf(lookNotFound(record, definite, now));
      assert.deepEqual(first, {
        patch: { set: { notFoundAt: now } },
        events: [],
        evidence: 'not-found',
        nextLookAt: later(90_000),
      });
      const after = committed(record, first, now);
      assert.equal(after.dueAt, later(90_000));
      assert.deepEqual(changeOf(lookNotFound(after, definite, later(90_000))), {
        status: 'CLOSED',
        patch: { set: { closeReason: 'expired' } },
        events: ['order.closed'],
        lookAfterClose: true,
        evidence: 'not-found',
      });
    });
  }

  it('is not closed before the 90 s are over', () => {
    const record = orderRecord({}, { notFoundAt: now });
    for (const ms of [0, 1, 89_999]) {
      const decision = lookNotFound(record, done, later(ms));
      assert.deepEqual(decision, { type: 'wait', at: later(90_000) });
    }
  });

  for (const outcome of [...indefinite, broken]) {
    it(`is never closed by a close that ended ${outcome.type} ${'code' in outcome && outcome.code}`, () => {
      for (const notFoundAt of [undefined, now]) {
        const record = orderRecord({}, notFoundAt === undefined ? {} : { notFoundAt });
        assert.notEqual(lookNotFound(record, outcome, later(3_600_000)).type, 'commit');
      }
    });
  }

  it('goes to REVIEW instead when we hold its link', () => {
    const record = orderRecord({ status: 'AWAITING' }, { ...link, notFoundAt: now });
    assert.deepEqual(changeOf(lookNotFound(record, done, later(90_000))), {
      status: 'REVIEW',
      patch: { set: { reviewReason: 'not-found' } },
      events: ['order.review'],
      lookAfterClose: true,
      evidence: 'not-found',
    });
  });

  it('is left alone before closeAt, even when it was not found before', () => {
    const record = orderRecord({}, { notFoundAt: moment('2026-11-21T05:00:00Z') });
    assert.deepEqual(decide(record, notFound, undefined, instant(closeAt - 1)), { type: 'wait' });
  });

  it('counts as not found twice only when no signed answer knew it in between', () => {
    let record = committed(orderRecord(), changeOf(lookNotFound(orderRecord(), done, now)), now);
    const signed = decide(record, says('NOTPAY'), indefinite[0], later(60_000));
    record = signed.type === 'commit' ? committed(record, signed.change, now) : record;
    const again = lookNotFound(record, noSuchOrder, later(3_600_000));
    assert.notEqual(again.type === 'commit' ? again.change.status : again.type, 'CLOSED');
  });
});

describe('a look in which WeChat first knew the order', () => {
  it('forgets an earlier "no such order" before it sends the close', () => {
    const record = orderRecord({}, { notFoundAt: now });
    assert.deepEqual(changeOf(decide(record, says('NOTPAY'), undefined, later(3_600_000))), {
      patch: { unset: ['notFoundAt'] },
      events: [],
      evidence: 'NOTPAY',
      nextLookAt: later(3_600_000),
    });
  });

  it('forgets it while it waits, and looks when it would have looked', () => {
    const record = orderRecord({}, { notFoundAt: now });
    const forgotten = { patch: { unset: ['notFoundAt'] }, events: [] };
    const unpaid = decide(record, says('NOTPAY'), undefined, instant(closeAt - 1));
    assert.deepEqual(changeOf(unpaid), { ...forgotten, evidence: 'NOTPAY' });
    const paying = decide(record, says('USERPAYING'), undefined, closeAt);
    const nextLookAt = instant(closeAt + 30_000);
    assert.deepEqual(changeOf(paying), { ...forgotten, evidence: 'USERPAYING', nextLookAt });
  });

  it('does not forget it where the answer decides more, or a person must', () => {
    const waiting = orderRecord({}, { notFoundAt: now });
    assert.equal(changeOf(decide(waiting, says('SUCCESS'))).status, 'PAID');
    assert.equal(changeOf(decide(waiting, says('CLOSED'))).status, 'CLOSED');
    const data = { ...link, notFoundAt: now, reviewReason: 'not-found' };
    const review = orderRecord({ status: 'REVIEW' }, data);
    assert.deepEqual(decide(review, says('NOTPAY')), { type: 'command', command: 'close' });
  });

  it('is not owed for ever on a PAID order in doubt that WeChat no longer knows', () => {
    const doubt = { status: 'PAID', unknownLooks: 13 };
    const inDoubt = orderRecord(doubt, { contradictedAt: createdAt });
    assert.equal(decide(inDoubt, notFound).type, 'unknown');
    assert.equal(decide({ ...inDoubt, unknownLooks: 14 }, notFound).type, 'quiet');
  });

  it('shows a refusal of our credentials as a fault, on a closed order too', () => {
    const context = { now, account, closed: broken };
    const decision = decideOrder(orderOf(orderRecord({ status: 'CLOSED' })), notFound, context);
    assert.equal(decision.type === 'unknown' && decision.isFault, true);
  });
});

describe('the reason of a close', () => {
  const reasons = [
    ['requested', { closeReason: 'requested' }, now],
    ['expired', {}, now],
    ['expired', {}, closeAt],
    ['wechat', {}, instant(closeAt - 1)],
    ['requested', { closeReason: 'requested' }, instant(closeAt - 1)],
  ] as const;
  for (const [reason, data, at] of reasons) {
    it(`is ${reason} at ${new Date(at).toISOString()} with ${JSON.stringify(data)}`, () => {
      const record = orderRecord({}, data);
      const change = changeOf(decide(record, says('CLOSED'), undefined, at));
      assert.equal(orderOf(committed(record, change, at)).closeReason, reason);
    });
  }
});
