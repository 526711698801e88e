import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyChange } from '#core/commit.ts';
import type { Change } from '#core/decision.ts';
import type { CloseOutcome, OrderEvidence } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { isSettled } from '#core/subjects/order/order.ts';
import { isFen } from '#core/values/money.ts';
import type { Instant } from '#core/values/time.ts';
import {
  account,
  checked,
  closeAt,
  committed,
  createdAt,
  moment,
  notFound,
  orderOf,
  orderRecord,
  says,
} from '../../fixtures.ts';

const depth = 4;
const matching = says('SUCCESS');
const states = ['NOTPAY', 'PAYERROR', 'USERPAYING', 'ACCEPT', 'CLOSED', 'REVOKED'] as const;
const answers: readonly OrderEvidence[] = [
  matching,
  says('SUCCESS', { amountFen: checked(isFen, 1) }),
  says('REFUND'),
  ...states.map((state) => says(state)),
  notFound,
  { type: 'unknown', code: 'TIMEOUT' },
  { type: 'fault', code: 'SIGN_ERROR' },
];
const closes: readonly CloseOutcome[] = [
  { type: 'done' },
  { type: 'no-such-order', code: 'ORDER_NOT_EXIST' },
  { type: 'refused', code: 'RULE_LIMIT' },
  { type: 'unknown', code: 'FREQUENCY_LIMITED' },
  { type: 'fault', code: 'SIGN_ERROR' },
];
const moments = [
  moment('2026-11-21T04:30:00Z'),
  closeAt,
  moment('2026-11-21T06:02:00Z'),
  moment('2026-11-21T06:15:00Z'),
  moment('2026-11-22T06:00:30Z'),
  moment('2026-11-22T06:10:30Z'),
];
const link = { link: 'wx20261121120000', linkAt: createdAt };
const starts = [orderRecord(), orderRecord({ status: 'AWAITING' }, link)];

type Look = {
  readonly record: StoredRecord;
  readonly evidence: OrderEvidence;
  readonly closed: CloseOutcome | undefined;
  readonly now: Instant;
  readonly latePolicy: 'hold' | 'fulfil';
};

type Check = (look: Look, change: Change, after: StoredRecord) => void;

/** What a decision leads to: the record after it, or the same one. */
function follow(look: Look, check: Check): readonly StoredRecord[] {
  const { record, evidence, closed, now, latePolicy } = look;
  const context = { now, account: { ...account, latePolicy } };
  const decision = decideOrder(orderOf(record), evidence, {
    ...context,
    ...(closed !== undefined && { closed }),
  });
  if (decision.type === 'commit') {
    const after = committed(record, decision.change, now);
    check(look, decision.change, after);
    return [after];
  }
  if (decision.type !== 'command') {
    return [record];
  }
  assert.equal(closed, undefined, 'a second command in one look');
  assert.notEqual(record.status, 'PAID', 'a command on a paid order');
  return closes.flatMap((outcome) =>
    answers.flatMap((again) => follow({ ...look, evidence: again, closed: outcome }, check)),
  );
}

/** What two records with the same key decide is the same from here on. */
function keyOf({ status, data, eventCounts, dueAt }: StoredRecord): string {
  return JSON.stringify([status, data, eventCounts, dueAt]);
}

type Step = { readonly look: Look; readonly change: Change; readonly after: StoredRecord };

/** Every change that `depth` looks can make, each look at any later moment, with any answers. */
function walk(latePolicy: 'hold' | 'fulfil'): readonly Step[] {
  const steps: Step[] = [];
  const seen = new Set<string>();
  let layer = starts.map((record) => ({ record, from: 0 }));
  for (let look = 0; look < depth; look += 1) {
    const next: { record: StoredRecord; from: number }[] = [];
    for (const { record, from, now, evidence } of looksOf(layer)) {
      const first = { record, evidence, closed: undefined, now, latePolicy };
      const records = follow(first, (at, change, after) => {
        steps.push({ look: at, change, after });
      });
      for (const after of records) {
        const key = `${from} ${keyOf(after)}`;
        if (!seen.has(key)) {
          seen.add(key);
          next.push({ record: after, from });
        }
      }
    }
    layer = next;
  }
  return steps;
}

function* looksOf(layer: readonly { readonly record: StoredRecord; readonly from: number }[]) {
  for (const { record, from } of layer) {
    for (const [index, now] of moments.entries()) {
      for (const evidence of index < from ? [] : answers) {
        yield { record, from: index, now, evidence };
      }
    }
  }
}

const rules: Readonly<Record<string, Check>> = {
  'never leaves PAID': ({ record }, change) => {
    assert.ok(record.status !== 'PAID' || change.status === undefined);
  },
  'announces order.paid only on a signed SUCCESS that matches': ({ evidence, record }, change) => {
    const isPaid =
      change.events.includes('order.paid') || change.events.includes('order.paid_late');
    if (isPaid || (change.status === 'PAID' && record.status !== 'PAID')) {
      assert.equal(evidence, matching);
    }
    assert.equal(change.events.includes('order.paid'), change.status === 'PAID');
  },
  'closes only on CLOSED, REVOKED or the rule of not found twice': (look, change) => {
    const { evidence, record, closed, now } = look;
    assert.equal(change.events.includes('order.closed'), change.status === 'CLOSED');
    if (change.status !== 'CLOSED') {
      return;
    }
    if (evidence.type === 'state') {
      assert.ok(evidence.state === 'CLOSED' || evidence.state === 'REVOKED');
      return;
    }
    const { notFoundAt, link: held } = orderOf(record);
    assert.equal(evidence.type, 'not-found');
    assert.ok(closed?.type === 'done' || closed?.type === 'no-such-order');
    assert.ok(notFoundAt !== undefined && now - notFoundAt >= 90_000 && now >= closeAt);
    assert.equal(held, undefined);
  },
  'never closes an order that saw money': ({ record }, change) => {
    assert.ok(change.status !== 'CLOSED' || orderOf(record).paidFen === undefined);
  },
  'changes nothing on an answer without content': ({ evidence }) => {
    assert.ok(evidence.type !== 'unknown' && evidence.type !== 'fault');
  },
  'changes a PAID order on no unsigned answer': ({ evidence, record }) => {
    assert.ok(record.status !== 'PAID' || evidence.type === 'state');
  },
  'announces being paid and being closed once at most': (_, __, after) => {
    const { eventCounts } = after;
    for (const type of ['order.paid', 'order.paid_late', 'order.closed']) {
      assert.ok((eventCounts[type] ?? 0) <= 1, `${type} ${eventCounts[type]} times`);
    }
  },
  'numbers the events of a type without a gap': ({ record, now }, change) => {
    const owed = applyChange(record, change, { now, because: 'timer' }).outbox;
    for (const entry of owed.filter((one) => one.type === 'event')) {
      assert.equal(entry.n, (record.eventCounts[entry.event] ?? 0) + 1);
    }
  },
  'leaves a dueAt on every open record': (_, __, after) => {
    assert.ok(isSettled(orderOf(after)) || after.dueAt !== undefined);
  },
  'never returns to CREATED, AWAITING or REFUSED': (_, change) => {
    assert.ok(change.status === undefined || /^(PAID|CLOSED|REVIEW)$/.test(change.status));
  },
  'repeats no event for the same answer': ({ evidence, now, latePolicy }, _, after) => {
    const policy = { ...account, latePolicy };
    const again = decideOrder(orderOf(after), evidence, { now, account: policy });
    assert.notEqual(again.type, 'commit');
  },
};

describe(`every sequence of ${depth} looks, whatever WeChat answers, whenever`, () => {
  for (const latePolicy of ['hold', 'fulfil'] as const) {
    const steps = walk(latePolicy);
    it(`reaches PAID, CLOSED, REVIEW and contradiction (${latePolicy})`, () => {
      const reached = new Set(steps.map(({ after }) => after.status));
      for (const status of ['PAID', 'CLOSED', 'REVIEW']) {
        assert.ok(reached.has(status), status);
      }
      assert.ok(steps.some(({ after }) => orderOf(after).contradiction));
      assert.ok(steps.length > 1_000, `${steps.length} changes`);
    });
    for (const [rule, check] of Object.entries(rules)) {
      it(`${rule} (${latePolicy})`, () => {
        for (const { look, change, after } of steps) {
          check(look, change, after);
        }
      });
    }
  }
});
