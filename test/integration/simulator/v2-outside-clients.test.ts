import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { axiosClient, type OutsideClient, type Told, tenpayClient } from './v2-outside-clients.ts';
import { freshCode, openTill } from './v2-till.ts';

const till = await openTill();
after(() => till.simulator.close());
const { merchant, simulator } = till;

const believed = (told: Told) => {
  assert.equal(told.refusal, undefined);
  return told.fields ?? {};
};

const clients: Readonly<Record<string, OutsideClient>> = {
  tenpay: tenpayClient(simulator, merchant),
  'wechatpay-axios-plugin': axiosClient(simulator, merchant),
  'wechatpay-axios-plugin with HMAC': axiosClient(simulator, merchant, 'HMAC-SHA256'),
};

for (const [name, client] of Object.entries(clients)) {
  describe(`an outside client: ${name}`, () => {
    const number = (what: string) => `${what}-${Object.keys(clients).indexOf(name)}`;
    const order = (outTradeNo: string) => ({
      body: '一杯茶 <&>',
      out_trade_no: outTradeNo,
      total_fee: '100',
      spbill_create_ip: '127.0.0.1',
      notify_url: 'https://pay.example.com/notify',
      trade_type: 'NATIVE',
      product_id: 'tea',
      attach: '"shop" & <1>',
    });
    const code = (outTradeNo: string, fen: number) => ({
      body: 'tea',
      out_trade_no: outTradeNo,
      total_fee: String(fen),
      spbill_create_ip: '127.0.0.1',
      auth_code: freshCode(),
    });
    const stateOf = async (out_trade_no: string) =>
      believed(await client.query({ out_trade_no }))['trade_state'];

    test('it orders, queries, refunds and queries the refund', async () => {
      const out_trade_no = number('order');
      const placed = believed(await client.order(order(out_trade_no)));
      assert.match(placed['code_url'] ?? '', /^weixin:/);
      assert.equal(await stateOf(out_trade_no), 'NOTPAY');
      await till.control('pay', { out_trade_no, notice: 'lost' });
      const paid = believed(await client.query({ out_trade_no }));
      assert.deepEqual(
        [paid['trade_state'], paid['total_fee'], paid['attach']],
        ['SUCCESS', '100', '"shop" & <1>'],
      );
      const out_refund_no = number('refund');
      const refund = { out_trade_no, out_refund_no, total_fee: '100', refund_fee: '30' };
      assert.equal(believed(await client.refund(refund))['cash_refund_fee'], '30');
      const refunded = believed(await client.queryRefund({ out_refund_no }));
      assert.equal(refunded['refund_status_0'], 'PROCESSING');
      assert.equal(await stateOf(out_trade_no), 'REFUND');
    });

    test('it closes', async () => {
      const out_trade_no = number('close');
      believed(await client.order(order(out_trade_no)));
      assert.equal((await client.close({ out_trade_no })).refusal, 'INVALID_REQUEST');
      await till.clock.advance(300_000);
      believed(await client.close({ out_trade_no }));
      assert.equal(await stateOf(out_trade_no), 'CLOSED');
      assert.equal((await client.close({ out_trade_no })).refusal, 'ORDERCLOSED');
    });

    test('it scans a code and takes the payment back', async () => {
      const out_trade_no = number('scan');
      const paid = believed(await client.micropay(code(out_trade_no, 100)));
      assert.match(paid['transaction_id'] ?? '', /^42\d{26}$/);
      assert.equal((await client.reverse({ out_trade_no })).refusal, 'INVALID_REQUEST');
      await till.clock.advance(15_000);
      await till.control('reverse', { outcome: 'recall', times: 1 });
      assert.equal(believed(await client.reverse({ out_trade_no }))['recall'], 'Y');
      assert.equal(believed(await client.reverse({ out_trade_no }))['recall'], 'N');
      assert.equal(await stateOf(out_trade_no), 'REVOKED');
    });

    test('it waits for a password', async () => {
      const out_trade_no = number('wait');
      const asked = await client.micropay(code(out_trade_no, 100_001));
      assert.equal(asked.refusal, 'USERPAYING');
      assert.equal(await stateOf(out_trade_no), 'USERPAYING');
      await till.control('pay', { out_trade_no });
      assert.equal(await stateOf(out_trade_no), 'SUCCESS');
    });

    test('it believes no answer that is badly signed or not at all', async () => {
      const out_trade_no = number('order');
      for (const fault of ['bad-signature', 'unsigned-2xx']) {
        await till.control('faults', { fault, operation: 'v2-orderquery' });
        assert.notEqual((await client.query({ out_trade_no })).refusal, undefined, fault);
      }
      assert.equal(await stateOf(out_trade_no), 'REFUND');
    });

    test('it hears the reason of a refusal', async () => {
      assert.equal((await client.query({ out_trade_no: 'nobody-0001' })).refusal, 'ORDERNOTEXIST');
    });
  });
}
