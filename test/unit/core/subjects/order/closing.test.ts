import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CloseOutcome } from '#core/evidence.ts';
import { afterClose, close, closeCommand } from '#core/subjects/order/closing.ts';
import { decodeOrder } from '#core/subjects/order/order.ts';
import { committed, moment, orderOf, orderRecord } from '../../fixtures.ts';
import { codeRecord, reversalAt, reversingRecord } from './code-payments.ts';

const now = moment('2026-11-21T06:20:00Z');
const command = (name: string) => ({ type: 'command', command: name });
const open: readonly CloseOutcome[] = [
  { type: 'done' },
  { type: 'no-such-order', code: 'ORDERNOTEXIST' },
  { type: 'refused', code: 'TRADE_ERROR' },
  { type: 'unknown', code: 'RECALL' },
];
const fault: CloseOutcome = { type: 'fault', code: 'NOAUTH' };
const settled = [
  ['CLOSED', {}],
  ['REVIEW', { reviewReason: 'amount' }],
  ['REVIEW', { reviewReason: 'reverse' }],
] as const;

describe('what takes an order away from its payer', () => {
  for (const status of ['CREATED', 'AWAITING', 'CLOSED', 'REVIEW']) {
    it(`is a close of a link order, ${status}: never a reversal`, () => {
      const order = orderOf(orderRecord({ status }));
      assert.deepEqual(closeCommand(order, 'NOTPAY', now), command('close'));
      assert.deepEqual(close(order, 'NOTPAY', { now }), command('close'));
    });

    it(`is a reversal of a code payment, ${status}, whose record says so: never a close`, () => {
      const order = orderOf(reversingRecord({ status }));
      assert.deepEqual(closeCommand(order, 'NOTPAY', now), command('reverse'));
      assert.deepEqual(close(order, 'NOTPAY', { now }), command('reverse'));
    });
  }

  for (const trade_type of ['NATIVE', 'JSAPI', 'APP', 'H5']) {
    it(`is a close of a ${trade_type} order, whatever stands in its record`, () => {
      const order = orderOf(orderRecord({}, { trade_type, reversedAt: reversalAt }));
      assert.deepEqual(closeCommand(order, 'NOTPAY', now), command('close'));
    });
  }

  it('is written down before it is sent, with nothing told, and looked at again at once', () => {
    for (const status of ['CREATED', 'AWAITING']) {
      const noted = closeCommand(orderOf(codeRecord({ status })), 'USERPAYING', reversalAt);
      assert.deepEqual(noted, {
        type: 'commit',
        change: {
          patch: { set: { reversedAt: reversalAt } },
          events: [],
          looksOn: true,
          nextLookAt: moment('2026-11-21T04:01:15Z'),
          evidence: 'USERPAYING',
        },
      });
    }
  });

  it('leaves the record that notes it where it was, to be looked at within 30 s', () => {
    const before = codeRecord();
    const noted = closeCommand(orderOf(before), 'NOTPAY', reversalAt);
    assert.ok(noted.type === 'commit');
    const after = committed(before, noted.change, reversalAt);
    assert.equal(after.status, 'CREATED');
    assert.equal(after.dueAt, moment('2026-11-21T04:01:15Z'));
    assert.equal(after.version, before.version + 1);
    assert.deepEqual(after.data, { ...before.data, reversedAt: reversalAt });
  });

  for (const [status, data] of settled) {
    const why = 'reviewReason' in data ? ` for ${data.reviewReason}` : '';
    it(`leaves the look owed that notes it on ${status}${why}: a timer's ends there otherwise`, () => {
      const before = codeRecord({ status, unknownLooks: 2, leases: 1 }, data);
      const noted = closeCommand(orderOf(before), 'NOTPAY', now);
      assert.ok(noted.type === 'commit');
      assert.equal(committed(before, noted.change, now).unknownLooks, 2);
    });
  }

  it('is owed no more by one that waits: it is looked at all the same', () => {
    const before = codeRecord({ unknownLooks: 2 });
    const noted = closeCommand(orderOf(before), 'NOTPAY', now);
    assert.ok(noted.type === 'commit');
    assert.equal(committed(before, noted.change, now).unknownLooks, 0);
  });
});

describe('after it was sent', () => {
  for (const outcome of open) {
    it(`and ended ${outcome.type} an order that waits is looked at by its plan`, () => {
      assert.deepEqual(afterClose(outcome), { type: 'wait' });
      for (const record of [orderRecord(), reversingRecord()]) {
        const decision = close(orderOf(record), 'NOTPAY', { now, closed: outcome });
        assert.deepEqual(decision, { type: 'wait' });
      }
    });

    it(`and ended ${outcome.type} a settled order does not rest while it is payable`, () => {
      for (const [status, data] of settled) {
        const order = orderOf(reversingRecord({ status }, data));
        const owed = { type: 'unknown', code: 'STILL_PAYABLE', isFault: false };
        assert.deepEqual(close(order, 'NOTPAY', { now, closed: outcome }), owed);
      }
    });
  }

  it('and met a fault somebody must repair the account', () => {
    const faulty = { type: 'unknown', code: 'NOAUTH', isFault: true };
    assert.deepEqual(afterClose(fault), faulty);
    for (const [status, data] of [['CREATED', {}], ...settled] as const) {
      const order = orderOf(reversingRecord({ status }, data));
      assert.deepEqual(close(order, 'NOTPAY', { now, closed: fault }), faulty);
    }
  });

  it('no second one follows in the same look, noted or not', () => {
    for (const record of [codeRecord(), reversingRecord(), codeRecord({ status: 'CLOSED' })]) {
      for (const closed of [...open, fault]) {
        const { type } = close(orderOf(record), 'NOTPAY', { now, closed });
        assert.ok(type === 'wait' || type === 'unknown', type);
      }
    }
  });
});

describe('since when an order is being reversed', () => {
  it('is read back as it was written, and not there before', () => {
    assert.equal(orderOf(reversingRecord()).reversedAt, reversalAt);
    assert.equal(orderOf(codeRecord()).reversedAt, undefined);
  });

  for (const damage of [null, true, '2026-11-21T04:00:45Z', 0.5, -1, {}]) {
    it(`is not read from ${JSON.stringify(damage)}`, () => {
      const decoded = decodeOrder(codeRecord({}, { reversedAt: damage }));
      assert.deepEqual(decoded, { ok: false, error: 'reversedAt' });
    });
  }
});
