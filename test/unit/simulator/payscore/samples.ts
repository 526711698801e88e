import type { Plan } from '../../../../simulator/payscore/plan.ts';
import type { ServiceOrder } from '../../../../simulator/payscore/service-order.ts';
import type { SignPlan } from '../../../../simulator/payscore/sign-plan.ts';

export const NOW = Date.parse('2026-03-01T12:00:00+08:00');
export const DAY = 86_400_000;

/** The three lessons of the official guide. */
export const aPlan = (more: Partial<Plan> = {}): Plan => ({
  merchantPlanNo: 'plan-0001',
  serviceId: '500001',
  appid: 'wx8888888888888888',
  planName: '羽毛球课3节',
  durationDays: 300,
  deductionQuantity: 3,
  totalOriginalPrice: 54000,
  totalActualPrice: 30000,
  details: [detail(1, 18000), detail(2, 12000), detail(3, 0)],
  fingerprint: '{}',
  mchid: '1900000109',
  planId: '01000033210033539462000000008179',
  createdAtMs: NOW,
  stoppedAtMs: undefined,
  ...more,
});

export const detail = (planDetailNo: number, actualPrice: number, originalPrice = 18000) => ({
  planDetailNo,
  planDetailName: `第${planDetailNo}节课`,
  originalPrice,
  actualPrice,
  discountDescription: undefined,
});

export const aSignPlan = (more: Partial<SignPlan> = {}): SignPlan => ({
  merchantSignPlanNo: 'sign-0001',
  serviceId: '500001',
  planId: '01000033210033539462000000008179',
  appid: 'wx8888888888888888',
  openid: 'o-payer',
  notifyUrl: 'https://pay.example.com/notify',
  detailNumbers: [1, 2, 3].map((no) => ({
    planDetailNo: no,
    merchantPlanDetailNo: `lesson-${no}`,
  })),
  fingerprint: '{}',
  mchid: '1900000109',
  signPlanId: '01020033210024539462000000008173',
  plan: aPlan(),
  packageText: 'package',
  createdAtMs: NOW,
  signed: undefined,
  overAtMs: undefined,
  cancelled: undefined,
  lapsed: false,
  ...more,
});

export const anOrder = (more: Partial<ServiceOrder> = {}): ServiceOrder => ({
  outOrderNo: 'lesson-1',
  serviceId: '500001',
  signPlanId: '01020033210024539462000000008173',
  planDetailNo: 1,
  appid: 'wx8888888888888888',
  openid: 'o-payer',
  notifyUrl: 'https://pay.example.com/notify',
  serviceIntroduction: '羽毛球基础课程',
  timeRange: { start_time: '20260301091010' },
  location: {},
  attach: undefined,
  fingerprint: '{}',
  mchid: '1900000109',
  orderId: '15000020260301120000100000000001',
  queryId: 'query',
  merchantSignPlanNo: 'sign-0001',
  detailPrice: 18000,
  createdAtMs: NOW,
  confirmed: { atMs: NOW, noticeId: 'n-1' },
  completion: undefined,
  collected: [],
  cancelled: undefined,
  charging: false,
  failedCharges: 0,
  ...more,
});
