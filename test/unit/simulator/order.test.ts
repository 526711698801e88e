import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  beforePayment,
  closeOrder,
  type Order,
  orderAt,
  type PaymentWish,
  type Placement,
  payOrder,
  placeOrder,
} from '../../../simulator/order.ts';

const NOW = Date.parse('2026-03-01T12:00:00+08:00');
const MINUTE = 60_000;
const DAY = 86_400_000;

const placement: Placement = {
  mchid: '1900000109',
  appid: 'wx8888888888888888',
  outTradeNo: 'order-0001',
  tradeType: 'NATIVE',
  notifyUrl: 'https://pay.example.com/notify',
  total: 100,
  openid: undefined,
  attach: undefined,
  deviceId: undefined,
  expiresAtMs: NOW + DAY,
  codeLifeMs: 2 * 3_600_000,
  fingerprint: 'native {}',
};

const facts = { transactionId: '42000001', noticeId: 'n-1', payerOpenid: 'o-payer' };

const placed = (change: Partial<Placement> = {}, at = NOW): Order => {
  const result = placeOrder(undefined, { ...placement, ...change }, at);
  if (!result.ok) throw new Error('a first placing is never refused');
  return result.order;
};

const paid = (order: Order, wish: PaymentWish = {}, at = NOW) => {
  const result = payOrder(order, wish, facts, at);
  if (!result.ok) throw new Error(`not paid: ${result.because}`);
  return result.order;
};

const closed = (order: Order, at = NOW): Order => {
  const result = closeOrder(order, at);
  if (!result.ok) throw new Error(`not closed: ${result.because}`);
  return result.order;
};

const payRefusal = (order: Order, at: number, wish: PaymentWish = {}) => {
  const result = payOrder(order, wish, facts, at);
  return result.ok ? 'paid now' : result.because;
};

describe('placing', () => {
  test('the same parameters again give a new code and leave the pay-by time', () => {
    const again = placeOrder(
      placed(),
      { ...placement, expiresAtMs: NOW + 2 * DAY },
      NOW + 90 * MINUTE,
    );
    assert.equal(again.ok, true);
    assert.equal(again.ok && again.order.codeUntilMs, NOW + 210 * MINUTE);
    assert.equal(again.ok && again.order.expiresAtMs, NOW + DAY);
    assert.equal(again.ok && again.order.placedAtMs, NOW);
  });

  test('other parameters are refused', () => {
    const other = { ...placement, fingerprint: 'jsapi {}' };
    assert.deepEqual(placeOrder(placed(), other, NOW), { ok: false, because: 'used' });
  });

  test('a paid order is refused even with the same parameters', () => {
    assert.deepEqual(placeOrder(paid(placed()), placement, NOW), { ok: false, because: 'used' });
  });

  test('a refunded order is refused, cannot be paid again and is not closed', () => {
    const refunded: Order = { ...paid(placed()), state: 'REFUND' };
    assert.deepEqual(placeOrder(refunded, placement, NOW), { ok: false, because: 'used' });
    assert.equal(payRefusal(refunded, NOW, { force: true }), 'paid');
    assert.deepEqual(closeOrder(refunded, NOW), { ok: false, because: 'paid' });
    assert.equal(orderAt(refunded, NOW + 8 * DAY).state, 'REFUND');
  });

  test('a closed order is refused', () => {
    const result = placeOrder(closed(placed()), placement, NOW);
    assert.deepEqual(result, { ok: false, because: 'closed' });
  });
});

describe('paying', () => {
  test('an order is paid as ordered', () => {
    assert.deepEqual(paid(placed()).payment, {
      transactionId: '42000001',
      noticeId: 'n-1',
      total: 100,
      payerTotal: 100,
      currency: 'CNY',
      openid: 'o-payer',
      paidAtMs: NOW,
    });
  });

  test('a wish changes amount, currency and payer, and a coupon what the payer pays', () => {
    const order = placed({ openid: 'o-ordered' });
    assert.equal(paid(order).payment?.openid, 'o-ordered');
    const odd = paid(order, { amount: 90, currency: 'USD', openid: 'o-other', coupon: 10 });
    assert.deepEqual(
      [odd.payment?.total, odd.payment?.payerTotal, odd.payment?.currency, odd.payment?.openid],
      [90, 80, 'USD', 'o-other'],
    );
  });

  test('an order is paid once', () => {
    assert.equal(payRefusal(paid(placed()), NOW), 'paid');
    assert.equal(payRefusal(paid(placed()), NOW, { force: true }), 'paid');
  });

  test('after its pay-by time an order is unpaid, open and cannot be paid', () => {
    const order = placed({ expiresAtMs: NOW + MINUTE });
    assert.equal(payRefusal(order, NOW + MINUTE - 1), 'paid now');
    assert.equal(payRefusal(order, NOW + MINUTE), 'expired');
    assert.equal(orderAt(order, NOW + MINUTE).state, 'NOTPAY');
  });

  test('a code works for two hours', () => {
    assert.equal(payRefusal(placed(), NOW + 120 * MINUTE - 1), 'paid now');
    assert.equal(payRefusal(placed(), NOW + 120 * MINUTE), 'code-expired');
  });

  test('a closed order cannot be paid unless the payment is forced', () => {
    const order = closed(placed());
    assert.equal(payRefusal(order, NOW), 'closed');
    assert.equal(paid(order, { force: true }).state, 'SUCCESS');
  });
});

describe('closing', () => {
  test('closing twice is closing once', () => {
    const once = closed(placed());
    assert.equal(once.state, 'CLOSED');
    assert.deepEqual(closed(once), once);
  });

  test('a paid order is not closed', () => {
    assert.deepEqual(closeOrder(paid(placed()), NOW), { ok: false, because: 'paid' });
  });

  test('an order that is being paid is not closed until the payer has gone', () => {
    const busy: Order = { ...placed(), paying: true };
    assert.deepEqual(closeOrder(busy, NOW), { ok: false, because: 'paying' });
    assert.equal(closed({ ...busy, paying: false }).state, 'CLOSED');
  });

  test('WeChat Pay closes an unpaid order after seven days, and only an unpaid one', () => {
    const order = placed();
    assert.equal(orderAt(order, NOW + 7 * DAY - 1).state, 'NOTPAY');
    assert.equal(orderAt(order, NOW + 7 * DAY).state, 'CLOSED');
    assert.equal(orderAt(paid(order), NOW + 8 * DAY).state, 'SUCCESS');
    assert.equal(payRefusal(order, NOW + 7 * DAY), 'closed');
  });

  test('a lagging view forgets the payment and nothing else', () => {
    const order = placed();
    assert.deepEqual(beforePayment(paid(order)), order);
    assert.deepEqual(beforePayment({ ...paid(order), state: 'REFUND' }), order);
    assert.equal(beforePayment(closed(order)).state, 'CLOSED');
  });
});
