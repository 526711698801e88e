import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { suite, type TestContext, test } from 'node:test';
import { createOrderGateway } from '#adapters/wechat/v3/order-gateway.ts';
import { isAppError } from '#core/errors.ts';
import type { PrepayRequest } from '#core/ports.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import { plus } from '#core/values/time.ts';
import { serve } from '../loopback.ts';
import { accountOf, known, merchantPublicKey, noon, signedHeaders } from './support.ts';

const account = accountOf();
const native: PrepayRequest = {
  trade_type: 'NATIVE',
  appid: account.appids[0],
  out_trade_no: known('order_000001', isOutTradeNo),
  description: 'a cup',
  amountFen: 100,
  currency: 'CNY',
  notify_url: 'https://pay.example.com/notify/main',
  createdAt: noon,
  expiresAt: plus(noon, 7_200_000),
  details: {},
};
const code_url = 'weixin://wxpay/bizpayurl?pr=JyC91EIz1';
const link = JSON.stringify({ code_url });

function gatewayAt(origin: string) {
  return createOrderGateway({ origins: [origin], now: () => noon, userAgent: 'test/1' });
}

type Answer = { status: number; body: string; headers?: Record<string, string> };

async function prepayAnswered(context: TestContext, { status, body, headers }: Answer) {
  const origin = await serve(context, (_request, response) => {
    response.writeHead(status, headers).end(body);
  });
  return await gatewayAt(origin).prepay(account, native);
}

suite('a prepay', () => {
  test('hands out the link of a signed 200', async (context) => {
    const answer = { status: 200, body: link, headers: signedHeaders(link) };
    assert.deepEqual(await prepayAnswered(context, answer), {
      type: 'placed',
      link: { trade_type: 'NATIVE', code_url },
    });
  });

  test('is open after a 200 that nobody signed', async (context) => {
    const outcome = await prepayAnswered(context, { status: 200, body: link });
    assert.deepEqual(outcome, { type: 'unknown', code: 'UNSIGNED' });
  });

  test('is open after another status than 200, though signed', async (context) => {
    const answer = { status: 202, body: link, headers: signedHeaders(link) };
    const outcome = await prepayAnswered(context, answer);
    assert.deepEqual(outcome, { type: 'unknown', code: 'HTTP_202' });
  });

  test('is refused by an error that says so', async (context) => {
    const outcome = await prepayAnswered(context, { status: 400, body: '{"code":"PARAM_ERROR"}' });
    assert.deepEqual(outcome, { type: 'refused', code: 'PARAM_ERROR' });
  });
});

suite('what a front end hands to WeChat', () => {
  const [appid] = account.appids;
  const prepay_id = 'wx201410272009395522657a69';
  const gateway = gatewayAt('http://127.0.0.1:9');

  test('is signed by the merchant for this page and link, at this second', () => {
    const pay = gateway.payParameters(account, appid, { trade_type: 'JSAPI', prepay_id });
    assert.ok('paySign' in pay);
    const { nonceStr, paySign, ...rest } = pay;
    assert.deepEqual(rest, {
      appId: 'wxd678efh567hg6787',
      timeStamp: '1795233600',
      package: 'prepay_id=wx201410272009395522657a69',
      signType: 'RSA',
    });
    const lines = `wxd678efh567hg6787\n1795233600\n${nonceStr}\n${rest.package}\n`;
    const signature = Buffer.from(paySign, 'base64');
    assert.ok(verify('sha256', Buffer.from(lines), merchantPublicKey, signature));
  });

  test('is signed by the merchant for this app and link, at this second', () => {
    const pay = gateway.payParameters(account, appid, { trade_type: 'APP', prepay_id });
    assert.ok('sign' in pay);
    const { noncestr, sign, ...rest } = pay;
    assert.deepEqual(rest, {
      appid: 'wxd678efh567hg6787',
      partnerid: '1900007291',
      prepayid: 'wx201410272009395522657a69',
      package: 'Sign=WXPay',
      timestamp: '1795233600',
    });
    const lines = `wxd678efh567hg6787\n1795233600\n${noncestr}\nwx201410272009395522657a69\n`;
    const signature = Buffer.from(sign, 'base64');
    assert.ok(verify('sha256', Buffer.from(lines), merchantPublicKey, signature));
  });

  for (const trade_type of ['JSAPI', 'APP'] as const) {
    test(`is signed anew for every call, ${trade_type}`, () => {
      const pay = () =>
        JSON.stringify(gateway.payParameters(account, appid, { trade_type, prepay_id }));
      assert.notEqual(pay(), pay());
    });

    test(`is nothing without a readable private key, ${trade_type}`, () => {
      const broken = accountOf({ merchantPrivateKey: 'PEM' });
      assert.throws(
        () => gateway.payParameters(broken, appid, { trade_type, prepay_id }),
        (error) => isAppError(error) && error.code === 'account_invalid',
      );
    });
  }
});
