import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonObject, JsonValue } from '../../../simulator/json.ts';
import { checkPrepay } from '../../../simulator/prepay-rules.ts';
import { APP, H5, JSAPI, NATIVE, type Product } from '../../../simulator/products.ts';

const NOW = Date.parse('2026-03-01T12:00:00+08:00');
const caller = { mchid: '1900000109', appids: ['wx8888888888888888'], nowMs: NOW };

const native: JsonObject = {
  appid: 'wx8888888888888888',
  mchid: '1900000109',
  description: 'A cup of tea',
  out_trade_no: 'order-0001',
  notify_url: 'https://pay.example.com/notify',
  amount: { total: 1, currency: 'CNY' },
};
const scene = { payer_client_ip: '14.23.150.211', h5_info: { type: 'Wap' } };
const h5: JsonObject = { ...native, scene_info: scene };
const jsapi: JsonObject = { ...native, payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' } };

const accepted = (body: JsonObject, product: Product = NATIVE) => {
  const result = checkPrepay(product, body, caller);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.placement;
};

const refusal = (body: JsonObject, product: Product = NATIVE) => {
  const result = checkPrepay(product, body, caller);
  return result.ok ? 'accepted' : result.refusal;
};

const refusedField = (body: JsonObject, product: Product = NATIVE) => {
  const refused = refusal(body, product);
  if (refused === 'accepted') return 'accepted';
  assert.equal(refused.status, 400);
  assert.equal(refused.code, 'PARAM_ERROR');
  assert.equal(refused.detail?.['location'], 'body');
  return refused.detail?.['field'];
};

const without = (body: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));

describe('fields of a prepay', () => {
  test('the smallest native and jsapi bodies are accepted', () => {
    assert.equal(accepted(native).tradeType, 'NATIVE');
    assert.equal(accepted(jsapi, JSAPI).openid, 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o');
  });

  test('all documented optional fields are accepted', () => {
    const full: JsonObject = {
      ...native,
      attach: 'x'.repeat(128),
      goods_tag: 'WXG',
      support_fapiao: true,
      time_expire: '2026-03-01T14:00:00+08:00',
      detail: {
        cost_price: 1,
        invoice_id: 'i',
        goods_detail: [{ merchant_goods_id: '1', quantity: 1, unit_price: 0 }],
      },
      scene_info: {
        payer_client_ip: '14.23.150.211',
        device_id: '013467007045764',
        store_info: { id: '0001', name: 'n', area_code: '440305', address: 'a' },
      },
      settle_info: { profit_sharing: false },
    };
    assert.equal(accepted(full).deviceId, '013467007045764');
  });

  for (const name of ['appid', 'mchid', 'description', 'out_trade_no', 'notify_url', 'amount']) {
    test(`${name} is required`, () => {
      assert.equal(refusedField(without(native, name)), `/body/${name}`);
    });
  }

  const wrong: readonly (readonly [string, JsonValue, string])[] = [
    ['description', 'x'.repeat(128), '/body/description'],
    ['description', '', '/body/description'],
    ['description', 'tea 🍵', '/body/description'],
    ['description', 5, '/body/description'],
    ['attach', 'x'.repeat(129), '/body/attach'],
    ['attach', '', '/body/attach'],
    ['attach', null, '/body/attach'],
    ['out_trade_no', 'short', '/body/out_trade_no'],
    ['out_trade_no', 'x'.repeat(33), '/body/out_trade_no'],
    ['out_trade_no', 'order#0001', '/body/out_trade_no'],
    ['out_trade_no', 'order-0001\n', '/body/out_trade_no'],
    ['amount', { total: 0 }, '/body/amount/total'],
    ['amount', { total: -1 }, '/body/amount/total'],
    ['amount', { total: 1.5 }, '/body/amount/total'],
    ['amount', { total: '1' }, '/body/amount/total'],
    ['amount', { total: 2_147_483_648 }, '/body/amount/total'],
    ['amount', {}, '/body/amount/total'],
    ['amount', { total: 1, currency: 'USD' }, '/body/amount/currency'],
    ['amount', { total: 1, payer_total: 1 }, '/body/amount/payer_total'],
    ['amount', [1], '/body/amount'],
    ['goods_tag', 'x'.repeat(33), '/body/goods_tag'],
    ['support_fapiao', 'true', '/body/support_fapiao'],
    ['detail', { goods_detail: {} }, '/body/detail/goods_detail'],
    [
      'detail',
      { goods_detail: [{ quantity: 1 }] },
      '/body/detail/goods_detail/0/merchant_goods_id',
    ],
    ['scene_info', { device_id: '1' }, '/body/scene_info/payer_client_ip'],
    ['settle_info', { profit_sharing: 1 }, '/body/settle_info/profit_sharing'],
    ['time_expire', '2026-03-01 14:00:00', '/body/time_expire'],
    ['time_expire', '2026-03-01T14:00:00', '/body/time_expire'],
    ['mchid', '1900000108', '/body/mchid'],
    ['payer', { openid: 'o' }, '/body/payer'],
    ['mch_id', '1900000109', '/body/mch_id'],
    ['__proto__x', '1', '/body/__proto__x'],
  ];
  for (const [name, value, field] of wrong) {
    test(`${name} ${JSON.stringify(value).slice(0, 40)} is refused at ${field}`, () => {
      assert.equal(refusedField({ ...native, [name]: value }), field);
    });
  }

  test('a name that every object has is still unknown', () => {
    const body = JSON.parse(JSON.stringify(native).replace('{', '{"__proto__":1,')) as JsonObject;
    assert.equal(refusedField(body), '/body/__proto__');
    assert.equal(refusedField({ ...native, constructor: 1 }), '/body/constructor');
  });

  test('an unknown field has the number 270924358', () => {
    const refused = refusal({ ...native, extra: 1 });
    assert.notEqual(refused, 'accepted');
    assert.equal(refused !== 'accepted' && refused.number, 270924358);
  });

  test('a detail of more than 6,144 bytes is refused', () => {
    const goods = {
      merchant_goods_id: 'g',
      goods_name: '茶'.repeat(200),
      quantity: 1,
      unit_price: 1,
    };
    const detail = { goods_detail: Array.from({ length: 10 }, () => goods) };
    assert.equal(refusedField({ ...native, detail }), '/body/detail');
  });

  test('127 characters of three bytes are a description', () => {
    accepted({ ...native, description: '茶'.repeat(127) });
  });

  test('jsapi needs the payer', () => {
    assert.equal(refusedField(native, JSAPI), '/body/payer');
    assert.equal(refusedField({ ...native, payer: {} }, JSAPI), '/body/payer/openid');
    const long = { ...native, payer: { openid: 'o'.repeat(129) } };
    assert.equal(refusedField(long, JSAPI), '/body/payer/openid');
  });

  test('app needs no payer and allows none', () => {
    assert.equal(accepted(native, APP).tradeType, 'APP');
    assert.equal(refusedField(jsapi, APP), '/body/payer');
    assert.equal(refusedField(h5, APP), '/body/scene_info/h5_info');
  });

  test('h5 is MWEB and takes everything documented about the scene', () => {
    assert.equal(accepted(h5, H5).tradeType, 'MWEB');
    const h5_info = {
      type: 'Android',
      app_name: 'n'.repeat(64),
      app_url: 'u'.repeat(128),
      bundle_id: 'b'.repeat(128),
      package_name: 'p'.repeat(128),
    };
    const store_info = { id: '0001', name: 'n', area_code: '440305', address: 'a' };
    const device_id = '013467007045764';
    const scene_info = { ...scene, device_id, store_info, h5_info };
    assert.equal(accepted({ ...native, scene_info }, H5).deviceId, '013467007045764');
  });

  const h5Scenes: readonly (readonly [JsonValue, string])[] = [
    [{}, '/payer_client_ip'],
    [{ payer_client_ip: '14.23.150.211' }, '/h5_info'],
    [{ h5_info: { type: 'Wap' } }, '/payer_client_ip'],
    [{ ...scene, payer_client_ip: '1'.repeat(46) }, '/payer_client_ip'],
    [{ ...scene, h5_info: {} }, '/h5_info/type'],
    [{ ...scene, h5_info: { type: 'wap' } }, '/h5_info/type'],
    [{ ...scene, h5_info: { type: 'Wap', app_name: 'n'.repeat(65) } }, '/h5_info/app_name'],
    [{ ...scene, h5_info: { type: 'Wap', wap_url: 'u' } }, '/h5_info/wap_url'],
    [{ ...scene, store_info: { name: 'n' } }, '/store_info/id'],
    [{ ...scene, device_id: '1'.repeat(33) }, '/device_id'],
    ['Wap', ''],
  ];
  for (const [scene_info, field] of h5Scenes) {
    test(`scene_info ${JSON.stringify(scene_info).slice(0, 90)} is refused for h5`, () => {
      assert.equal(refusedField({ ...native, scene_info }, H5), `/body/scene_info${field}`);
    });
  }

  test('h5 needs the scene', () => {
    assert.equal(refusedField(native, H5), '/body/scene_info');
    assert.equal(refusedField({ ...h5, payer: { openid: 'o' } }, H5), '/body/payer');
  });

  test('an appid that is not bound to the merchant has its own code', () => {
    const refused = refusal({ ...native, appid: 'wx0000000000000000' });
    assert.equal(refused !== 'accepted' && refused.code, 'APPID_MCHID_NOT_MATCH');
    assert.equal(refused !== 'accepted' && refused.status, 400);
  });
});

describe('what a prepay means', () => {
  test('a code or prepay_id can be used for two hours, an h5_url for five minutes', () => {
    assert.equal(accepted(native).codeLifeMs, 7_200_000);
    assert.equal(accepted(jsapi, JSAPI).codeLifeMs, 7_200_000);
    assert.equal(accepted(native, APP).codeLifeMs, 7_200_000);
    assert.equal(accepted(h5, H5).codeLifeMs, 300_000);
  });

  const expiry = (time_expire: string) => accepted({ ...native, time_expire }).expiresAtMs - NOW;

  test('time_expire is kept inside now + 1 min and now + 7 days', () => {
    assert.equal(expiry('2026-03-01T12:05:00+08:00'), 300_000);
    assert.equal(expiry('2026-03-01T04:05:00Z'), 300_000);
    assert.equal(expiry('2026-03-01T12:00:59+08:00'), 60_000);
    assert.equal(expiry('2020-01-01T00:00:00+08:00'), 60_000);
    assert.equal(expiry('2026-03-09T12:00:00+08:00'), 7 * 86_400_000);
    assert.equal(accepted(native).expiresAtMs - NOW, 7 * 86_400_000);
  });

  test('the order of the fields does not make another order, any value does', () => {
    const turned = Object.fromEntries(Object.entries(native).reverse());
    const { fingerprint } = accepted(native);
    assert.equal(accepted(turned).fingerprint, fingerprint);
    assert.notEqual(accepted({ ...native, description: 'Tea' }).fingerprint, fingerprint);
    assert.notEqual(accepted({ ...native, attach: 'a' }).fingerprint, fingerprint);
    assert.notEqual(accepted(jsapi, JSAPI).fingerprint, fingerprint);
    assert.notEqual(accepted(native, APP).fingerprint, fingerprint);
  });
});
