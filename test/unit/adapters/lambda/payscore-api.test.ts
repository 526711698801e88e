import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MerchantJobs } from '#adapters/lambda/merchant-api.ts';
import { AppError } from '#core/errors.ts';
import { refuse } from '#core/refusal.ts';
import { account } from '../../../support/order-builder.ts';
import { acceptedBy, bodied } from './payscore-bodies.ts';
import {
  askedOf,
  bodyLimitBytes,
  call,
  faultsOf,
  type JobName,
  jobsWith,
  merchant,
  pointersOf,
  type Reply,
} from './support.ts';

const plan = '/v1/shop/payscore/plans/lessons-2026';
const signPlan = '/v1/shop/payscore/sign-plans/sign-1';
const serviceOrder = '/v1/shop/payscore/service-orders/lesson-1';

/** Those without a body: what they ask for. */
const bodiless: readonly (readonly [JobName, string, readonly unknown[]])[] = [
  ['getPlan', `GET ${plan}`, ['lessons-2026', false]],
  ['stopPlan', `POST ${plan}/stop`, ['lessons-2026']],
  ['getSignPlan', `GET ${signPlan}`, ['sign-1', false]],
  ['getServiceOrder', `GET ${serviceOrder}`, ['lesson-1', false]],
  [
    'commandServiceOrder',
    `POST ${serviceOrder}/pay`,
    [{ request: { name: 'pay' }, sha256: 'pay', out_order_no: 'lesson-1' }],
  ],
];

const operations = [
  ...bodiless.map(([, request]) => [request, undefined] as const),
  ...Object.values(bodied).map(({ request, body }) => [request, body] as const),
];

const scopeOf = (request: string): string =>
  request.startsWith('GET') ? 'payscore:read' : 'payscore:write';

function answerOf(jobs: Partial<MerchantJobs>, request: string): Promise<Reply> {
  // A body that every operation would refuse, had it been read.
  return call(jobsWith(jobs), request, { x: 1 });
}

describe('the routes of PayScore', () => {
  for (const [job, request, asked] of bodiless) {
    it(`lead to their job: ${request}`, async () => {
      assert.deepEqual(await askedOf(job, request), asked);
      assert.deepEqual(await askedOf(job, `${request}/`), asked);
      assert.deepEqual(await askedOf(job, request, { x: 1 }), asked, 'a body is not read');
    });
  }

  for (const kind of Object.values(bodied)) {
    it(`lead to their job: ${kind.request}`, async () => {
      await acceptedBy(kind, kind.body);
      await acceptedBy({ ...kind, request: `${kind.request}/` }, kind.body);
    });
  }

  it('look at WeChat first for refresh=true, and only then', async () => {
    for (const [job, request, [number]] of bodiless.filter(([job]) => job.startsWith('get'))) {
      for (const [query, refresh] of [
        ['?refresh=true', true],
        ['?refresh=TRUE', false],
        ['?refresh=1', false],
        ['?refresh=true&refresh=true', false],
      ] as const) {
        assert.deepEqual(await askedOf(job, `${request}${query}`), [number, refresh], query);
      }
    }
  });

  const authenticate = () => assert.fail('somebody was asked for a token');

  for (const [path, methods] of [
    [plan, 'GET, PUT'],
    [`${plan}/stop`, 'POST'],
    [signPlan, 'GET, PUT'],
    [`${signPlan}/stop`, 'POST'],
    [serviceOrder, 'GET, PUT'],
    ...['complete', 'cancel', 'modify', 'sync', 'pay'].map(
      (name) => [`${serviceOrder}/${name}`, 'POST'] as const,
    ),
  ] as const) {
    it(`${path} knows ${methods} only`, async () => {
      for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD']) {
        if (!methods.split(', ').includes(method)) {
          const reply = await answerOf({ authenticate }, `${method} ${path}`);
          assert.deepEqual([reply.status, reply.headers['allow']], [405, methods]);
        }
      }
    });
  }

  it('are the only ones', async () => {
    for (const path of [
      '/v1/shop/payscore',
      '/v1/shop/payscore/plans',
      '/v1/shop/payscore/plans/',
      '/v1/shop/payscore/plan/lessons-2026',
      '/v1/shop/payscore/plans/lessons-2026/start',
      '/v1/shop/payscore/plans/lessons-2026/stop/x',
      '/v1/shop/payscore/sign-plans/sign-1/pay',
      '/v1/shop/payscore/signplans/sign-1',
      '/v1/shop/payscore/service-orders/lesson-1/stop',
      '/v1/shop/payscore/service-orders/lesson-1/Complete',
      '/v1/shop/service-orders/lesson-1',
      '/v1/payscore/plans/lessons-2026',
    ]) {
      for (const method of ['GET', 'PUT', 'POST']) {
        const reply = await answerOf({ authenticate }, `${method} ${path}`);
        assert.deepEqual([reply.status, reply.body['code']], [404, 'route_unknown'], path);
      }
    }
  });
});

describe('what is checked of PayScore, and in which order', () => {
  for (const [request, body] of operations) {
    const scope = scopeOf(request);
    const [method = '', path = ''] = request.split(' ');
    const of = (name: string, number: string): string =>
      `${method} ${path.replace('/shop/', `/${name}/`).replace(/lessons-2026|sign-1|lesson-1/, number)}`;
    const unread = { get: () => assert.fail('read'), refresh: () => assert.fail('read') };

    it(`${request} needs a token before anything else`, async () => {
      const authenticate = () => Promise.reject(new AppError('token_invalid', 'no token'));
      await assert.rejects(answerOf({ authenticate, accounts: unread }, of('nobody', 'x')), {
        code: 'token_invalid',
      });
    });

    it(`${request} needs ${scope} before an account is looked up`, async () => {
      const others = [...merchant.scopes].filter((other) => other !== scope);
      for (const scopes of [[], others, ['payscore'], [scope.toUpperCase()]]) {
        const principal = { tenant: account.tenant, scopes: new Set(scopes) };
        const jobs = { authenticate: () => Promise.resolve(principal), accounts: unread };
        const reply = await answerOf(jobs, of('nobody', 'x'));
        assert.deepEqual([reply.status, reply.body['code']], [403, 'scope_missing']);
      }
    });

    it(`${request} needs an account that the caller may see before a number`, async () => {
      for (const stranger of [
        { ...merchant, tenant: 'tenant-2' },
        { ...merchant, accounts: ['shop-2'] },
      ]) {
        const jobs = { authenticate: () => Promise.resolve(stranger) };
        const reply = await answerOf(jobs, of('shop', '%20'));
        assert.deepEqual([reply.status, reply.body['code']], [404, 'account_unknown']);
      }
      const reply = await answerOf({}, of('nobody', '%20'));
      assert.deepEqual([reply.status, reply.body['code']], [404, 'account_unknown']);
    });

    it(`${request} needs a number before a body`, async () => {
      const [, , , , kind = ''] = path.split('/');
      const name = { plans: 'merchant_plan_no', 'sign-plans': 'merchant_sign_plan_no' }[kind];
      const pointer = `/${name ?? 'out_order_no'}`;
      const detail = 'must be 1 to 32 of 0-9 A-Z a-z _ - *';
      for (const number of ['a b', 'x'.repeat(33), 'a|b', 'a@b', 'a.b', 'a\n', '课', '🍵', 'a\0']) {
        const at = of('shop', encodeURIComponent(number));
        assert.deepEqual(await faultsOf(at, { x: 1 }), [{ pointer, detail }], number);
      }
    });

    if (body !== undefined) {
      it(`${request} needs a body of 64 KB at most`, async () => {
        // Spaces are JSON, but for the field that is one too many.
        const text = Buffer.from(`{"x":1,${JSON.stringify(body).slice(1)}`);
        for (const [length, status] of [
          [bodyLimitBytes, 400],
          [bodyLimitBytes + 1, 413],
        ] as const) {
          const bytes = Buffer.concat([text, Buffer.alloc(length - text.length, ' ')]);
          assert.equal((await call(jobsWith(), request, bytes)).status, status, `${length}`);
        }
      });

      it(`${request} needs a body`, async () => {
        for (const nothing of [new Uint8Array(), Buffer.from('[]'), Buffer.from('null')]) {
          assert.deepEqual(await pointersOf(request, nothing), ['']);
        }
      });
    }
  }
});

describe('a refusal of PayScore', () => {
  const putting = bodied.plan;
  for (const [code, pointer, status, detail] of [
    ['service_unknown', '/service_id', 400, 'is not one of the account'],
    ['price_rises', '/plan_detail_list/2/actual_price', 400, 'is higher than the one before it'],
    ['sum_wrong', '/total_actual_price', 400, 'is not the sum of its parts'],
    ['plan_not_open', '/merchant_plan_no', 409, 'names a plan that is not made yet, or stopped'],
  ] as const) {
    it(`says where it is: ${code}`, async () => {
      const jobs = { putPlan: () => Promise.resolve(refuse(code, { pointer })) };
      const reply = await call(jobsWith(jobs), putting.request, putting.body);
      assert.deepEqual([reply.status, reply.body['code']], [status, code]);
      assert.deepEqual(reply.body['errors'], [{ pointer, detail }]);
    });
  }

  it('names no field where none is at fault', async () => {
    const jobs = { putPlan: () => Promise.resolve(refuse('plan_conflict')) };
    const reply = await call(jobsWith(jobs), putting.request, putting.body);
    assert.deepEqual([reply.status, reply.body['errors']], [409, undefined]);
  });

  it('has WeChat’s own code where WeChat refused', async () => {
    const refusal = refuse('wechat_refused', { wechatCode: 'PARAM_ERROR' });
    const jobs = { putPlan: () => Promise.resolve(refusal) };
    const reply = await call(jobsWith(jobs), putting.request, putting.body);
    assert.deepEqual([reply.status, reply.body['wechat_code']], [422, 'PARAM_ERROR']);
  });
});
