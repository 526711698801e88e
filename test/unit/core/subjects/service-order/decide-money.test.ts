import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideServiceOrder } from '#core/subjects/service-order/decide.ts';
import { isTransactionId } from '#core/values/ids.ts';
import type { Json } from '#core/values/json.ts';
import { type Fen, isFen } from '#core/values/money.ts';
import { checked, otherOpenid, transactionId } from '../../fixtures.ts';
import { brief, now, orderId, pendingOf, sha } from '../../payscore/fixtures.ts';
import {
  completedData,
  type OrderStateEvidence,
  orderIn,
  orderOf,
  orderSays,
  paidAt,
  totalPending,
} from './fixtures.ts';

type Data = Readonly<Record<string, Json | undefined>>;

const fen = (amount: number): Fen => checked(isFen, amount);
const paid = 'PAID';
const amount = 'REVIEW amount';
const payer = 'REVIEW payer';
const revoked = 'REVIEW revoked';

/** The status that the answer leads to, and why a person must see to it. */
function after(status: string, evidence: OrderStateEvidence, data: Data = completedData): string {
  const decision = decideServiceOrder(orderOf(orderIn(status, data)), evidence, { now });
  if (decision.type !== 'commit') {
    return brief(decision);
  }
  const { change } = decision;
  const reason = change.patch.set?.['reviewReason'];
  const event = change.status === 'PAID' ? 'service-order.paid' : 'service-order.review';
  assert.ok(change.events.includes(event));
  assert.ok(!change.events.includes('service-order.paid') || change.status === 'PAID');
  return [change.status, ...(reason === undefined ? [] : [reason])].join(' ');
}

type Changes = Parameters<typeof orderSays>[1];
const paidWith = (changes: Changes) => orderSays('PAID', changes);
const another = (changes: Changes) =>
  paidWith({ paid_type: 'MCH', transaction_id: undefined, paidFen: undefined, ...changes });

describe('a payment is announced as paid', () => {
  const rows: readonly (readonly [string, string, OrderStateEvidence, Data?])[] = [
    ['with the amount that was agreed', paid, paidWith({})],
    ['a fen more', amount, paidWith({ paidFen: fen(12_001) })],
    ['a fen less', amount, paidWith({ paidFen: fen(11_999) })],
    ['with nothing', amount, paidWith({ paidFen: fen(0) })],
    ['with no amount that is told', amount, paidWith({ paidFen: undefined })],
    ['by another total, and the agreed amount', paid, paidWith({ totalFen: fen(9_000) })],
    ['by the payer that nobody tells', paid, paidWith({ openid: undefined })],
    ['another way, of which WeChat took nothing', paid, another({ paidFen: fen(0) })],
    ['another way, with another amount', amount, another({ paidFen: fen(1) })],
    ['by another payer', payer, paidWith({ openid: otherOpenid })],
    [
      'by another payer with another amount',
      payer,
      paidWith({ openid: otherOpenid, paidFen: fen(1) }),
    ],
    ['by whom nobody knew', paid, paidWith({}), { ...completedData, openid: undefined }],
    ['without a transaction', paid, paidWith({ transaction_id: undefined })],
    ['of nothing, where nothing was agreed', paid, paidWith({ paidFen: fen(0) }), { totalFen: 0 }],
    ['of something, where nothing was agreed', amount, paidWith({}), { totalFen: 0 }],
    [
      'of what was agreed above the price',
      amount,
      paidWith({}),
      { totalFen: 12_000, priceFen: 11_999 },
    ],
  ];
  for (const [what, expected, evidence, data] of rows) {
    it(`${what}: ${expected}`, () => assert.equal(after('COMPLETED', evidence, data), expected));
  }
});

describe('a payment of what nobody here has completed', () => {
  const rows: readonly (readonly [string, string, Changes, Data])[] = [
    ['the signed price', paid, {}, {}],
    ["less, by WeChat's total", paid, { paidFen: fen(1), totalFen: fen(1) }, {}],
    ['less, and no total is told', paid, { paidFen: fen(1), totalFen: undefined }, {}],
    ["less than WeChat's total", amount, { paidFen: fen(1) }, {}],
    ["more than WeChat's total", amount, { paidFen: fen(2), totalFen: fen(1) }, {}],
    ["a fen more, by WeChat's total", amount, { paidFen: fen(12_001), totalFen: fen(12_001) }, {}],
    ['a fen more, and no total is told', amount, { paidFen: fen(12_001), totalFen: undefined }, {}],
    ['a fen more', amount, { paidFen: fen(12_001) }, {}],
    ['no amount', amount, { paidFen: undefined }, {}],
    ['an amount, and nobody knows the price', paid, {}, { priceFen: undefined }],
    [
      'no amount, and nobody knows the price',
      amount,
      { paidFen: undefined },
      { priceFen: undefined },
    ],
    ['a fen for a free lesson', amount, { paidFen: fen(1), totalFen: fen(1) }, { priceFen: 0 }],
    ['nothing for a free lesson', paid, { paidFen: fen(0), totalFen: fen(0) }, { priceFen: 0 }],
  ];
  for (const status of ['CREATED', 'DOING', 'COMPLETED', 'REFUSED']) {
    for (const [what, expected, changes, data] of rows) {
      it(`${what}, while it is ${status}: ${expected}`, () => {
        assert.equal(after(status, paidWith(changes), data), expected);
      });
    }
  }
});

describe('a payment after the service was over', () => {
  for (const status of ['REVOKED', 'EXPIRED', 'DONE']) {
    it(`is for a person, though it be the agreed amount: ${status}`, () => {
      assert.equal(after(status, paidWith({})), revoked);
      assert.equal(after(status, paidWith({ openid: otherOpenid })), revoked);
      assert.equal(after(status, another({})), revoked);
    });
  }

  it('keeps the payment, for its refund', () => {
    const order = orderOf(orderIn('REVOKED', completedData));
    assert.deepEqual(decideServiceOrder(order, paidWith({}), { now }), {
      type: 'commit',
      change: {
        status: 'REVIEW',
        patch: {
          set: {
            order_id: orderId,
            ...completedData,
            reviewReason: 'revoked',
            transaction_id: transactionId,
            paidFen: 12_000,
            paid_type: 'NEWTON',
            successAt: paidAt,
          },
        },
        events: ['service-order.review'],
        evidence: 'DONE USER_PAID',
        tells: true,
      },
    });
  });

  for (const status of ['PAID', 'REVIEW', 'UNMATCHED']) {
    it(`changes nothing that is ${status}, whatever it is`, () => {
      for (const evidence of [
        paidWith({}),
        paidWith({ paidFen: fen(1) }),
        paidWith({ openid: otherOpenid }),
        paidWith({ transaction_id: checked(isTransactionId, '4200') }),
        another({}),
      ]) {
        assert.equal(after(status, evidence), '–');
      }
    });
  }
});

describe('what the merchant was paid another way', () => {
  const syncing = { ...completedData, pending: pendingOf('sync') };
  const rows: readonly (readonly [string, string, Changes])[] = [
    ['with the total, and no amount of its own', paid, {}],
    ['with an amount of its own', paid, { paidFen: fen(12_000) }],
    ['with another total', amount, { totalFen: fen(11_999) }],
    ['with another amount of its own', amount, { paidFen: fen(11_999) }],
    ['with neither', amount, { totalFen: undefined }],
    ['with the total alone, charged by PayScore', amount, { paid_type: 'NEWTON' }],
    ['with the total alone, in a new word', amount, { paid_type: 'CASH' }],
    ['with the total alone, by nobody says what', amount, { paid_type: undefined }],
  ];
  for (const [what, expected, changes] of rows) {
    it(`is ${expected} ${what}`, () => {
      assert.equal(after('COMPLETED', another(changes)), expected);
      assert.equal(after('COMPLETED', another(changes), syncing), expected);
    });
  }

  const syncEnds = (changes: Changes) =>
    brief(decideServiceOrder(orderOf(orderIn('COMPLETED', syncing)), paidWith(changes), { now }));

  it('is done where WeChat says so', () => {
    const done = '→ PAID service-order.paid tells [sync done]';
    assert.equal(syncEnds({ paid_type: 'MCH', transaction_id: undefined }), done);
    assert.equal(syncEnds({ paid_type: undefined }), done);
  });

  it('is refused where a charge came first: one of the two must be given back', () => {
    const expected = '→ PAID service-order.paid service-order.refused tells [sync refused STATE]';
    assert.equal(syncEnds({ paid_type: 'NEWTON' }), expected);
  });
});

describe('an amount that is lowered while WeChat charges', () => {
  const lowering = { ...completedData, pending: totalPending('modify', 9_000) };
  const rows: readonly (readonly [string, string, string, Changes])[] = [
    ['the new one', paid, 'done', { totalFen: fen(9_000), paidFen: fen(9_000) }],
    ['the new one, the total not told', paid, 'done', { totalFen: undefined, paidFen: fen(9_000) }],
    ['the new one, the total as it was', paid, 'done', { paidFen: fen(9_000) }],
    ['the old one', paid, 'refused', {}],
    ['the old one, after it was lowered', amount, 'done', { totalFen: fen(9_000) }],
    ['another one', amount, 'refused', { paidFen: fen(10_000) }],
    ['no amount', amount, 'refused', { paidFen: undefined }],
  ];
  for (const [what, expected, outcome, changes] of rows) {
    it(`is paid by ${what}: ${expected}, ${outcome}`, () => {
      const evidence = paidWith(changes);
      assert.equal(after('COMPLETED', evidence, lowering), expected);
      const decision = decideServiceOrder(orderOf(orderIn('COMPLETED', lowering)), evidence, {
        now,
      });
      assert.ok(decision.type === 'commit');
      const ended = { name: 'modify', sha256: sha, outcome };
      const code = outcome === 'refused' ? { code: 'STATE' } : {};
      assert.deepEqual(decision.change.patch.set?.['ended'], { ...ended, ...code });
    });
  }
});

describe('a free service that WeChat calls paid', () => {
  it('stays as it is where nothing was charged', () => {
    assert.equal(after('DONE', paidWith({ paidFen: fen(0), totalFen: fen(0) })), '–');
  });

  it('is with a person where a fen was charged', () => {
    assert.equal(after('DONE', paidWith({ paidFen: fen(1) })), revoked);
  });
});
