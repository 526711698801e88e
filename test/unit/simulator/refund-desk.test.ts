import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMerchant } from '../../../simulator/merchant.ts';
import { openAccount } from '../../../simulator/merchant-account.ts';
import { type Order, type Placement, placeOrder } from '../../../simulator/order.ts';
import type { RefundWish } from '../../../simulator/refund.ts';
import { endNow, refundNow } from '../../../simulator/refund-desk.ts';
import { createWorld, payNow } from '../../../simulator/world.ts';
import { virtualTimers } from './virtual-timers.ts';

const START = Date.parse('2026-03-01T12:00:00+08:00');
const account = await openAccount(await createMerchant({ mchid: '1900000109' }), START);

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
  expiresAtMs: START + 7_200_000,
  codeLifeMs: 7_200_000,
  fingerprint: 'native {}',
};

const wish: RefundWish = {
  outRefundNo: 'refund-0001',
  refund: 30,
  total: 100,
  notifyUrl: 'https://pay.example.com/refunds',
  fundsAccount: 'UNSETTLED',
  fingerprint: '{}',
  origin: 'api',
};

const placed = (): Order => {
  const result = placeOrder(undefined, placement, START);
  if (!result.ok) throw new Error(result.because);
  return result.order;
};

/** A world with one paid order, whose notices nobody takes. */
const shop = () => {
  const clock = virtualTimers(START);
  const sends: { readonly atS: number; readonly url: string; readonly event: string }[] = [];
  const world = createWorld({
    timers: clock.timers,
    accounts: [account],
    transmit: (url, { body }) => {
      const event = JSON.parse(body).event_type;
      sends.push({ atS: (clock.timers.now() - START) / 1_000, url, event });
      return Promise.resolve({ status: 500 });
    },
  });
  const paid = payNow(world, placed(), { notice: { mode: 'lost' } });
  if (!paid.ok) throw new Error(paid.because);
  const status = () => world.refunds.get('1900000109', 'refund-0001')?.status;
  return { ...clock, world, sends, order: paid.order, status };
};

describe('the desk of refunds', () => {
  test('a refund is done after five seconds, and its notice goes by the schedule of payments', async () => {
    const { world, order, sends, status, advance } = shop();
    assert.equal(refundNow(world, account, order, wish).ok, true);
    await advance(4_999);
    assert.deepEqual([status(), sends], ['PROCESSING', []]);
    await advance(60_001);
    assert.equal(status(), 'SUCCESS');
    const url = 'https://pay.example.com/refunds';
    assert.deepEqual(
      sends,
      [5, 20, 35, 65].map((atS) => ({ atS, url, event: 'REFUND.SUCCESS' })),
    );
  });

  test('an early end takes the place of the planned one', async () => {
    const { world, order, sends, status, advance } = shop();
    const refunded = refundNow(world, account, order, wish);
    assert.ok(refunded.ok);
    endNow(world, refunded.refund, 'CLOSED', { mode: 'late', delayMs: 7_000 });
    await advance(10_000);
    assert.equal(status(), 'CLOSED');
    assert.deepEqual(
      sends.map(({ atS, event }) => [atS, event]),
      [[7, 'REFUND.CLOSED']],
    );
  });

  test('a refused refund leaves the world as it was', () => {
    const { world, order, waiting } = shop();
    account.balance = 29;
    const short = refundNow(world, account, order, wish);
    assert.deepEqual(short, { ok: false, because: 'not-enough' });
    assert.equal(account.balance, 29);
    account.balance = undefined;
    const differs = refundNow(world, account, order, { ...wish, total: 1 });
    assert.deepEqual(differs, { ok: false, because: 'amounts-differ' });
    assert.equal(world.refunds.size(), 0);
    assert.equal(world.orders.get('1900000109', 'order-0001')?.state, 'SUCCESS');
    assert.equal(waiting(), 0);
  });

  test('with an order that makes room its refund goes, and the end that was planned', () => {
    const { world, order, status, waiting } = shop();
    refundNow(world, account, order, wish);
    assert.equal(waiting(), 1);
    for (let count = 0; count < 100_000; count += 1) {
      world.orders.put({ ...placed(), outTradeNo: `later-${count}` });
    }
    assert.equal(status(), undefined);
    assert.equal(waiting(), 0);
  });
});
