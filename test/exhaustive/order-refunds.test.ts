import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredRecord } from '#core/record.ts';
import { orderStatuses } from '#core/subjects/order/order.ts';
import { refundStatuses } from '#core/subjects/refund/refund.ts';
import type { JsonObject } from '#core/values/json.ts';
import { at } from '../support/clock.ts';
import { storedOrder } from '../support/order-builder.ts';
import { isAsExpected, verdictOf } from './order-judge.ts';
import { lawsOfAsides } from './order-laws.ts';
import { refundCases } from './order-requests.ts';
import { refundAskedFor } from './order-scopes.ts';
import { type Meeting, meet, orderOf, storyOf } from './order-steps.ts';

const now = at('2026-11-21T12:00:00Z');
const known = { transaction_id: '4200A1001', paidFen: 8800 };

/** What a record may know of its payment: the last two just within the 365 days, and just over. */
const payments: readonly JsonObject[] = [
  {},
  { transaction_id: '4200A1001' },
  known,
  { ...known, successAt: at('2025-11-21T12:00:00.001Z') },
  { ...known, successAt: at('2025-11-21T12:00:00Z') },
];

const resolution = { action: 'accept', by: 'Ann', why: 'fits', at: now };
const standings: readonly (readonly [string, JsonObject])[] = [
  ...orderStatuses.map((status) => [status, {}] as const),
  ['REVIEW', { resolution }],
];

function note(changes: JsonObject = {}): JsonObject {
  const startAt = at('2026-11-21T11:00:00Z');
  return { out_refund_no: 'R-0', refundFen: 100, startAt, status: 'SUCCESS', ...changes };
}

function notes(count: number, last: JsonObject = {}): readonly JsonObject[] {
  return [...Array.from({ length: count - 1 }, () => note()), note(last)];
}

/** What may have been refunded, or asked for, before. */
const before: readonly (readonly JsonObject[])[] = [
  [],
  ...refundStatuses.map((status) => [note({ status })]),
  ...['11:59:00.000', '11:59:00.001', '12:00:00.000', '12:10:00.000'].map((time) => [
    note({ startAt: at(`2026-11-21T${time}Z`) }),
  ]),
  [note({ startAt: at('2026-11-21T12:10:00Z') }), note({ startAt: at('2026-11-21T12:05:00Z') })],
  [note({ startAt: at('2026-11-21T12:10:00Z'), status: 'CLOSED' })],
  [note({ refundFen: 8800 })],
  [note({ refundFen: 8800, status: 'REFUSED' })],
  notes(49),
  notes(50),
  notes(51, { status: 'CLOSED' }),
];

const asked = [1, 100, 3900, 3901, 8700, 8701, 8800, 8801];

function recordOf(status: string, data: JsonObject): StoredRecord {
  return { ...storedOrder('CREATED', { data }), status };
}

function* everyRequest(): Generator<Meeting> {
  for (const [status, standing] of standings) {
    for (const payment of payments) {
      for (const refunds of before) {
        const record = recordOf(status, { ...standing, ...payment, refunds });
        const state = { record, order: orderOf(record), events: [] };
        for (const fen of asked) {
          yield meet({ state, now, aside: refundAskedFor(fen) });
        }
      }
    }
  }
}

const requests = [...everyRequest()];

describe('every refund that can be asked for', () => {
  it('is tried on every standing, payment, list of refunds and amount', () => {
    assert.equal(requests.length, 5760);
    assert.equal(requests.filter(({ after }) => after !== undefined).length, 492);
  });

  it('comes out as the table says', () => {
    const wrong = requests.find((request) => !isAsExpected(request, verdictOf(request)));
    assert.equal(wrong && storyOf(wrong), undefined);
  });

  it('meets every case of the table', () => {
    const met = new Set(requests.flatMap((request) => verdictOf(request).cases));
    assert.deepEqual(
      refundCases.filter((one) => !met.has(one)),
      [],
    );
  });

  for (const [law, holds] of Object.entries(lawsOfAsides)) {
    it(law, () => {
      const wrong = requests.find(
        ({ after, ...request }) => after !== undefined && !holds({ ...request, after }),
      );
      assert.equal(wrong && storyOf(wrong), undefined);
    });
  }
});

describe('a second part of an order', () => {
  const starts = [
    ['2026-11-21T11:58:59.999Z', '2026-11-21T12:00:00.000Z'],
    ['2026-11-21T11:59:00.000Z', '2026-11-21T12:00:00.000Z'],
    ['2026-11-21T11:59:00.001Z', '2026-11-21T12:00:00.001Z'],
    ['2026-11-21T12:07:00.000Z', '2026-11-21T12:08:00.000Z'],
  ] as const;
  for (const [first, second] of starts) {
    it(`after one of ${first} starts at ${second}`, () => {
      const refunds = [note({ startAt: at(first), status: 'CREATED' })];
      const record = recordOf('PAID', { ...known, refunds });
      const state = { record, order: orderOf(record), events: [] };
      const { after } = meet({ state, now, aside: refundAskedFor(100) });
      assert.deepEqual(after?.change.starts?.[0]?.startAt, at(second));
      assert.deepEqual(after?.record.data['refunds'], [
        ...refunds,
        { out_refund_no: 'R-1001', refundFen: 100, startAt: at(second), status: 'CREATED' },
      ]);
    });
  }
});
