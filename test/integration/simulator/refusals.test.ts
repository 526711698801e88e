import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { openShop, type RawCall, REFUNDS } from './outside-client.ts';

const shop = await openShop();
after(() => shop.simulator.close());
const { mchid } = shop.merchant;
const QUERY = `/v3/pay/transactions/out-trade-no/order-0001?mchid=${mchid}`;
const NATIVE = '/v3/pay/transactions/native';
const CLOSE = '/v3/pay/transactions/out-trade-no/order-0001/close';

/** Status and code of a raw call; no refusal is ever signed. */
const refused = async (call: RawCall) => {
  const answer = await shop.raw(call);
  const names = Object.keys(answer.headers).filter((name) => name.startsWith('wechatpay-'));
  assert.deepEqual(names, []);
  return [answer.status, answer.body === '' ? '' : JSON.parse(answer.body).code];
};

const prepay = (body: string | Buffer, headers = {}) =>
  refused({ method: 'POST', target: NATIVE, body, headers });

await shop.place('order-0001');

describe('refusals of the gateway', () => {
  test('an unknown path is 404 and a wrong method 405, both empty', async () => {
    assert.deepEqual(await refused({ method: 'GET', target: '/v3/pay/transactions' }), [404, '']);
    assert.deepEqual(await refused({ method: 'PUT', target: NATIVE, body: '{}' }), [405, '']);
  });

  test('certificates and refunds need Accept and User-Agent before they look at the signature', async () => {
    const calls = [
      { method: 'GET', target: '/v3/certificates' },
      { method: 'POST', target: REFUNDS, body: '{}' },
      { method: 'GET', target: `${REFUNDS}/refund-0001` },
    ];
    for (const call of calls) {
      for (const name of ['accept', 'user-agent']) {
        const nameless = { ...call, without: [name, 'authorization'] };
        assert.deepEqual(await refused(nameless), [400, 'INVALID_REQUEST']);
      }
      const unsigned = { ...call, without: ['authorization'] };
      assert.deepEqual(await refused(unsigned), [401, 'SIGN_ERROR']);
    }
  });

  test('transactions do not ask for Accept and User-Agent', async () => {
    const answer = await shop.raw({
      method: 'GET',
      target: QUERY,
      without: ['accept', 'user-agent'],
    });
    assert.equal(answer.status, 200);
  });

  test('a call without a good signature is 401 without a Request-ID', async () => {
    const bad: readonly Partial<RawCall>[] = [
      { without: ['authorization'] },
      { headers: { authorization: 'Bearer token' } },
      { signedTarget: `${QUERY}&a=1` },
      { timestamp: Math.floor(Date.now() / 1000) - 400 },
      { timestamp: Math.floor(Date.now() / 1000) + 400 },
      { timestamp: Date.now() },
    ];
    for (const change of bad) {
      const answer = await shop.raw({ method: 'GET', target: QUERY, ...change });
      assert.equal(answer.status, 401, JSON.stringify(change));
      assert.equal(JSON.parse(answer.body).code, 'SIGN_ERROR');
      assert.equal('request-id' in answer.headers, false);
    }
  });

  test('the signature covers the query string', async () => {
    const call = { method: 'GET', target: QUERY, signedTarget: QUERY.split('?')[0] ?? '' };
    assert.deepEqual(await refused(call), [401, 'SIGN_ERROR']);
  });

  test('a body of more than 1 MiB is refused', async () => {
    const answer = await shop.raw({
      method: 'POST',
      target: NATIVE,
      body: Buffer.alloc(1_048_577, 32),
    });
    assert.equal(answer.status, 413);
  });
});

describe('refusals of a prepay', () => {
  const bodies: Readonly<Record<string, string | Buffer>> = {
    'an empty body': '',
    'no JSON': '{',
    'a list': '[]',
    null: 'null',
    'bytes that are not UTF-8': Buffer.from(
      JSON.stringify(shop.order('order-0002', { description: 'thé' })),
      'latin1',
    ),
    'a byte order mark': '\ufeff{}',
    'a null field': JSON.stringify(shop.order('order-0002', { attach: null })),
    'an unknown field': JSON.stringify(shop.order('order-0002', { total_fee: 1 })),
    'a foreign mchid': JSON.stringify(shop.order('order-0002', { mchid: '1900000108' })),
    'an amount of nothing': JSON.stringify(shop.order('order-0002', { amount: { total: 0 } })),
  };
  for (const [what, body] of Object.entries(bodies)) {
    test(`${what} is a PARAM_ERROR`, async () => {
      assert.deepEqual(await prepay(body), [400, 'PARAM_ERROR']);
    });
  }

  test('another content type is an INVALID_REQUEST', async () => {
    const body = JSON.stringify(shop.order('order-0002'));
    const headers = { 'content-type': 'text/plain' };
    assert.deepEqual(await prepay(body, headers), [400, 'INVALID_REQUEST']);
  });

  test('a foreign appid is an APPID_MCHID_NOT_MATCH', async () => {
    const body = JSON.stringify(shop.order('order-0002', { appid: 'wx0000000000000000' }));
    assert.deepEqual(await prepay(body), [400, 'APPID_MCHID_NOT_MATCH']);
  });

  test('a refused prepay leaves no order', async () => {
    assert.equal((await shop.query('order-0002')).data['code'], 'ORDER_NOT_EXIST');
  });

  test('a used number with other parameters is OUT_TRADE_NO_USED', async () => {
    const answer = await shop.place('order-0001', { amount: { total: 101, currency: 'CNY' } });
    assert.deepEqual([answer.status, answer.data['code']], [403, 'OUT_TRADE_NO_USED']);
    const payer = { payer: { openid: 'o-1' } };
    const other = await shop.call(
      'POST',
      '/v3/pay/transactions/jsapi',
      shop.order('order-0001', payer),
    );
    assert.deepEqual([other.status, other.data['code']], [403, 'OUT_TRADE_NO_USED']);
  });

  test('a number of one way to pay is OUT_TRADE_NO_USED for the others', async () => {
    const scene_info = { payer_client_ip: '14.23.150.211', h5_info: { type: 'Wap' } };
    const body = shop.order('order-ways');
    const app = await shop.call('POST', '/v3/pay/transactions/app', body);
    assert.equal(app.status, 200);
    const h5 = await shop.call('POST', '/v3/pay/transactions/h5', { ...body, scene_info });
    for (const other of [await shop.place('order-ways'), h5]) {
      assert.deepEqual([other.status, other.data['code']], [403, 'OUT_TRADE_NO_USED']);
    }
  });

  test('a paid number is used up, a closed one is closed', async () => {
    await shop.place('order-paid');
    await shop.control('pay', { out_trade_no: 'order-paid' });
    assert.equal((await shop.place('order-paid')).data['code'], 'OUT_TRADE_NO_USED');
    await shop.place('order-closed');
    await shop.close('order-closed');
    const answer = await shop.place('order-closed');
    assert.deepEqual([answer.status, answer.data['code']], [400, 'ORDER_CLOSED']);
  });
});

describe('refusals of a query', () => {
  const targets: Readonly<Record<string, string>> = {
    'no mchid': QUERY.split('?')[0] ?? '',
    'mchid twice': `${QUERY}&mchid=${mchid}`,
    'a foreign mchid': QUERY.replace(/mchid=.*/, 'mchid=1900000108'),
    'a number that is too short': QUERY.replace('order-0001', 'ord'),
    'a number with a strange character': QUERY.replace('order-0001', 'order%230001'),
    'broken percent signs': QUERY.replace('order-0001', 'order%zz001'),
    'a transaction id of letters': `/v3/pay/transactions/id/abc?mchid=${mchid}`,
  };
  for (const [what, target] of Object.entries(targets)) {
    test(`${what} is a PARAM_ERROR`, async () => {
      assert.deepEqual(await refused({ method: 'GET', target }), [400, 'PARAM_ERROR']);
    });
  }

  test('unknown numbers are 404 ORDER_NOT_EXIST', async () => {
    for (const path of ['out-trade-no/order-9999', 'id/4200000001']) {
      const target = `/v3/pay/transactions/${path}?mchid=${mchid}`;
      assert.deepEqual(await refused({ method: 'GET', target }), [404, 'ORDER_NOT_EXIST']);
    }
  });
});

describe('refusals of a close', () => {
  const close = (body: object, target = CLOSE) =>
    refused({ method: 'POST', target, body: JSON.stringify(body) });

  test('mch_id, an extra field and a foreign mchid are PARAM_ERRORs', async () => {
    assert.deepEqual(await close({ mch_id: mchid }), [400, 'PARAM_ERROR']);
    assert.deepEqual(await close({ mchid, out_trade_no: 'order-0001' }), [400, 'PARAM_ERROR']);
    assert.deepEqual(await close({ mchid: '1900000108' }), [400, 'PARAM_ERROR']);
    assert.equal((await shop.query('order-0001')).data['trade_state'], 'NOTPAY');
  });

  test('an order that was never placed is 404', async () => {
    const target = CLOSE.replace('0001', '9999');
    assert.deepEqual(await close({ mchid }, target), [404, 'ORDER_NOT_EXIST']);
  });

  test('a paid order is not closed', async () => {
    await shop.place('order-0003');
    await shop.control('pay', { out_trade_no: 'order-0003' });
    const answer = await shop.close('order-0003');
    assert.deepEqual([answer.status, answer.data['code']], [400, 'INVALID_REQUEST']);
    assert.equal((await shop.query('order-0003')).data['trade_state'], 'SUCCESS');
  });

  test('while somebody pays the answer is 429, and afterwards 204', async () => {
    await shop.place('order-0004');
    await shop.control('paying', { out_trade_no: 'order-0004', paying: true });
    const busy = await shop.close('order-0004');
    assert.deepEqual([busy.status, busy.data['code']], [429, 'FREQUENCY_LIMITED']);
    assert.equal((await shop.query('order-0004')).data['trade_state'], 'NOTPAY');
    await shop.control('paying', { out_trade_no: 'order-0004', paying: false });
    assert.equal((await shop.close('order-0004')).status, 204);
  });

  test('a payer who pays during the close wins', async () => {
    await shop.place('order-0005');
    await shop.control('pay-during-close', { out_trade_no: 'order-0005', amount: 90 });
    assert.equal((await shop.query('order-0005')).data['trade_state'], 'NOTPAY');
    assert.equal((await shop.close('order-0005')).data['code'], 'INVALID_REQUEST');
    const { data } = await shop.query('order-0005');
    assert.equal(data['trade_state'], 'SUCCESS');
    assert.equal((data['amount'] as { total: number }).total, 90);
  });
});
