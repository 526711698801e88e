import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MerchantJobs } from '#adapters/lambda/merchant-api.ts';
import { AppError } from '#core/errors.ts';
import { refuse } from '#core/refusal.ts';
import { account } from '../../../support/order-builder.ts';
import {
  askedOf,
  bodyLimitBytes,
  call,
  faultsOf,
  jobsWith,
  merchant,
  pointersOf,
  type Reply,
} from './support.ts';

const order = {
  trade_type: 'NATIVE',
  description: 'Tea, 250 g',
  amount: { total: 8800, currency: 'CNY' },
};
const refund = { out_trade_no: 'A-1001', amount: { refund: 8800, currency: 'CNY' } };
const decision = { action: 'close', by: 'Li Wei', why: 'sold out' };

/** Every operation: its request, its scope, and a body that it takes. */
const operations: readonly (readonly [string, string, object?])[] = [
  ['GET /v1/shop/orders/A-1001', 'orders:read'],
  ['PUT /v1/shop/orders/A-1001', 'orders:write', order],
  ['POST /v1/shop/orders/A-1001/close', 'orders:write'],
  ['POST /v1/shop/orders/A-1001/resolve', 'orders:resolve', decision],
  ['GET /v1/shop/refunds/R-1001', 'refunds:read'],
  ['PUT /v1/shop/refunds/R-1001', 'refunds:write', refund],
];

function answerOf(jobs: Partial<MerchantJobs>, request: string): Promise<Reply> {
  // A body that every operation would refuse, had it been read.
  return call(jobsWith(jobs), request, { x: 1 });
}

describe('the routes of the merchant API', () => {
  it('lead to the job of their path and method', async () => {
    assert.deepEqual(await askedOf('getOrder', 'GET /v1/shop/orders/A-1001'), ['A-1001', false]);
    assert.deepEqual(await askedOf('closeOrder', 'POST /v1/shop/orders/A-1001/close'), ['A-1001']);
    assert.deepEqual(await askedOf('getRefund', 'GET /v1/shop/refunds/R-1001'), ['R-1001', false]);
    const resolve = 'POST /v1/shop/orders/A-1001/resolve';
    assert.deepEqual(await askedOf('resolveOrder', resolve, decision), ['A-1001', decision]);
    assert.equal((await askedOf('putOrder', 'PUT /v1/shop/orders/A-1001', order)).length, 1);
    assert.equal((await askedOf('putRefund', 'PUT /v1/shop/refunds/R-1001', refund)).length, 1);
  });

  it('may end in a slash', async () => {
    assert.deepEqual(await askedOf('getRefund', 'GET /v1/shop/refunds/R-1001/'), ['R-1001', false]);
    assert.deepEqual(await askedOf('closeOrder', 'POST /v1/shop/orders/A-1001/close/'), ['A-1001']);
  });

  it('look at WeChat first for refresh=true, and only then', async () => {
    for (const [query, refresh] of [
      ['?refresh=true', true],
      ['?a=1&refresh=true', true],
      ['?refresh=TRUE', false],
      ['?refresh=1', false],
      ['?refresh', false],
      ['?refresh=true&refresh=true', false],
      ['?Refresh=true', false],
    ] as const) {
      const ofOrder = await askedOf('getOrder', `GET /v1/shop/orders/A-1001${query}`);
      const ofRefund = await askedOf('getRefund', `GET /v1/shop/refunds/R-1001${query}`);
      assert.deepEqual([...ofOrder, ...ofRefund], ['A-1001', refresh, 'R-1001', refresh], query);
    }
  });

  const authenticate = () => assert.fail('somebody was asked for a token');

  const allowed = [
    ['/v1/shop/orders/A-1001', 'GET, PUT'],
    ['/v1/shop/orders/A-1001/close', 'POST'],
    ['/v1/shop/orders/A-1001/resolve', 'POST'],
    ['/v1/shop/refunds/R-1001', 'GET, PUT'],
  ] as const;
  for (const [path, methods] of allowed) {
    it(`${path} knows ${methods} only`, async () => {
      for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'ANY']) {
        if (!methods.split(', ').includes(method)) {
          for (const end of ['', '/', '?refresh=true']) {
            const reply = await answerOf({ authenticate }, `${method} ${path}${end}`);
            assert.deepEqual([reply.status, reply.body['code']], [405, 'method_not_allowed']);
            assert.equal(reply.headers['allow'], methods);
          }
        }
      }
    });
  }

  it('are the only ones', async () => {
    for (const path of [
      '/',
      '/v1',
      '/v1/shop',
      '/v1/shop/orders',
      '/v1/shop/orders/',
      '/v1/shop/refunds/',
      '/v1//refunds/R-1001',
      '/v1/shop/refunds/R-1001/close',
      '/v1/shop/refunds/R-1001/resolve',
      '/v1/shop/orders/A-1001/refunds',
      '/v1/shop/orders/A-1001/resolve/x',
      '/v1/shop/orders/A%2F1001',
      '/v1/shop/bills/2026-11-21',
      '/V1/shop/orders/A-1001',
      '/x/v1/shop/orders/A-1001',
    ]) {
      for (const method of ['GET', 'PUT', 'POST']) {
        const reply = await answerOf({ authenticate }, `${method} ${path}`);
        assert.deepEqual([reply.status, reply.body['code']], [404, 'route_unknown'], path);
        assert.equal(reply.headers['allow'], undefined);
      }
    }
  });
});

describe('what is checked, and in which order', () => {
  for (const [request, scope, body] of operations) {
    const [method = '', path = ''] = request.split(' ');
    /** The same operation, of another account or with a number that is none. */
    const of = (name: string, number: string): string =>
      `${method} ${path.replace('/shop/', `/${name}/`).replace(/[AR]-1001/, number)}`;
    const unread = { get: () => assert.fail('read'), refresh: () => assert.fail('read') };

    it(`${request} needs a token before anything else`, async () => {
      const authenticate = () => Promise.reject(new AppError('token_invalid', 'no token'));
      await assert.rejects(answerOf({ authenticate, accounts: unread }, of('nobody', 'x')), {
        code: 'token_invalid',
      });
    });

    it(`${request} needs ${scope} before an account is looked up`, async () => {
      const others = [...merchant.scopes].filter((other) => other !== scope);
      for (const scopes of [[], others, [scope.toUpperCase()], [`${scope} `]]) {
        const principal = { tenant: account.tenant, scopes: new Set(scopes) };
        const jobs = { authenticate: () => Promise.resolve(principal), accounts: unread };
        const reply = await answerOf(jobs, of('nobody', 'x'));
        assert.deepEqual([reply.status, reply.body['code']], [403, 'scope_missing']);
      }
    });

    it(`${request} needs an account that the caller may see before a number`, async () => {
      const strangers = [
        { ...merchant, tenant: 'tenant-2' },
        { ...merchant, accounts: [] },
        { ...merchant, accounts: ['shop-2'] },
      ];
      for (const stranger of strangers) {
        const jobs = { authenticate: () => Promise.resolve(stranger) };
        const reply = await answerOf(jobs, of('shop', 'x'));
        assert.deepEqual([reply.status, reply.body['code']], [404, 'account_unknown']);
      }
      for (const name of ['nobody', 'Shop', 'shop%20', '%00', '__proto__', 'x'.repeat(33)]) {
        const reply = await answerOf({}, of(name, 'x'));
        assert.deepEqual([reply.status, reply.body['code']], [404, 'account_unknown'], name);
      }
    });

    it(`${request} needs a number before a body`, async () => {
      const name = path.includes('orders') ? '/out_trade_no' : '/out_refund_no';
      assert.deepEqual(await pointersOf(of('shop', 'a%20b'), { x: 1 }), [name]);
    });

    if (body !== undefined) {
      it(`${request} needs a body of 64 KB at most`, async () => {
        const text = JSON.stringify(body);
        for (const [length, status] of [
          [bodyLimitBytes, 400],
          [bodyLimitBytes + 1, 413],
          [bodyLimitBytes * 2, 413],
        ] as const) {
          // Spaces are JSON, but for the field that is one too many.
          const bytes = Buffer.from(`{"x":1,${text.slice(1)}`.padEnd(length));
          assert.equal((await call(jobsWith(), request, bytes)).status, status, `${length}`);
        }
      });
    }
  }

  it('a refusal of a job is answered with its code and nothing else', async () => {
    const jobs = jobsWith({ putRefund: () => Promise.resolve(refuse('refund_exceeds')) });
    const reply = await call(jobs, 'PUT /v1/shop/refunds/R-1001', refund);
    assert.deepEqual(
      [reply.status, reply.body],
      [
        409,
        {
          type: 'urn:wechatpay-serverless:problem:refund_exceeds',
          title: 'The amount is more than is left of what was paid.',
          status: 409,
          code: 'refund_exceeds',
          instance: 'urn:request:request-1',
        },
      ],
    );
  });
});

describe('the numbers in paths', () => {
  const illegal = [
    'A 1001',
    'A.1001',
    'A+1001',
    'A#1001',
    'A-1001\n',
    'A\u00001001',
    '订单号码一二三',
  ];
  const pathOf = (request: string, number: string): string =>
    request.replace('{number}', encodeURIComponent(number));

  async function numbers(
    request: string,
    pointer: string,
    detail: string,
    values: readonly string[],
  ): Promise<void> {
    for (const value of values) {
      const faults = await faultsOf(pathOf(request, value), {});
      assert.deepEqual(faults, [{ pointer, detail }], JSON.stringify(value));
    }
  }

  const ofOrder = 'must be 6 to 32 of 0-9 A-Z a-z _ - | *';
  for (const request of [
    'GET /v1/shop/orders/{number}',
    'PUT /v1/shop/orders/{number}',
    'POST /v1/shop/orders/{number}/close',
    'POST /v1/shop/orders/{number}/resolve',
  ]) {
    it(`${request} takes what WeChat takes as an order's`, async () => {
      const values = ['A', 'A-100', 'x'.repeat(33), 'A@1001', ...illegal];
      await numbers(request, '/out_trade_no', ofOrder, values);
    });
  }

  it('are passed on as they are', async () => {
    for (const number of ['A-1001', '0Az_-|*', '******', 'x'.repeat(32), 'back-1']) {
      const path = pathOf('GET /v1/shop/orders/{number}', number);
      assert.deepEqual(await askedOf('getOrder', path), [number, false]);
    }
    for (const number of ['R-1001', '0Az_-|*@', '@@@@@@', 'x'.repeat(64), 'Back-1', 'xback-1']) {
      const path = pathOf('PUT /v1/shop/refunds/{number}', number);
      const [asked] = await askedOf('putRefund', path, refund);
      assert.equal(Object(asked).out_refund_no, number);
    }
  });

  const newRefund = 'PUT /v1/shop/refunds/{number}';
  const oldRefund = 'GET /v1/shop/refunds/{number}';

  it('of new refunds have 6 to 64 characters that WeChat takes', async () => {
    const detail = 'must be 6 to 64 of 0-9 A-Z a-z _ - | * @';
    const values = ['R', 'R-100', 'back-', 'x'.repeat(65), ...illegal];
    await numbers(newRefund, '/out_refund_no', detail, values);
  });

  it('of new refunds are none of the automatic ones', async () => {
    const detail = 'must not begin with back-, which is reserved for automatic refunds';
    const values = ['back-1', 'back-A-1001', `back-${'x'.repeat(59)}`, 'back-back-A-1001'];
    await numbers(newRefund, '/out_refund_no', detail, values);
  });

  it('of refunds that are there may be short, and automatic', async () => {
    for (const number of ['R', 'back-', 'back-A-1001', 'x'.repeat(64)]) {
      assert.deepEqual(await askedOf('getRefund', pathOf(oldRefund, number)), [number, false]);
    }
    const detail = 'must be 1 to 64 of 0-9 A-Z a-z _ - | * @';
    await numbers(oldRefund, '/out_refund_no', detail, ['x'.repeat(65), ...illegal]);
  });
});
