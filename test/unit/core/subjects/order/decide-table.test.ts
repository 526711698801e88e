import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type LatePolicy, latePolicies } from '#core/account.ts';
import type { OrderEvidence } from '#core/evidence.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { isFen } from '#core/values/money.ts';
import {
  account,
  checked,
  committed,
  moment,
  notFound,
  orderOf,
  says,
  taken,
} from '../../fixtures.ts';
import { type Column, columns, decisionOf } from './cells.ts';

/** The order expires at 06:00 and is to be closed from 06:00:30 on. */
const times = {
  early: moment('2026-11-21T04:30:00Z'),
  before: moment('2026-11-21T06:00:29.999Z'),
  closeAt: moment('2026-11-21T06:00:30Z'),
  'before+10m': moment('2026-11-21T06:10:29.999Z'),
  '+10m': moment('2026-11-21T06:10:30Z'),
  'before+24h': moment('2026-11-22T06:00:29.999Z'),
  '+24h': moment('2026-11-22T06:00:30Z'),
  '+30d': moment('2026-12-21T06:00:30Z'),
};

const answers: Readonly<Record<string, OrderEvidence>> = {
  SUCCESS: says('SUCCESS'),
  'SUCCESS -1 fen': says('SUCCESS', { amountFen: checked(isFen, 8_799) }),
  REFUND: says('REFUND'),
  NOTPAY: says('NOTPAY'),
  PAYERROR: says('PAYERROR'),
  USERPAYING: says('USERPAYING'),
  ACCEPT: says('ACCEPT'),
  CLOSED: says('CLOSED'),
  REVOKED: says('REVOKED'),
  'not-found': notFound,
  unknown: { type: 'unknown', code: 'SYSTEM_ERROR' },
  fault: { type: 'fault', code: 'SIGN_ERROR' },
};

/**
 * WeChat says · when · late policy · and for CREATED and AWAITING · PAID · CLOSED · REVIEW that saw money
 * · REVIEW not-found · REVIEW user-paying · REFUSED · UNMATCHED.
 */
const always = 'early before closeAt before+10m +10m before+24h +24h +30d';
const open = 'early before';
const due = 'closeAt before+10m +10m before+24h +24h +30d';
const table = `
SUCCESS        | ${always} | refund  | paid | quiet | back-late | note | paid | paid | back-late | quiet
SUCCESS        | ${always} | hold    | paid | quiet | hold-late | note | paid | paid | hold-late | quiet
SUCCESS        | ${always} | fulfil  | paid | quiet | paid-late | note | paid | paid | paid-late | quiet
SUCCESS -1 fen | ${always} | any     | review:amount | doubt | review:amount | note | note-reason:amount | note-reason:amount | review:amount | quiet
REFUND         | ${always} | any     | review:refund | note | review:refund | note | note-reason:refund | note-reason:refund | review:refund | quiet
NOTPAY         | ${open}   | any     | wait  | doubt | close | quiet | quiet | wait  | quiet | quiet
PAYERROR       | ${open}   | any     | wait  | doubt | close | quiet | quiet | wait  | quiet | quiet
NOTPAY         | ${due}    | any     | close | doubt | close | close | close | close | quiet | quiet
PAYERROR       | ${due}    | any     | close | doubt | close | close | close | close | quiet | quiet
USERPAYING     | ${open} closeAt before+10m | any | soon  | doubt | close | quiet | quiet | wait | quiet | quiet
ACCEPT         | ${open} closeAt before+10m | any | soon  | doubt | close | quiet | quiet | wait | quiet | quiet
USERPAYING     | +10m before+24h            | any | close | doubt | close | quiet | quiet | wait | quiet | quiet
ACCEPT         | +10m before+24h            | any | close | doubt | close | quiet | quiet | wait | quiet | quiet
USERPAYING     | +24h +30d | any | review-payer | doubt | close | quiet | quiet | wait | quiet | quiet
ACCEPT         | +24h +30d | any | review-payer | doubt | close | quiet | quiet | wait | quiet | quiet
CLOSED         | ${open}   | any | closed-there | doubt | quiet | quiet | closed-there | closed-there | quiet | quiet
REVOKED        | ${open}   | any | closed-there | doubt | quiet | quiet | closed-there | closed-there | quiet | quiet
CLOSED         | ${due}    | any | closed       | doubt | quiet | quiet | closed | closed | quiet | quiet
REVOKED        | ${due}    | any | closed       | doubt | quiet | quiet | closed | closed | quiet | quiet
not-found      | ${open}   | any | wait  | quiet | owed  | quiet | quiet | wait | quiet | quiet
not-found      | ${due}    | any | close | quiet | owed  | quiet | quiet | wait | quiet | quiet
unknown        | ${always} | any | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown
fault          | ${always} | any | fault | fault | fault | fault | fault | fault | fault | fault
`;

const groups: readonly (readonly Column[])[] = [
  ['CREATED', 'AWAITING'],
  ['PAID'],
  ['CLOSED'],
  ['REVIEW amount', 'REVIEW refund', 'REVIEW late', 'REVIEW duplicate', 'REVIEW refund-failed'],
  ['REVIEW not-found'],
  ['REVIEW user-paying'],
  ['REFUSED'],
  ['UNMATCHED'],
];

type Row = {
  readonly name: string;
  readonly when: string;
  readonly policies: readonly LatePolicy[];
  readonly words: readonly string[];
};

const rows: readonly Row[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [name = '', when = '', policy = '', ...words] = line
      .split('|')
      .map((cell) => cell.trim());
    const policies = latePolicies.filter((one) => policy === 'any' || policy === one);
    assert.equal(words.length, groups.length, line);
    return { name, when, policies, words };
  });

/** Each cell once: the answer, the moment, the order, the policy, and the word that stands there. */
function* cells() {
  for (const { name, when, policies, words } of rows) {
    for (const [index, group] of groups.entries()) {
      for (const column of group) {
        for (const time of when.split(' ')) {
          for (const latePolicy of policies) {
            yield { name, time, column, latePolicy, word: words[index] ?? '' };
          }
        }
      }
    }
  }
}

type Cell = ReturnType<typeof cells> extends Generator<infer C> ? C : never;

function given({ name, time, column, latePolicy }: Cell) {
  const evidence = answers[name];
  const now = times[checked((value): value is keyof typeof times => String(value) in times, time)];
  assert.ok(evidence !== undefined);
  const state = evidence.type === 'state' ? evidence.state : evidence.type;
  return { evidence, now, state, record: columns[column], policy: { ...account, latePolicy } };
}

describe('the table of the order', () => {
  it('has one word for every answer, moment, status and policy', () => {
    const seen = [...cells()].map((c) => `${c.name} ${c.time} ${c.column} ${c.latePolicy}`);
    const count = Object.keys(answers).length * Object.keys(times).length * 13 * 3;
    assert.equal(new Set(seen).size, count);
    assert.equal(seen.length, count);
  });

  for (const [name, group] of Map.groupBy(cells(), (cell) => `${cell.name} on ${cell.column}`)) {
    const told = new Set(group.map((cell) => cell.word));
    it(`${name} is ${[...told].join(', ')}`, () => {
      for (const cell of group) {
        const { evidence, now, record, policy, state } = given(cell);
        const decision = decideOrder(orderOf(record), evidence, {
          now,
          account: policy,
          claim: taken,
        });
        const expected = decisionOf(cell.word, { says: state, now, column: cell.column });
        assert.deepEqual(decision, expected, `${cell.time}, ${cell.latePolicy}`);
      }
    });
  }
});

describe('the same answer twice', () => {
  for (const [name, group] of Map.groupBy(cells(), (cell) => `${cell.name} on ${cell.column}`)) {
    it(`changes nothing the second time: ${name}`, () => {
      for (const cell of group) {
        const { evidence, now, record, policy } = given(cell);
        const first = decideOrder(orderOf(record), evidence, {
          now,
          account: policy,
          claim: taken,
        });
        const after = first.type === 'commit' ? committed(record, first.change, now) : record;
        const second = decideOrder(orderOf(after), evidence, {
          now,
          account: policy,
          claim: taken,
        });
        assert.notEqual(second.type, 'commit', `${cell.time}, ${cell.latePolicy}`);
      }
    });
  }
});
