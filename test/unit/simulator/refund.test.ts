import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Order, payOrder, placeOrder } from '../../../simulator/order.ts';
import {
  acceptRefund,
  beforeEnd,
  endRefund,
  isTooFast,
  type Refund,
  type RefundEnd,
  type RefundWish,
  refundableOf,
} from '../../../simulator/refund.ts';

const PAID_AT = Date.parse('2026-03-01T12:00:00+08:00');
const NOW = Date.parse('2026-03-02T12:00:00+08:00');
const DAY = 86_400_000;

const placed = placeOrder(
  undefined,
  {
    mchid: '1900000109',
    appid: 'wx8888888888888888',
    outTradeNo: 'order-0001',
    tradeType: 'NATIVE',
    notifyUrl: 'https://pay.example.com/notify',
    total: 100,
    openid: undefined,
    attach: undefined,
    deviceId: undefined,
    expiresAtMs: PAID_AT + DAY,
    codeLifeMs: 7_200_000,
    fingerprint: 'native {}',
  },
  PAID_AT,
);
if (!placed.ok) throw new Error('a first placing is never refused');
const unpaid = placed.order;

const paid = (coupon = 0): Order => {
  const facts = { transactionId: '42000001', noticeId: 'n-1', payerOpenid: 'o-payer' };
  const result = payOrder(unpaid, { coupon }, facts, PAID_AT);
  if (!result.ok) throw new Error(result.because);
  return result.order;
};

const wish = (refund: number, more: Partial<RefundWish> = {}): RefundWish => ({
  outRefundNo: 'refund-0001',
  refund,
  total: 100,
  notifyUrl: undefined,
  fundsAccount: 'UNSETTLED',
  fingerprint: '{}',
  origin: 'api',
  ...more,
});

const apply = (order: Order, earlier: readonly Refund[], asked: RefundWish, nowMs = NOW) =>
  acceptRefund(order, earlier, asked, { refundId: '50000001', nowMs });

const accepted = (earlier: readonly Refund[], refund: number, coupon = 0): Refund => {
  const result = apply(paid(coupon), earlier, wish(refund));
  if (!result.ok) throw new Error(result.because);
  return result.refund;
};

const refusal = (order: Order, earlier: readonly Refund[], asked: RefundWish, nowMs = NOW) => {
  const result = apply(order, earlier, asked, nowMs);
  return result.ok ? 'accepted' : result.because;
};

const ended = (refund: Refund, status: RefundEnd): Refund => {
  const result = endRefund(refund, status, { atMs: NOW, noticeId: 'n-2' });
  if (!result.ok) throw new Error(result.because);
  return result.refund;
};

describe('accepting a refund', () => {
  test('an accepted refund is under way, and its order is in REFUND with its payment', () => {
    const result = apply(paid(), [], wish(30));
    assert.equal(result.ok && result.order.state, 'REFUND');
    assert.deepEqual(result.ok && result.order.payment, paid().payment);
    assert.deepEqual(result.ok && result.refund, {
      ...wish(30),
      mchid: '1900000109',
      outTradeNo: 'order-0001',
      transactionId: '42000001',
      refundId: '50000001',
      payerTotal: 100,
      payerRefund: 30,
      createdAtMs: NOW,
      status: 'PROCESSING',
      ended: undefined,
    });
  });

  test('an order that nobody paid is not refunded, nor a closed one', () => {
    assert.equal(refusal(unpaid, [], wish(1)), 'unpaid');
    assert.equal(refusal({ ...unpaid, state: 'CLOSED' }, [], wish(1)), 'closed');
  });

  test('365 days after the payment it is over', () => {
    assert.equal(refusal(paid(), [], wish(1), PAID_AT + 365 * DAY), 'accepted');
    assert.equal(refusal(paid(), [], wish(1), PAID_AT + 365 * DAY + 1), 'too-old');
  });

  test('the total must be what was paid for', () => {
    assert.equal(refusal(paid(), [], wish(1, { total: 99 })), 'amounts-differ');
    assert.equal(refusal(paid(), [], wish(1, { total: 101 })), 'amounts-differ');
  });

  test('all refunds together are at most the payment, abnormal ones too', () => {
    const parts = [accepted([], 30), ended(accepted([], 30), 'ABNORMAL')];
    assert.equal(refusal(paid(), [], wish(101)), 'too-much');
    assert.equal(refusal(paid(), parts, wish(41)), 'too-much');
    assert.equal(refusal(paid(), parts, wish(40)), 'accepted');
    assert.equal(refusal(paid(), [...parts, accepted(parts, 40)], wish(1)), 'fully-refunded');
  });

  test('a closed refund gives its part back', () => {
    const { payment } = paid();
    assert.ok(payment !== undefined);
    const closed = ended(accepted([], 100), 'CLOSED');
    assert.equal(refundableOf(payment, [accepted([], 100)]), 0);
    assert.equal(refundableOf(payment, [closed]), 100);
    assert.equal(refusal(paid(), [closed], wish(100)), 'accepted');
  });

  test('an order has at most 50 refunds, closed ones counted', () => {
    const one = accepted([], 1);
    assert.equal(refusal(paid(), Array(49).fill(one), wish(1)), 'accepted');
    assert.equal(refusal(paid(), Array(50).fill(one), wish(1)), 'too-many');
    assert.equal(refusal(paid(), Array(50).fill(ended(one, 'CLOSED')), wish(1)), 'too-many');
  });

  test('of a coupon the payer gets only his own part, to the last fen', () => {
    const first = accepted([], 50, 33);
    const second = accepted([first], 49, 33);
    const third = accepted([first, second], 1, 33);
    assert.deepEqual(
      [first, second, third].map(({ payerRefund }) => payerRefund),
      [33, 33, 1],
    );
    assert.equal(accepted([], 100, 100).payerRefund, 0);
    assert.equal(accepted([ended(first, 'CLOSED')], 100, 33).payerRefund, 67);
  });
});

describe('the minute between two refunds', () => {
  test('a call within a minute after another is too fast, a refund by hand is no call', () => {
    const earlier = [accepted([], 1)];
    assert.equal(isTooFast(earlier, NOW + 59_999), true);
    assert.equal(isTooFast(earlier, NOW + 60_000), false);
    assert.equal(isTooFast([], NOW), false);
    const byHand: Refund = { ...accepted([], 1), origin: 'console' };
    assert.equal(isTooFast([byHand], NOW), false);
  });
});

describe('the end of a refund', () => {
  test('an end is kept with its time and the id of its notice', () => {
    for (const status of ['SUCCESS', 'ABNORMAL', 'CLOSED'] as const) {
      const end = ended(accepted([], 30), status);
      assert.equal(end.status, status);
      assert.deepEqual(end.ended, { atMs: NOW, noticeId: 'n-2' });
    }
  });

  test('only an abnormal refund changes once more, and only for the better', () => {
    const abnormal = ended(accepted([], 30), 'ABNORMAL');
    assert.equal(ended(abnormal, 'SUCCESS').status, 'SUCCESS');
    const final: readonly (readonly [Refund, RefundEnd])[] = [
      [abnormal, 'ABNORMAL'],
      [abnormal, 'CLOSED'],
      [ended(accepted([], 30), 'SUCCESS'), 'ABNORMAL'],
      [ended(accepted([], 30), 'SUCCESS'), 'SUCCESS'],
      [ended(accepted([], 30), 'CLOSED'), 'SUCCESS'],
    ];
    for (const [refund, status] of final) {
      const result = endRefund(refund, status, { atMs: NOW, noticeId: 'n-3' });
      assert.deepEqual(result, { ok: false, because: refund.status });
    }
  });

  test('a lagging view forgets the end and nothing else', () => {
    const refund = accepted([], 30);
    assert.deepEqual(beforeEnd(ended(refund, 'SUCCESS')), refund);
    assert.deepEqual(beforeEnd(refund), refund);
  });
});
