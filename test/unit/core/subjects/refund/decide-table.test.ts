import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyChange } from '#core/commit.ts';
import type { Decision } from '#core/decision.ts';
import type { ApplyOutcome, RefundEvidence } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decideRefund } from '#core/subjects/refund/decide.ts';
import { isFen } from '#core/values/money.ts';
import { checked, moment } from '../../fixtures.ts';
import { answers, notFound, refundId, refundOf, refundStored, successAt } from './fixtures.ts';

const now = moment('2026-11-21T07:05:00Z');
const refusedAt = moment('2026-11-21T07:04:00Z');
const refusal = 'INVALID_REQUEST';
const known = { refund_id: refundId };

/** One refund a column: each status, and CREATED once it was refused a minute ago. */
const columns = {
  CREATED: refundStored(),
  'CREATED, refused': refundStored({}, { refusal, refusedAt }),
  PROCESSING: refundStored({ status: 'PROCESSING' }, known),
  ABNORMAL: refundStored({ status: 'ABNORMAL' }, known),
  SUCCESS: refundStored({ status: 'SUCCESS' }, { ...known, successAt }),
  CLOSED: refundStored({ status: 'CLOSED' }, known),
  REFUSED: refundStored({ status: 'REFUSED' }, { refusal }),
} as const satisfies Readonly<Record<string, StoredRecord>>;
type Column = keyof typeof columns;

const outcomes: Readonly<Record<string, ApplyOutcome>> = {
  accepted: { type: 'accepted' },
  refused: { type: 'refused', code: 'USER_ACCOUNT_ABNORMAL' },
  unknown: { type: 'unknown', code: 'NOT_ENOUGH' },
  fault: { type: 'fault', code: 'NO_AUTH' },
};

const another = answers('SUCCESS', { refundFen: checked(isFen, 2_999) });
const rows: Readonly<Record<string, RefundEvidence>> = {
  PROCESSING: answers('PROCESSING'),
  SUCCESS: answers('SUCCESS'),
  CLOSED: answers('CLOSED'),
  ABNORMAL: answers('ABNORMAL'),
  'another refund': another,
  'no such refund': notFound,
  'no answer': { type: 'unknown', code: 'TIMEOUT' },
  fault: { type: 'fault', code: 'SIGN_ERROR' },
};

const nothing: Decision = { type: 'quiet' };
const wait: Decision = { type: 'wait' };
const apply: Decision = { type: 'command', command: 'apply' };
const processing = accepted({ tells: false });
const reopened = accepted({ tells: true });
const succeeded = ended('SUCCESS', 'refund.succeeded', { ...known, successAt });
const closed = ended('CLOSED', 'refund.closed', known);
const abnormal = ended('ABNORMAL', 'refund.abnormal', known);
const timeout: Decision = { type: 'unknown', code: 'TIMEOUT', isFault: false };
const signError: Decision = { type: 'unknown', code: 'SIGN_ERROR', isFault: true };
const vanished: Decision = { type: 'unknown', code: 'RESOURCE_NOT_EXISTS', isFault: false };
const other: Decision = { type: 'unknown', code: 'OTHER_REFUND', isFault: false };

/** What each answer means to each status, before anything was applied for in this look. */
const table: Readonly<Record<string, Readonly<Record<Column, Decision>>>> = {
  PROCESSING: {
    CREATED: processing,
    'CREATED, refused': processing,
    PROCESSING: wait,
    ABNORMAL: processing,
    SUCCESS: nothing,
    CLOSED: nothing,
    REFUSED: reopened,
  },
  SUCCESS: {
    CREATED: succeeded,
    'CREATED, refused': succeeded,
    PROCESSING: succeeded,
    ABNORMAL: succeeded,
    SUCCESS: nothing,
    CLOSED: succeeded,
    REFUSED: succeeded,
  },
  CLOSED: {
    CREATED: closed,
    'CREATED, refused': closed,
    PROCESSING: closed,
    ABNORMAL: closed,
    SUCCESS: nothing,
    CLOSED: nothing,
    REFUSED: nothing,
  },
  ABNORMAL: {
    CREATED: abnormal,
    'CREATED, refused': abnormal,
    PROCESSING: abnormal,
    ABNORMAL: wait,
    SUCCESS: nothing,
    CLOSED: nothing,
    REFUSED: abnormal,
  },
  'another refund': {
    CREATED: refused('NUMBER_USED'),
    'CREATED, refused': refused('NUMBER_USED'),
    PROCESSING: other,
    ABNORMAL: other,
    SUCCESS: nothing,
    CLOSED: nothing,
    REFUSED: nothing,
  },
  'no such refund': {
    CREATED: apply,
    'CREATED, refused': refused(refusal),
    PROCESSING: vanished,
    ABNORMAL: vanished,
    SUCCESS: nothing,
    CLOSED: nothing,
    REFUSED: nothing,
  },
  'no answer': always(timeout),
  fault: always(signError),
};

/** What "no such refund" means once it was applied for in this look. */
const applied: Readonly<Record<string, Decision>> = {
  accepted: vanished,
  refused: {
    type: 'commit',
    change: {
      patch: { set: { refusal: 'USER_ACCOUNT_ABNORMAL', refusedAt: now } },
      events: [],
      evidence: 'USER_ACCOUNT_ABNORMAL',
      nextLookAt: moment('2026-11-21T07:06:00Z'),
    },
  },
  unknown: { type: 'unknown', code: 'NOT_ENOUGH', isFault: false },
  fault: { type: 'unknown', code: 'NO_AUTH', isFault: true },
};

function accepted({ tells }: { readonly tells: boolean }): Decision {
  const patch = { set: known, unset: ['refusedAt', 'refusal'] };
  return {
    type: 'commit',
    change: { status: 'PROCESSING', patch, events: [], tells, evidence: 'PROCESSING' },
  };
}

function ended(
  status: 'SUCCESS' | 'CLOSED' | 'ABNORMAL',
  event: 'refund.succeeded' | 'refund.closed' | 'refund.abnormal',
  set: Readonly<Record<string, string | number>>,
): Decision {
  const patch = { set, unset: ['refusedAt', 'refusal'] };
  return {
    type: 'commit',
    change: { status, patch, events: [event], tells: true, evidence: status },
  };
}

function refused(code: string): Decision {
  const patch = { set: { refusal: code }, unset: ['refusedAt'] };
  return {
    type: 'commit',
    change: {
      status: 'REFUSED',
      patch,
      events: ['refund.refused'],
      tells: true,
      evidence: code,
    },
  };
}

function always(decision: Decision): Readonly<Record<Column, Decision>> {
  const cells = Object.keys(columns).map((column) => [column, decision] as const);
  return Object.fromEntries(cells) as Readonly<Record<Column, Decision>>;
}

function cells(): readonly (readonly [string, Column, RefundEvidence, Decision])[] {
  return Object.entries(rows).flatMap(([row, evidence]) =>
    Object.entries(table[row] ?? {}).map(
      ([column, decision]) => [row, column as Column, evidence, decision] as const,
    ),
  );
}

describe('the table of the refund', () => {
  it('has a cell for every answer on every status', () => {
    assert.equal(cells().length, 8 * 7);
  });

  for (const [row, column, evidence, decision] of cells()) {
    it(`${row} on ${column}`, () => {
      assert.deepEqual(decideRefund(refundOf(columns[column]), evidence, { now }), decision);
    });
  }

  for (const [outcome, decision] of Object.entries(applied)) {
    it(`no such refund on CREATED after an apply that ended ${outcome}`, () => {
      const context = { now, applied: outcomes[outcome] ?? { type: 'accepted' } } as const;
      assert.deepEqual(decideRefund(refundOf(columns.CREATED), notFound, context), decision);
    });
  }
});

describe('of a refund', () => {
  it('the same answer twice changes nothing the second time', () => {
    for (const [row, column, evidence, decision] of cells()) {
      if (decision.type === 'commit') {
        const record = columns[column];
        const after = applyChange(record, decision.change, { now, because: 'timer' });
        const again = decideRefund(refundOf(after), evidence, { now });
        assert.ok(again.type === 'quiet' || again.type === 'wait', `${row} on ${column}`);
      }
    }
  });

  it('a query decides, whatever an apply before it answered', () => {
    for (const [row, column, evidence, decision] of cells()) {
      if (evidence.type === 'state') {
        for (const outcome of Object.values(outcomes)) {
          const context = { now, applied: outcome };
          const decided = decideRefund(refundOf(columns[column]), evidence, context);
          assert.deepEqual(decided, decision, `${row} on ${column} after ${outcome.type}`);
        }
      }
    }
  });

  it('no second apply follows the first in one look', () => {
    for (const record of Object.values(columns)) {
      for (const evidence of Object.values(rows)) {
        for (const outcome of Object.values(outcomes)) {
          const decided = decideRefund(refundOf(record), evidence, { now, applied: outcome });
          assert.notEqual(decided.type, 'command');
        }
      }
    }
  });

  it('nothing is applied for but what WeChat does not know and never refused', () => {
    const commands = cells().filter(([, , , decision]) => decision.type === 'command');
    assert.deepEqual(
      commands.map(([row, column]) => [row, column]),
      [['no such refund', 'CREATED']],
    );
  });

  for (const [what, changes] of [
    ['of another payment', { transaction_id: '4200000001202611210000000002' }],
    ['of another order', { out_trade_no: 'A-1002-20261121' }],
    ['of a fen more', { refundFen: 3_001 }],
  ] as const) {
    it(`a refund ${what} under its number is not this one`, () => {
      const evidence = answers('SUCCESS');
      const facts = { ...evidence.facts, ...changes } as typeof evidence.facts;
      const decided = decideRefund(refundOf(columns.CREATED), { ...evidence, facts }, { now });
      assert.deepEqual(decided, refused('NUMBER_USED'));
    });
  }

  it('keeps no time of success that WeChat does not state, or states for another end', () => {
    const { successAt: _, ...bare } = answers('SUCCESS').facts;
    for (const evidence of [
      { ...answers('SUCCESS'), facts: bare },
      answers('ABNORMAL', { successAt }),
      answers('CLOSED', { successAt }),
    ]) {
      const decided = decideRefund(refundOf(columns.CREATED), evidence, { now });
      assert.deepEqual(decided.type === 'commit' && decided.change.patch.set, known);
    }
  });
});
