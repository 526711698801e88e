import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  closeCall,
  micropayCall,
  prepayCall,
  queryCall,
  reverseCall,
} from '#adapters/wechat/v2/order-calls.ts';
import type { MicropayRequest, PrepayDetails, PrepayRequest } from '#core/ports.ts';
import { isAuthCode, isOutTradeNo, isTransactionId } from '#core/values/ids.ts';
import { plus } from '#core/values/time.ts';
import { known, noon, secondAppid } from './account-support.ts';

const out_trade_no = known('order_000001', isOutTradeNo);
const transaction_id = known('4200002345202611211234567890', isTransactionId);

const native: PrepayRequest = {
  trade_type: 'NATIVE',
  appid: secondAppid,
  out_trade_no,
  description: '深圳腾大-QQ公仔',
  amountFen: 8_800,
  currency: 'CNY',
  notify_url: 'https://pay.example.com/notify/main',
  createdAt: noon,
  expiresAt: plus(noon, 7_200_000),
  details: {},
};

const charge: MicropayRequest = {
  appid: secondAppid,
  out_trade_no,
  description: 'a cup',
  amountFen: 8_800,
  currency: 'CNY',
  details: {},
  auth_code: known('130123456789012345', isAuthCode),
};

/** What goes out: the fields that have a value. */
function sent({ fields }: ReturnType<typeof prepayCall>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function withDetails(details: PrepayDetails): Record<string, string | undefined> {
  return sent(prepayCall({ ...native, details }));
}

suite('a placing', () => {
  test('NATIVE sends its fields, its times as Beijing has them, and a product', () => {
    const call = prepayCall(native);
    assert.equal(call.target, '/pay/unifiedorder');
    assert.equal(call.appid, 'wx2421b1c4370ec43b');
    assert.deepEqual(sent(call), {
      body: '深圳腾大-QQ公仔',
      out_trade_no: 'order_000001',
      total_fee: '8800',
      fee_type: 'CNY',
      spbill_create_ip: '127.0.0.1',
      time_start: '20261121120000',
      time_expire: '20261121140000',
      notify_url: 'https://pay.example.com/notify/main',
      trade_type: 'NATIVE',
      product_id: 'order_000001',
    });
  });

  for (const [trade_type, name] of [
    ['JSAPI', 'JSAPI'],
    ['APP', 'APP'],
    ['H5', 'MWEB'],
  ] as const) {
    test(`${trade_type} is called ${name}, and has no product`, () => {
      const { product_id: _, ...fields } = sent(prepayCall(native));
      const call = prepayCall({ ...native, trade_type });
      assert.deepEqual(sent(call), { ...fields, trade_type: name });
    });
  }

  test('JSAPI names the payer', () => {
    const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
    const fields = sent(prepayCall({ ...native, trade_type: 'JSAPI', openid }));
    assert.equal(fields['openid'], 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o');
  });

  test('a yes and a no are spelled out, but for a receipt, which is there or not', () => {
    const both = (value: boolean) =>
      withDetails({ support_fapiao: value, settle_info: { profit_sharing: value } });
    assert.deepEqual([both(true)['receipt'], both(true)['profit_sharing']], ['Y', 'Y']);
    assert.deepEqual([both(false)['receipt'], both(false)['profit_sharing']], [undefined, 'N']);
    assert.equal('profit_sharing' in withDetails({ settle_info: {} }), false);
  });

  test('attach and goods_tag go along as they are', () => {
    const fields = withDetails({ attach: 'desk 7', goods_tag: 'WXG' });
    assert.equal(fields['attach'], 'desk 7');
    assert.equal(fields['goods_tag'], 'WXG');
  });

  test('the goods have the names of APIv2', () => {
    const detail = {
      cost_price: 608_800,
      invoice_id: 'wx123',
      goods_detail: [
        {
          merchant_goods_id: '1246464644',
          wechatpay_goods_id: '1001',
          goods_name: 'iPhone',
          quantity: 1,
          unit_price: 528_800,
        },
        { merchant_goods_id: '7', quantity: 2, unit_price: 0 },
      ],
    };
    assert.equal(
      withDetails({ detail })['detail'],
      '{"cost_price":608800,"receipt_id":"wx123","goods_detail":[' +
        '{"goods_id":"1246464644","wxpay_goods_id":"1001","goods_name":"iPhone","quantity":1,"price":528800},' +
        '{"goods_id":"7","quantity":2,"price":0}]}',
    );
  });

  test('what is no goods among the goods is left out', () => {
    const detail = { goods_detail: [null, 7, 'tea', [], { merchant_goods_id: '7' }] };
    assert.equal(withDetails({ detail })['detail'], '{"goods_detail":[{"goods_id":"7"}]}');
  });

  test('the place is spread over three fields', () => {
    const fields = withDetails({
      scene_info: {
        payer_client_ip: '14.23.150.211',
        device_id: 'desk-7',
        store_info: { id: '0001', name: 'shop', area_code: '440305', address: 'road 1' },
      },
    });
    assert.equal(fields['spbill_create_ip'], '14.23.150.211');
    assert.equal(fields['device_info'], 'desk-7');
    assert.equal(
      fields['scene_info'],
      '{"store_info":{"id":"0001","name":"shop","area_code":"440305","address":"road 1"}}',
    );
  });

  for (const [h5_info, expected] of [
    [
      { type: 'Wap', app_name: 'shop', app_url: 'https://shop.example' },
      '{"type":"Wap","wap_url":"https://shop.example","wap_name":"shop"}',
    ],
    [
      { type: 'iOS', app_name: 'shop', bundle_id: 'com.example.shop' },
      '{"type":"IOS","app_name":"shop","bundle_id":"com.example.shop"}',
    ],
    [
      { type: 'Android', app_name: 'shop', package_name: 'com.example.shop' },
      '{"type":"Android","app_name":"shop","package_name":"com.example.shop"}',
    ],
  ] as const) {
    test(`H5 on ${h5_info.type} has the names of APIv2`, () => {
      const scene_info = { payer_client_ip: '14.23.150.211', h5_info };
      assert.equal(withDetails({ scene_info })['scene_info'], `{"h5_info":${expected}}`);
    });
  }

  test('a place of nothing but an address has no scene_info', () => {
    const fields = withDetails({ scene_info: { payer_client_ip: '14.23.150.211' } });
    assert.equal('scene_info' in fields, false);
  });

  test('what is no detail does not go along', () => {
    const details = { attach: 'a', total_fee: '1', mch_id: 'x', scene_info: { sign: 'x' } };
    assert.deepEqual(withDetails(details), { ...withDetails({}), attach: 'a' });
  });

  test('the same request gives the same fields, however it is ordered', () => {
    const goods = { unit_price: 1, quantity: 1, merchant_goods_id: '1' };
    const turned = { merchant_goods_id: '1', quantity: 1, unit_price: 1 };
    const [one, other] = [goods, turned].map((each) =>
      JSON.stringify(prepayCall({ ...native, details: { detail: { goods_detail: [each] } } })),
    );
    assert.equal(one, other);
  });
});

suite('the charging of a code', () => {
  test('sends no times, no notify_url, no trade type and no product', () => {
    const call = micropayCall(charge);
    assert.equal(call.target, '/pay/micropay');
    assert.equal(call.appid, 'wx2421b1c4370ec43b');
    assert.deepEqual(sent(call), {
      body: 'a cup',
      out_trade_no: 'order_000001',
      total_fee: '8800',
      fee_type: 'CNY',
      spbill_create_ip: '127.0.0.1',
      auth_code: '130123456789012345',
    });
  });

  test('takes the same details', () => {
    const details = { attach: 'desk 7', scene_info: { payer_client_ip: '::1', device_id: 'd' } };
    const fields = sent(micropayCall({ ...charge, details }));
    assert.equal(fields['attach'], 'desk 7');
    assert.equal(fields['device_info'], 'd');
    assert.equal(fields['spbill_create_ip'], '::1');
  });
});

suite('an order is named', () => {
  for (const [name, call, target] of [
    ['a query', queryCall, '/pay/orderquery'],
    ['a reversal', reverseCall, '/secapi/pay/reverse'],
  ] as const) {
    test(`by the merchant's number while that is all ${name} knows`, () => {
      assert.deepEqual(call({ out_trade_no }), { target, fields: { out_trade_no } });
    });

    test(`by WeChat's number alone once ${name} knows it`, () => {
      assert.deepEqual(call({ out_trade_no, transaction_id }), {
        target,
        fields: { transaction_id },
      });
    });

    test(`for its own appid where ${name} knows it`, () => {
      assert.equal(call({ out_trade_no, appid: secondAppid }).appid, 'wx2421b1c4370ec43b');
    });
  }

  test("by the merchant's number alone to be closed", () => {
    const order = { out_trade_no, transaction_id };
    assert.deepEqual(closeCall(order), { target: '/pay/closeorder', fields: { out_trade_no } });
    assert.equal(closeCall({ out_trade_no, appid: secondAppid }).appid, 'wx2421b1c4370ec43b');
  });
});
