import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyChange } from '#core/commit.ts';
import type { ServiceOrderEvidence } from '#core/payscore/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { decideServiceOrder } from '#core/subjects/service-order/decide.ts';
import { isFen } from '#core/values/money.ts';
import { checked, moment } from '../../fixtures.ts';
import {
  brief,
  contextOf,
  now,
  orderId,
  otherServiceId,
  pendingOf,
  sents,
} from '../../payscore/fixtures.ts';
import {
  completedData,
  orderIn,
  orderOf,
  orderRecord,
  orderSays,
  totalPending,
} from './fixtures.ts';

const evidences = {
  CREATED: orderSays('CREATED'),
  DOING: orderSays('DOING'),
  COMPLETED: orderSays('COMPLETED'),
  'COMPLETED, lowered': orderSays('COMPLETED', { totalFen: checked(isFen, 9_000) }),
  PAID: orderSays('PAID'),
  REVOKED: orderSays('REVOKED'),
  EXPIRED: orderSays('EXPIRED'),
  'another service': orderSays('DOING', { service_id: otherServiceId }),
  'new words': orderSays('DOING', { state: 'CLOSED' }),
  'no such order': { type: 'not-found', code: 'ORDER_NOT_EXIST' },
  'no answer': { type: 'unknown', code: 'TIMEOUT' },
  fault: { type: 'fault', code: 'SIGN_ERROR' },
} as const satisfies Readonly<Record<string, ServiceOrderEvidence>>;
type Row = keyof typeof evidences;
const rows = Object.keys(evidences) as readonly Row[];

const completed = (pending: ReturnType<typeof pendingOf>) =>
  orderIn('COMPLETED', { ...completedData, pending });
const columns: Readonly<Record<string, StoredRecord>> = {
  'create-service-order': orderRecord(),
  complete: orderIn('DOING', { pending: totalPending('complete', 12_000) }),
  'cancel while DOING': orderIn('DOING', { pending: pendingOf('cancel') }),
  cancel: completed(pendingOf('cancel')),
  modify: completed(totalPending('modify', 9_000)),
  sync: completed(pendingOf('sync')),
  pay: completed(pendingOf('pay')),
};

const code = 'INVALID_ORDER_STATE';
const doing = '→ DOING service-order.doing tells';
const toCompleted = '→ COMPLETED service-order.completed';
const paid = '→ PAID service-order.paid tells';
const revoked = '→ REVOKED service-order.revoked tells';
const expired = '→ EXPIRED service-order.expired tells';
const gone = '? ORDER_NOT_EXIST';
const other = '? OTHER_SERVICE_ORDER';
const again = 'look 07:03:00 refusals 1';
const every = (text: string): readonly string[] => sents.map(() => text);
const open = (refused: string, accepted = '? NOT_SHOWN'): readonly string[] => [
  'send',
  accepted,
  refused,
  '? SYSTEM_ERROR',
  '! NO_AUTH',
];
/** The status moves, and the command is still open. */
const moving = (to: string, refused: string, accepted = to): readonly string[] => [
  to.replace(/( tells)?$/, '$1 on'),
  accepted,
  refused,
  to,
  to,
];
/** Events come before `tells`, so a refusal is put between. */
const never = (head: string, name: string): readonly string[] =>
  sents.map((sent) => {
    const said = head.replace(/( tells)?$/, ' service-order.refused$1');
    return `${said} [${name} refused ${sent === 'refused' ? code : 'STATE'}]`;
  });
const refusedIn = (status: string, name: string) =>
  `→ ${status} service-order.refused [${name} refused ${code}]`;
const noAnswer = {
  'new words': every('? UNDOCUMENTED'),
  'no such order': every(gone),
  'no answer': every('? TIMEOUT'),
  fault: every('! SIGN_ERROR'),
};

const created = '[create-service-order done]';
const stays = (name: string) => open(refusedIn('COMPLETED', name));
const later = open(`→ COMPLETED ${again}`);

/** By how the send ended: unsent, accepted, refused, unknown, fault. */
const table: Readonly<Record<string, Readonly<Record<Row, readonly string[]>>>> = {
  'create-service-order': {
    CREATED: every(`→ CREATED ${created}`),
    DOING: every(`${doing} ${created}`),
    COMPLETED: every(`${toCompleted} ${created}`),
    'COMPLETED, lowered': every(`${toCompleted} ${created}`),
    PAID: every(`${paid} ${created}`),
    REVOKED: every(`${revoked} ${created}`),
    EXPIRED: every(`${expired} ${created}`),
    ...noAnswer,
    'another service': every(
      '→ REFUSED service-order.refused tells [create-service-order refused NUMBER_USED]',
    ),
    'no such order': open(
      `→ REFUSED service-order.refused tells [create-service-order refused ${code}]`,
    ),
  },
  complete: {
    CREATED: open(refusedIn('DOING', 'complete')),
    DOING: open(refusedIn('DOING', 'complete')),
    COMPLETED: every(`${toCompleted} [complete done]`),
    // Another completion stands there, with another total.
    'COMPLETED, lowered': never(toCompleted, 'complete'),
    PAID: every(`${paid} [complete done]`),
    REVOKED: never(revoked, 'complete'),
    EXPIRED: never(expired, 'complete'),
    ...noAnswer,
    'another service': every(other),
  },
  'cancel while DOING': {
    CREATED: open(refusedIn('DOING', 'cancel')),
    DOING: open(refusedIn('DOING', 'cancel')),
    COMPLETED: moving(toCompleted, `${toCompleted} ${again}`),
    'COMPLETED, lowered': moving(toCompleted, `${toCompleted} ${again}`),
    PAID: never(paid, 'cancel'),
    REVOKED: every(`${revoked} [cancel done]`),
    EXPIRED: never(expired, 'cancel'),
    ...noAnswer,
    'another service': every(other),
  },
  cancel: {
    CREATED: stays('cancel'),
    DOING: stays('cancel'),
    COMPLETED: later,
    'COMPLETED, lowered': later,
    PAID: never(paid, 'cancel'),
    REVOKED: every(`${revoked} [cancel done]`),
    EXPIRED: never(expired, 'cancel'),
    ...noAnswer,
    'another service': every(other),
  },
  modify: {
    CREATED: stays('modify'),
    DOING: stays('modify'),
    COMPLETED: later,
    'COMPLETED, lowered': every('→ COMPLETED [modify done]'),
    PAID: never(paid, 'modify'),
    REVOKED: never(revoked, 'modify'),
    EXPIRED: never(expired, 'modify'),
    ...noAnswer,
    'another service': every(other),
  },
  sync: {
    CREATED: stays('sync'),
    DOING: stays('sync'),
    COMPLETED: later,
    'COMPLETED, lowered': later,
    PAID: never(paid, 'sync'),
    REVOKED: never(revoked, 'sync'),
    EXPIRED: never(expired, 'sync'),
    ...noAnswer,
    'another service': every(other),
  },
  pay: {
    CREATED: open(refusedIn('COMPLETED', 'pay'), '→ COMPLETED [pay done]'),
    DOING: open(refusedIn('COMPLETED', 'pay'), '→ COMPLETED [pay done]'),
    COMPLETED: open(`→ COMPLETED ${again}`, '→ COMPLETED [pay done]'),
    'COMPLETED, lowered': open(`→ COMPLETED ${again}`, '→ COMPLETED [pay done]'),
    PAID: every(`${paid} [pay done]`),
    REVOKED: never(revoked, 'pay'),
    EXPIRED: never(expired, 'pay'),
    ...noAnswer,
    'another service': every(other),
  },
};

const all = Object.entries(columns).flatMap(([column, record]) =>
  rows.flatMap((row) =>
    sents.map((sent, n) => {
      const decision = decideServiceOrder(orderOf(record), evidences[row], contextOf(sent));
      return { column, record, row, sent, decision, expected: table[column]?.[row][n] };
    }),
  ),
);

describe('a pending command of a service order', () => {
  it('has a cell for every answer and every end of its send', () => {
    assert.equal(all.length, 7 * 12 * 5);
  });

  for (const { column, row, sent, decision, expected } of all) {
    it(`${column}, ${sent}, then ${row}`, () => assert.equal(brief(decision), expected));
  }

  it('is never sent twice in one look', () => {
    assert.ok(all.every(({ sent, decision }) => sent === 'unsent' || decision.type !== 'command'));
  });

  it('never lets the record rest', () => {
    assert.ok(all.every(({ decision }) => decision.type !== 'quiet'));
  });

  it('is never left on a record that is over', () => {
    for (const { record, decision } of all) {
      if (decision.type === 'commit') {
        const { data, status } = applyChange(record, decision.change, { now, because: 'timer' });
        const isOpen = ['CREATED', 'DOING', 'COMPLETED'].includes(status);
        assert.ok(isOpen || data['pending'] === undefined);
      }
    }
  });
});

describe('a refusal while WeChat charges', () => {
  const refusedAt = moment('2026-11-21T06:58:00Z');
  const refused = (refusals: number) =>
    orderOf(completed(pendingOf('cancel', { refusals, refusedAt })));

  it('is waited for, and then the same bytes go again', () => {
    const look = (at: string) =>
      brief(decideServiceOrder(refused(1), evidences.COMPLETED, { now: moment(at) }));
    assert.equal(look('2026-11-21T06:58:00Z'), 'wait 07:01:00');
    assert.equal(look('2026-11-21T07:00:59.999Z'), 'wait 07:01:00');
    assert.equal(look('2026-11-21T07:01:00Z'), 'send');
  });

  it('is believed the fourth time', () => {
    const after = [0, 1, 2, 3].map((refusals) =>
      brief(decideServiceOrder(refused(refusals), evidences.COMPLETED, contextOf('refused'))),
    );
    assert.deepEqual(after, [
      '→ COMPLETED look 07:03:00 refusals 1',
      '→ COMPLETED look 07:03:00 refusals 2',
      '→ COMPLETED look 07:03:00 refusals 3',
      refusedIn('COMPLETED', 'cancel'),
    ]);
  });

  it('is forgotten where the service is over meanwhile', () => {
    const decision = decideServiceOrder(refused(1), evidences.REVOKED, { now });
    assert.equal(brief(decision), `${revoked} [cancel done]`);
  });
});

describe('a command that was done', () => {
  const changeAfter = (record: StoredRecord, row: Row) => {
    const decision = decideServiceOrder(orderOf(record), evidences[row], { now });
    return decision.type === 'commit' ? decision.change.patch.set : undefined;
  };

  it('leaves the total that it set, and when it was asked for', () => {
    const asked = moment('2026-11-21T06:00:00Z');
    const pending = { ...totalPending('complete', 12_000), at: asked };
    const set = changeAfter(orderIn('DOING', { pending }), 'COMPLETED');
    assert.deepEqual([set?.['totalFen'], set?.['completedAt']], [12_000, asked]);
    assert.equal(set?.['order_id'], orderId);
  });

  it('leaves a lowered total, and when it was completed', () => {
    const set = changeAfter(completed(totalPending('modify', 9_000)), 'COMPLETED, lowered');
    const { completedAt } = completedData;
    assert.deepEqual([set?.['totalFen'], set?.['completedAt']], [9_000, completedAt]);
  });

  it('that lowers nothing leaves the total as it was', () => {
    const set = changeAfter(completed(totalPending('modify', 9_000)), 'PAID');
    assert.equal(set?.['totalFen'], 12_000);
  });

  it('that holds no readable total sets none, and is not taken for done', () => {
    for (const body of ['', '{}', '{"total_amount":-1}', '{"total_amount":"9000"}', '[9000]']) {
      const record = completed(pendingOf('modify', { body }));
      const bare = orderSays('COMPLETED', { totalFen: undefined });
      assert.equal(brief(decideServiceOrder(orderOf(record), bare, { now })), 'send', body);
    }
  });
});
