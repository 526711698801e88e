import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyChange, commitOf, withDueAt } from '#core/commit.ts';
import type { Change } from '#core/decision.ts';
import { type HistoryRow, type NewSubject, trimHistory } from '#core/record.ts';
import { instant } from '#core/values/time.ts';
import { createdAt, moment, orderRecord, paymentData } from './fixtures.ts';

const now = moment('2026-11-21T04:05:03Z');
const why = { now, because: 'notice' };
const paid: Change = {
  status: 'PAID',
  patch: { set: paymentData },
  events: ['order.paid'],
  evidence: 'SUCCESS',
};
const closed: Change = {
  status: 'CLOSED',
  patch: {},
  events: ['order.closed'],
  lookAfterClose: true,
  evidence: 'CLOSED',
};
const noted: Change = { patch: { set: { noted: 'REFUND' } }, events: [], evidence: 'REFUND' };

function begun(number: string): NewSubject {
  return { kind: 'refund', number, startAt: now, data: { refundFen: 3_000 } };
}

function rows(count: number): readonly HistoryRow[] {
  return Array.from({ length: count }, (_, index) => ({
    at: instant(createdAt + index),
    from: 'AWAITING',
    to: 'AWAITING',
    because: `row ${index}`,
  }));
}

describe('a record after a change', () => {
  const before = orderRecord({ leases: 3, unknownLooks: 2 });
  const after = applyChange(before, paid, why);

  it('has the status, the next version, the data and one history row more', () => {
    assert.equal(after.status, 'PAID');
    assert.equal(after.version, 2);
    assert.deepEqual(after.data, { ...before.data, ...paymentData });
    assert.deepEqual(after.history, [
      { at: now, from: 'CREATED', to: 'PAID', because: 'notice', evidence: 'SUCCESS' },
    ]);
    assert.equal(after.historyCount, 1);
  });

  it('owes its events, numbered by type from 1', () => {
    assert.deepEqual(after.outbox, [{ type: 'event', event: 'order.paid', n: 1, at: now }]);
    assert.deepEqual(after.eventCounts, { 'order.paid': 1 });
  });

  it('starts its leases and unknown looks anew', () => {
    assert.equal(after.leases, 0);
    assert.equal(after.unknownLooks, 0);
  });

  it('leaves the record before it untouched', () => {
    assert.deepEqual(before, orderRecord({ leases: 3, unknownLooks: 2 }));
  });

  it('keeps its key and its account', () => {
    assert.deepEqual(after.key, before.key);
    assert.equal(after.account, 'shop');
  });

  it('keeps its status when only data changes, and the row says so', () => {
    const same = applyChange(orderRecord({ status: 'PAID' }), noted, why);
    assert.equal(same.status, 'PAID');
    assert.equal(same.version, 2);
    assert.equal(same.history.at(-1)?.from, 'PAID');
    assert.equal(same.history.at(-1)?.to, 'PAID');
    assert.deepEqual(same.outbox, []);
  });

  it('counts the second event of a type on from the first', () => {
    const again: Change = { patch: {}, events: ['order.review', 'order.review'], evidence: 'X' };
    const reviewed = orderRecord({ eventCounts: { 'order.review': 1, 'order.paid': 1 } });
    const { outbox, eventCounts } = applyChange(reviewed, again, why);
    assert.deepEqual(
      outbox.map((entry) => entry.type === 'event' && entry.n),
      [2, 3],
    );
    assert.deepEqual(eventCounts, { 'order.review': 3, 'order.paid': 1 });
  });

  it('owes one more look ten minutes after a close, behind its event', () => {
    assert.deepEqual(applyChange(orderRecord(), closed, why).outbox, [
      { type: 'event', event: 'order.closed', n: 1, at: now },
      { type: 'look', at: moment('2026-11-21T04:15:03Z') },
    ]);
  });

  it('owes the subjects it starts and the one it tells before any event speaks of them', () => {
    const change: Change = { ...closed, starts: [begun('R-1'), begun('R-2')], tells: true };
    assert.deepEqual(applyChange(orderRecord(), change, why).outbox, [
      { type: 'start', at: now, ...begun('R-1') },
      { type: 'start', at: now, ...begun('R-2') },
      { type: 'tell', at: now },
      { type: 'event', event: 'order.closed', n: 1, at: now },
      { type: 'look', at: moment('2026-11-21T04:15:03Z') },
    ]);
  });

  it('tells nobody where nothing is to be told', () => {
    const { outbox } = applyChange(orderRecord(), { ...paid, tells: false }, why);
    assert.deepEqual(
      outbox.map(({ type }) => type),
      ['event'],
    );
  });

  it('keeps the looks that are owed when it is made beside them', () => {
    const after = applyChange(before, { ...noted, isAside: true }, why);
    assert.deepEqual([after.leases, after.unknownLooks, after.version], [3, 2, 2]);
  });

  it('removes what the patch removes and nothing else', () => {
    const patch = { set: { late: true }, unset: ['reviewReason', 'never there'] };
    const record = orderRecord({}, { reviewReason: 'late', noted: 'SUCCESS' });
    const { data } = applyChange(record, { patch, events: [], evidence: 'X' }, why);
    assert.deepEqual(data, { ...orderRecord().data, noted: 'SUCCESS', late: true });
  });
});

describe('the write of a change', () => {
  it('asks for the version as loaded and carries the whole change', () => {
    const before = orderRecord();
    const after = { ...applyChange(before, paid, why), dueAt: moment('2026-11-21T04:31:00Z') };
    assert.deepEqual(commitOf(before, after, paid), {
      key: before.key,
      version: 1,
      status: 'PAID',
      patch: { set: paymentData },
      row: { at: now, from: 'CREATED', to: 'PAID', because: 'notice', evidence: 'SUCCESS' },
      outbox: [{ type: 'event', event: 'order.paid', n: 1, at: now }],
      eventCounts: { 'order.paid': 1 },
      dueAt: moment('2026-11-21T04:31:00Z'),
    });
  });

  it('names no status and no dueAt where there is none', () => {
    const { dueAt: _, ...before } = orderRecord({ status: 'PAID' });
    const commit = commitOf(before, applyChange(before, noted, why), noted);
    assert.equal('status' in commit, false);
    assert.equal('dueAt' in commit, false);
    assert.equal('history' in commit, false);
  });

  it('appends a row up to the 32nd and then replaces the rows', () => {
    const room = orderRecord({ history: rows(31), historyCount: 31 });
    assert.equal(commitOf(room, applyChange(room, noted, why), noted).history, undefined);
    const full = orderRecord({ history: rows(32), historyCount: 40 });
    const after = applyChange(full, noted, why);
    assert.equal(after.historyCount, 41);
    const commit = commitOf(full, after, noted);
    assert.deepEqual(commit.history, after.history);
    assert.deepEqual(commit.row, after.history.at(-1));
  });

  it('keeps the looks that are owed only for a change beside them', () => {
    const before = orderRecord();
    const aside: Change = { ...noted, isAside: true };
    const { keepsLooks } = commitOf(before, applyChange(before, aside, why), aside);
    assert.deepEqual(keepsLooks, { seenDueAt: before.dueAt });
    const { dueAt: _, ...resting } = before;
    const atRest = commitOf(resting, applyChange(resting, aside, why), aside);
    assert.deepEqual(atRest.keepsLooks, { seenDueAt: null });
    const commit = commitOf(before, applyChange(before, noted, why), noted);
    assert.equal('keepsLooks' in commit, false);
  });

  it('throws for a record that was not changed', () => {
    assert.throws(() => commitOf(orderRecord(), orderRecord(), paid), /history row/);
  });
});

describe('history', () => {
  it('is kept whole up to 32 rows', () => {
    for (const count of [0, 1, 4, 28, 32]) {
      assert.deepEqual(trimHistory(rows(count)), rows(count));
    }
  });

  it('keeps the first 4 and the last 28 of more', () => {
    for (const count of [33, 34, 100]) {
      const kept = trimHistory(rows(count));
      assert.deepEqual(kept, [...rows(count).slice(0, 4), ...rows(count).slice(count - 28)]);
      assert.equal(kept.length, 32);
    }
  });
});

describe('dueAt after a commit', () => {
  const nextSlot = moment('2026-11-21T04:10:00Z');
  const soon = moment('2026-11-21T04:07:03Z');
  const settled = { now, settled: true, nextSlot };
  const open = { now, settled: false, nextSlot };
  const after = (text: string | undefined, change = paid) => {
    const { dueAt: _, ...record } = applyChange(orderRecord(), change, why);
    return text === undefined ? record : { ...record, dueAt: moment(text) };
  };

  it('stays where it stands within 35 min while a settled record owes its events', () => {
    const edge = after('2026-11-21T04:40:03Z');
    assert.equal(withDueAt(edge, paid, settled).dueAt, moment('2026-11-21T04:40:03Z'));
  });

  it('is two minutes from now when it stands later, or not at all', () => {
    assert.equal(withDueAt(after('2026-11-21T04:40:03.001Z'), paid, settled).dueAt, soon);
    assert.equal(withDueAt(after(undefined), paid, settled).dueAt, soon);
  });

  it('is what the decision plans, whatever stands and whatever is owed', () => {
    const nextLookAt = moment('2026-11-21T04:15:03Z');
    for (const next of [settled, open]) {
      const change = { ...paid, nextLookAt };
      assert.equal(withDueAt(after('2026-11-21T04:06:00Z'), change, next).dueAt, nextLookAt);
      assert.equal(withDueAt(after(undefined), change, next).dueAt, nextLookAt);
    }
  });

  it('is the next slot of an open record that owes nothing', () => {
    const record = after('2026-11-21T04:31:00Z', noted);
    assert.equal(withDueAt(record, noted, open).dueAt, nextSlot);
  });

  it('is gone from a settled record that owes nothing', () => {
    const record = after('2026-11-21T04:31:00Z', noted);
    assert.equal('dueAt' in withDueAt(record, noted, settled), false);
  });

  describe('of a change aside', () => {
    const aside: Change = { ...noted, isAside: true };
    const owing: Change = { ...aside, tells: true };

    for (const next of [settled, open]) {
      const kind = next.settled ? 'a settled' : 'an open';
      it(`stays where it stands on ${kind} record, however far`, () => {
        const far = '2026-11-28T04:00:00Z';
        assert.equal(withDueAt(after(far, aside), aside, next).dueAt, moment(far));
        assert.equal('dueAt' in withDueAt(after(undefined, aside), aside, next), false);
      });

      it(`is soon on ${kind} record that owes something`, () => {
        const far = '2026-11-28T04:00:00Z';
        assert.equal(withDueAt(after(far, owing), owing, next).dueAt, soon);
        assert.equal(withDueAt(after(undefined, owing), owing, next).dueAt, soon);
        const near = '2026-11-21T04:06:00Z';
        assert.equal(withDueAt(after(near, owing), owing, next).dueAt, moment(near));
      });

      it(`is what the change plans on ${kind} record`, () => {
        const change: Change = { ...owing, nextLookAt: moment('2026-11-21T04:09:00Z') };
        const { dueAt } = withDueAt(after('2026-11-21T04:06:00Z', change), change, next);
        assert.equal(dueAt, moment('2026-11-21T04:09:00Z'));
      });
    }
  });
});
