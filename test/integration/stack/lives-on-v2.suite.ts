import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject, type JsonObject } from '../../../local/json.ts';
import { callsAbout, operationsAbout, refundsAtWechat } from '../../../local/looking.ts';
import { type FastStack, tea } from './fast-stack.ts';

const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
const fiveMinutesMs = 300_000;
const refundOf = (out_trade_no: string, fen: number): JsonObject => ({
  out_trade_no,
  amount: { refund: fen, currency: 'CNY' },
});

const h5 = {
  payer_client_ip: '203.0.113.9',
  h5_info: { type: 'Wap', app_name: 'Tea', app_url: 'https://tea.example.com' },
};
const ofJsapi = ['appId', 'timeStamp', 'nonceStr', 'package', 'signType', 'paySign'];
const ofApp = ['appid', 'partnerid', 'prepayid', 'package', 'noncestr', 'timestamp', 'sign'];
/** What the merchant asks for, what the payer gets, and what WeChat calls it. */
const ways: readonly (readonly [string, JsonObject, readonly string[], string])[] = [
  ['NATIVE', {}, ['code_url'], 'NATIVE'],
  ['H5', { scene_info: h5 }, ['h5_url'], 'MWEB'],
  ['JSAPI', { payer: { openid } }, ofJsapi, 'JSAPI'],
  ['APP', {}, ofApp, 'APP'],
];

/** Orders of an account on APIv2 from their placing to their end; `running` sees the stack as that account. */
export function runLivesOnV2(running: () => FastStack): void {
  const typesOf = (number: string): readonly string[] =>
    running()
      .idsOf(number)
      .map((id) => id.split('/')[1] ?? '');

  async function announced(number: string, ...types: readonly string[]): Promise<void> {
    await running().until(`${types} of ${number}`, () => typesOf(number).length >= types.length);
    assert.deepEqual(typesOf(number), types);
  }

  async function place(number: string, order: JsonObject = tea): Promise<JsonObject> {
    const placed = await running().stack.putOrder(number, order);
    assert.equal(placed.status, 201, placed.text);
    return placed.body;
  }

  async function closesAt(number: string): Promise<readonly number[]> {
    const calls = await callsAbout(running().stack, number);
    return calls.flatMap(({ operation, at }) =>
      operation === 'v2-closeorder' ? [Date.parse(String(at))] : [],
    );
  }

  /** The log knows whole seconds. */
  async function closableFrom(number: string): Promise<number> {
    const createdAt = Number((await running().recordOf(number))['createdAt']);
    return Math.floor((createdAt + fiveMinutesMs) / 1000) * 1000;
  }

  describe('an order of an account on APIv2', { concurrency: true }, () => {
    for (const [trade_type, more, fields, called] of ways) {
      it(`by ${trade_type} is placed, paid, and announced`, async () => {
        const { stack, pay, atWechat, statusesOf } = running();
        const number = `V2-WAY-${trade_type}`;
        const placed = await place(number, { ...tea, ...more, trade_type });
        const { pay: parameters, out_trade_no: _, status, ...links } = placed;
        assert.equal(status, 'AWAITING');
        const given = isObject(parameters) ? parameters : links;
        assert.deepEqual(Object.keys(given).sort(), [...fields].sort());
        await pay(number);
        await announced(number, 'order.paid');
        assert.deepEqual([...new Set(await statusesOf(number))], [200]);
        assert.equal((await atWechat(number))?.['trade_type'], called);
        const operations = new Set(await operationsAbout(stack, number));
        assert.deepEqual([...operations].sort(), ['v2-orderquery', 'v2-unifiedorder']);
        const { body } = await stack.getOrder(number);
        assert.deepEqual([body['status'], body['paid_total']], ['PAID', 8800]);
      });
    }

    it('is closed five minutes after its placing, whoever asks earlier', async () => {
      const { stack, until, recordOf, atWechat } = running();
      const number = 'V2-CLOSE-1';
      await place(number);
      assert.equal((await stack.closeOrder(number)).status, 202);
      const record = await until(`${number} is CLOSED`, async () => {
        const seen = await recordOf(number);
        return seen['status'] === 'CLOSED' && seen;
      });
      assert.deepEqual(
        [record['closeReason'], record['closeAt']],
        ['requested', record['closableAt']],
      );
      await announced(number, 'order.closed');
      assert.equal((await atWechat(number))?.['trade_state'], 'CLOSED');
      const closes = await closesAt(number);
      const from = await closableFrom(number);
      assert.ok(closes.length > 0 && closes.every((at) => at >= from), `${closes} from ${from}`);
      assert.equal((await stack.closeOrder(number)).status, 200);
    });

    it('may be paid until then, although its close was asked for', async () => {
      const { stack, until } = running();
      let times = 0;
      // Who is slower than these five minutes tries again.
      const number = await until('one is paid in time', async () => {
        times += 1;
        const out_trade_no = `V2-CLOSE-2-${times}`;
        await place(out_trade_no);
        assert.equal((await stack.closeOrder(out_trade_no)).status, 202);
        return (await stack.control('pay', { out_trade_no })).status === 200 && out_trade_no;
      });
      await announced(number, 'order.paid');
      const closes = await closesAt(number);
      const from = await closableFrom(number);
      assert.ok(
        closes.every((at) => at >= from),
        `${closes} from ${from}`,
      );
    });

    it('is closed no earlier for a newer order of its reference', async () => {
      const { until, recordOf, pay } = running();
      const [older, newer] = ['V2-CART-1', 'V2-CART-2'];
      await place(older, { ...tea, reference: 'v2-cart' });
      await place(newer, { ...tea, reference: 'v2-cart' });
      await pay(newer);
      await announced(newer, 'order.paid');
      const record = await until(`${older} is CLOSED`, async () => {
        const seen = await recordOf(older);
        return seen['status'] === 'CLOSED' && seen;
      });
      assert.equal(record['closeReason'], 'replaced');
      await announced(older, 'order.closed');
      const closes = await closesAt(older);
      const from = await closableFrom(older);
      assert.ok(closes.length > 0 && closes.every((at) => at >= from), `${closes} from ${from}`);
    });

    it('is refunded in two parts, a minute apart, and no fen more', async () => {
      const { stack, pay, until, idsAbout } = running();
      const number = 'V2-PARTS-1';
      await place(number);
      await pay(number);
      await announced(number, 'order.paid');
      const parts = [
        ['V2-PART-1', 3000],
        ['V2-PART-2', 5800],
      ] as const;
      for (const [part, fen] of parts) {
        const asked = await stack.putRefund(part, refundOf(number, fen));
        assert.equal(asked.status, 201, asked.text);
        assert.equal((await stack.putRefund(part, refundOf(number, fen))).status, 200);
      }
      const more = await stack.putRefund('V2-PART-3', refundOf(number, 1));
      assert.deepEqual([more.status, more.body['code']], [409, 'refund_exceeds']);
      for (const [part] of parts) {
        const pk = `refund#${stack.dev.account.mchid}#${part}`;
        await until(`${part} succeeded`, () => idsAbout(pk).length > 0);
        assert.deepEqual(idsAbout(pk), [`${pk}/refund.succeeded/1`]);
      }
      const there = await refundsAtWechat(stack, number);
      const amounts = there.map(({ amount }) => isObject(amount) && amount['refund']);
      assert.deepEqual(amounts.sort(), [3000, 5800]);
      const operations = await operationsAbout(stack, number);
      assert.ok(operations.filter((operation) => operation === 'v2-refund').length >= 2);
      assert.equal(operations.includes('apply-refund'), false);
    });

    it('gives back what was paid after its close', async () => {
      const { stack, pay, until } = running();
      const number = 'V2-LATE-1';
      await place(number);
      assert.equal((await stack.closeOrder(number)).status, 202);
      await announced(number, 'order.closed');
      await pay(number, { force: true });
      await announced(number, 'order.closed', 'order.paid_late');
      await until('it is given back', async () => {
        const refund = await stack.item(`refund#${stack.dev.account.mchid}#back-${number}`);
        return refund?.['status'] === 'SUCCESS';
      });
      const there = await refundsAtWechat(stack, number);
      assert.deepEqual(
        there.map(({ out_refund_no, amount }) => [
          out_refund_no,
          isObject(amount) && amount['refund'],
        ]),
        [[`back-${number}`, 8800]],
      );
    });
  });
}
