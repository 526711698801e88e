import type { Examples } from './request-examples.ts';

const lesson = {
  merchant_sign_plan_no: 'sign-1001',
  service_introduction: '羽毛球基础课程',
  time_range: { start_time: '2026-11-21T11:00:00+08:00' },
};

/** Bodies of PayScore that the API takes; a test sends each of them to a running stack. */
export const payscoreRequests = {
  putPlan: {
    lessons: {
      service_id: '00004000000000162930000000000001',
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
    },
  },
  putSignPlan: {
    lessons: {
      merchant_plan_no: 'lessons-2026',
      openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      sign_plan_detail: [
        { plan_detail_no: 1, merchant_plan_detail_no: 'lesson-1001-1' },
        { plan_detail_no: 2, merchant_plan_detail_no: 'lesson-1001-2' },
        { plan_detail_no: 3, merchant_plan_detail_no: 'lesson-1001-3' },
      ],
    },
  },
  stopSignPlan: { withdrawn: { stop_reason: '学员退课' } },
  putServiceOrder: {
    lesson,
    everything: {
      ...lesson,
      time_range: {
        start_time: '20261121110000',
        end_time: '20261121130000',
        start_time_remark: '上课',
        end_time_remark: '下课',
      },
      location: { start_location: '1号馆', end_location: '1号馆' },
      attach: 'hall 4',
    },
  },
  completeServiceOrder: {
    lesson: {
      post_payments: [{ name: '第一节课', amount: 18_000 }],
      total_amount: 18_000,
      time_range: { end_time: '2026-11-21T13:00:00+08:00' },
    },
    everything: {
      post_payments: [{ name: '第一节课', amount: 18_000, description: '两小时', count: 1 }],
      post_discounts: [{ name: '优惠', amount: 1_000, description: '老学员', count: 1 }],
      total_amount: 17_000,
      time_range: {
        start_time: '20261121110500',
        end_time: '20261121130000',
        start_time_remark: '上课',
        end_time_remark: '下课',
      },
      location: { end_location: '1号馆' },
      profit_sharing: false,
      goods_tag: 'WXG',
    },
  },
  cancelServiceOrder: { ill: { reason: '教练请假' } },
  modifyServiceOrder: {
    lower: {
      post_payments: [{ name: '第一节课', amount: 18_000 }],
      post_discounts: [{ name: '优惠', amount: 3_000 }],
      total_amount: 15_000,
      reason: '少上半小时',
    },
  },
  syncServiceOrder: { cash: { paid_time: '2026-11-21T13:30:00+08:00' } },
} as const satisfies Readonly<Record<string, Examples>>;
