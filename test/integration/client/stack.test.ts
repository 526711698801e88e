import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it, type TestContext } from 'node:test';
import {
  type Client,
  createClient,
  createWebhookVerifier,
  type OrderRequest,
  type OrderView,
} from '../../../client/src/index.ts';
import { createWebhookServer } from '../../../examples/shop/webhook.ts';
import type { JsonObject } from '../../../local/json.ts';
import { closeServer, listenOnLoopback } from '../../../local/listen.ts';
import { type Stack, startStack } from '../../../local/stack.ts';
import { until as untilSoon } from '../../../local/stack-client.ts';
import { openShopOfTest } from '../../unit/examples/books.ts';
import { codePayments } from './code-payments.suite.ts';

const patienceMs = 60_000;
const tea = {
  trade_type: 'NATIVE',
  description: 'Tea, 250 g',
  amount: { total: 8800, currency: 'CNY' },
} as const;
const seed = Buffer.alloc(32, 9);
const script = join(import.meta.dirname, '..', '..', '..', 'examples', 'shop', 'queue.ts');

describe('the client and the shop at the running stack', () => {
  let stack: Stack;
  let client: Client;
  let folder: string;
  const logs: string[] = [];
  const books = openShopOfTest();
  const verifier = createWebhookVerifier({ keys: [publicKeyOf(seed)] });
  const webhook = createWebhookServer(books.shop, verifier);

  before(async () => {
    const keys = [`whsec_${Buffer.alloc(32, 7).toString('base64')}`, `whsk_${base64Of(seed)}`];
    const url = `${await listenOnLoopback(webhook)}/`;
    const onOutput = (_: string, text: string): void => void logs.push(text);
    stack = await startStack({ webhook: { url, keys }, onOutput });
    const { mchid } = stack.dev.account;
    await stack.control('refunds', { mchid, status: 'SUCCESS', delay_s: 0 });
    client = clientWith(stack.dev.token);
    folder = await mkdtemp(join(tmpdir(), 'client-'));
  });
  after(async () => {
    await stack.stop();
    await closeServer(webhook);
    books.remove();
    await rm(folder, { recursive: true });
  });

  const clientWith = (token: string, account = 'dev'): Client =>
    createClient({
      baseUrl: stack.dev.api,
      account,
      token: () => Promise.resolve(token),
      timeoutMs: patienceMs,
    });

  const until: typeof untilSoon = (what, check) => untilSoon(what, check, patienceMs);

  function untilOrder(number: string, status: OrderView['status']): Promise<OrderView> {
    return until(`${number} is ${status}`, async () => {
      const order = await client.getOrder(number);
      return order.status === status && order;
    });
  }

  async function pay(number: string, wish: JsonObject = {}): Promise<void> {
    const { mchid } = stack.dev.account;
    const { status, text } = await stack.control('pay', { mchid, out_trade_no: number, ...wish });
    assert.equal(status, 200, text);
  }

  describe('an order', () => {
    const h5 = { payer_client_ip: '203.0.113.9', h5_info: { type: 'Wap' } } as const;
    const ways: readonly (readonly [OrderRequest, string])[] = [
      [tea, 'code_url'],
      [{ ...tea, trade_type: 'H5', scene_info: h5 }, 'h5_url'],
      [{ ...tea, trade_type: 'JSAPI', payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' } }, 'pay'],
      [{ ...tea, trade_type: 'APP' }, 'pay'],
    ];
    for (const [order, link] of ways) {
      it(`is placed by ${order.trade_type}, once, and has its ${link}`, async () => {
        const number = `CLIENT|${order.trade_type}*1`;
        const placed = await client.putOrder(number, order);
        assert.deepEqual(Object.keys(placed).sort(), [
          ...[link, 'out_trade_no', 'status', 'trade_type'].sort(),
        ]);
        const again = await client.putOrder(number, order);
        assert.deepEqual(Object.keys(again).sort(), Object.keys(placed).sort());
        const shown = await client.getOrder(number, { refresh: true });
        assert.deepEqual(
          [shown.status, shown.trade_type, shown.refreshed],
          ['AWAITING', order.trade_type, true],
        );
      });
    }

    it('is one order although WeChat failed at first', async () => {
      await stack.control('faults', { fault: '500', times: 1, operation: 'prepay-native' });
      const { code_url } = await client.putOrder('CLIENT-FAULT', tea);
      assert.match(code_url ?? '', /^weixin:\/\//);
    });

    it('is closed when that is asked for', async () => {
      await client.putOrder('CLIENT-CLOSE', tea);
      const { status } = await client.closeOrder('CLIENT-CLOSE');
      assert.equal(status, 'AWAITING');
      const closed = await untilOrder('CLIENT-CLOSE', 'CLOSED');
      assert.equal(closed.close_reason, 'requested');
      assert.equal((await client.closeOrder('CLIENT-CLOSE')).status, 'CLOSED');
      const late = await client.putOrder('CLIENT-CLOSE', tea);
      assert.deepEqual([late.status, late.code_url], ['CLOSED', undefined]);
    });

    it('is resolved by a person', async () => {
      await client.putOrder('CLIENT-REVIEW', tea);
      await pay('CLIENT-REVIEW', { amount: 1 });
      const held = await untilOrder('CLIENT-REVIEW', 'REVIEW');
      assert.equal(held.review_reason, 'amount');
      const resolution = { action: 'refund', by: 'li', why: 'The till was set wrong' } as const;
      const asked = await client.resolveOrder('CLIENT-REVIEW', resolution);
      assert.deepEqual(asked, { out_trade_no: 'CLIENT-REVIEW', status: 'REVIEW' });
      const resolved = await until('it is resolved', async () => {
        const order = await client.getOrder('CLIENT-REVIEW');
        return order.resolved?.outcome === 'done' && order;
      });
      assert.equal(resolved.resolved?.by, 'li');
    });

    it('is refunded', async () => {
      await client.putOrder('CLIENT-REFUND', tea);
      await pay('CLIENT-REFUND');
      await untilOrder('CLIENT-REFUND', 'PAID');
      const part = {
        out_trade_no: 'CLIENT-REFUND',
        amount: { refund: 800, currency: 'CNY' },
      } as const;
      const begun = await client.putRefund('CLIENT-R-1', { ...part, reason: 'Sold out' });
      assert.equal(begun.refund_reason, 'Sold out');
      const ended = await until('it is refunded', async () => {
        const refund = await client.getRefund('CLIENT-R-1', { refresh: true });
        return refund.status === 'SUCCESS' && refund;
      });
      assert.deepEqual(ended.amount, { refund: 800, total: 8800, currency: 'CNY' });
      await assert.rejects(
        client.putRefund('CLIENT-R-2', { ...part, amount: { refund: 8001, currency: 'CNY' } }),
        {
          code: 'refund_exceeds',
          status: 409,
          errors: [{ pointer: '/amount/refund', detail: 'is more than is left of what was paid' }],
        },
      );
      const { refunds } = await client.getOrder('CLIENT-REFUND');
      assert.deepEqual(
        refunds?.map(({ out_refund_no, status }) => [out_refund_no, status]),
        [['CLIENT-R-1', 'SUCCESS']],
      );
    });
  });

  codePayments(() => ({ stack, client, clientWith, pay, logged: () => logs.join('') }));

  it('a page pays on APIv2 with a set that is signed as the account says', async () => {
    const payer = { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' };
    const v2 = clientWith(stack.dev.token, 'v2');
    const { pay } = await v2.putOrder('CLIENT-V2-1', { ...tea, trade_type: 'JSAPI', payer });
    assert.equal(pay?.signType, 'HMAC-SHA256');
    assert.match(pay.paySign, /^[0-9A-F]{64}$/);
  });

  describe('a refusal', () => {
    const another = { ...tea, description: 'Coffee' };

    it('names its code, its fields and its request', async () => {
      await client.putOrder('CLIENT-TWO', tea);
      await assert.rejects(client.putOrder('CLIENT-TWO', another), {
        name: 'WechatpayError',
        code: 'order_conflict',
        status: 409,
      });
      const wrong = { ...tea, amount: { total: 0, currency: 'CNY' } } as const;
      await assert.rejects(client.putOrder('CLIENT-NONE', wrong), {
        code: 'request_invalid',
        errors: [{ pointer: '/amount/total', detail: 'is too small or too short' }],
      });
      await assert.rejects(client.getOrder('CLIENT-NONE'), { code: 'order_unknown' });
      await assert.rejects(client.getRefund('CLIENT-NONE'), { code: 'refund_unknown' });
    });

    it('is of a token that is none, or of another scope', async () => {
      const reader = await stack.token({ tenant: 'dev', scope: 'orders:read' });
      await assert.rejects(clientWith(reader).putOrder('CLIENT-NONE', tea), {
        code: 'scope_missing',
        status: 403,
      });
      await assert.rejects(clientWith('e30.e30.e30').getOrder('CLIENT-NONE'), {
        code: 'token_invalid',
        status: 401,
      });
    });
  });

  /** `queue.ts` as a reader of the README starts it. */
  async function startShop(context: TestContext) {
    const devFile = join(folder, 'dev.json');
    const database = join(folder, 'shop.db');
    await writeFile(devFile, JSON.stringify(stack.dev));
    const child = spawn(process.execPath, [script, '--dev', devFile, '--database', database]);
    context.after(() => child.kill());
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    await until('the shop is open', () => output.includes('The shop takes events'));
    const books = new DatabaseSync(database, { readOnly: true, timeout: 5_000 });
    context.after(() => books.close());
    const rows = (sql: string) =>
      books
        .prepare(sql)
        .all()
        .map((row) => Object.values(row).join(' '));
    return {
      output: () => output,
      shipped: () => rows('SELECT out_trade_no FROM shipments'),
      noted: () => rows('SELECT out_trade_no, last_told FROM orders'),
      refunded: () => rows("SELECT out_refund_no FROM refunds WHERE status = 'SUCCESS'"),
    };
  }

  it('the shop ships what was paid, once, and nothing that was closed', async (context) => {
    const { shipped, noted, refunded, output } = await startShop(context);
    await client.putOrder('SHOP-PAID-1', tea);
    await pay('SHOP-PAID-1');
    await client.putOrder('SHOP-CLOSED-1', tea);
    await client.closeOrder('SHOP-CLOSED-1');
    await untilOrder('SHOP-PAID-1', 'PAID');
    await client.putRefund('SHOP-R-1', {
      out_trade_no: 'SHOP-PAID-1',
      amount: { refund: 800, currency: 'CNY' },
    });
    await until('all is told', () => {
      const told = noted();
      return (
        told.includes('SHOP-PAID-1 order.paid') &&
        told.includes('SHOP-CLOSED-1 order.closed') &&
        refunded().includes('SHOP-R-1')
      );
    });
    // The orders of the other tests that were paid are parcels of this shop, too.
    assert.deepEqual(
      shipped().filter((number) => number.startsWith('SHOP-')),
      ['SHOP-PAID-1'],
    );
    assert.ok(!shipped().includes('CLIENT-REVIEW'));
    assert.doesNotMatch(output(), /Warning|Error/);
  });

  it('the shop ships what a webhook told it, once, although it failed at first', async (context) => {
    const errors = context.mock.method(console, 'error', () => undefined);
    const { tokens, accounts } = stack.dev;
    const web = clientWith(tokens.web, 'web');
    books.jamWarehouse(true);
    await web.putOrder('HOOK-PAID-1', tea);
    await pay('HOOK-PAID-1', { mchid: accounts.web?.mchid ?? assert.fail('no account web') });
    await until('the shop fails', () => errors.mock.callCount() > 0);
    books.jamWarehouse(false);
    assert.deepEqual(books.shipped(), []);
    await until('the shop ships', () => books.shipped().length > 0);
    assert.deepEqual(books.shipped(), ['HOOK-PAID-1']);
    assert.deepEqual(books.noted(), ['HOOK-PAID-1 order.paid']);
  });
});

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Of the Ed25519 key that this seed makes (RFC 8410 §7). */
function publicKeyOf(privateSeed: Buffer): string {
  const header = Buffer.from('302e020100300506032b657004220420', 'hex');
  const key = Buffer.concat([header, privateSeed]);
  const { x = '' } = createPublicKey(
    createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  ).export({ format: 'jwk' });
  return `whpk_${base64Of(Buffer.from(x, 'base64url'))}`;
}
