import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type Call as ClientCall, createClient } from '#adapters/wechat/v2/client.ts';
import { createOrderGateway } from '#adapters/wechat/v2/order-gateway.ts';
import { createTransport } from '#adapters/wechat/v2/transport.ts';
import type { Account } from '#core/account.ts';
import { isAppError } from '#core/errors.ts';
import type { MicropayRequest, PrepayRequest } from '#core/ports.ts';
import { isAuthCode, isOutTradeNo } from '#core/values/ids.ts';
import { plus } from '#core/values/time.ts';
import { serve } from '../loopback.ts';
import {
  accountOf,
  answerOf,
  appid,
  known,
  type Message,
  noon,
  secondAppid,
  signOf,
  xmlOf,
} from './account-support.ts';
import { selfSigned } from './certificates.ts';

const { key: privateKey, cert: certificate } = selfSigned('merchant');
const account = accountOf({ certificate: { certificate, privateKey } });
const out_trade_no = known('order_000001', isOutTradeNo);
const transaction_id = '4200002345202611211234567890';

const charge: MicropayRequest = {
  appid,
  out_trade_no,
  description: 'a cup',
  amountFen: 100,
  currency: 'CNY',
  details: {},
  auth_code: known('130123456789012345', isAuthCode),
};
const native: PrepayRequest = {
  ...charge,
  trade_type: 'NATIVE',
  notify_url: 'https://pay.example.com/notify/main',
  createdAt: noon,
  expiresAt: plus(noon, 7_200_000),
};

function gatewayAt(origin: string) {
  const client = createClient({
    transport: createTransport({ origins: [origin] }),
    userAgent: 'test/1',
  });
  return createOrderGateway(client, () => noon);
}

type Gateway = ReturnType<typeof gatewayAt>;

const calls = {
  query: (gateway: Gateway, of: Account) => gateway.query(of, { out_trade_no }),
  close: (gateway: Gateway, of: Account) => gateway.close(of, out_trade_no),
  prepay: (gateway: Gateway, of: Account) => gateway.prepay(of, native),
  micropay: (gateway: Gateway, of: Account) => gateway.micropay(of, charge),
  reverse: (gateway: Gateway, of: Account) => gateway.reverse(of, { out_trade_no }),
};
type Call = keyof typeof calls;

const paths = {
  query: '/pay/orderquery',
  close: '/pay/closeorder',
  prepay: '/pay/unifiedorder',
  micropay: '/pay/micropay',
  reverse: '/secapi/pay/reverse',
} as const satisfies Readonly<Record<Call, string>>;

async function answered(context: TestContext, call: Call, body: Uint8Array, status = 200) {
  const seen: (string | undefined)[] = [];
  const origin = await serve(context, (request, response) => {
    seen.push(request.url);
    response.writeHead(status).end(body);
  });
  const outcome = await calls[call](gatewayAt(origin), account);
  assert.deepEqual(seen, [paths[call]]);
  return outcome;
}

const code_url = 'weixin://wxpay/bizpayurl?pr=JyC91EIz1';
const paid = { out_trade_no, transaction_id, total_fee: '100' };

suite('a signed success', () => {
  const successes: readonly (readonly [Call, Message, object])[] = [
    ['close', {}, { type: 'done' }],
    ['prepay', { code_url }, { type: 'placed', link: { trade_type: 'NATIVE', code_url } }],
    ['micropay', paid, { type: 'paid' }],
    ['reverse', { recall: 'N' }, { type: 'done' }],
    ['reverse', { recall: 'Y' }, { type: 'recall' }],
  ];
  for (const [call, fields, outcome] of successes) {
    test(`of ${call} is ${Object.values(outcome)[0]}`, async (context) => {
      assert.deepEqual(await answered(context, call, answerOf(fields)), outcome);
    });
  }

  test('of query is the state of the order asked for', async (context) => {
    const evidence = await answered(
      context,
      'query',
      answerOf({ ...paid, trade_state: 'SUCCESS' }),
    );
    assert.ok(evidence.type === 'state');
    assert.equal(evidence.payment?.amountFen, 100);
  });

  for (const call of ['query', 'micropay'] as const) {
    test(`of ${call} about another order is unknown`, async (context) => {
      const fields = { ...paid, trade_state: 'SUCCESS', out_trade_no: 'order_000002' };
      const outcome = { type: 'unknown', code: 'OTHER_ORDER' };
      assert.deepEqual(await answered(context, call, answerOf(fields)), outcome);
    });
  }

  for (const call of ['query', 'prepay', 'micropay', 'reverse'] as const) {
    test(`of ${call} with nothing in it is unknown`, async (context) => {
      const outcome = { type: 'unknown', code: 'MALFORMED' };
      assert.deepEqual(await answered(context, call, answerOf({})), outcome);
    });
  }
});

suite('a close', () => {
  const asked: ClientCall[] = [];
  const unanswered = createOrderGateway(
    {
      call: (_, call) => {
        asked.push(call);
        return Promise.resolve({ type: 'unknown', code: 'TIMEOUT' });
      },
    },
    () => noon,
  );

  test('names the order, and the appid that it was placed for where that is known', async () => {
    await unanswered.close(account, out_trade_no, secondAppid);
    await unanswered.close(account, out_trade_no);
    const target = '/pay/closeorder';
    assert.deepEqual(asked, [
      { target, appid: 'wx2421b1c4370ec43b', fields: { out_trade_no: 'order_000001' } },
      { target, fields: { out_trade_no: 'order_000001' } },
    ]);
  });
});

suite('a signed failure means what its code means for the call', () => {
  for (const [call, err_code, type] of [
    ['query', 'ORDERNOTEXIST', 'not-found'],
    ['query', 'SYSTEMERROR', 'unknown'],
    ['close', 'ORDERPAID', 'refused'],
    ['prepay', 'OUT_TRADE_NO_USED', 'look'],
    ['micropay', 'USERPAYING', 'unknown'],
    ['micropay', 'AUTHCODEEXPIRE', 'refused'],
    ['reverse', 'REVERSE_EXPIRE', 'refused'],
  ] as const) {
    test(`${err_code} of ${call} is ${type}`, async (context) => {
      const body = answerOf({ result_code: 'FAIL', err_code });
      assert.deepEqual(await answered(context, call, body), { type, code: err_code });
    });
  }

  test('a reversal that is refused but wanted again is no refusal', async (context) => {
    const body = answerOf({ result_code: 'FAIL', err_code: 'TRADE_ERROR', recall: 'Y' });
    assert.deepEqual(await answered(context, 'reverse', body), { type: 'recall' });
  });
});

for (const call of ['query', 'close', 'prepay', 'micropay', 'reverse'] as const) {
  suite(`${call}`, () => {
    const own = call === 'prepay' || call === 'micropay' ? 'refused' : 'fault';

    test(`names a fault of ours as ${own}`, async (context) => {
      const signed = answerOf({ result_code: 'FAIL', err_code: 'NOAUTH' });
      assert.deepEqual(await answered(context, call, signed), { type: own, code: 'NOAUTH' });
      const unsigned = xmlOf({ return_code: 'FAIL', return_msg: '签名错误' });
      assert.deepEqual(await answered(context, call, unsigned), { type: own, code: 'SIGNERROR' });
    });

    test('is not sent without credentials', async () => {
      const gateway = gatewayAt('http://127.0.0.1:9');
      const outcome = await calls[call](gateway, { ...account, credentials: {} });
      assert.deepEqual(outcome, { type: own, code: 'KEY_INVALID' });
    });

    test('leaves open what nobody signed, or what another key signed', async (context) => {
      const message = {
        return_code: 'SUCCESS',
        result_code: 'SUCCESS',
        recall: 'N',
        ...paid,
        code_url,
      };
      const bare = await answered(context, call, xmlOf(message));
      assert.deepEqual(bare, { type: 'unknown', code: 'UNSIGNED' });
      const forged = { ...message, sign: signOf({ ...message, key: 'another' }) };
      const outcome = { type: 'unknown', code: 'BAD_SIGNATURE' };
      assert.deepEqual(await answered(context, call, xmlOf(forged)), outcome);
    });

    test('leaves open what came with another status', async (context) => {
      const body = answerOf({ ...paid, trade_state: 'SUCCESS', code_url, recall: 'N' });
      const outcome = { type: 'unknown', code: 'HTTP_502' };
      assert.deepEqual(await answered(context, call, body, 502), outcome);
    });
  });
}

suite('an `attach` that WeChat could not give back', () => {
  const details = { attach: 'table 4]]>' };
  const gateway = gatewayAt('http://127.0.0.1:9');

  test('is refused before anything is sent', async () => {
    assert.deepEqual(await gateway.prepay(account, { ...native, details }), {
      type: 'refused',
      code: 'PARAM_ERROR',
      field: '/attach',
    });
    assert.deepEqual(await gateway.micropay(account, { ...charge, details }), {
      type: 'refused',
      code: 'PARAM_ERROR',
    });
  });

  test('is that alone: brackets go out', async (context) => {
    const origin = await serve(context, (_, response) => response.end(answerOf({ code_url })));
    const harmless = { ...native, details: { attach: ']] > ]>' } };
    assert.equal((await gatewayAt(origin).prepay(account, harmless)).type, 'placed');
  });
});

suite('what a front end hands to WeChat', () => {
  const prepay_id = 'wx201410272009395522657a69';
  const gateway = gatewayAt('http://127.0.0.1:9');

  test('is signed by the merchant for this page and link, at this second', () => {
    const pay = gateway.payParameters(account, appid, { trade_type: 'JSAPI', prepay_id });
    assert.ok('paySign' in pay);
    const { paySign, ...signed } = pay;
    assert.equal(signed.timeStamp, '1795233600');
    assert.equal(signed.package, 'prepay_id=wx201410272009395522657a69');
    assert.equal(paySign, signOf(signed));
  });

  test('is signed by the merchant for this app and link, at this second', () => {
    const pay = gateway.payParameters(account, appid, { trade_type: 'APP', prepay_id });
    assert.ok('sign' in pay);
    const { sign, ...signed } = pay;
    assert.equal(signed.timestamp, '1795233600');
    assert.equal(signed.prepayid, 'wx201410272009395522657a69');
    assert.equal(sign, signOf(signed));
  });

  for (const trade_type of ['JSAPI', 'APP'] as const) {
    test(`is nothing without credentials, ${trade_type}`, () => {
      assert.throws(
        () =>
          gateway.payParameters({ ...account, credentials: {} }, appid, { trade_type, prepay_id }),
        (error) => isAppError(error) && error.code === 'account_invalid',
      );
    });
  }
});
