import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { openShop } from './outside-client.ts';

const shop = await openShop();
after(() => shop.simulator.close());
await shop.place('order-0001');
await shop.placeAndPay('order-paid');
await shop.control('refunds', { status: 'PROCESSING', times: 2 });
for (const out_refund_no of ['refund-0001', 'refund-0002']) {
  await shop.control('console-refund', { out_trade_no: 'order-paid', out_refund_no, amount: 1 });
}
await shop.control('refund-status', { out_refund_no: 'refund-0001', status: 'SUCCESS' });

const refused = async (name: string, input: unknown) => {
  const { status, data } = await shop.control(name, input);
  return [status, data['error']];
};

describe('control calls', () => {
  const bad: readonly (readonly [string, object, number, RegExp])[] = [
    ['pay', {}, 400, /out_trade_no: this field is required/],
    ['pay', { out_trade_no: 'order-0001', total: 1 }, 400, /total: .*not known/],
    ['pay', { out_trade_no: 'order-0001', amount: 0 }, 400, /amount: below minimum 1/],
    ['pay', { out_trade_no: 'order-0001', amount: '1' }, 400, /amount: must be an integer/],
    ['pay', { out_trade_no: 'order-0001', notice: 'twice' }, 400, /notice: must be one of/],
    ['pay', { out_trade_no: 'order-0001', notice: 'late' }, 400, /delay_s: late needs it/],
    ['pay', { out_trade_no: 'order-0001', delay_s: 5 }, 400, /delay_s: goes with late only/],
    ['pay', { out_trade_no: 'order-0001', mchid: '1900000108' }, 400, /mchid: name one/],
    ['pay', { out_trade_no: 'order-9999' }, 404, /no order order-9999/],
    ['paying', { out_trade_no: 'order-0001' }, 400, /paying: this field is required/],
    ['faults', { fault: '418' }, 400, /fault: must be one of/],
    ['faults', { fault: '500', times: 0 }, 400, /times: below minimum 1/],
    ['faults', { fault: '500', path: '(' }, 400, /path: not a regular expression/],
    ['faults', { fault: '500', operation: 'refund' }, 400, /operation: must be one of/],
    ['notice', { out_trade_no: 'order-0001', kind: 'kind' }, 400, /kind: must be one of/],
    ['notice', { out_trade_no: 'order-0001', kind: 'true' }, 409, /not paid/],
    ['notices', { mode: 'late' }, 400, /delay_s: late needs it/],
    ['key-mode', { mode: 'none' }, 400, /mode: must be one of/],
    ['key-mode', { mode: 'mixed', notice_percent: 101 }, 400, /above maximum 100/],
    ['notices', { mode: 'lost', of: 'orders' }, 400, /of: must be one of/],
    ['refunds', {}, 400, /status: this field is required/],
    ['refunds', { status: 'REFUND' }, 400, /status: must be one of/],
    ['refunds', { status: 'SUCCESS', delay_s: -1 }, 400, /delay_s: below minimum 0/],
    ['refunds', { status: 'PROCESSING', delay_s: 1 }, 400, /delay_s: does not go with/],
    ['refunds', { status: 'CLOSED', times: 0 }, 400, /times: below minimum 1/],
    ['refund-status', { status: 'SUCCESS' }, 400, /out_refund_no: this field is required/],
    ['refund-status', { out_refund_no: 'refund-9999', status: 'SUCCESS' }, 404, /no refund ref/],
    ['refund-status', { out_refund_no: 'refund-0001', status: 'PROCESSING' }, 400, /status: must/],
    ['refund-status', { out_refund_no: 'refund-0001', status: 'CLOSED' }, 409, /is SUCCESS/],
    ['refund-notice', { out_refund_no: 'refund-9999', kind: 'true' }, 404, /no refund refund-9999/],
    ['refund-notice', { out_refund_no: 'refund-0001', kind: 'kind' }, 400, /kind: must be one of/],
    ['refund-notice', { out_refund_no: 'refund-0002', kind: 'true' }, 409, /has not ended/],
    ['console-refund', { out_trade_no: 'order-9999' }, 404, /no order order-9999/],
    ['console-refund', { out_trade_no: 'order-0001' }, 409, /cannot be refunded: unpaid/],
    ['console-refund', { out_trade_no: 'order-paid', amount: 0 }, 400, /amount: below minimum 1/],
    ['console-refund', { out_trade_no: 'order-paid', amount: 99 }, 409, /refunded: too-much/],
    [
      'console-refund',
      { out_trade_no: 'order-paid', amount: 1, out_refund_no: 'refund-0001' },
      409,
      /refund-0001 is used/,
    ],
    [
      'console-refund',
      { out_trade_no: 'order-paid', amount: 1, out_refund_no: 'short' },
      400,
      /out_refund_no: shorter than 6/,
    ],
    ['balance', { available: -1 }, 400, /available: below minimum 0/],
    ['balance', { available: 1, mchid: '1900000108' }, 400, /mchid: name one/],
    ['refund', {}, 404, /no such control call/],
    ['constructor', {}, 404, /no such control call/],
  ];
  for (const [name, input, status, error] of bad) {
    test(`${name} ${JSON.stringify(input)} is ${status}`, async () => {
      const [answered, said] = await refused(name, input);
      assert.equal(answered, status);
      assert.match(String(said), error);
    });
  }

  test('a body that is no JSON object is 400', async () => {
    for (const body of ['[]', '{', 'null']) {
      const response = await fetch(`${shop.simulator.origin}/_control/pay`, {
        method: 'POST',
        body,
      });
      assert.equal(response.status, 400);
      await response.body?.cancel();
    }
  });

  test('an order that is paid or closed cannot be paid, and a forced payment pays a closed one', async () => {
    await shop.place('order-0002');
    await shop.close('order-0002');
    const input = { out_trade_no: 'order-0002' };
    assert.deepEqual(await refused('pay', input), [409, 'the order cannot be paid: closed']);
    assert.deepEqual((await refused('paying', { ...input, paying: true }))[0], 409);
    assert.deepEqual((await refused('pay-during-close', input))[0], 409);
    const forced = await shop.control('pay', { ...input, force: true });
    assert.equal(forced.data['trade_state'], 'SUCCESS');
    assert.deepEqual(await refused('pay', input), [409, 'the order cannot be paid: paid']);
  });

  test('a payment may differ from the order in amount, currency and payer', async () => {
    await shop.place('order-0003');
    const wish = { out_trade_no: 'order-0003', amount: 1, currency: 'USD', openid: 'o-other' };
    await shop.control('pay', wish);
    const { data } = await shop.query('order-0003');
    assert.deepEqual(data['amount'], {
      currency: 'USD',
      payer_currency: 'USD',
      payer_total: 1,
      total: 1,
    });
    assert.deepEqual(data['payer'], { openid: 'o-other' });
  });
});

describe('refunds by hand', () => {
  test('the rest of an order is refunded under a number that the console gives', async () => {
    await shop.placeAndPay('order-1001');
    await shop.control('console-refund', { out_trade_no: 'order-1001', amount: 40 });
    const { data } = await shop.control('console-refund', { out_trade_no: 'order-1001' });
    assert.equal((data['amount'] as { refund: number }).refund, 60);
    assert.deepEqual([data['origin'], data['notify_url']], ['console', null]);
    assert.match(String(data['out_refund_no']), /^\d{19,}$/);
    const found = await shop.queryRefund(String(data['out_refund_no']));
    assert.deepEqual([found.failure, found.data['refund_id']], [undefined, data['refund_id']]);
    assert.equal((await shop.query('order-1001')).data['trade_state'], 'REFUND');
    const none = await refused('console-refund', { out_trade_no: 'order-1001' });
    assert.deepEqual(none, [409, 'the order cannot be refunded: fully-refunded']);
  });

  test('a refund by hand makes no call too fast, and its number is used', async () => {
    await shop.placeAndPay('order-1002');
    const byHand = { out_trade_no: 'order-1002', out_refund_no: 'refund-1002', amount: 40 };
    await shop.control('console-refund', byHand);
    assert.equal((await shop.refund('order-1002', 'refund-1003', 60)).status, 200);
    const again = await shop.refund('order-1002', 'refund-1002', 40);
    assert.deepEqual([again.status, again.data['code']], [400, 'INVALID_REQUEST']);
  });
});

describe('readings', () => {
  test('the state shows merchants, orders, faults and calls, and no secret', async () => {
    await shop.control('faults', { fault: '500', operation: 'close', times: 3 });
    const state = await shop.read('state');
    await shop.control('faults/clear');
    const [merchant] = state['merchants'] as Record<string, unknown>[];
    assert.equal(merchant?.['mchid'], shop.merchant.mchid);
    assert.equal((state['faults'] as { remaining: number }[])[0]?.remaining, 3);
    assert.equal(state['orders_kept'], (state['orders'] as unknown[]).length);
    const text = JSON.stringify(state);
    assert.equal(text.includes(shop.merchant.apiV3Key), false);
    assert.equal(text.includes('PRIVATE KEY'), false);
  });

  test('orders are listed newest first, or one by its number', async () => {
    await shop.place('order-0004');
    const newest = await shop.read('orders?limit=1');
    const one = await shop.read('orders?out_trade_no=order-0001');
    const none = await shop.read('orders?out_trade_no=order-9999');
    const numbers = (reading: Record<string, unknown>) =>
      (reading['orders'] as { out_trade_no: string }[]).map((order) => order.out_trade_no);
    assert.deepEqual(
      [numbers(newest), numbers(one), numbers(none)],
      [['order-0004'], ['order-0001'], []],
    );
  });

  test('refunds are listed newest first, by order or by number', async () => {
    const numbers = async (query: string) =>
      ((await shop.read(`refunds${query}`))['refunds'] as { out_refund_no: string }[]).map(
        (refund) => refund.out_refund_no,
      );
    const { mchid } = shop.merchant;
    assert.deepEqual(await numbers('?out_trade_no=order-paid'), ['refund-0002', 'refund-0001']);
    assert.deepEqual(await numbers('?out_trade_no=order-paid&limit=1'), ['refund-0002']);
    assert.deepEqual(await numbers(`?mchid=${mchid}&out_refund_no=refund-0001`), ['refund-0001']);
    assert.deepEqual(await numbers('?mchid=1900000108'), []);
    const state = await shop.read('state');
    assert.equal(state['refunds_kept'], (state['refunds'] as unknown[]).length);
  });

  test('the state shows what is planned for refunds and their notices', async () => {
    await shop.control('refunds', { status: 'ABNORMAL', times: 2 });
    await shop.control('notices', { of: 'refunds', mode: 'lost', times: 3 });
    const state = await shop.read('state');
    assert.deepEqual(state['standing_refunds'], { status: 'ABNORMAL', remaining: 2 });
    assert.deepEqual(state['standing_refund_notices'], { mode: 'lost', remaining: 3 });
    assert.deepEqual(state['standing_notices'], { mode: 'normal' });
    await shop.control('refunds', { status: 'SUCCESS' });
    await shop.control('notices', { of: 'refunds', mode: 'normal' });
  });

  test('a wrong limit or a missing number is 400', async () => {
    assert.match(String((await shop.read('refunds?limit=0'))['error']), /limit/);
    assert.match(String((await shop.read('orders?limit=0'))['error']), /limit/);
    assert.match(String((await shop.read('calls?limit=x'))['error']), /limit/);
    assert.match(String((await shop.read('deliveries'))['error']), /out_trade_no/);
  });
});
