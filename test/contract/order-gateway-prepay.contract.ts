import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrepayDetails, PrepayRequest } from '#core/ports.ts';
import { type LinkTradeType, linkTradeTypes } from '#core/subjects/order/order.ts';
import type { GatewayTraits } from './gateway-faults.ts';
import type { GatewayCalls } from './order-gateway-harness.ts';

const details: PrepayDetails = {
  attach: 'desk 7',
  goods_tag: 'WXG',
  support_fapiao: false,
  detail: {
    cost_price: 100,
    goods_detail: [{ merchant_goods_id: '7', quantity: 1, unit_price: 100 }],
  },
  scene_info: { payer_client_ip: '14.23.150.211', store_info: { id: '0001' } },
  settle_info: { profit_sharing: false },
};

/** An order of this way to pay with all details that it takes. */
function wholly(trade_type: LinkTradeType): Partial<PrepayRequest> {
  switch (trade_type) {
    case 'NATIVE':
    case 'APP':
      return { trade_type, details };
    case 'JSAPI':
      return { trade_type, details, openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' };
    case 'H5': {
      const scene_info = { ...details.scene_info, h5_info: { type: 'Wap' } };
      return { trade_type, details: { ...details, scene_info } };
    }
  }
}

export function prepayContract(calls: GatewayCalls, traits: GatewayTraits): void {
  linkRules(calls);
  repetitionRules(calls, traits);
  refusalRules(calls, traits);
}

function linkRules({ world, request, prepay }: GatewayCalls): void {
  test('a NATIVE order is placed and brings its code_url', async () => {
    const outcome = await prepay(request());
    assert.ok(outcome.type === 'placed' && outcome.link.trade_type === 'NATIVE');
    assert.match(outcome.link.code_url, /^weixin:\/\/\S+$/);
  });

  test('an H5 order is placed and brings its h5_url', async () => {
    const scene_info = { payer_client_ip: '14.23.150.211', h5_info: { type: 'Wap' } };
    const outcome = await prepay(request({ trade_type: 'H5', details: { scene_info } }));
    assert.ok(outcome.type === 'placed' && outcome.link.trade_type === 'H5');
    assert.match(outcome.link.h5_url, /^https:\/\/\S+$/);
  });

  test('a JSAPI order is placed, and its parameters are made of its prepay_id', async () => {
    const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
    const outcome = await prepay(request({ trade_type: 'JSAPI', openid }));
    assert.ok(outcome.type === 'placed' && outcome.link.trade_type === 'JSAPI');
    const { account, gateway } = world();
    const pay = gateway.payParameters(account, account.appids[0], outcome.link);
    assert.ok('paySign' in pay);
    assert.equal(pay.package, `prepay_id=${outcome.link.prepay_id}`);
    assert.equal(pay.appId, account.appids[0]);
    assert.match(pay.timeStamp, /^[0-9]{10}$/);
  });

  test('an APP order is placed, and its parameters are made of its prepay_id', async () => {
    const outcome = await prepay(request({ trade_type: 'APP' }));
    assert.ok(outcome.type === 'placed' && outcome.link.trade_type === 'APP');
    const { account, gateway } = world();
    const pay = gateway.payParameters(account, account.appids[0], outcome.link);
    assert.ok('sign' in pay);
    assert.equal(pay.prepayid, outcome.link.prepay_id);
    assert.equal(pay.appid, account.appids[0]);
    assert.equal(pay.partnerid, account.mchid);
    assert.match(pay.timestamp, /^[0-9]{10}$/);
  });
}

function repetitionRules(calls: GatewayCalls, traits: GatewayTraits): void {
  const { world, request, place, close, prepay } = calls;
  const used = { type: 'look', code: traits.otherTerms };
  for (const trade_type of linkTradeTypes) {
    test(`the same prepay again is placed again, ${trade_type} with all details`, async () => {
      const order = request(wholly(trade_type));
      assert.equal((await prepay(order)).type, 'placed');
      assert.equal((await prepay(order)).type, 'placed');
    });

    test(`the same number with another detail means: look, ${trade_type}`, async () => {
      const order = request(wholly(trade_type));
      assert.equal((await prepay(order)).type, 'placed');
      const other = { ...order, details: { ...order.details, attach: 'desk 8' } };
      assert.deepEqual(await prepay(other), used);
    });
  }

  for (const [first, then] of [
    ['NATIVE', 'APP'],
    ['APP', 'NATIVE'],
  ] as const) {
    test(`the same number as ${first} and then as ${then} means: look`, async () => {
      const order = request({ trade_type: first });
      assert.equal((await prepay(order)).type, 'placed');
      assert.deepEqual(await prepay({ ...order, trade_type: then }), used);
    });
  }

  test('the same number with another amount means: look', async () => {
    const order = await place();
    assert.deepEqual(await prepay({ ...order, amountFen: 101 }), used);
  });

  test('a prepay of a closed or paid number means: look', async () => {
    const closed = await place();
    world().later(traits.closableAfterMs);
    assert.equal((await close(closed.out_trade_no)).type, 'done');
    assert.equal((await prepay(closed)).type, 'look');
    const paid = await place();
    await world().pay(paid.out_trade_no);
    assert.equal((await prepay(paid)).type, 'look');
  });
}

function refusalRules(calls: GatewayCalls, { noAmount, unfit }: GatewayTraits): void {
  const { request, prepay } = calls;
  const shared: GatewayTraits['unfit'] = [
    ['a JSAPI order without its payer', { trade_type: 'JSAPI' }],
    ['a detail that is too long', { details: { attach: 'x'.repeat(129) } }],
    ['an address for notices that is none', { notify_url: 'pay.example.com' }],
  ];

  test('a wrong field is refused, by its pointer where WeChat gives one', async () => {
    assert.deepEqual(await prepay(request({ amountFen: 0 })), noAmount);
  });

  for (const [what, changes] of [...shared, ...unfit]) {
    test(`${what} is refused`, async () => {
      assert.equal((await prepay(request(changes))).type, 'refused');
    });
  }
}
