import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CollectedEvent } from '../../../local/event-collector.ts';
import { isObject, type JsonObject } from '../../../local/json.ts';
import { eventsAbout, refundsAtWechat } from '../../../local/looking.ts';
import type { Stack, startStack } from '../../../local/stack.ts';
import { until as untilSoon } from '../../../local/stack-client.ts';
import { untouched } from './untouched.ts';

const tea = { trade_type: 'NATIVE', description: 'Tea', amount: { total: 8800, currency: 'CNY' } };
const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
const patienceMs = 60_000;

/** Every way to pay, refunds and resolutions, over HTTP against the stack that `start` starts. */
export function runPaymentsSuite(start: typeof startStack): void {
  describe('payments of the running stack', () => {
    let stack: Stack;

    before(async () => {
      stack = await start();
      // Accepted is not done; but nobody needs to wait for it here.
      await stack.control('refunds', { status: 'SUCCESS', delay_s: 0 });
    });
    after(() => stack.stop());

    const until: typeof untilSoon = (what, check) => untilSoon(what, check, patienceMs);

    function eventOf(number: string, type: string): Promise<CollectedEvent> {
      const events = eventsAbout(stack, number);
      return until(`${type} of ${number}`, () => events().find((event) => event.type === type));
    }

    async function pay(number: string, order: JsonObject = tea, wish: JsonObject = {}) {
      const placed = await stack.putOrder(number, order);
      assert.equal(placed.status, 201, placed.text);
      const { status, text } = await stack.control('pay', { out_trade_no: number, ...wish });
      assert.equal(status, 200, text);
      return placed.body;
    }

    async function payAndHear(number: string, order: JsonObject = tea): Promise<JsonObject> {
      const placed = await pay(number, order);
      await eventOf(number, 'order.paid');
      return placed;
    }

    describe('every way to pay', () => {
      const h5 = {
        payer_client_ip: '203.0.113.9',
        h5_info: { type: 'Wap', app_name: 'Tea', app_url: 'https://tea.example.com' },
      };
      const details = {
        attach: 'table 7',
        goods_tag: 'spring',
        support_fapiao: true,
        detail: {
          cost_price: 9000,
          invoice_id: 'I-1',
          goods_detail: [
            { merchant_goods_id: 'tea-250', goods_name: '茶', quantity: 1, unit_price: 8800 },
          ],
        },
        settle_info: { profit_sharing: false },
      };
      const till = { payer_client_ip: '203.0.113.9', device_id: 'till-1' };
      const store = { id: '7', name: 'Shop', area_code: '440305', address: 'Nanshan' };
      const ways: readonly (readonly [string, JsonObject, readonly string[]])[] = [
        ['NATIVE', { scene_info: { ...till, store_info: store } }, ['code_url']],
        ['H5', { scene_info: h5 }, ['h5_url']],
        [
          'JSAPI',
          { payer: { openid } },
          ['appId', 'timeStamp', 'nonceStr', 'package', 'signType', 'paySign'],
        ],
        ['APP', {}, ['appid', 'partnerid', 'prepayid', 'package', 'noncestr', 'timestamp', 'sign']],
      ];
      for (const [trade_type, more, fields] of ways) {
        it(`${trade_type} is placed with all it can carry, paid and announced`, async () => {
          const number = `WAY-${trade_type}`;
          const placed = await payAndHear(number, { ...tea, ...details, ...more, trade_type });
          const { pay: parameters, out_trade_no, status, ...links } = placed;
          assert.deepEqual([out_trade_no, status], [number, 'AWAITING']);
          const given = isObject(parameters) ? parameters : links;
          assert.deepEqual(Object.keys(given).sort(), [...fields].sort());
          const again = await stack.putOrder(number, { ...tea, ...details, ...more, trade_type });
          assert.deepEqual([again.status, again.body], [200, { out_trade_no, status: 'PAID' }]);
        });
      }
    });

    describe('refunds', () => {
      const refundOf = (out_trade_no: string, refund: number): JsonObject => ({
        out_trade_no,
        amount: { refund, currency: 'CNY' },
      });

      it('gives back in two parts, and shows both in the order', async () => {
        await payAndHear('REFUND-0001');
        const asked = { ...refundOf('REFUND-0001', 3000), reason: '商品已售完' };
        const first = await stack.putRefund('R-0001-1', asked);
        assert.equal(first.status, 201, first.text);
        assert.deepEqual(first.body['amount'], { refund: 3000, total: 8800, currency: 'CNY' });
        const again = await stack.putRefund('R-0001-1', asked);
        assert.equal(again.status, 200, again.text);
        await eventOf('R-0001-1', 'refund.succeeded');
        const second = await stack.putRefund('R-0001-2', refundOf('REFUND-0001', 5800));
        assert.equal(second.status, 201, second.text);
        const waitsMs = Date.parse(String(second.body['start_at'])) - Date.now();
        assert.ok(waitsMs > 30_000 && waitsMs <= 60_000, `${waitsMs} ms`);
        const { refunds } = (await stack.getOrder('REFUND-0001')).body;
        assert.deepEqual(refunds, [
          {
            out_refund_no: 'R-0001-1',
            amount: { refund: 3000, currency: 'CNY' },
            status: 'SUCCESS',
          },
          {
            out_refund_no: 'R-0001-2',
            amount: { refund: 5800, currency: 'CNY' },
            status: 'CREATED',
          },
        ]);
        assert.equal((await refundsAtWechat(stack, 'REFUND-0001')).length, 1);
      });

      it('finds the refund whose notice was lost when it is asked to refresh', async () => {
        await payAndHear('REFUND-0002');
        await stack.control('notices', { of: 'refunds', mode: 'lost', times: 1 });
        await stack.putRefund('R-0002-1', refundOf('REFUND-0002', 8800));
        await until('it is applied for', async () => {
          return (await refundsAtWechat(stack, 'REFUND-0002')).length === 1;
        });
        const shown = await until('it succeeded', async () => {
          const { body } = await stack.getRefund('R-0002-1', true);
          return body['status'] === 'SUCCESS' && body;
        });
        assert.equal(shown['refreshed'], true);
        assert.match(String(shown['success_time']), /Z$/);
      });

      it('takes no more than was paid, of two at once only one', async () => {
        await payAndHear('REFUND-0003');
        const answers = await Promise.all(
          ['R-0003-1', 'R-0003-2'].map((number) =>
            stack.putRefund(number, refundOf('REFUND-0003', 5000)),
          ),
        );
        assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
        const refused = answers.find(({ status }) => status === 409);
        assert.equal(refused?.body['code'], 'refund_exceeds');
        assert.match(String(refused?.text), /"pointer":"\/amount\/refund"/);
      });

      it('refuses what cannot be refunded, writes nothing and asks nobody', async () => {
        await stack.putOrder('REFUND-0004', tea);
        await payAndHear('REFUND-0005');
        assert.equal(
          (await stack.putRefund('R-0005-1', refundOf('REFUND-0005', 8800))).status,
          201,
        );
        await eventOf('R-0005-1', 'refund.succeeded');
        for (const [number, refund, code] of [
          ['R-0004-1', refundOf('REFUND-0004', 1), 'order_unpaid'],
          ['R-0004-2', refundOf('REFUND-NONE', 1), 'order_unknown'],
          ['R-0005-2', refundOf('REFUND-0005', 1), 'refund_exceeds'],
          ['R-0005-1', refundOf('REFUND-0005', 8799), 'refund_conflict'],
          ['back-REFUND-0005', refundOf('REFUND-0005', 1), 'request_invalid'],
          ['R-0005-3', refundOf('REFUND-0005', 1e21), 'request_invalid'],
        ] as const) {
          const answer = await untouched(stack, () => stack.putRefund(number, refund));
          assert.equal(answer.body['code'], code, answer.text);
        }
        const none = await untouched(stack, () => stack.getRefund('R-NONE-1'));
        assert.deepEqual([none.status, none.body['code']], [404, 'refund_unknown']);
      });

      it('learns of a refund that was made in the console', async () => {
        await payAndHear('REFUND-0006');
        const wish = { out_trade_no: 'REFUND-0006', amount: 800, out_refund_no: 'CONSOLE-1' };
        const { status, text } = await stack.control('console-refund', { ...wish, notice: true });
        assert.equal(status, 200, text);
        const { event } = await eventOf('CONSOLE-1', 'refund.succeeded');
        const data = isObject(event['data']) ? event['data'] : {};
        assert.equal(data['origin'], 'console');
        const more = await stack.putRefund('R-0006-1', refundOf('REFUND-0006', 8001));
        assert.equal(more.body['code'], 'refund_exceeds', more.text);
      });
    });

    describe('a person', () => {
      const decision = { by: 'li', why: 'The payer called' };

      it('accepts a payment of another amount', async () => {
        await pay('REVIEW-0001', tea, { amount: 8700 });
        await eventOf('REVIEW-0001', 'order.review');
        const asked = await stack.resolveOrder('REVIEW-0001', { action: 'accept', ...decision });
        assert.equal(asked.status, 202, asked.text);
        const { event } = await eventOf('REVIEW-0001', 'order.paid');
        const data = isObject(event['data']) ? event['data'] : {};
        assert.deepEqual([data['accepted_by'], data['paid_total']], ['li', 8700]);
        const late = await untouched(stack, () =>
          stack.resolveOrder('REVIEW-0001', { action: 'refund', ...decision }),
        );
        assert.deepEqual([late.status, late.body['code']], [409, 'order_not_in_review']);
      });

      it('cannot close what is paid', async () => {
        await pay('REVIEW-0002', tea, { amount: 8700 });
        await eventOf('REVIEW-0002', 'order.review');
        await stack.resolveOrder('REVIEW-0002', { action: 'close', ...decision });
        const resolved = await until('it is looked at', async () => {
          const { body } = await stack.getOrder('REVIEW-0002');
          return isObject(body['resolved']) && body;
        });
        assert.equal(resolved['status'], 'REVIEW');
        assert.match(JSON.stringify(resolved['resolved']), /"outcome":"impossible"/);
      });

      it('needs a scope of their own', async () => {
        const token = await stack.token({ tenant: 'dev', scope: 'orders:read orders:write' });
        const answer = await untouched(stack, () =>
          fetch(`${stack.dev.api}/v1/dev/orders/REVIEW-0002/resolve`, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: JSON.stringify({ action: 'accept', ...decision }),
          }),
        );
        assert.equal(answer.status, 403);
      });
    });
  });
}
