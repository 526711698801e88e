import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LatePolicy } from '#core/account.ts';
import type { Decision } from '#core/decision.ts';
import type { CloseOutcome, OrderEvidence } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import type { JsonObject } from '#core/values/json.ts';
import {
  account,
  changeOf,
  moment,
  notFound,
  orderOf,
  orderRecord,
  paymentData,
  says,
  taken,
} from '../../fixtures.ts';
import { codeRecord, reversingRecord } from './code-payments.ts';

const now = moment('2026-11-22T05:00:00Z');
const reverse: Decision = { type: 'command', command: 'reverse' };
const quiet: Decision = { type: 'quiet' };
const closes: readonly CloseOutcome[] = [
  { type: 'done' },
  { type: 'no-such-order', code: 'ORDERNOTEXIST' },
  { type: 'refused', code: 'TRADE_ERROR' },
  { type: 'unknown', code: 'RECALL' },
];

type Given = {
  readonly closed?: CloseOutcome;
  readonly latePolicy?: LatePolicy;
  readonly claimed?: boolean;
};

function decide(record: StoredRecord, evidence: OrderEvidence, given: Given = {}): Decision {
  const { latePolicy = 'refund', closed, claimed = false } = given;
  return decideOrder(orderOf(record), evidence, {
    now,
    account: { ...account, latePolicy },
    ...(closed !== undefined && { closed }),
    ...(claimed && { claim: taken }),
  });
}

/** The record is noted as being reversed first; the look that finds it so sends the reversal. */
function assertNotedFirst(record: StoredRecord, evidence: OrderEvidence): void {
  const change = changeOf(decide(record, evidence));
  assert.deepEqual(change.patch, { set: { reversedAt: now } });
  assert.equal(change.looksOn, true);
  assert.equal(change.status, undefined);
  assert.deepEqual(change.events, []);
  const noted = { ...record, data: { ...record.data, reversedAt: now } };
  assert.deepEqual(decide(noted, evidence), reverse);
}

describe('a CLOSED code payment', () => {
  const closed = reversingRecord({ status: 'CLOSED' });

  for (const state of ['NOTPAY', 'PAYERROR', 'USERPAYING', 'ACCEPT'] as const) {
    it(`is reversed again when WeChat says ${state}, and stays owed`, () => {
      assert.deepEqual(decide(closed, says(state)), reverse);
      const owed = { type: 'unknown', code: 'STILL_PAYABLE', isFault: false };
      for (const ended of closes) {
        assert.deepEqual(decide(closed, says(state), { closed: ended }), owed);
      }
    });

    it(`that was never reversed is noted first when WeChat says ${state}`, () => {
      assertNotedFirst(codeRecord({ status: 'CLOSED' }), says(state));
    });
  }

  it('whose payment is known to have gone back notes that once', () => {
    const known = reversingRecord({ status: 'CLOSED' }, { ...paymentData, noted: 'REVOKED' });
    const change = changeOf(decide(known, says('REFUND')));
    assert.deepEqual(change, {
      patch: { set: { noted: 'REFUND' } },
      events: [],
      evidence: 'REFUND',
    });
    const told = reversingRecord({ status: 'CLOSED' }, { ...paymentData, noted: 'REFUND' });
    assert.deepEqual(decide(told, says('REFUND')), quiet);
  });

  it("of whose payment nothing was known is a person's when some went back, reversed or not", () => {
    for (const record of [closed, codeRecord({ status: 'CLOSED' })]) {
      const change = changeOf(decide(record, says('REFUND')));
      assert.deepEqual([change.status, change.events], ['REVIEW', ['order.review']]);
      assert.equal(change.patch.set?.['reviewReason'], 'refund');
    }
  });

  it('that is paid late goes back under the policy refund', () => {
    const change = changeOf(decide(closed, says('SUCCESS')));
    assert.deepEqual([change.status, change.events], ['PAID', ['order.paid_late']]);
    assert.equal(change.starts?.length, 1);
  });

  for (const latePolicy of ['hold', 'fulfil'] as const) {
    it(`that is paid late is a person's under the policy ${latePolicy}`, () => {
      for (const claimed of [false, true]) {
        const change = changeOf(decide(closed, says('SUCCESS'), { latePolicy, claimed }));
        assert.deepEqual([change.status, change.events], ['REVIEW', ['order.paid_late']]);
        assert.equal(change.patch.set?.['reviewReason'], 'late');
      }
    });
  }

  it('that was never reversed is fulfilled late as every order', () => {
    const record = codeRecord({ status: 'CLOSED' });
    const given = { latePolicy: 'fulfil', claimed: true } as const;
    assert.deepEqual(changeOf(decide(record, says('SUCCESS'), given)).events, ['order.paid']);
  });

  it("that went back, and yet is paid at WeChat, is a person's under any policy", () => {
    const record = reversingRecord({ status: 'CLOSED' }, { ...paymentData, noted: 'REFUND' });
    for (const latePolicy of ['refund', 'hold', 'fulfil'] as const) {
      const change = changeOf(decide(record, says('SUCCESS'), { latePolicy }));
      assert.deepEqual([change.status, change.events], ['REVIEW', ['order.paid_late']]);
    }
  });

  it('is at rest when WeChat says so, too', () => {
    for (const evidence of [says('CLOSED'), says('REVOKED'), notFound]) {
      assert.deepEqual(decide(closed, evidence), quiet);
    }
  });

  it('that WeChat had known believes no unsigned "no such order", 14 times', () => {
    const owed = { type: 'unknown', code: 'ORDER_NOT_EXIST', isFault: false };
    const data = { noted: 'REVOKED' };
    for (const unknownLooks of [0, 13]) {
      const record = reversingRecord({ status: 'CLOSED', unknownLooks }, data);
      assert.deepEqual(decide(record, notFound), owed);
    }
    const atLast = reversingRecord({ status: 'CLOSED', unknownLooks: 14 }, data);
    assert.deepEqual(decide(atLast, notFound), quiet);
    const review = { reviewReason: 'reverse', ...data };
    assert.deepEqual(decide(reversingRecord({ status: 'REVIEW' }, review), notFound), quiet);
    assert.deepEqual(decide(orderRecord({ status: 'CLOSED' }, data), notFound), quiet);
  });
});

describe('a code payment that could not be reversed in a day', () => {
  const unseen: JsonObject = { reviewReason: 'reverse', noted: 'NOTPAY' };
  const review = reversingRecord({ status: 'REVIEW' }, unseen);
  const paid = reversingRecord({ status: 'REVIEW' }, { ...unseen, ...paymentData });

  it('notes a SUCCESS once, announces nothing and gives nothing back', () => {
    for (const latePolicy of ['refund', 'hold', 'fulfil'] as const) {
      const change = changeOf(decide(review, says('SUCCESS'), { latePolicy }));
      const set = { ...paymentData, noted: 'SUCCESS' };
      assert.deepEqual(change, { patch: { set }, events: [], evidence: 'SUCCESS' });
    }
    const noted = reversingRecord(
      { status: 'REVIEW' },
      { ...paymentData, reviewReason: 'reverse', noted: 'SUCCESS' },
    );
    assert.deepEqual(decide(noted, says('SUCCESS')), quiet);
  });

  it('is a review for its refund from now on when WeChat says REFUND', () => {
    const change = changeOf(decide(review, says('REFUND')));
    const set = { ...paymentData, reviewReason: 'refund', noted: 'REFUND' };
    assert.deepEqual(change, { patch: { set }, events: [], evidence: 'REFUND' });
  });

  for (const state of ['CLOSED', 'REVOKED'] as const) {
    it(`is closed when WeChat says ${state}, unless it was seen paid`, () => {
      assert.deepEqual(changeOf(decide(review, says(state))), {
        status: 'CLOSED',
        patch: { set: { noted: state, closeReason: 'expired' }, unset: ['reviewReason'] },
        events: ['order.closed'],
        lookAfterClose: true,
        evidence: state,
      });
      assert.deepEqual(decide(paid, says(state)), quiet);
    });
  }

  for (const state of ['NOTPAY', 'PAYERROR'] as const) {
    it(`is reversed again when WeChat says ${state}, and stays owed`, () => {
      assert.deepEqual(decide(review, says(state)), reverse);
      const owed = { type: 'unknown', code: 'STILL_PAYABLE', isFault: false };
      for (const ended of closes) {
        assert.deepEqual(decide(review, says(state), { closed: ended }), owed);
      }
    });
  }

  for (const state of ['USERPAYING', 'ACCEPT'] as const) {
    it(`rests when WeChat says ${state}`, () =>
      assert.deepEqual(decide(review, says(state)), quiet));
  }

  it('believes no unsigned "no such order"', () => {
    assert.deepEqual(decide(review, notFound), quiet);
    const owed = { type: 'unknown', code: 'ORDER_NOT_EXIST', isFault: false };
    assert.deepEqual(decide({ ...review, unknownLooks: 1 }, notFound), owed);
  });
});

describe('a code payment that a person closes', () => {
  const resolution = {
    action: 'close',
    by: 'lin',
    why: 'went away',
    at: moment('2026-11-22T04:00:00Z'),
  };
  const asked = { reviewReason: 'amount', resolution };

  for (const evidence of [says('NOTPAY'), says('PAYERROR'), says('USERPAYING'), notFound]) {
    const name = evidence.type === 'state' ? evidence.state : evidence.type;
    it(`is noted first and reversed, never closed, when WeChat says ${name}`, () => {
      assertNotedFirst(codeRecord({ status: 'REVIEW' }, asked), evidence);
      const order = orderRecord({ status: 'REVIEW' }, asked);
      assert.deepEqual(decide(order, evidence), { type: 'command', command: 'close' });
    });

    it(`is closed for good by no answer ${name} after a reversal that ended otherwise than done`, () => {
      const record = reversingRecord({ status: 'REVIEW' }, asked);
      for (const closed of [
        { type: 'refused', code: 'TRADE_ERROR' },
        { type: 'unknown', code: 'RECALL' },
      ] as const) {
        const { type } = decide(record, evidence, { closed });
        assert.equal(type, 'unknown');
      }
    });
  }

  it('is not reversed where its number was never ours', () => {
    const record = codeRecord({ status: 'REVIEW' }, { ...asked, unplaced: true });
    const change = changeOf(decide(record, says('NOTPAY')));
    assert.equal(change.patch.set?.['reversedAt'], undefined);
    assert.deepEqual(change.patch.unset, ['resolution']);
  });

  it("is a person's again where a day of reversals did not help", () => {
    for (const [at, isOver] of [
      ['2026-11-21T05:00:00.000Z', true],
      ['2026-11-21T05:00:00.001Z', false],
    ] as const) {
      const since = { ...asked, resolution: { ...resolution, at: moment(at) } };
      const record = reversingRecord({ status: 'REVIEW' }, since);
      assert.deepEqual(decide(record, says('NOTPAY')), reverse);
      for (const ended of closes) {
        const decision = decide(record, says('NOTPAY'), { closed: ended });
        assert.equal(decision.type, isOver ? 'commit' : 'unknown');
        assert.equal(JSON.stringify(decision).includes('"impossible"'), isOver);
      }
    }
  });

  it('is not closed where it is paid', () => {
    const record = reversingRecord({ status: 'REVIEW' }, asked);
    for (const closed of [undefined, ...closes]) {
      const given = closed === undefined ? {} : { closed };
      const change = changeOf(decide(record, says('SUCCESS'), given));
      assert.equal(change.status, undefined);
      assert.deepEqual(change.events, []);
    }
  });

  it('is announced as paid where that person accepts it, once its reference is its own', () => {
    const data = { reviewReason: 'reverse', resolution: { ...resolution, action: 'accept' } };
    const record = reversingRecord({ status: 'REVIEW' }, data);
    const unclaimed = { type: 'unknown', code: 'UNCLAIMED', isFault: false };
    assert.deepEqual(decide(record, says('SUCCESS')), unclaimed);
    const change = changeOf(decide(record, says('SUCCESS'), { claimed: true }));
    assert.deepEqual([change.status, change.events], ['PAID', ['order.paid']]);
  });
});
