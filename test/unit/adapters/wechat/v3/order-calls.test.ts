import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { closeCall, prepayCall, queryCall } from '#adapters/wechat/v3/order-calls.ts';
import type { PrepayRequest } from '#core/ports.ts';
import { isAppid, isOutTradeNo, isTransactionId } from '#core/values/ids.ts';
import { plus } from '#core/values/time.ts';
import { accountOf, known, noon } from './support.ts';

const account = accountOf();
const out_trade_no = known('order_000001', isOutTradeNo);
const oddNumber = known('a|b*c-d_e', isOutTradeNo);

const native: PrepayRequest = {
  trade_type: 'NATIVE',
  appid: known('wxd678efh567hg6787', isAppid),
  out_trade_no,
  description: '深圳腾大-QQ公仔',
  amountFen: 100,
  currency: 'CNY',
  notify_url: 'https://pay.example.com/notify/main',
  expiresAt: plus(noon, 7_200_000),
};

suite('prepay', () => {
  test('NATIVE sends its fields, the expiry in Beijing time', () => {
    const call = prepayCall(account, native);
    assert.equal(call.method, 'POST');
    assert.equal(call.target, '/v3/pay/transactions/native');
    assert.deepEqual(JSON.parse(call.body ?? ''), {
      appid: 'wxd678efh567hg6787',
      mchid: '1900007291',
      description: '深圳腾大-QQ公仔',
      out_trade_no: 'order_000001',
      time_expire: '2026-11-21T14:00:00+08:00',
      notify_url: 'https://pay.example.com/notify/main',
      amount: { total: 100, currency: 'CNY' },
    });
  });

  test('JSAPI names the payer, and attach goes along where given', () => {
    const call = prepayCall(account, {
      ...native,
      trade_type: 'JSAPI',
      openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      attach: 'desk 7',
    });
    assert.equal(call.target, '/v3/pay/transactions/jsapi');
    const body: Record<string, unknown> = JSON.parse(call.body ?? '');
    assert.deepEqual(body['payer'], { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' });
    assert.equal(body['attach'], 'desk 7');
  });

  test('absent fields are left out, never null', () => {
    assert.doesNotMatch(prepayCall(account, native).body ?? '', /null|attach|payer/);
  });

  test('the same request gives the same bytes, however its fields are ordered', () => {
    const { out_trade_no: number, appid, ...rest } = native;
    const reordered: PrepayRequest = { ...rest, out_trade_no: number, appid };
    assert.equal(prepayCall(account, reordered).body, prepayCall(account, native).body);
  });
});

suite('query', () => {
  test('asks by out_trade_no while that is all we know', () => {
    assert.deepEqual(queryCall(account, { out_trade_no }), {
      method: 'GET',
      target: '/v3/pay/transactions/out-trade-no/order_000001?mchid=1900007291',
    });
  });

  test('asks by transaction_id once it is known', () => {
    const transaction_id = known('4200002345202611211234567890', isTransactionId);
    assert.deepEqual(queryCall(account, { out_trade_no, transaction_id }), {
      method: 'GET',
      target: '/v3/pay/transactions/id/4200002345202611211234567890?mchid=1900007291',
    });
  });

  test('writes a number that a URL cannot hold percent-encoded', () => {
    const { target } = queryCall(account, { out_trade_no: oddNumber });
    assert.equal(target, '/v3/pay/transactions/out-trade-no/a%7Cb*c-d_e?mchid=1900007291');
  });
});

suite('close', () => {
  test('posts the mchid and nothing else', () => {
    assert.deepEqual(closeCall(account, oddNumber), {
      method: 'POST',
      target: '/v3/pay/transactions/out-trade-no/a%7Cb*c-d_e/close',
      body: '{"mchid":"1900007291"}',
    });
  });
});
