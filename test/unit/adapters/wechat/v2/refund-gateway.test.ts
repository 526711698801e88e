import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createClient } from '#adapters/wechat/v2/client.ts';
import { createRefundGateway } from '#adapters/wechat/v2/refund-gateway.ts';
import { createTransport } from '#adapters/wechat/v2/transport.ts';
import type { RefundRequest } from '#core/ports.ts';
import { isOutRefundNo, isTransactionId } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { serve } from '../loopback.ts';
import { accountOf, answerOf, known, xmlOf } from './account-support.ts';
import { selfSigned } from './certificates.ts';

const { key: privateKey, cert: certificate } = selfSigned('merchant');
const account = accountOf({ certificate: { certificate, privateKey } });
const out_refund_no = known('refund|1@desk', isOutRefundNo);
const request: RefundRequest = {
  out_refund_no,
  transaction_id: known('4200002345202611211234567890', isTransactionId),
  refundFen: known(40, isFen),
  totalFen: known(100, isFen),
  currency: 'CNY',
};

function gatewayAt(origin: string) {
  const transport = createTransport({ origins: [origin] });
  return createRefundGateway(createClient({ transport, userAgent: 'test/1' }));
}

async function answered(context: TestContext, call: 'query' | 'apply', body: Uint8Array) {
  const seen: (string | undefined)[] = [];
  const origin = await serve(context, (incoming, response) => {
    seen.push(incoming.url);
    response.end(body);
  });
  const gateway = gatewayAt(origin);
  const outcome =
    call === 'query'
      ? await gateway.query(account, out_refund_no)
      : await gateway.apply(account, request);
  assert.deepEqual(seen, [call === 'query' ? '/pay/refundquery' : '/secapi/pay/refund']);
  return outcome;
}

suite('a refund', () => {
  test('is known by what WeChat signed', async (context) => {
    const body = answerOf({
      out_trade_no: 'order_000001',
      transaction_id: '4200002345202611211234567890',
      total_fee: '100',
      out_refund_no_0: 'refund|1@desk',
      refund_id_0: '50000000382019052709732678859',
      refund_fee_0: '40',
      refund_status_0: 'PROCESSING',
    });
    const evidence = await answered(context, 'query', body);
    assert.equal(evidence.type === 'state' && evidence.state, 'PROCESSING');
  });

  test('is accepted under its number only', async (context) => {
    const accepted = answerOf({ out_refund_no: 'refund|1@desk' });
    assert.deepEqual(await answered(context, 'apply', accepted), { type: 'accepted' });
    const other = answerOf({ out_refund_no: 'refund|2@desk' });
    const outcome = { type: 'unknown', code: 'OTHER_REFUND' };
    assert.deepEqual(await answered(context, 'apply', other), outcome);
  });

  for (const [call, err_code, type] of [
    ['query', 'REFUNDNOTEXIST', 'not-found'],
    ['query', 'SYSTEMERROR', 'unknown'],
    ['query', 'NOAUTH', 'fault'],
    ['apply', 'NOTENOUGH', 'unknown'],
    ['apply', 'TRADE_OVERDUE', 'refused'],
    ['apply', 'NOAUTH', 'fault'],
  ] as const) {
    test(`meets ${err_code}, ${type} for ${call}`, async (context) => {
      const body = answerOf({ result_code: 'FAIL', err_code });
      assert.deepEqual(await answered(context, call, body), { type, code: err_code });
    });
  }

  for (const call of ['query', 'apply'] as const) {
    test(`stays open after what nobody signed, ${call}`, async (context) => {
      const body = xmlOf({
        return_code: 'SUCCESS',
        result_code: 'FAIL',
        err_code: 'REFUNDNOTEXIST',
      });
      const outcome = { type: 'unknown', code: 'UNSIGNED' };
      assert.deepEqual(await answered(context, call, body), outcome);
    });

    test(`meets a fault without a signature, ${call}`, async (context) => {
      const body = xmlOf({ return_code: 'FAIL', return_msg: '缺少参数' });
      const outcome = { type: 'fault', code: 'LACK_PARAMS' };
      assert.deepEqual(await answered(context, call, body), outcome);
    });
  }

  test('is not asked for without a certificate that can be read, but may be queried', async (context) => {
    const broken = accountOf();
    const fault = { type: 'fault', code: 'KEY_INVALID' };
    assert.deepEqual(await gatewayAt('http://127.0.0.1:9').apply(broken, request), fault);
    const bare = { ...broken, credentials: {} };
    assert.deepEqual(await gatewayAt('http://127.0.0.1:9').query(bare, out_refund_no), fault);
    const fail = answerOf({ result_code: 'FAIL', err_code: 'REFUNDNOTEXIST' });
    const origin = await serve(context, (_request, response) => response.end(fail));
    const evidence = await gatewayAt(origin).query(broken, out_refund_no);
    assert.equal(evidence.type, 'not-found');
  });
});
