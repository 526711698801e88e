import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { SignJWT } from 'jose';
import type { Stack, startStack } from '../../../local/stack.ts';
import { until } from '../../../local/stack-client.ts';
import { untouched } from './untouched.ts';

const order = {
  trade_type: 'NATIVE',
  description: 'Tea',
  amount: { total: 8800, currency: 'CNY' },
};
const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

/** What a merchant may ask of the stack that `start` starts, and what it refuses. */
export function runApiSuite(start: typeof startStack): void {
  describe('the merchant API of the running stack', () => {
    let stack: Stack;

    before(async () => {
      stack = await start();
    });
    after(() => stack.stop());

    type Answer = {
      readonly status: number;
      readonly headers: Headers;
      readonly body: Record<string, unknown>;
    };

    async function call(
      method: string,
      path: string,
      body?: string | Uint8Array<ArrayBuffer>,
      authorization = `Bearer ${stack.dev.token}`,
    ): Promise<Answer> {
      const headers = {
        'content-type': 'application/json',
        ...(authorization && { authorization }),
      };
      const response = await fetch(`${stack.dev.api}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body }),
      });
      const text = await response.text();
      const isProblem = response.headers.get('content-type') === 'application/problem+json';
      assert.equal(isProblem, response.status >= 400);
      return { status: response.status, headers: response.headers, body: JSON.parse(text) };
    }

    const put = (number: string, body: object): Promise<Answer> =>
      call('PUT', `/v1/dev/orders/${number}`, JSON.stringify(body));

    const refused = (act: () => Promise<Answer>): Promise<Answer> => untouched(stack, act);

    it('places an order once, and shows it', async () => {
      const first = await put('API-0001', { ...order, reference: 'cart-1' });
      assert.equal(first.status, 201);
      assert.match(String(first.body['code_url']), /^weixin:\/\//);
      assert.deepEqual(Object.keys(first.body).sort(), ['code_url', 'out_trade_no', 'status']);
      const again = await put('API-0001', { ...order, reference: 'cart-1' });
      assert.deepEqual([again.status, again.body], [200, first.body]);
      const shown = await call('GET', '/v1/dev/orders/API-0001');
      assert.equal(shown.body['status'], 'AWAITING');
      assert.deepEqual(shown.body['amount'], { total: 8800, currency: 'CNY' });
    });

    it('gives a mini program what it needs to pay', async () => {
      const placed = await put('API-JSAPI-1', { ...order, trade_type: 'JSAPI', payer: { openid } });
      const pay = Object(placed.body['pay']);
      assert.deepEqual(Object.keys(pay).sort(), [
        'appId',
        'nonceStr',
        'package',
        'paySign',
        'signType',
        'timeStamp',
      ]);
    });

    it('refuses another body under the same number', async () => {
      await put('API-0002', order);
      const other = await put('API-0002', { ...order, description: 'Coffee' });
      assert.deepEqual([other.status, other.body['code']], [409, 'order_conflict']);
    });

    it('closes an unpaid order when asked, once WeChat agrees', async () => {
      await put('API-0003', order);
      const asked = await call('POST', '/v1/dev/orders/API-0003/close');
      assert.equal(asked.status, 202);
      const status = async (): Promise<unknown> =>
        (await call('GET', '/v1/dev/orders/API-0003')).body['status'];
      await until('it is closed', async () => (await status()) === 'CLOSED');
      assert.equal((await call('POST', '/v1/dev/orders/API-0003/close')).status, 200);
      const late = await put('API-0003', order);
      assert.deepEqual(
        [late.status, late.body['status'], late.body['code_url']],
        [200, 'CLOSED', undefined],
      );
    });

    it('looks at WeChat first when asked to refresh', async () => {
      await put('API-0004', order);
      await stack.control('pay', { out_trade_no: 'API-0004', notice: 'lost' });
      const shown = await call('GET', '/v1/dev/orders/API-0004?refresh=true');
      assert.equal(shown.body['status'], 'PAID');
      const close = await call('POST', '/v1/dev/orders/API-0004/close');
      assert.deepEqual([close.status, close.body['code']], [409, 'order_settled']);
    });

    it('takes numbers with | and *', async () => {
      const number = encodeURIComponent('A|1*2-x_Y');
      assert.equal(
        (await call('PUT', `/v1/dev/orders/${number}`, JSON.stringify(order))).status,
        201,
      );
      const shown = await call('GET', `/v1/dev/orders/${number}?refresh=true`);
      assert.deepEqual([shown.status, shown.body['out_trade_no']], [200, 'A|1*2-x_Y']);
    });

    it('passes on what WeChat refuses, and gives the number back', async () => {
      const wrong = { ...order, trade_type: 'JSAPI', payer: { openid } };
      await stack.control('faults', { fault: '500', times: 1, operation: 'prepay-jsapi' });
      const unknown = await put('API-0005', wrong);
      assert.deepEqual([unknown.status, unknown.body['code']], [503, 'wechat_unavailable']);
      assert.equal((await put('API-0005', wrong)).status, 200);
    });

    const invalid: readonly (readonly [string, unknown, string])[] = [
      ['a missing amount', { ...order, amount: undefined }, '/amount'],
      ['an amount as text', { ...order, amount: { total: '1', currency: 'CNY' } }, '/amount/total'],
      ['an amount of zero', { ...order, amount: { total: 0, currency: 'CNY' } }, '/amount/total'],
      [
        'a fraction of a fen',
        { ...order, amount: { total: 1.5, currency: 'CNY' } },
        '/amount/total',
      ],
      ['another currency', { ...order, amount: { total: 1, currency: 'USD' } }, '/amount/currency'],
      ['an unknown field', { ...order, discount: 1 }, '/discount'],
      ['an unknown field inside', { ...order, amount: { ...order.amount, x: 1 } }, '/amount/x'],
      ['an unknown trade type', { ...order, trade_type: 'MWEB' }, '/trade_type'],
      ['an empty description', { ...order, description: '' }, '/description'],
      ['a long description', { ...order, description: 'x'.repeat(128) }, '/description'],
      ['a control character', { ...order, description: 'Tea\u0000' }, '/description'],
      ['an emoji', { ...order, description: 'Tea 🍵' }, '/description'],
      ['a payer for NATIVE', { ...order, payer: { openid } }, '/payer'],
      ['no payer for JSAPI', { ...order, trade_type: 'JSAPI' }, '/payer'],
      [
        'a broken openid',
        { ...order, trade_type: 'JSAPI', payer: { openid: 'a b' } },
        '/payer/openid',
      ],
      ['an appid of somebody else', { ...order, appid: 'wx0000000000000000' }, '/appid'],
      ['a time without zone', { ...order, time_expire: '2026-11-21T12:00:00' }, '/time_expire'],
      ['a time in the past', { ...order, time_expire: '2020-01-01T00:00:00Z' }, '/time_expire'],
      ['a time too far off', { ...order, time_expire: '2099-01-01T00:00:00Z' }, '/time_expire'],
      ['a long attach', { ...order, attach: 'x'.repeat(129) }, '/attach'],
      ['a broken reference', { ...order, reference: 'a b' }, '/reference'],
      ['null', { ...order, attach: null }, '/attach'],
      ['a list', [], ''],
    ];
    for (const [what, body, pointer] of invalid) {
      it(`refuses ${what} with its pointer`, async () => {
        const answer = await refused(() =>
          call('PUT', '/v1/dev/orders/BAD-0001', JSON.stringify(body)),
        );
        assert.deepEqual([answer.status, answer.body['code']], [400, 'request_invalid']);
        assert.match(JSON.stringify(answer.body['errors']), new RegExp(`"pointer":"${pointer}"`));
      });
    }

    it('refuses broken JSON, a broken number and a body over 64 KB', async () => {
      const broken = await refused(() => call('PUT', '/v1/dev/orders/BAD-0001', '{"a":'));
      assert.equal(broken.status, 400);
      const bytes = Buffer.from(JSON.stringify({ ...order, description: '~' }));
      bytes[bytes.indexOf('~')] = 0xff;
      const notUtf8 = await refused(() => call('PUT', '/v1/dev/orders/BAD-0001', bytes));
      assert.equal(notUtf8.status, 400);
      const number = await refused(() => call('PUT', '/v1/dev/orders/a', JSON.stringify(order)));
      assert.equal(number.status, 400);
      const large = JSON.stringify({ ...order, attach: 'x'.repeat(65_536) });
      const tooLarge = await refused(() => call('PUT', '/v1/dev/orders/BAD-0001', large));
      assert.deepEqual([tooLarge.status, tooLarge.body['code']], [413, 'body_too_large']);
    });

    it('knows its paths and methods', async () => {
      assert.equal((await call('GET', '/v1/dev/payments/P-1')).status, 404);
      const wrong = await call('DELETE', '/v1/dev/orders/API-0001');
      assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'GET, PUT']);
      const close = await call('GET', '/v1/dev/orders/API-0001/close');
      assert.deepEqual([close.status, close.headers.get('allow')], [405, 'POST']);
      assert.equal((await call('GET', '/v1/dev/orders/NOT-THERE')).status, 404);
    });

    it('refuses every token but a true one', async () => {
      const [head, claims] = stack.dev.token.split('.');
      const plain = Buffer.from('{"alg":"none"}').toString('base64url');
      const hs256 = Buffer.from('{"alg":"HS256"}').toString('base64url');
      const mac = createHmac('sha256', 'guess').update(`${hs256}.${claims}`).digest('base64url');
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const foreign = await new SignJWT({ tenant: 'dev', scope: 'orders:write' })
        .setProtectedHeader({ alg: 'ES256' })
        .setExpirationTime('1h')
        .sign(privateKey);
      const scope = 'orders:read orders:write';
      const expired = await stack.token({ tenant: 'dev', scope, lifetimeSeconds: -60 });
      const tokens = [
        '',
        'x',
        `${head}.${claims}.`,
        `${plain}.${claims}.`,
        `${hs256}.${claims}.${mac}`,
      ];
      for (const token of [...tokens, foreign, expired]) {
        const body = JSON.stringify(order);
        const authorization = token === '' ? '' : `Bearer ${token}`;
        const answer = await refused(() =>
          call('PUT', '/v1/dev/orders/BAD-0002', body, authorization),
        );
        assert.deepEqual([answer.status, answer.body['code']], [401, 'token_invalid'], token);
      }
    });

    it('keeps scopes, tenants and accounts apart', async () => {
      const body = JSON.stringify(order);
      const as = async (claims: Parameters<Stack['token']>[0], path: string): Promise<number> => {
        const authorization = `Bearer ${await stack.token(claims)}`;
        return (await refused(() => call('PUT', path, body, authorization))).status;
      };
      const path = '/v1/dev/orders/BAD-0003';
      const scope = 'orders:write';
      assert.equal(await as({ tenant: 'dev', scope: 'orders:read' }, path), 403);
      assert.equal(await as({ tenant: 'other', scope }, path), 404);
      assert.equal(await as({ tenant: 'dev', scope, accounts: ['shop'] }, path), 404);
      assert.equal(await as({ tenant: 'dev', scope }, '/v1/nobody/orders/BAD-0003'), 404);
    });
  });
}
