import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createGateways } from '#adapters/wechat/gateways.ts';
import type { Account } from '#core/account.ts';
import type { MicropayRequest, PrepayRequest, RefundRequest } from '#core/ports.ts';
import {
  isAuthCode,
  isMerchantPlanNo,
  isOutRefundNo,
  isOutTradeNo,
  isTransactionId,
} from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { plus } from '#core/values/time.ts';
import { serve } from './loopback.ts';
import { accountOf as accountOfV2, appid, known, noon } from './v2/account-support.ts';
import { selfSigned } from './v2/certificates.ts';
import { accountOf as accountOfV3 } from './v3/support.ts';

const { key: privateKey, cert: certificate } = selfSigned('merchant');
const credentials = {
  ...accountOfV3().credentials,
  ...accountOfV2({ certificate: { certificate, privateKey } }).credentials,
};
const accounts: Readonly<Record<Account['api'], Account>> = {
  v2: { ...accountOfV2(), credentials },
  v3: { ...accountOfV3(), credentials },
};

const out_trade_no = known('order_000001', isOutTradeNo);
const out_refund_no = known('refund_1', isOutRefundNo);
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
const refund: RefundRequest = {
  out_refund_no,
  transaction_id: known('4200002345202611211234567890', isTransactionId),
  refundFen: known(40, isFen),
  totalFen: known(100, isFen),
  currency: 'CNY',
};

/** Every path that was asked for. */
async function recording(context: TestContext) {
  const seen: string[] = [];
  const origin = await serve(context, (request, response) => {
    seen.push(String(request.url).replace(/\?.*/, ''));
    response.writeHead(500).end();
  });
  const options = { origins: [origin], now: () => noon, userAgent: 'test/1' };
  return { seen, ...createGateways(options) };
}

suite('an account is served', () => {
  for (const [api, paths] of [
    [
      'v2',
      [
        '/pay/orderquery',
        '/pay/closeorder',
        '/pay/unifiedorder',
        '/pay/refundquery',
        '/secapi/pay/refund',
      ],
    ],
    [
      'v3',
      [
        '/v3/pay/transactions/out-trade-no/order_000001',
        '/v3/pay/transactions/out-trade-no/order_000001/close',
        '/v3/pay/transactions/native',
        '/v3/refund/domestic/refunds/refund_1',
        '/v3/refund/domestic/refunds',
      ],
    ],
  ] as const) {
    test(`by its own API, ${api}`, async (context) => {
      const { seen, gateway, refundGateway } = await recording(context);
      const account = accounts[api];
      const outcomes = [
        await gateway.query(account, { out_trade_no }),
        await gateway.close(account, out_trade_no),
        await gateway.prepay(account, native),
        await refundGateway.query(account, out_refund_no),
        await refundGateway.apply(account, refund),
      ];
      assert.deepEqual(seen, paths);
      for (const outcome of outcomes) {
        assert.deepEqual(outcome, { type: 'unknown', code: 'HTTP_500' });
      }
    });

    test(`by APIv2 for its code payments, ${api}`, async (context) => {
      const { seen, gateway } = await recording(context);
      await gateway.micropay(accounts[api], charge);
      await gateway.reverse(accounts[api], { out_trade_no });
      assert.deepEqual(seen, ['/pay/micropay', '/secapi/pay/reverse']);
    });

    test(`by APIv3 for its PayScore plans, ${api}`, async (context) => {
      const { seen, payscoreGateway } = await recording(context);
      const merchant_plan_no = known('plan-1', isMerchantPlanNo);
      await payscoreGateway.queryPlan(accounts[api], merchant_plan_no);
      const command = { name: 'stop-plan', number: merchant_plan_no, body: '' } as const;
      await payscoreGateway.send(accounts[api], command);
      const target = '/v3/payscore/plan/payscore-plans/merchant-plan-no/plan-1';
      assert.deepEqual(seen, [target, `${target}/stop`]);
    });
  }

  test('with front-end parameters as its own API signs them', async (context) => {
    const { gateway } = await recording(context);
    const link = { trade_type: 'JSAPI', prepay_id: 'wx2014' } as const;
    const signTypes = (['v2', 'v3'] as const).map((api) => {
      const pay = gateway.payParameters(accounts[api], appid, link);
      return 'signType' in pay && pay.signType;
    });
    assert.deepEqual(signTypes, ['MD5', 'RSA']);
  });
});

suite('an account without credentials of APIv2', () => {
  test('has no code payments: nothing is sent', async (context) => {
    const { seen, gateway } = await recording(context);
    const account = { ...accounts.v3, credentials: accountOfV3().credentials };
    const refused = { type: 'refused', code: 'KEY_INVALID' };
    assert.deepEqual(await gateway.micropay(account, charge), refused);
    const fault = { type: 'fault', code: 'KEY_INVALID' };
    assert.deepEqual(await gateway.reverse(account, { out_trade_no }), fault);
    assert.deepEqual(seen, []);
  });
});
