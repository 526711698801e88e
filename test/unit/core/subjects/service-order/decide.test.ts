import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyChange } from '#core/commit.ts';
import type { ServiceOrderEvidence } from '#core/payscore/evidence.ts';
import { decideServiceOrder } from '#core/subjects/service-order/decide.ts';
import { serviceOrderStatuses } from '#core/subjects/service-order/service-order.ts';
import { phaseOf } from '#core/subjects/service-order/standing.ts';
import { isAppid } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { changeOf, checked } from '../../fixtures.ts';
import { brief, now, orderId, otherServiceId } from '../../payscore/fixtures.ts';
import { completedData, orderIn, orderOf, orderSays } from './fixtures.ts';

const evidences = {
  CREATED: orderSays('CREATED'),
  DOING: orderSays('DOING'),
  COMPLETED: orderSays('COMPLETED'),
  PAID: orderSays('PAID'),
  DONE: orderSays('DONE'),
  REVOKED: orderSays('REVOKED'),
  EXPIRED: orderSays('EXPIRED'),
  'words that no document lists': orderSays('DOING', { state_description: 'PAYING' }),
  'another service': orderSays('PAID', { service_id: otherServiceId }),
  'another appid': orderSays('DOING', { appid: checked(isAppid, 'wx7777777777777777') }),
  'no such order': { type: 'not-found', code: 'ORDER_NOT_EXIST' },
  'no answer': { type: 'unknown', code: 'TIMEOUT' },
  fault: { type: 'fault', code: 'SIGN_ERROR' },
} as const satisfies Readonly<Record<string, ServiceOrderEvidence>>;
type Row = keyof typeof evidences;

const doing = '→ DOING service-order.doing tells';
const completed = '→ COMPLETED service-order.completed';
const paid = '→ PAID service-order.paid tells';
const done = '→ DONE service-order.completed tells';
const revoked = '→ REVOKED service-order.revoked tells';
const expired = '→ EXPIRED service-order.expired tells';
const review = '→ REVIEW service-order.review tells';
const used = '→ REFUSED service-order.refused tells';
const other = '? OTHER_SERVICE_ORDER';
const gone = '? ORDER_NOT_EXIST';
const rest = (n: number): readonly string[] => Array.from({ length: n }, () => '–');
const every = (text: string): readonly string[] => serviceOrderStatuses.map(() => text);

/**
 * Nothing is pending. CREATED, DOING, COMPLETED, PAID, DONE, REVOKED, EXPIRED, REVIEW, REFUSED, UNMATCHED: of a
 * refused one the sign plan took the detail for free, so it hears of everything.
 */
const table: Readonly<Record<Row, readonly string[]>> = {
  CREATED: ['wait', 'wait', 'wait', ...rest(5), '→ CREATED tells', '–'],
  DOING: [doing, 'wait', 'wait', ...rest(5), doing, '–'],
  COMPLETED: [completed, completed, 'wait', ...rest(5), `${completed} tells`, '–'],
  PAID: [paid, paid, paid, '–', review, review, review, '–', paid, '–'],
  DONE: [done, done, done, ...rest(5), done, '–'],
  REVOKED: [revoked, revoked, revoked, ...rest(5), revoked, '–'],
  EXPIRED: [expired, expired, expired, ...rest(5), expired, '–'],
  'words that no document lists': every('? UNDOCUMENTED'),
  'another service': [used, other, other, ...rest(7)],
  'another appid': [used, other, other, ...rest(7)],
  'no such order': [gone, gone, gone, ...rest(7)],
  'no answer': every('? TIMEOUT'),
  fault: every('! SIGN_ERROR'),
};

function columnOf(status: string) {
  const wasCompleted = ['COMPLETED', 'PAID', 'REVIEW'].includes(status);
  return orderIn(status, wasCompleted ? completedData : {});
}

describe('what a service order is decided to be', () => {
  for (const [row, evidence] of Object.entries(evidences)) {
    for (const [n, status] of serviceOrderStatuses.entries()) {
      it(`${row} on ${status}`, () => {
        const decision = decideServiceOrder(orderOf(columnOf(status)), evidence, { now });
        assert.equal(brief(decision), table[row as Row][n]);
      });
    }
  }

  it('changes nothing the second time', () => {
    for (const evidence of Object.values(evidences)) {
      for (const status of serviceOrderStatuses) {
        const record = columnOf(status);
        const decision = decideServiceOrder(orderOf(record), evidence, { now });
        if (decision.type === 'commit') {
          const after = applyChange(record, decision.change, { now, because: 'timer' });
          const again = decideServiceOrder(orderOf(after), evidence, { now });
          assert.notEqual(again.type, 'commit');
        }
      }
    }
  });

  it('keeps the words that it was decided by', () => {
    const words = (evidence: ServiceOrderEvidence) =>
      changeOf(decideServiceOrder(orderOf(orderIn('DOING')), evidence, { now })).evidence;
    assert.equal(words(evidences.COMPLETED), 'DOING MCH_COMPLETE USER_PAYING');
    assert.equal(words(evidences.PAID), 'DONE USER_PAID');
    assert.equal(words(evidences.REVOKED), 'REVOKED');
  });

  it("keeps WeChat's number, and nothing of a payment that was not made", () => {
    const fen = checked(isFen, 12_000);
    const evidence = orderSays('COMPLETED', { paidFen: fen, paid_type: 'NEWTON', paidAt: now });
    const change = changeOf(decideServiceOrder(orderOf(orderIn('DOING')), evidence, { now }));
    assert.deepEqual(change.patch, { set: { order_id: orderId, completedAt: now } });
  });
});

describe('the three words of WeChat', () => {
  const zero = checked(isFen, 0);
  const one = checked(isFen, 1);
  for (const [state, state_description, collection_state, more, phase] of [
    ['CREATED', undefined, undefined, {}, 'CREATED'],
    ['CREATED', 'USER_CONFIRM', undefined, {}, 'CREATED'],
    ['DOING', 'USER_CONFIRM', undefined, {}, 'DOING'],
    ['DOING', 'MCH_COMPLETE', 'USER_PAYING', {}, 'COMPLETED'],
    ['DOING', 'MCH_COMPLETE', undefined, {}, 'COMPLETED'],
    ['DONE', undefined, 'USER_PAID', {}, 'PAID'],
    ['DONE', 'MCH_COMPLETE', 'USER_PAID', {}, 'PAID'],
    ['DONE', undefined, undefined, { need_collection: false }, 'DONE'],
    ['DONE', undefined, undefined, { totalFen: zero }, 'DONE'],
    ['REVOKED', undefined, undefined, {}, 'REVOKED'],
    ['EXPIRED', undefined, undefined, {}, 'EXPIRED'],
    ['DOING', undefined, undefined, {}, undefined],
    ['DOING', 'USER_ACCEPT', undefined, {}, undefined],
    ['DOING', undefined, 'USER_PAID', {}, undefined],
    ['DONE', undefined, undefined, {}, undefined],
    ['DONE', undefined, undefined, { need_collection: true }, undefined],
    ['DONE', undefined, undefined, { need_collection: true, totalFen: one }, undefined],
    ['DONE', undefined, 'USER_PAYING', {}, undefined],
    ['DONE', undefined, 'USER_PAYING', { need_collection: false }, undefined],
    ['DONE', undefined, 'WAIT_PAY', { totalFen: zero }, undefined],
    ['DONE', undefined, 'user_paid', {}, undefined],
    ['CLOSED', undefined, undefined, {}, undefined],
    ['done', undefined, 'USER_PAID', {}, undefined],
    ['', undefined, 'USER_PAID', {}, undefined],
  ] as const) {
    const said = [state, state_description, collection_state, JSON.stringify(more)].join(' ');
    it(`${said} mean ${phase ?? 'nothing'}`, () => {
      const evidence = orderSays('CREATED', {
        state,
        state_description,
        collection_state,
        ...more,
      });
      assert.equal(phaseOf(evidence), phase);
    });
  }
});
