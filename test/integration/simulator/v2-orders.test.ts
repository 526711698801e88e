import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { openTill } from './v2-till.ts';

const till = await openTill();
after(() => till.simulator.close());

const beijingIn = (seconds: number): string => {
  const at = new Date(till.clock.timers.now() + seconds * 1_000 + 8 * 3_600_000);
  return at
    .toISOString()
    .slice(0, 19)
    .replaceAll(/[^0-9]/g, '');
};

describe('placing through APIv2', () => {
  const ways = [
    ['NATIVE', { product_id: 'tea' }, 'code_url', /^weixin:\/\/wxpay\/bizpayurl\?pr=\w{9}$/],
    ['MWEB', {}, 'mweb_url', /^https:\/\/wx\.tenpay\.com\/.+\?prepay_id=wx\w{34}&package=\w+$/],
    ['JSAPI', { openid: 'o-ordered' }, undefined, /^/],
    ['APP', {}, undefined, /^/],
  ] as const;
  for (const [tradeType, more, field, form] of ways) {
    test(`${tradeType} gives a prepay_id and its own link alone`, async () => {
      const answer = till.succeeded(
        await till.placeV2(`way-${tradeType}`, {
          trade_type: tradeType,
          product_id: undefined,
          ...more,
        }),
      );
      assert.match(answer['prepay_id'] ?? '', /^wx\d{14}[0-9a-f]{20}$/);
      assert.equal(answer['trade_type'], tradeType);
      const links = Object.keys(answer).filter((name) => name.endsWith('_url'));
      assert.deepEqual(links, field === undefined ? [] : [field]);
      assert.match(answer[field ?? ''] ?? '', form);
    });
  }

  test('unchanged parameters give a link again, whatever the nonce', async () => {
    const first = till.succeeded(await till.placeV2('again-0001'));
    const second = till.succeeded(await till.placeV2('again-0001', { nonce_str: 'another' }));
    assert.match(second['code_url'] ?? '', /^weixin:/);
    assert.notEqual(second['code_url'], first['code_url']);
  });

  const changes = {
    'another amount': { total_fee: '101' },
    'a field more': { attach: 'shop 1' },
    'a field that nobody knows': { unheard_of: '1' },
    'a pay-by time set later': { time_expire: '20991231235959' },
    'another way to pay': { trade_type: 'APP' },
  };
  for (const [what, change] of Object.entries(changes)) {
    test(`${what} under the same number is refused`, async () => {
      const number = `changed-${Object.keys(change)[0]}`;
      till.succeeded(await till.placeV2(number));
      till.refused(await till.placeV2(number, change), 'INVALID_REQUEST');
    });
  }

  test('a number that is paid or closed, or used through APIv3, says so', async () => {
    await till.placeV2('taken-paid');
    await till.control('pay', { out_trade_no: 'taken-paid', notice: 'lost' });
    till.refused(await till.placeV2('taken-paid'), 'ORDERPAID');
    await till.placeV2('taken-closed');
    await till.close('taken-closed');
    till.refused(await till.placeV2('taken-closed'), 'ORDERCLOSED');
    await till.place('taken-by-v3');
    till.refused(await till.placeV2('taken-by-v3'), 'OUT_TRADE_NO_USED');
    await till.placeV2('taken-by-v2');
    assert.equal((await till.place('taken-by-v2')).data['code'], 'OUT_TRADE_NO_USED');
  });

  test('the pay-by time must be a minute ahead, and what is past it can not be paid', async () => {
    till.refused(await till.placeV2('expire-0001', { time_expire: beijingIn(58) }), 'PARAM_ERROR');
    const time_expire = beijingIn(62);
    till.succeeded(await till.placeV2('expire-0002', { time_expire }));
    await till.clock.advance(30_000);
    till.succeeded(await till.placeV2('expire-0002', { time_expire }));
    await till.clock.advance(33_000);
    till.refused(await till.placeV2('expire-0002', { time_expire }), 'INVALID_REQUEST');
    assert.equal((await till.control('pay', { out_trade_no: 'expire-0002' })).status, 409);
  });

  test('an HMAC order is answered by HMAC', async () => {
    const fields = till.order('hmac-0001');
    const answer = await till.v2('/pay/unifiedorder', fields, { signType: 'HMAC-SHA256' });
    till.succeeded(answer, 'HMAC-SHA256');
    assert.equal(answer.fields['sign']?.length, 64);
    const asked = { out_trade_no: 'hmac-0001' };
    till.succeeded(await till.v2('/pay/orderquery', asked, { signType: 'MD5' }), 'MD5');
  });
});

describe('querying through APIv2', () => {
  test('an unpaid order is its number and its state', async () => {
    await till.placeV2('unpaid-0001', { attach: 'a<b>&c' });
    assert.deepEqual(till.succeeded(await till.queryV2('unpaid-0001')), {
      out_trade_no: 'unpaid-0001',
      attach: 'a<b>&c',
      trade_state: 'NOTPAY',
      trade_state_desc: '订单未支付',
    });
  });

  test('a paid order is the same by both numbers, whole', async () => {
    await till.placeV2('paid-0001', { device_info: 'till 1', attach: 'shop 1' });
    const paid = { out_trade_no: 'paid-0001', openid: 'o-payer', coupon: 10, notice: 'lost' };
    await till.control('pay', paid);
    const answer = till.succeeded(await till.queryV2('paid-0001'));
    const { transaction_id = '', time_end, ...rest } = answer;
    assert.match(transaction_id, /^42\d{26}$/);
    assert.match(time_end ?? '', /^\d{14}$/);
    assert.deepEqual(rest, {
      device_info: 'till 1',
      openid: 'o-payer',
      is_subscribe: 'N',
      trade_type: 'NATIVE',
      bank_type: 'OTHERS',
      total_fee: '100',
      fee_type: 'CNY',
      cash_fee: '90',
      cash_fee_type: 'CNY',
      coupon_fee: '10',
      coupon_count: '1',
      coupon_type_0: 'CASH',
      coupon_id_0: '109519',
      coupon_fee_0: '10',
      out_trade_no: 'paid-0001',
      attach: 'shop 1',
      trade_state: 'SUCCESS',
      trade_state_desc: '支付成功',
    });
    const byId = await till.v2('/pay/orderquery', { transaction_id });
    assert.deepEqual(till.succeeded(byId), answer);
  });

  test('transaction_id counts before out_trade_no', async () => {
    await till.placeV2('first-0001');
    await till.control('pay', { out_trade_no: 'first-0001', notice: 'lost' });
    await till.placeV2('second-0001');
    const { transaction_id } = till.succeeded(await till.queryV2('first-0001'));
    const both = { transaction_id, out_trade_no: 'second-0001' };
    const answer = till.succeeded(await till.v2('/pay/orderquery', both));
    assert.equal(answer['out_trade_no'], 'first-0001');
  });

  test('what nobody placed does not exist, and a query must name something', async () => {
    till.refused(await till.queryV2('nobody-0001'), 'ORDERNOTEXIST');
    till.refused(await till.v2('/pay/orderquery', { transaction_id: '4200' }), 'ORDERNOTEXIST');
    till.refused(await till.v2('/pay/orderquery', {}), 'LACK_PARAMS');
    till.refused(await till.v2('/pay/orderquery', { transaction_id: 'a' }), 'PARAM_ERROR');
  });
});

describe('one order behind both versions', () => {
  test('an order of APIv2 is queried and closed through APIv3', async () => {
    await till.placeV2('both-0001');
    const { data, failure } = await till.query('both-0001');
    assert.deepEqual([data['trade_state'], failure], ['NOTPAY', undefined]);
    assert.equal((await till.close('both-0001')).status, 204);
    assert.equal(await till.stateOf('both-0001'), 'CLOSED');
  });

  test('an order of APIv3 is queried through APIv2', async () => {
    await till.place('both-0002');
    await till.control('pay', { out_trade_no: 'both-0002', notice: 'lost' });
    const answer = till.succeeded(await till.queryV2('both-0002'));
    assert.deepEqual([answer['trade_state'], answer['total_fee']], ['SUCCESS', '100']);
  });
});

describe('closing through APIv2', () => {
  test('not within five minutes of the first placing; then once', async () => {
    await till.placeV2('close-0001');
    await till.clock.advance(299_000);
    till.succeeded(await till.placeV2('close-0001'));
    till.refused(await till.closeV2('close-0001'), 'INVALID_REQUEST');
    assert.equal(await till.stateOf('close-0001'), 'NOTPAY');
    await till.clock.advance(1_000);
    assert.deepEqual(till.succeeded(await till.closeV2('close-0001')), { result_msg: 'OK' });
    assert.equal(await till.stateOf('close-0001'), 'CLOSED');
    till.refused(await till.closeV2('close-0001'), 'ORDERCLOSED');
    assert.equal((await till.control('pay', { out_trade_no: 'close-0001' })).status, 409);
  });

  test('an order of APIv3 too; a paid, an unknown and a nameless one are not closed', async () => {
    await till.placeV2('close-paid');
    await till.control('pay', { out_trade_no: 'close-paid', notice: 'lost' });
    till.refused(await till.closeV2('close-paid'), 'ORDERPAID');
    till.refused(await till.closeV2('close-unknown'), 'ORDERNOTEXIST');
    till.refused(await till.v2('/pay/closeorder', { transaction_id: '42' }), 'LACK_PARAMS');
  });

  test('a payer at the till keeps it open; one who pays as the call arrives has paid', async () => {
    await till.placeV2('close-busy');
    await till.clock.advance(300_000);
    await till.control('paying', { out_trade_no: 'close-busy', paying: true });
    till.refused(await till.closeV2('close-busy'), 'TRADE_STATE_ERROR');
    await till.control('pay-during-close', { out_trade_no: 'close-busy', notice: 'lost' });
    till.refused(await till.closeV2('close-busy'), 'ORDERPAID');
    assert.equal(await till.stateOf('close-busy'), 'SUCCESS');
  });
});
