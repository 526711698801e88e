import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OrderRequest } from '../../../client/src/index.ts';
import { answer, awaiting, charged, createClientWorld, options, tea } from './world.ts';

const orderView = {
  out_trade_no: 'A-1001',
  mchid: '1900000001',
  status: 'CREATED',
  created_at: '2026-11-21T04:00:20.000Z',
  history: [],
  history_count: 0,
};
const refundView = {
  out_refund_no: 'R-1001',
  mchid: '1900000001',
  status: 'CREATED',
  out_trade_no: 'A-1001',
  transaction_id: '4200002026112100000000000001',
  amount: { refund: 800, total: 8800, currency: 'CNY' },
  origin: 'request',
  created_at: '2026-11-21T04:00:20.000Z',
  start_at: '2026-11-21T04:00:20.000Z',
  history: [],
  history_count: 0,
};
const closing = { out_trade_no: 'A-1001', status: 'AWAITING' };
const refund = { out_trade_no: 'A-1001', amount: { refund: 800, currency: 'CNY' } } as const;
const resolution = { action: 'refund', by: 'li', why: 'The till was set wrong' } as const;
const base = 'https://pay.example.com/v1/shop';

describe('a call of the client', () => {
  it('places an order', async () => {
    const { client, sent, plan } = createClientWorld();
    plan(answer(201, awaiting));
    const placed = await client.putOrder('A-1001', tea);
    assert.deepEqual(placed, { ...awaiting, trade_type: 'NATIVE' });
    assert.deepEqual(
      sent.map(({ line, body }) => [line, body]),
      [
        [
          `PUT ${base}/orders/A-1001`,
          '{"amount":{"currency":"CNY","total":8800},"description":"Tea, 250 g","trade_type":"NATIVE"}',
        ],
      ],
    );
    const { headers, redirect } = sent[0] ?? assert.fail();
    assert.equal(headers.get('authorization'), `Bearer ${options.token}`);
    assert.equal(headers.get('content-type'), 'application/json');
    assert.equal(headers.get('accept'), 'application/json');
    assert.equal(redirect, 'manual');
  });

  it('asks for an order, and has WeChat asked first', async () => {
    const { client, sent, plan } = createClientWorld();
    plan(answer(200, orderView), answer(200, { ...orderView, refreshed: true }));
    assert.deepEqual(await client.getOrder('A-1001'), orderView);
    const refreshed = await client.getOrder('A-1001', { refresh: true });
    assert.equal(refreshed.refreshed, true);
    assert.deepEqual(
      sent.map(({ line, body, headers }) => [line, body, headers.get('content-type')]),
      [
        [`GET ${base}/orders/A-1001`, undefined, null],
        [`GET ${base}/orders/A-1001?refresh=true`, undefined, null],
      ],
    );
  });

  it('closes and resolves an order', async () => {
    const { client, sent, plan } = createClientWorld();
    plan(answer(202, closing), answer(202, { ...closing, status: 'REVIEW' }));
    assert.deepEqual(await client.closeOrder('A-1001'), closing);
    assert.equal((await client.resolveOrder('A-1001', resolution)).status, 'REVIEW');
    assert.deepEqual(
      sent.map(({ line, body }) => [line, body]),
      [
        [`POST ${base}/orders/A-1001/close`, undefined],
        [
          `POST ${base}/orders/A-1001/resolve`,
          '{"action":"refund","by":"li","why":"The till was set wrong"}',
        ],
      ],
    );
  });

  it('starts and shows a refund', async () => {
    const { client, sent, plan } = createClientWorld();
    plan(answer(201, refundView), answer(200, refundView), answer(200, refundView));
    assert.deepEqual(await client.putRefund('R-1001', refund), refundView);
    assert.deepEqual(await client.getRefund('R-1001'), refundView);
    await client.getRefund('R-1001', { refresh: true });
    assert.deepEqual(
      sent.map(({ line, body }) => [line, body]),
      [
        [
          `PUT ${base}/refunds/R-1001`,
          '{"amount":{"currency":"CNY","refund":800},"out_trade_no":"A-1001"}',
        ],
        [`GET ${base}/refunds/R-1001`, undefined],
        [`GET ${base}/refunds/R-1001?refresh=true`, undefined],
      ],
    );
  });

  it('sends one body for one order, in whatever order its fields are given', async () => {
    const { client, sent, plan } = createClientWorld();
    plan(answer(201, awaiting), answer(200, awaiting));
    const scene = { payer_client_ip: '203.0.113.7', store_info: { name: 'Tea', id: '1' } };
    const goods = [
      { merchant_goods_id: 'b', quantity: 1, unit_price: 800 },
      { unit_price: 8000, merchant_goods_id: 'a', quantity: 1 },
    ];
    await client.putOrder('A-1001', { ...tea, scene_info: scene, detail: { goods_detail: goods } });
    await client.putOrder('A-1001', {
      detail: {
        goods_detail: [
          { quantity: 1, unit_price: 800, merchant_goods_id: 'b' },
          { quantity: 1, merchant_goods_id: 'a', unit_price: 8000 },
        ],
      },
      scene_info: { store_info: { id: '1', name: 'Tea' }, payer_client_ip: '203.0.113.7' },
      amount: { currency: 'CNY', total: 8800 },
      trade_type: 'NATIVE',
      description: 'Tea, 250 g',
    });
    assert.equal(sent[0]?.body, sent[1]?.body);
    assert.match(sent[0]?.body ?? '', /"goods_detail":\[\{"merchant_goods_id":"b".*"a"/);
  });

  it('keeps another order another order', async () => {
    const { client, sent, plan } = createClientWorld();
    plan(answer(201, awaiting), answer(200, awaiting));
    await client.putOrder('A-1001', { ...tea, attach: 'ab' });
    await client.putOrder('A-1001', { ...tea, attach: 'a', goods_tag: 'b' });
    assert.notEqual(sent[0]?.body, sent[1]?.body);
  });

  for (const [number, part] of [
    ['A|1*2-x_Y', 'A%7C1*2-x_Y'],
    ['a/../b', 'a%2F..%2Fb'],
    ['a?refresh=true#x', 'a%3Frefresh%3Dtrue%23x'],
    ['a@b', 'a%40b'],
    ['%2e%2e', '%252e%252e'],
    ['茶 1', '%E8%8C%B6%201'],
  ] as const) {
    it(`keeps ${number} one part of the path`, async () => {
      const { client, sent, plan } = createClientWorld();
      plan(answer(200, orderView));
      await client.getOrder(number);
      assert.equal(sent[0]?.line, `GET ${base}/orders/${part}`);
      assert.equal(new URL(`${base}/orders/${part}`).href, `${base}/orders/${part}`);
    });
  }

  for (const number of ['', '.', '..', '...', '\ud800']) {
    it(`sends nothing for the number ${JSON.stringify(number)}`, async () => {
      const { client, sent } = createClientWorld();
      const wrong = (pointer: string) => ({
        name: 'WechatpayError',
        code: 'request_invalid',
        status: undefined,
        errors: [{ pointer, detail: 'is not a number of the merchant' }],
      });
      await assert.rejects(client.putOrder(number, tea), wrong('/out_trade_no'));
      await assert.rejects(client.closeOrder(number), wrong('/out_trade_no'));
      await assert.rejects(client.getRefund(number), wrong('/out_refund_no'));
      assert.equal(sent.length, 0);
    });
  }
});

describe('the answer to a PUT', () => {
  const jsapi = {
    appId: 'wxd678efh567hg6787',
    timeStamp: '1795233620',
    nonceStr: 'n',
    package: 'prepay_id=wx1',
    signType: 'RSA',
    paySign: 's',
  };
  const { signType: _, ...withoutSignType } = jsapi;
  const app = {
    appid: 'wxd678efh567hg6787',
    partnerid: '1900000001',
    prepayid: 'wx1',
    package: 'Sign=WXPay',
    noncestr: 'n',
    timestamp: '1795233620',
    sign: 's',
  };
  const orders: Readonly<Record<OrderRequest['trade_type'], OrderRequest>> = {
    NATIVE: tea,
    JSAPI: { ...tea, trade_type: 'JSAPI', payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' } },
    APP: { ...tea, trade_type: 'APP' },
    H5: {
      ...tea,
      trade_type: 'H5',
      scene_info: { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } },
    },
    MICROPAY: charged,
  };
  const state = { out_trade_no: 'A-1001', status: 'AWAITING' };

  for (const [trade_type, link] of [
    ['NATIVE', { code_url: 'weixin://wxpay/bizpayurl?pr=abc' }],
    ['H5', { h5_url: 'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1' }],
    ['JSAPI', { pay: jsapi }],
    ['JSAPI', { pay: { ...jsapi, signType: 'HMAC-SHA256' } }],
    ['APP', { pay: app }],
  ] as const) {
    it(`to a ${trade_type} order has its link and names its trade type`, async () => {
      const { client, plan } = createClientWorld();
      plan(answer(201, { ...state, ...link }));
      const placed = await client.putOrder('A-1001', orders[trade_type]);
      assert.deepEqual(placed, { ...state, ...link, trade_type });
    });

    it(`to a ${trade_type} order that is paid has no link`, async () => {
      const { client, plan } = createClientWorld();
      plan(answer(200, { out_trade_no: 'A-1001', status: 'PAID' }));
      const placed = await client.putOrder('A-1001', orders[trade_type]);
      assert.deepEqual(placed, { out_trade_no: 'A-1001', status: 'PAID', trade_type });
    });
  }

  for (const [what, trade_type, body] of [
    ['no number', 'NATIVE', { status: 'AWAITING' }],
    ['no status', 'NATIVE', { out_trade_no: 'A-1001' }],
    ['a link that is no text', 'NATIVE', { ...state, code_url: 1 }],
    ['a link that is null', 'H5', { ...state, h5_url: null }],
    ['a set without its signature', 'JSAPI', { ...state, pay: { ...jsapi, paySign: undefined } }],
    ['the set of an app', 'JSAPI', { ...state, pay: app }],
    ['the set of a page', 'APP', { ...state, pay: jsapi }],
    ['a set that is a text', 'APP', { ...state, pay: 'prepay_id=wx1' }],
    ['a set that does not say how it is signed', 'JSAPI', { ...state, pay: withoutSignType }],
    ['no status at the till', 'MICROPAY', { out_trade_no: 'A-1001' }],
    ['a status that is no word', 'MICROPAY', { out_trade_no: 'A-1001', status: null }],
  ] as const) {
    it(`is not believed with ${what}`, async () => {
      const { client, sent, plan } = createClientWorld();
      plan(answer(200, body));
      await assert.rejects(client.putOrder('A-1001', orders[trade_type]), {
        code: 'answer_unexpected',
        status: 200,
        retryable: false,
      });
      assert.equal(sent.length, 1);
    });
  }
});
