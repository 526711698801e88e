import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client } from '../../../client/src/index.ts';
import { answer, createClientWorld, problem } from './world.ts';

const base = 'https://pay.example.com/v1/shop/payscore';

const shown = {
  mchid: '1900000001',
  appid: 'wxd678efh567hg6787',
  service_id: '00004000000000162930000000000001',
  created_at: '2026-11-21T04:00:20.000Z',
  history: [],
  history_count: 0,
};
const planView = {
  ...shown,
  merchant_plan_no: 'lessons',
  status: 'CREATED',
  plan_name: '羽毛球课',
  plan_duration: 300,
  plan_detail_list: [{ plan_detail_no: 1, original_price: 18_000, actual_price: 0 }],
  pending_command: 'create-plan',
};
const launch = {
  mini_program: { business_type: 'wxpayScorePlan', extra_data: { package: 'p' } },
  web: { business_type: 'wxpayScorePlan', query_string: 'package=p' },
  app: { business_type: 'wxpayScorePlan', query: 'package=p' },
};
const signPlanView = {
  ...shown,
  merchant_sign_plan_no: 'sign-1',
  merchant_plan_no: 'lessons',
  status: 'UNSIGNED',
  plan_id: '1',
  details: [
    {
      plan_detail_no: 1,
      merchant_plan_detail_no: 'lesson-1',
      actual_price: 0,
      plan_detail_state: 'NOT_USED',
    },
  ],
  package: 'p',
  launch,
  last_command: { name: 'create-sign-plan', outcome: 'done' },
};
const serviceOrderView = {
  ...shown,
  out_order_no: 'lesson-1',
  status: 'COMPLETED',
  total_amount: 18_000,
  last_command: { name: 'cancel', outcome: 'refused', reason: 'INVALID_ORDER_STATE' },
  refunds: [{ out_refund_no: 'R-1', amount: { refund: 1, currency: 'CNY' }, status: 'PROCESSING' }],
};

const plan = {
  service_id: shown.service_id,
  plan_name: '羽毛球课',
  plan_duration: 300,
  deduction_quantity: 1,
  total_original_price: 18_000,
  total_actual_price: 0,
  plan_detail_list: [{ plan_detail_name: '一', original_price: 18_000, actual_price: 0 }],
};
const signPlan = {
  merchant_plan_no: 'lessons',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  sign_plan_detail: [{ plan_detail_no: 1, merchant_plan_detail_no: 'lesson-1' }],
};
const lesson = {
  merchant_sign_plan_no: 'sign-1',
  service_introduction: '课',
  time_range: { start_time: '20261121110000' },
};
const charge = { post_payments: [{ name: '课', amount: 1 }], total_amount: 1 };

/** Every call, what it sends, and what it is answered. */
const calls: readonly (readonly [
  string,
  (client: Client, number: string) => Promise<object>,
  string,
  object | undefined,
  object,
])[] = [
  ['lessons', (client, no) => client.putPlan(no, plan), 'PUT plans/lessons', plan, planView],
  ['lessons', (client, no) => client.getPlan(no), 'GET plans/lessons', undefined, planView],
  [
    'lessons',
    (client, no) => client.getPlan(no, { refresh: true }),
    'GET plans/lessons?refresh=true',
    undefined,
    { ...planView, refreshed: true },
  ],
  ['lessons', (client, no) => client.stopPlan(no), 'POST plans/lessons/stop', undefined, planView],
  [
    'sign-1',
    (client, no) => client.putSignPlan(no, signPlan),
    'PUT sign-plans/sign-1',
    signPlan,
    signPlanView,
  ],
  [
    'sign-1',
    (client, no) => client.getSignPlan(no, { refresh: true }),
    'GET sign-plans/sign-1?refresh=true',
    undefined,
    signPlanView,
  ],
  [
    'sign-1',
    (client, no) => client.stopSignPlan(no, { stop_reason: 'x' }),
    'POST sign-plans/sign-1/stop',
    { stop_reason: 'x' },
    signPlanView,
  ],
  [
    'lesson-1',
    (client, no) => client.putServiceOrder(no, lesson),
    'PUT service-orders/lesson-1',
    lesson,
    serviceOrderView,
  ],
  [
    'lesson-1',
    (client, no) => client.getServiceOrder(no),
    'GET service-orders/lesson-1',
    undefined,
    serviceOrderView,
  ],
  [
    'lesson-1',
    (client, no) => client.completeServiceOrder(no, charge),
    'POST service-orders/lesson-1/complete',
    charge,
    serviceOrderView,
  ],
  [
    'lesson-1',
    (client, no) => client.cancelServiceOrder(no, { reason: 'x' }),
    'POST service-orders/lesson-1/cancel',
    { reason: 'x' },
    serviceOrderView,
  ],
  [
    'lesson-1',
    (client, no) => client.modifyServiceOrder(no, { ...charge, reason: 'x' }),
    'POST service-orders/lesson-1/modify',
    { ...charge, reason: 'x' },
    serviceOrderView,
  ],
  [
    'lesson-1',
    (client, no) => client.syncServiceOrder(no, { paid_time: '20261121133000' }),
    'POST service-orders/lesson-1/sync',
    { paid_time: '20261121133000' },
    serviceOrderView,
  ],
  [
    'lesson-1',
    (client, no) => client.payServiceOrder(no),
    'POST service-orders/lesson-1/pay',
    undefined,
    serviceOrderView,
  ],
];

describe('a call about PayScore', () => {
  for (const [number, act, line, body, view] of calls) {
    it(`sends ${line}, and shows what it is answered`, async () => {
      const { client, sent, plan } = createClientWorld();
      plan(answer(200, view));
      assert.deepEqual(await act(client, number), view);
      const [first = assert.fail('nothing was sent')] = sent;
      assert.equal(first.line, line.replace(' ', ` ${base}/`));
      assert.deepEqual(first.body && JSON.parse(first.body), body);
      assert.equal(sent.length, 1);
    });

    it(`sends nothing of ${line} for a number that is none`, async () => {
      const { client, sent } = createClientWorld();
      const pointers = {
        lessons: '/merchant_plan_no',
        'sign-1': '/merchant_sign_plan_no',
        'lesson-1': '/out_order_no',
      };
      const pointer = Object.entries(pointers).find(([each]) => each === number)?.[1];
      for (const none of ['', '.', '..', '\ud800']) {
        await assert.rejects(act(client, none), {
          code: 'request_invalid',
          errors: [{ pointer, detail: 'is not a number of the merchant' }],
        });
      }
      assert.equal(sent.length, 0);
    });

    it(`keeps the number of ${line} one part of the path`, async () => {
      const { client, sent, plan } = createClientWorld();
      plan(answer(200, view));
      await act(client, 'a/../b?x=*');
      assert.match(sent[0]?.line ?? '', /\/a%2F\.\.%2Fb%3Fx%3D\*(\/|\?|$)/);
    });

    it(`sends ${line} again with the same bytes while that can help`, async () => {
      const { client, sent, plan } = createClientWorld();
      plan(problem(409, 'command_pending'), problem(503, 'store_unavailable'), answer(202, view));
      assert.deepEqual(await act(client, number), view);
      assert.equal(sent.length, 3);
      assert.equal(new Set(sent.map((each) => `${each.line} ${each.body}`)).size, 1);
    });
  }

  for (const code of ['sum_wrong', 'plan_conflict', 'detail_too_early', 'wechat_refused']) {
    it(`is not sent again after ${code}`, async () => {
      const { client, sent, plan } = createClientWorld();
      plan(problem(409, code));
      await assert.rejects(client.payServiceOrder('lesson-1'), { code, retryable: false });
      assert.equal(sent.length, 1);
    });
  }
});

describe('an answer about PayScore', () => {
  const asking: readonly (readonly [string, (client: Client) => Promise<object>, object])[] = [
    ['a plan', (client) => client.getPlan('lessons'), planView],
    ['a sign plan', (client) => client.getSignPlan('sign-1'), signPlanView],
    ['a service order', (client) => client.getServiceOrder('lesson-1'), serviceOrderView],
  ];
  for (const [what, act, view] of asking) {
    it(`is not believed as ${what} with a field of another kind`, async () => {
      for (const [name, value] of Object.entries(view)) {
        const wrongs = [null, true, typeof value === 'string' ? 1 : 'x', [null]];
        for (const wrong of wrongs) {
          const { client, plan } = createClientWorld();
          plan(answer(200, { ...view, [name]: wrong }));
          await assert.rejects(act(client), { code: 'answer_unexpected' }, `${name} ${wrong}`);
        }
      }
    });

    it(`is not believed as ${what} without what is always there`, async () => {
      for (const name of [...Object.keys(shown), 'status']) {
        const { client, plan } = createClientWorld();
        plan(answer(200, { ...view, [name]: undefined }));
        await assert.rejects(act(client), { code: 'answer_unexpected' }, name);
      }
    });

    it(`is not believed as ${what} when it is another thing`, async () => {
      for (const [other, , another] of asking) {
        const { client, plan } = createClientWorld();
        plan(answer(200, another));
        if (other !== what) {
          await assert.rejects(act(client), { code: 'answer_unexpected' }, other);
        }
      }
    });

    it(`may have fields and words of a later release in ${what}`, async () => {
      const { client, plan } = createClientWorld();
      const later = { ...view, status: 'PAUSED', extra: {} };
      plan(answer(200, later));
      assert.deepEqual(await act(client), later);
    });
  }

  for (const [what, wrong] of [
    ['a price as text', { details: [{ ...signPlanView.details[0], actual_price: '0' }] }],
    ['a detail without its number', { details: [{ plan_detail_no: 1 }] }],
    ['half a launch', { launch: { ...launch, app: undefined } }],
    ['a launch without its package', { launch: { ...launch, mini_program: {} } }],
    ['a command without its end', { last_command: { name: 'x' } }],
  ] as const) {
    it(`is not believed with ${what}`, async () => {
      const { client, plan } = createClientWorld();
      plan(answer(200, { ...signPlanView, ...wrong }));
      await assert.rejects(client.getSignPlan('sign-1'), { code: 'answer_unexpected' });
    });
  }
});
