import assert from 'node:assert/strict';
import {
  askedOf,
  badCharacters,
  type JobName,
  notNumbers,
  notTexts,
  pointersOf,
  refusedIn,
  withAt,
} from './support.ts';

const serviceId = '00004000000000162930000000000001';

/** Three lessons, as a school sells them. */
export const plan = {
  service_id: serviceId,
  appid: 'wxd678efh567hg6787',
  plan_name: '羽毛球课3节',
  plan_duration: 300,
  deduction_quantity: 3,
  total_original_price: 54_000,
  total_actual_price: 30_000,
  plan_detail_list: [
    { plan_detail_name: '第一节课', original_price: 18_000, actual_price: 18_000 },
    {
      plan_detail_name: '第二节课',
      original_price: 18_000,
      actual_price: 12_000,
      plan_discount_description: '优惠60元',
    },
    { plan_detail_name: '第三节课', original_price: 18_000, actual_price: 0 },
  ],
};
export const signPlan = {
  merchant_plan_no: 'lessons-2026',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  sign_plan_detail: [
    { plan_detail_no: 1, merchant_plan_detail_no: 'lesson-1' },
    { plan_detail_no: 2, merchant_plan_detail_no: 'lesson-2' },
  ],
};
export const signPlanStop = { stop_reason: '学员退课' };
export const serviceOrder = {
  merchant_sign_plan_no: 'sign-1',
  service_introduction: '羽毛球基础课程',
  time_range: {
    start_time: '2026-11-21T11:00:00+08:00',
    end_time: '20261121130000',
    start_time_remark: '上课',
    end_time_remark: '下课',
  },
  location: { start_location: '1号馆', end_location: '2号馆' },
  attach: 'hall 4',
};
const charge = {
  post_payments: [
    { name: '第二节课', amount: 18_000, description: '两小时', count: 1 },
    { name: '租拍', amount: 500 },
  ],
  post_discounts: [{ name: '优惠', amount: 6_500, description: '老学员', count: 1 }],
  total_amount: 12_000,
};
export const completion = {
  ...charge,
  time_range: { ...serviceOrder.time_range },
  location: { end_location: '2号馆' },
  profit_sharing: false,
  goods_tag: 'WXG',
};
export const modification = { ...charge, reason: '少上半小时' };
export const cancellation = { reason: '教练请假' };
export const payment = { paid_time: '2026-11-21T13:30:00+08:00' };

/** One kind of request: what answers it, and a body that is right. */
export type Bodied = { readonly job: JobName; readonly request: string; readonly body: object };

const order = '/v1/shop/payscore/service-orders/lesson-1';

/** Every PayScore request that has a body. */
export const bodied = {
  plan: { job: 'putPlan', request: 'PUT /v1/shop/payscore/plans/lessons-2026', body: plan },
  signPlan: {
    job: 'putSignPlan',
    request: 'PUT /v1/shop/payscore/sign-plans/sign-1',
    body: signPlan,
  },
  signPlanStop: {
    job: 'stopSignPlan',
    request: 'POST /v1/shop/payscore/sign-plans/sign-1/stop',
    body: signPlanStop,
  },
  serviceOrder: { job: 'putServiceOrder', request: `PUT ${order}`, body: serviceOrder },
  complete: { job: 'commandServiceOrder', request: `POST ${order}/complete`, body: completion },
  modify: { job: 'commandServiceOrder', request: `POST ${order}/modify`, body: modification },
  cancel: { job: 'commandServiceOrder', request: `POST ${order}/cancel`, body: cancellation },
  sync: { job: 'commandServiceOrder', request: `POST ${order}/sync`, body: payment },
} as const satisfies Readonly<Record<string, Bodied>>;

/** What the job is asked for when a body is accepted. */
export async function acceptedBy(
  { job, request }: Bodied,
  body: unknown,
): Promise<Record<string, unknown>> {
  const [asked] = await askedOf(job, request, body);
  return Object(asked);
}

const refusedAt = ({ request, body }: Bodied, pointer: string, values: readonly unknown[]) =>
  refusedIn(request, body, pointer, values);

const bad = Object.values(badCharacters).map((character) => `a${character}b`);

/** A text of one to `most` characters that WeChat takes, Chinese ones too. */
export async function isText(kind: Bodied, pointer: string, most: number): Promise<void> {
  for (const text of ['x', 'x'.repeat(most), '课'.repeat(most)]) {
    await acceptedBy(kind, withAt(kind.body, pointer, text));
  }
  const long = ['x'.repeat(most + 1), '课'.repeat(most + 1)];
  await refusedAt(kind, pointer, [...notTexts, ...long, ...bad]);
}

/** A whole number from `least` to `most`, written as one. */
export async function isWhole(
  kind: Bodied,
  pointer: string,
  least: number,
  most = 2_147_483_647,
): Promise<void> {
  for (const value of [least, most]) {
    await acceptedBy(kind, withAt(kind.body, pointer, value));
  }
  await refusedAt(kind, pointer, [...notNumbers, least - 1, most + 1, 9_007_199_254_740_992]);
  const mark = 987_654_321;
  const text = JSON.stringify(withAt(kind.body, pointer, mark));
  for (const written of ['1e2', '1E2', '100.0', '1.5e3', '1e400', '-0', '-5', '"100"', '0.5']) {
    const body = Buffer.from(text.replace(String(mark), written));
    assert.deepEqual(await pointersOf(kind.request, body), [pointer], written);
  }
}

/** A number of the merchant's, as WeChat's PayScore takes them. */
export async function isNumber(kind: Bodied, pointer: string): Promise<void> {
  for (const number of ['1', 'Lesson_*-9', 'x'.repeat(32)]) {
    await acceptedBy(kind, withAt(kind.body, pointer, number));
  }
  const others = ['x'.repeat(33), 'a|b', 'a@b', 'a b', 'a.b', 'a/b', 'a\n', '课', '🍵'];
  await refusedAt(kind, pointer, [...notTexts, ...others]);
}

/** Moments that are told in other ways than RFC 3339 with a zone, or 14 digits in Beijing. */
const notMoments: readonly unknown[] = [
  ...notTexts,
  20_261_121_130_000,
  '2026-11-21',
  '20261121',
  '2026-11-21 13:00:00+08:00',
  '2026-11-21T13:00:00',
  '2026-11-21T24:00:00Z',
  '2026-02-30T13:00:00Z',
  '2026-11-21T13:00:00+0800',
  '1969-12-31T23:59:59Z',
  '9999-12-31T23:59:59Z',
  '20260230130000',
  '20261321130000',
  '20261121240000',
  '20261121136000',
  '20261121130060',
  '2026112113000',
  '202611211300000',
  '20261121130000Z',
  '20261121T130000',
  '２０２６１１２１１３００００',
  ' 20261121130000',
  '20261121130000\n',
];

/** A moment in one of the two ways. */
export async function isMoment(kind: Bodied, pointer: string): Promise<void> {
  for (const text of [
    '2026-11-21T05:00:00Z',
    '2026-11-21T13:00:00.999+08:00',
    '20261121130000',
    '20240229000000',
    '99991231235959',
  ]) {
    await acceptedBy(kind, withAt(kind.body, pointer, text));
  }
  await refusedAt(kind, pointer, notMoments);
}
