import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { openShop, type RawCall, REFUNDS } from './outside-client.ts';

const shop = await openShop();
after(() => shop.simulator.close());
await shop.placeAndPay('order-0001');
await shop.place('order-open');
await shop.place('order-closed');
await shop.close('order-closed');

/** Status, code and number of a raw call; no refusal is ever signed. */
const refused = async (call: RawCall) => {
  const answer = await shop.raw(call);
  const names = Object.keys(answer.headers).filter((name) => name.startsWith('wechatpay-'));
  assert.deepEqual(names, []);
  const requestId = new Map(Object.entries(answer.headers)).get('request-id');
  return [answer.status, JSON.parse(answer.body).code, Number(String(requestId).split('-')[1])];
};

const bodyOf = (change: object) => ({
  out_trade_no: 'order-0001',
  out_refund_no: 'refund-0001',
  amount: { refund: 30, total: 100, currency: 'CNY' },
  ...change,
});

const apply = (change: object) =>
  refused({ method: 'POST', target: REFUNDS, body: JSON.stringify(bodyOf(change)) });

const amount = (refund: number, total = 100) => ({
  amount: { refund, total, currency: 'CNY' },
});

describe('refusals of a refund', () => {
  const refusals: Readonly<Record<string, readonly [object, readonly unknown[]]>> = {
    'an unknown order': [{ out_trade_no: 'order-9999' }, [404, 'RESOURCE_NOT_EXISTS', 268892180]],
    'an unknown transaction': [
      { out_trade_no: undefined, transaction_id: '42' },
      [404, 'RESOURCE_NOT_EXISTS', 268892180],
    ],
    'an order that nobody paid': [
      { out_trade_no: 'order-open' },
      [404, 'RESOURCE_NOT_EXISTS', 268892180],
    ],
    'a closed order': [{ out_trade_no: 'order-closed' }, [400, 'INVALID_REQUEST', 268892181]],
    'another total': [amount(30, 99), [400, 'INVALID_REQUEST', 268892183]],
    'more than was paid': [amount(101), [400, 'INVALID_REQUEST', 268449311]],
    'no order at all': [{ out_trade_no: undefined }, [400, 'PARAM_ERROR', 268435457]],
    'a refund of nothing': [amount(0), [400, 'PARAM_ERROR', 268435457]],
    'a field that is not known': [{ mchid: shop.merchant.mchid }, [400, 'PARAM_ERROR', 270924358]],
    'a field that is null': [{ reason: null }, [400, 'PARAM_ERROR', 268435457]],
  };
  for (const [what, [change, answer]] of Object.entries(refusals)) {
    test(`${what} is ${answer.join(' ')} and leaves no refund`, async () => {
      assert.deepEqual(await apply(change), answer);
      assert.deepEqual((await shop.read('refunds'))['refunds'], []);
    });
  }

  test('two numbers of different orders are no order', async () => {
    const { data } = await shop.query('order-0001');
    const change = { transaction_id: data['transaction_id'], out_trade_no: 'order-open' };
    assert.deepEqual(await apply(change), [404, 'RESOURCE_NOT_EXISTS', 268892180]);
    assert.equal((await shop.query('order-0001')).data['trade_state'], 'SUCCESS');
  });

  test('another content type and no JSON are refused', async () => {
    const call = { method: 'POST', target: REFUNDS, body: JSON.stringify(bodyOf({})) };
    const text = { ...call, headers: { 'content-type': 'text/plain' } };
    assert.deepEqual((await refused(text)).slice(0, 2), [400, 'INVALID_REQUEST']);
    assert.deepEqual((await refused({ ...call, body: '{' })).slice(0, 2), [400, 'PARAM_ERROR']);
  });

  test('a refused refund leaves its order as it was', async () => {
    assert.equal((await shop.query('order-0001')).data['trade_state'], 'SUCCESS');
  });
});

describe('refusals after a first refund', () => {
  test('the same number with other parameters is refused, for another order too', async () => {
    await shop.placeAndPay('order-0002');
    await shop.placeAndPay('order-0003');
    await shop.refund('order-0002', 'refund-0002', 30);
    const changes = [
      amount(31),
      { reason: 'x' },
      { notify_url: 'https://pay.example.com/refunds' },
      { out_trade_no: 'order-0003' },
    ];
    for (const change of changes) {
      const body = { out_trade_no: 'order-0002', out_refund_no: 'refund-0002', ...change };
      assert.deepEqual((await apply(body)).slice(0, 2), [400, 'INVALID_REQUEST']);
    }
    const { refunds } = await shop.read('refunds?out_refund_no=refund-0002');
    assert.equal((refunds as { amount: { refund: number } }[])[0]?.amount.refund, 30);
    assert.equal((await shop.query('order-0003')).data['trade_state'], 'SUCCESS');
  });

  test('more than what is left is refused, not slowed down, and a full refund is the last', async () => {
    await shop.placeAndPay('order-0004');
    await shop.refund('order-0004', 'refund-0004', 30);
    const again = { out_trade_no: 'order-0004', out_refund_no: 'refund-0005' };
    const tooMuch = await apply({ ...again, ...amount(71) });
    assert.deepEqual(tooMuch, [400, 'INVALID_REQUEST', 268449311]);
    await shop.control('console-refund', { out_trade_no: 'order-0004' });
    assert.deepEqual(await apply({ ...again, ...amount(1) }), [400, 'INVALID_REQUEST', 268892177]);
  });

  test('the 51st refund of an order is refused', async () => {
    await shop.placeAndPay('order-0005');
    for (let count = 0; count < 50; count += 1) {
      await shop.control('console-refund', { out_trade_no: 'order-0005', amount: 1 });
    }
    const last = await apply({ out_trade_no: 'order-0005', out_refund_no: 'refund-0051' });
    assert.deepEqual(last, [400, 'INVALID_REQUEST', 268435458]);
  });
});

describe('refusals of a refund query', () => {
  test('an unknown number is 404 RESOURCE_NOT_EXISTS', async () => {
    const target = `${REFUNDS}/refund-9999`;
    const [status, code] = await refused({ method: 'GET', target });
    assert.deepEqual([status, code], [404, 'RESOURCE_NOT_EXISTS']);
  });

  for (const number of ['short', 'x'.repeat(65), 'refund%230001', 'refund%zz001', 'refund.0001']) {
    test(`the number ${number.slice(0, 20)} is a PARAM_ERROR`, async () => {
      const [status, code] = await refused({ method: 'GET', target: `${REFUNDS}/${number}` });
      assert.deepEqual([status, code], [400, 'PARAM_ERROR']);
    });
  }

  test('a number with |, * and @ works however it is spelt in the path', async () => {
    await shop.placeAndPay('order-0006');
    await shop.refund('order-0006', 'a|b*c@d-01', 1);
    for (const spelt of ['a|b*c@d-01', 'a%7Cb*c@d-01', 'a%7Cb%2Ac%40d-01']) {
      const answer = await shop.raw({ method: 'GET', target: `${REFUNDS}/${spelt}` });
      assert.equal(answer.status, 200, spelt);
      assert.equal(JSON.parse(answer.body).out_refund_no, 'a|b*c@d-01');
    }
  });
});
