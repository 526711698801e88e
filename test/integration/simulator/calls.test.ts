import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, describe, test } from 'node:test';
import axiosPlugin from 'wechatpay-axios-plugin';
import { openShop } from './outside-client.ts';

const shop = await openShop();
after(() => shop.simulator.close());
const { mchid } = shop.merchant;

describe('calls of an outside client that verifies every answer', () => {
  test('a native prepay gives a code, and another code when it is repeated', async () => {
    const first = await shop.place('native-0001');
    const second = await shop.place('native-0001');
    assert.equal(first.failure, undefined);
    assert.equal(first.status, 200);
    assert.match(String(first.data['code_url']), /^weixin:\/\/wxpay\/bizpayurl\?pr=\w{9}$/);
    assert.notEqual(second.data['code_url'], first.data['code_url']);
    assert.deepEqual(Object.keys(first.data), ['code_url']);
  });

  test('a jsapi prepay gives a prepay_id of the documented form', async () => {
    const body = shop.order('jsapi-0001', { payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' } });
    const answer = await shop.call('POST', '/v3/pay/transactions/jsapi', body);
    assert.equal(answer.failure, undefined);
    assert.match(String(answer.data['prepay_id']), /^wx\d{14}[0-9a-f]{20}$/);
  });

  test('an app prepay gives a prepay_id and an h5 prepay an h5_url, new ones each time', async () => {
    const scene_info = { payer_client_ip: '14.23.150.211', h5_info: { type: 'Wap' } };
    const ways = [
      ['app', 'prepay_id', {}, /^wx\d{14}[0-9a-f]{20}$/],
      [
        'h5',
        'h5_url',
        { scene_info },
        /^https:\/\/wx\.tenpay\.com\/.+\?prepay_id=wx\w{34}&package=\w+$/,
      ],
    ] as const;
    for (const [way, field, more, form] of ways) {
      const body = shop.order(`${way}-000001`, more);
      const first = await shop.call('POST', `/v3/pay/transactions/${way}`, body);
      const second = await shop.call('POST', `/v3/pay/transactions/${way}`, body);
      assert.equal(first.failure ?? second.failure, undefined);
      assert.deepEqual(Object.keys(first.data), [field]);
      assert.match(String(first.data[field]), form);
      assert.notEqual(second.data[field], first.data[field]);
    }
  });

  test('a payer of each of the four ways pays, and the query names the way', async () => {
    const scene_info = { payer_client_ip: '14.23.150.211', h5_info: { type: 'iOS' } };
    const ways = [
      ['native', 'NATIVE', {}],
      ['jsapi', 'JSAPI', { payer: { openid: 'o-ordered' } }],
      ['app', 'APP', {}],
      ['h5', 'MWEB', { scene_info }],
    ] as const;
    for (const [way, tradeType, more] of ways) {
      const outTradeNo = `pay-${way}-0001`;
      await shop.call('POST', `/v3/pay/transactions/${way}`, shop.order(outTradeNo, more));
      const paid = await shop.control('pay', { out_trade_no: outTradeNo, notice: 'lost' });
      assert.equal(paid.status, 200, way);
      const { data } = await shop.query(outTradeNo);
      assert.deepEqual([data['trade_state'], data['trade_type']], ['SUCCESS', tradeType]);
    }
  });

  test('an unpaid order is NOTPAY with the required fields alone', async () => {
    await shop.place('unpaid-0001', { attach: 'shop 1' });
    const { data, failure } = await shop.query('unpaid-0001');
    assert.equal(failure, undefined);
    assert.deepEqual(data, {
      attach: 'shop 1',
      appid: shop.merchant.appid,
      mchid,
      out_trade_no: 'unpaid-0001',
      trade_state: 'NOTPAY',
      trade_state_desc: '订单未支付',
    });
  });

  test('a paid order is the same by both numbers, with everything about the payment', async () => {
    await shop.place('paid-0001');
    await shop.control('pay', { out_trade_no: 'paid-0001', openid: 'o-payer', coupon: 10 });
    const byNumber = await shop.query('paid-0001');
    const id = String(byNumber.data['transaction_id']);
    const byId = await shop.call('GET', `/v3/pay/transactions/id/${id}?mchid=${mchid}`);
    assert.equal(byNumber.failure ?? byId.failure, undefined);
    assert.deepEqual(byId.data, byNumber.data);
    assert.match(id, /^42\d{26}$/);
    const { promotion_detail: promotions, success_time: paidAt, ...rest } = byNumber.data;
    assert.match(String(paidAt), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
    assert.equal((promotions as { amount: number }[])[0]?.amount, 10);
    assert.deepEqual(rest, {
      appid: shop.merchant.appid,
      mchid,
      out_trade_no: 'paid-0001',
      transaction_id: id,
      trade_type: 'NATIVE',
      trade_state: 'SUCCESS',
      trade_state_desc: '支付成功',
      bank_type: 'OTHERS',
      payer: { openid: 'o-payer' },
      amount: { total: 100, payer_total: 90, currency: 'CNY', payer_currency: 'CNY' },
    });
  });

  test('close answers 204 with a signed empty body, again and again', async () => {
    await shop.place('closed-0001');
    for (const answer of [await shop.close('closed-0001'), await shop.close('closed-0001')]) {
      assert.equal(answer.failure, undefined);
      assert.equal(answer.status, 204);
      assert.equal(answer.data, '');
    }
    assert.equal((await shop.query('closed-0001')).data['trade_state'], 'CLOSED');
  });

  test('a number with | and * works however it is spelt in the path', async () => {
    await shop.place('a|b*c-0001');
    for (const spelt of ['a|b*c-0001', 'a%7Cb*c-0001', 'a%7Cb%2Ac-0001']) {
      const target = `/v3/pay/transactions/out-trade-no/${spelt}?mchid=${mchid}`;
      const answer = await shop.raw({ method: 'GET', target });
      assert.equal(answer.status, 200, spelt);
      assert.equal(JSON.parse(answer.body).out_trade_no, 'a|b*c-0001');
    }
  });

  test('certificates are encrypted with the APIv3 key and are the platform certificate', async () => {
    await shop.control('key-mode', { mode: 'certificate' });
    const answer = await shop.call('GET', '/v3/certificates');
    await shop.control('key-mode', { mode: 'public-key' });
    assert.equal(answer.failure, undefined);
    const [entry] = answer.data['data'] as {
      serial_no: string;
      effective_time: string;
      expire_time: string;
      encrypt_certificate: Record<'ciphertext' | 'nonce' | 'associated_data', string>;
    }[];
    const box = entry?.encrypt_certificate;
    assert.equal(box?.associated_data, 'certificate');
    const pem = axiosPlugin.Aes.AesGcm.decrypt(
      box?.ciphertext ?? '',
      shop.merchant.apiV3Key,
      box?.nonce ?? '',
      'certificate',
    );
    assert.equal(new X509Certificate(pem).serialNumber, entry?.serial_no);
    assert.equal(pem, shop.keys.platformCertificate);
    assert.match(String(entry?.expire_time), /\+08:00$/);
  });

  test('a merchant with the public key alone has no certificates', async () => {
    const answer = await shop.call('GET', '/v3/certificates');
    assert.equal(answer.status, 404);
    assert.equal(answer.data['code'], 'RESOURCE_NOT_EXISTS');
  });

  test('every answer carries a Request-ID that ends in a number', async () => {
    const { headers } = await shop.place('request-0001');
    assert.match(String(headers['request-id']), /^[0-9A-F]{32}-0$/);
    const missing = await shop.query('request-0002');
    assert.match(String(missing.headers['request-id']), /-268512771$/);
  });
});

describe('keys that sign the answers', () => {
  const serialOf = async (headers: Record<string, string> = {}) => {
    const target = `/v3/pay/transactions/out-trade-no/native-0001?mchid=${mchid}`;
    const answer = await shop.call('GET', target, undefined, headers);
    assert.equal(answer.failure, undefined);
    return answer.headers['wechatpay-serial'];
  };

  test('during the migration the request header chooses the key', async () => {
    const wanted = { 'Wechatpay-Serial': shop.keys.wechatpaySerial };
    assert.equal(await serialOf(), shop.keys.wechatpaySerial);
    await shop.control('key-mode', { mode: 'mixed' });
    assert.equal(await serialOf(), shop.keys.platformSerial);
    assert.equal(await serialOf(wanted), shop.keys.wechatpaySerial);
    await shop.control('key-mode', { mode: 'certificate' });
    assert.equal(await serialOf(wanted), shop.keys.platformSerial);
    await shop.control('key-mode', { mode: 'public-key' });
  });
});
