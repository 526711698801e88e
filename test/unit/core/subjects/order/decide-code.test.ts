import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Decision } from '#core/decision.ts';
import type { CloseOutcome, OrderEvidence } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { type Instant, instant } from '#core/values/time.ts';
import { account, changeOf, moment, notFound, orderOf, orderRecord, says } from '../../fixtures.ts';
import { codeRecord, dayAfter, reversalAt, reversingRecord } from './code-payments.ts';

const done: CloseOutcome = { type: 'done' };
const noSuchOrder: CloseOutcome = { type: 'no-such-order', code: 'ORDERNOTEXIST' };
const refused: CloseOutcome = { type: 'refused', code: 'TRADE_ERROR' };
const unknown: CloseOutcome = { type: 'unknown', code: 'RECALL' };

const unpaid = ['NOTPAY', 'PAYERROR', 'USERPAYING', 'ACCEPT'] as const;
const later = moment('2026-11-21T04:10:00Z');
const reverse: Decision = { type: 'command', command: 'reverse' };

type Given = { readonly closed?: CloseOutcome; readonly now?: Instant };

function decide(record: StoredRecord, evidence: OrderEvidence, given: Given = {}): Decision {
  const { now = later, closed } = given;
  return decideOrder(orderOf(record), evidence, {
    now,
    account,
    ...(closed !== undefined && { closed }),
  });
}

const waiting = [codeRecord(), codeRecord({ status: 'AWAITING' })];
const reversing = [reversingRecord(), reversingRecord({ status: 'AWAITING' })];

describe('a code payment that nobody confirmed', () => {
  for (const evidence of [...unpaid.map((state) => says(state)), notFound]) {
    const name = evidence.type === 'state' ? evidence.state : evidence.type;
    it(`waits for its next wake before its time is over, when WeChat says ${name}`, () => {
      for (const record of waiting) {
        for (const now of ['2026-11-21T04:00:00Z', '2026-11-21T04:00:44.999Z']) {
          assert.deepEqual(decide(record, evidence, { now: moment(now) }), { type: 'wait' });
        }
      }
    });

    it(`is noted as being reversed from then on, when WeChat says ${name}`, () => {
      for (const record of waiting) {
        for (const now of [reversalAt, later, dayAfter]) {
          assert.deepEqual(changeOf(decide(record, evidence, { now })), {
            patch: { set: { reversedAt: now } },
            events: [],
            looksOn: true,
            nextLookAt: instant(now + 30_000),
            evidence: name,
          });
        }
      }
    });

    it(`is never reversed where the number was never ours, when WeChat says ${name}`, () => {
      const record = codeRecord({}, { unplaced: true, notFoundAt: reversalAt });
      for (const now of [reversalAt, later, dayAfter]) {
        const decision = decide(record, evidence, { now });
        assert.notEqual(decision.type, 'command');
        assert.equal(JSON.stringify(decision).includes('reversedAt'), false);
      }
    });
  }

  for (const state of [...unpaid, 'CLOSED', 'REVOKED'] as const) {
    it(`is given up where the number was never ours, when WeChat says ${state}`, () => {
      for (const now of [reversalAt, dayAfter]) {
        assert.deepEqual(
          changeOf(decide(codeRecord({}, { unplaced: true }), says(state), { now })),
          {
            status: 'REFUSED',
            patch: { unset: ['unplaced'] },
            events: [],
            evidence: state,
          },
        );
      }
    });
  }

  it('is reversed as soon as a close that was asked for allows it', () => {
    const closeAt = moment('2026-11-21T04:00:25Z');
    const record = codeRecord({}, { closeAt, closeReason: 'requested' });
    const before = decide(record, says('USERPAYING'), { now: instant(closeAt - 1) });
    assert.deepEqual(before, { type: 'wait' });
    const noted = changeOf(decide(record, says('USERPAYING'), { now: closeAt }));
    assert.deepEqual(noted.patch, { set: { reversedAt: closeAt } });
  });

  it('is left to no person for a payer who takes long: it is reversed', () => {
    const decision = decide(codeRecord(), says('USERPAYING'), { now: dayAfter });
    assert.notEqual(changeOf(decision).status, 'REVIEW');
  });

  for (const state of ['CLOSED', 'REVOKED'] as const) {
    it(`is closed when WeChat says ${state}, whenever that is`, () => {
      for (const record of [...waiting, ...reversing]) {
        const change = changeOf(decide(record, says(state)));
        assert.equal(change.status, 'CLOSED');
        assert.deepEqual(change.events, ['order.closed']);
        assert.deepEqual(change.patch, { set: { noted: state, closeReason: 'expired' } });
      }
    });
  }
});

describe('a code payment that WeChat does not know', () => {
  const since = { notFoundAt: later };
  const at = (ms: number) => instant(later + ms);

  it('is reversed all the same', () => {
    assert.deepEqual(decide(reversingRecord(), notFound), reverse);
    assert.deepEqual(decide(reversingRecord({}, since), notFound, { now: at(90_000) }), reverse);
  });

  for (const closed of [done, noSuchOrder]) {
    it(`is closed when it is not found twice and its reversal ended ${closed.type}`, () => {
      const first = changeOf(decide(reversingRecord(), notFound, { closed }));
      assert.deepEqual(first.patch, { set: since });
      assert.equal(first.nextLookAt, at(90_000));
      const record = reversingRecord({}, since);
      const early = decide(record, notFound, { closed, now: at(89_999) });
      assert.deepEqual(early, { type: 'wait', at: at(90_000) });
      const change = changeOf(decide(record, notFound, { closed, now: at(90_000) }));
      assert.equal(change.status, 'CLOSED');
      assert.deepEqual(change.events, ['order.closed']);
    });
  }

  for (const closed of [refused, unknown]) {
    it(`is closed after ten minutes of that, when its reversal ended ${closed.type}`, () => {
      const first = changeOf(decide(reversingRecord(), notFound, { closed }));
      assert.deepEqual(first.patch, { set: since });
      const record = reversingRecord({}, since);
      for (const ms of [0, 89_999, 90_000, 599_999]) {
        assert.deepEqual(decide(record, notFound, { closed, now: at(ms) }), { type: 'wait' });
      }
      const change = changeOf(decide(record, notFound, { closed, now: at(600_000) }));
      assert.equal(change.status, 'CLOSED');
      assert.deepEqual(change.patch, { set: { closeReason: 'expired' } });
    });

    it(`is never closed by a close of a link that ended ${closed.type}, nor begins to count`, () => {
      for (const data of [{}, { notFoundAt: later }]) {
        const decision = decide(orderRecord({}, data), notFound, { closed, now: dayAfter });
        assert.deepEqual(decision, { type: 'wait' });
      }
    });
  }

  it('is neither closed nor begins to count when its reversal met a fault', () => {
    const faulty = { type: 'unknown', code: 'NOAUTH', isFault: true };
    const closed: CloseOutcome = { type: 'fault', code: 'NOAUTH' };
    for (const data of [{}, since]) {
      const decision = decide(reversingRecord({}, data), notFound, { closed, now: dayAfter });
      assert.deepEqual(decision, faulty);
    }
  });

  it('counts from anew once a signed answer knew it, before a reversal is sent', () => {
    const decision = decide(reversingRecord({}, since), says('SUCCESS'), { now: at(90_000) });
    const change = changeOf(decision);
    assert.deepEqual(change.patch, { unset: ['notFoundAt'] });
    assert.equal(change.nextLookAt, at(90_000));
    assert.deepEqual(change.events, []);
  });
});
