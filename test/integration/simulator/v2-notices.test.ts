import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { first, noticeReader } from './notice-reader.ts';
import { type ReceiverAnswer, startReceiver } from './receiver.ts';
import { fieldsOf, signOf } from './v2-notice-reader.ts';
import { OK, openV2Shop, type SignType } from './v2-notice-shop.ts';

const shop = await openV2Shop();
after(() => shop.simulator.close());
const { apiKey, appid, mchid } = shop.merchant;

/** The fields of one notice, whose sign must be right. */
const verified = (body: string, signType: SignType = 'MD5') => {
  const fields = fieldsOf(body);
  assert.equal(fields['sign'], signOf(fields, apiKey, signType));
  return fields;
};

/** The own notice of a paid order. */
const paid = async (outTradeNo: string, signType: SignType = 'MD5') =>
  (await shop.sent('true', outTradeNo, { signType })).bodies[0] ?? '';

describe('payment notices of APIv2', () => {
  test('the reader of these tests signs as the official sample does', () => {
    const sample = {
      appid: 'wxd930ea5d5a258f4f',
      mch_id: '10000100',
      device_info: '1000',
      body: 'test',
      nonce_str: 'ibuaiVcKdpRxkhJA',
    };
    const key = '192006250b4c09247ec02edce69f6a2d';
    assert.equal(signOf(sample, key, 'MD5'), '9A0A8659F005D6984697E2CA0A9CF3B7');
    assert.equal(
      signOf({ ...sample, sign: 'x', attach: '' }, key, 'HMAC-SHA256'),
      '6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6',
    );
  });

  test('a payment is told at once, in XML and signed', async (t) => {
    const receiver = await startReceiver(OK);
    t.after(receiver.close);
    await shop.place('order-0001', receiver.url, 'MD5', { attach: '<支付> & "测试" ]]>' });
    const paidOrder = await shop.control('pay', { out_trade_no: 'order-0001', openid: 'o-payer' });
    await receiver.arrived(1);
    const { headers, body } = first(receiver.received);
    assert.equal(headers['content-type'], 'text/xml');
    assert.equal(headers['user-agent'], 'Mozilla/4.0');
    const wechatpay = Object.keys(headers).filter((name) => name.startsWith('wechatpay'));
    assert.deepEqual(wechatpay, []);
    assert.match(body, /<attach><!\[CDATA\[<支付> & "测试" \]\]\]\]><!\[CDATA\[>\]\]><\/attach>/);
    const fields = fieldsOf(body.replace(']]]]><![CDATA[>', '(end)'));
    const { nonce_str, sign, time_end, transaction_id, ...rest } = fields;
    assert.match(nonce_str ?? '', /^[0-9a-zA-Z]{32}$/);
    assert.match(time_end ?? '', /^\d{14}$/);
    assert.equal(transaction_id, paidOrder.data['transaction_id']);
    const raw = { ...fields, attach: '<支付> & "测试" ]]>' };
    assert.equal(sign, signOf(raw, apiKey, 'MD5'));
    assert.deepEqual(rest, {
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      appid,
      mch_id: mchid,
      openid: 'o-payer',
      is_subscribe: 'N',
      trade_type: 'NATIVE',
      bank_type: 'OTHERS',
      total_fee: '100',
      cash_fee: '100',
      fee_type: 'CNY',
      cash_fee_type: 'CNY',
      out_trade_no: 'order-0001',
      attach: '<支付> & "测试" (end)',
    });
  });

  test('an order signed by HMAC-SHA256 is told so, and says so', async () => {
    const fields = verified(await paid('order-0002', 'HMAC-SHA256'), 'HMAC-SHA256');
    assert.equal(fields['sign_type'], 'HMAC-SHA256');
    assert.equal(fields['sign']?.length, 64);
    const { sign_type: _left, ...rest } = fields;
    assert.notEqual(fields['sign'], signOf(rest, apiKey, 'HMAC-SHA256'), 'it is signed too');
  });

  test('whether the sign type is named can be chosen', async () => {
    await shop.control('notice-sign-type', { named: 'always' });
    assert.equal(verified(await paid('order-0003'))['sign_type'], 'MD5');
    await shop.control('notice-sign-type', { named: 'never' });
    assert.equal((await shop.read('state'))['notice_sign_type'], 'never');
    const fields = verified(await paid('order-0004', 'HMAC-SHA256'), 'HMAC-SHA256');
    await shop.control('notice-sign-type', { named: 'usual' });
    assert.equal('sign_type' in fields, false);
    const wrong = await shop.control('notice-sign-type', { named: 'MD5' });
    assert.equal(wrong.status, 400);
  });

  test('a coupon takes its part of the cash', async () => {
    const receiver = await startReceiver(OK);
    await shop.place('order-0005', receiver.url);
    await shop.control('pay', { out_trade_no: 'order-0005', coupon: 30 });
    await receiver.arrived(1);
    await receiver.close();
    const fields = verified(first(receiver.received).body);
    const { total_fee, cash_fee, coupon_fee, coupon_count } = fields;
    assert.deepEqual([total_fee, cash_fee, coupon_fee, coupon_count], ['100', '70', '30', '1']);
    assert.deepEqual([fields['coupon_type_0'], fields['coupon_fee_0']], ['CASH', '30']);
  });

  test('an order placed through APIv3 is told as ever', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await shop.placeAndPay('order-0006', { notify_url: receiver.url });
    const answer = await shop.control('notice', { out_trade_no: 'order-0006', kind: 'true' });
    assert.deepEqual(answer.data['received'], [true]);
    assert.equal(noticeReader(shop).verifies(first(receiver.received)), true);
  });
});

describe('what counts as received', () => {
  const answers: readonly (readonly [string, ReceiverAnswer, boolean])[] = [
    ['SUCCESS', OK, true],
    ['SUCCESS alone', xml('<return_code>SUCCESS</return_code>'), true],
    ['SUCCESS with a status of 201', { ...OK, status: 201 }, false],
    ['SUCCESS with a status of 500', { ...OK, status: 500 }, false],
    ['a bare 204', 204, false],
    ['a bare 200', 200, false],
    ['FAIL', xml('<return_code>FAIL</return_code>'), false],
    ['SUCCESS in small letters', xml('<return_code>success</return_code>'), false],
    ['a document without return_code', xml('<return_msg>OK</return_msg>'), false],
    ['SUCCESS in JSON', { status: 200, body: '{"return_code":"SUCCESS"}' }, false],
    ['the answer of APIv3', { status: 200, body: '{"code":"SUCCESS","message":"OK"}' }, false],
    ['the word alone', { status: 200, body: 'SUCCESS' }, false],
    ['a broken document', { status: 200, body: OK.body.slice(0, -6) }, false],
    ['SUCCESS whose end never comes', { ...OK, unfinished: true }, false],
    [
      'SUCCESS after 64 KiB',
      xml(`<return_msg>${'m'.repeat(65_536)}</return_msg><return_code>SUCCESS</return_code>`),
      false,
    ],
    ['no answer', 0, false],
  ];
  for (const [index, [what, answer, received]] of answers.entries()) {
    test(`${what}: ${received ? 'yes' : 'no'}`, async (t) => {
      const receiver = await startReceiver(answer);
      t.after(receiver.close);
      const outTradeNo = `order-10${String(index).padStart(2, '0')}`;
      await shop.place(outTradeNo, receiver.url);
      await shop.control('pay', { out_trade_no: outTradeNo, notice: 'lost' });
      const { data } = await shop.control('notice', { out_trade_no: outTradeNo, kind: 'true' });
      assert.deepEqual(data['received'], [received]);
    });
  }

  test('of an answer without an end 64 KiB are read', async (t) => {
    const receiver = await startReceiver({
      status: 200,
      body: 'm'.repeat(65_537),
      unfinished: true,
    });
    t.after(receiver.close);
    await shop.place('order-1101', receiver.url);
    await shop.control('pay', { out_trade_no: 'order-1101', notice: 'lost' });
    const { data } = await shop.control('notice', { out_trade_no: 'order-1101', kind: 'true' });
    assert.deepEqual([data['statuses'], data['received'], data['errors']], [[200], [false], []]);
  });

  test('an answer whose end never comes keeps its status and is late', async (t) => {
    const receiver = await startReceiver({ ...OK, unfinished: true });
    t.after(receiver.close);
    await shop.place('order-1100', receiver.url);
    await shop.control('pay', { out_trade_no: 'order-1100', notice: 'lost' });
    const { data } = await shop.control('notice', { out_trade_no: 'order-1100', kind: 'true' });
    assert.deepEqual([data['statuses'], data['errors']], [[200], ['no answer in time']]);
  });
});

function xml(inner: string) {
  return { status: 200, body: `<xml>${inner}</xml>` };
}
