import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NewPlan, type NewPlanDetail, newPlanRecord } from '#core/subjects/plan/start.ts';
import { isAppid } from '#core/values/ids.ts';
import { account, appid, checked, moment, secondAppid } from '../../fixtures.ts';
import { notedAt, otherServiceId, school, serviceId, sha } from '../../payscore/fixtures.ts';
import { newPlan, planOf, planRecord } from './fixtures.ts';

/** `POST /v3/payscore/plan/payscore-plans`, as the documents write its body. */
const body = {
  service_id: '00004000000000162930000000000001',
  appid: 'wx8888888888888888',
  plan_name: '羽毛球课3节',
  plan_duration: 300,
  deduction_quantity: 3,
  total_original_price: 54_000,
  total_actual_price: 30_000,
  plan_detail_list: [
    { original_price: 18_000, actual_price: 18_000, plan_detail_name: '第一节课' },
    {
      original_price: 18_000,
      plan_discount_description: '优惠60元',
      actual_price: 12_000,
      plan_detail_name: '第二节课',
    },
    { original_price: 18_000, actual_price: 0, plan_detail_name: '第三节课' },
  ],
  merchant_plan_no: 'lessons-2026',
};

function refusalOf(changes: Partial<NewPlan>, of = school) {
  const answer = newPlanRecord({ ...newPlan, ...changes }, of, notedAt);
  return answer.ok ? undefined : answer.refusal;
}

/** The same plan with other prices; its totals are theirs. */
function priced(...prices: readonly (readonly [original: number, actual: number])[]) {
  const plan_detail_list = prices.map(
    ([original_price, actual_price]): NewPlanDetail => ({
      plan_detail_name: '课',
      original_price,
      actual_price,
    }),
  );
  return {
    plan_detail_list,
    deduction_quantity: prices.length,
    total_original_price: prices.reduce((sum, [original]) => sum + original, 0),
    total_actual_price: prices.reduce((sum, [, actual]) => sum + actual, 0),
  };
}

describe('a new plan', () => {
  it('is a record whose creation is pending with exactly this body', () => {
    const { data, ...envelope } = planRecord();
    assert.deepEqual(envelope, {
      key: { kind: 'plan', mchid: '1900000001', number: 'lessons-2026' },
      account: 'shop',
      status: 'CREATED',
      version: 1,
      history: [],
      historyCount: 0,
      outbox: [],
      eventCounts: {},
      dueAt: moment('2026-11-21T04:02:00Z'),
      leases: 0,
      unknownLooks: 0,
    });
    assert.deepEqual(data, {
      service_id: serviceId,
      appid,
      plan_name: '羽毛球课3节',
      plan_duration: 300,
      details: [
        { original_price: 18_000, actual_price: 18_000 },
        { original_price: 18_000, actual_price: 12_000 },
        { original_price: 18_000, actual_price: 0 },
      ],
      createdAt: notedAt,
      bodySha256: sha,
      requestId: newPlan.requestId,
      pending: {
        name: 'create-plan',
        body: JSON.stringify(body),
        sha256: sha,
        at: notedAt,
        refusals: 0,
      },
    });
  });

  it('is sent for the appid that was asked for', () => {
    const answer = newPlanRecord({ ...newPlan, appid: secondAppid }, school, notedAt);
    assert.ok(answer.ok);
    const plan = planOf(answer.value);
    assert.equal(plan.appid, secondAppid);
    assert.deepEqual(JSON.parse(plan.pending?.body ?? ''), { ...body, appid: secondAppid });
  });

  for (const [what, changes] of [
    ['as long as the service allows', { plan_duration: 300 }],
    ['of one detail', priced([100, 100])],
    ['of details that cost the same', priced([100, 100], [100, 100], [100, 100])],
    ['of details that cost nothing', priced([100, 0], [0, 0])],
    ['whose original prices rise', priced([100, 100], [200, 100])],
  ] as const) {
    it(`may be ${what}`, () => {
      assert.equal(refusalOf(changes), undefined);
    });
  }

  for (const [what, changes, code, pointer] of [
    [
      'with an appid of another merchant',
      { appid: checked(isAppid, 'wx6666666666666666') },
      'request_invalid',
      '/appid',
    ],
    ['of another service', { service_id: otherServiceId }, 'service_unknown', '/service_id'],
    ['a day too long', { plan_duration: 301 }, 'plan_too_long', '/plan_duration'],
    [
      'of one detail too many',
      priced([4, 4], [3, 3], [2, 2], [1, 1]),
      'deductions_exceed',
      '/deduction_quantity',
    ],
    [
      'of fewer details than it says',
      { ...priced([2, 2], [1, 1]), deduction_quantity: 3 },
      'details_miscounted',
      '/plan_detail_list',
    ],
    [
      'of more details than it says',
      { ...priced([2, 2], [1, 1]), deduction_quantity: 1 },
      'details_miscounted',
      '/plan_detail_list',
    ],
    [
      'with a price above its original',
      priced([200, 200], [99, 100]),
      'price_above_original',
      '/plan_detail_list/1/actual_price',
    ],
    [
      'with a first price above its original',
      priced([199, 200], [100, 100]),
      'price_above_original',
      '/plan_detail_list/0/actual_price',
    ],
    [
      'with a price above the one before',
      priced([200, 100], [200, 101], [200, 101]),
      'price_rises',
      '/plan_detail_list/1/actual_price',
    ],
    [
      'with a price above one that was nothing',
      priced([200, 100], [200, 0], [200, 1]),
      'price_rises',
      '/plan_detail_list/2/actual_price',
    ],
    [
      'with a fen too much of original price',
      { total_original_price: 54_001 },
      'sum_wrong',
      '/total_original_price',
    ],
    [
      'with a fen too little of original price',
      { total_original_price: 53_999 },
      'sum_wrong',
      '/total_original_price',
    ],
    [
      'with a fen too much of price',
      { total_actual_price: 30_001 },
      'sum_wrong',
      '/total_actual_price',
    ],
    [
      'with a fen too little of price',
      { total_actual_price: 29_999 },
      'sum_wrong',
      '/total_actual_price',
    ],
    [
      'whose two totals are taken for each other',
      { total_original_price: 30_000, total_actual_price: 54_000 },
      'sum_wrong',
      '/total_original_price',
    ],
  ] as const) {
    it(`${what} is refused with ${code} at ${pointer}`, () => {
      assert.deepEqual(refusalOf(changes), { code, pointer });
    });
  }

  it('is refused where the merchant has no service at all', () => {
    const refusal = { code: 'service_unknown', pointer: '/service_id' };
    assert.deepEqual(refusalOf({}, account), refusal);
    assert.deepEqual(refusalOf({}, { ...account, services: [] }), refusal);
  });
});
