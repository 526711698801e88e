import type { CommandName, PayscoreCommand } from '#core/payscore/evidence.ts';
import { isMchid, isMerchantPlanNo, isMerchantSignPlanNo, isOutOrderNo } from '#core/values/ids.ts';
import { known } from './support.ts';

// As WeChat's own samples print them, with values that fit together.

const mchid = known('1900007291', isMchid);
export const plan = { mchid, number: known('plan-2026_11*', isMerchantPlanNo) };
export const signPlan = { mchid, number: known('sign-7*', isMerchantSignPlanNo) };
export const serviceOrder = { mchid, number: known('lesson-7_2', isOutOrderNo) };

export const planAnswer = {
  plan_id: '01000033210032606914000000007983',
  service_id: '00109000000000169034377913212082',
  mchid: '1900007291',
  appid: 'wxd678efh567hg6787',
  merchant_plan_no: 'plan-2026_11*',
  plan_name: '瑜伽课3节',
  plan_duration: 30,
  plan_state: 'NORMAL',
  total_original_price: 54000,
  deduction_quantity: 3,
  total_actual_price: 30000,
  plan_detail_list: [
    { plan_detail_no: 1, plan_detail_name: '第一节', original_price: 18000, actual_price: 18000 },
  ],
  stop_mchid: '',
  stop_time: '',
};

export const signPlanAnswer = {
  sign_plan_id: '01020033210023606914000000007830',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  service_id: '00109000000000169034377913212082',
  mchid: '1900007291',
  appid: 'wxd678efh567hg6787',
  merchant_sign_plan_no: 'sign-7*',
  merchant_callback_url: 'https://pay.example.com/notify/main',
  plan_id: '01000033210032606914000000007983',
  going_detail_no: 1,
  sign_state: 'SIGNED',
  cancel_sign_time: '',
  cancel_sign_type: 'NOT_CANCEL',
  cancel_reason: '',
  plan_name: '瑜伽课3节',
  plan_over_time: '2026-12-21T12:00:00+08:00',
  total_origin_price: 54000,
  deduction_quantity: 3,
  total_actual_price: 30000,
  signed_detail_list: [
    {
      plan_detail_no: 1,
      original_price: 18000,
      plan_discount_description: '',
      actual_price: 18000,
      plan_detail_state: 'USED',
      order_id: '15646546545165651651',
      merchant_plan_detail_no: 'lesson-7_1',
      plan_detail_name: '第一节',
      actual_pay_price: 18000,
      use_time: '2026-11-21T11:00:00+08:00',
      complete_time: '2026-11-21T11:30:00+08:00',
      cancel_time: '',
    },
    {
      plan_detail_no: 2,
      original_price: 18000,
      actual_price: 12000,
      plan_detail_state: 'NOT_USED',
      merchant_plan_detail_no: 'lesson-7_2',
      plan_detail_name: '第二节',
    },
  ],
  sign_time: '2026-11-21T12:00:00+08:00',
};

export const signPlanMade = {
  sign_plan: signPlanAnswer,
  package: 'DJIOSQPYWDxsjdldeuwhdodwxasd==',
};

export const payment = {
  seq: 1,
  amount: 12000,
  paid_type: 'NEWTON',
  paid_time: '20261121120005',
  transaction_id: '4200002345202611211234567890',
};

export const collection = {
  state: 'USER_PAID',
  total_amount: 12000,
  paying_amount: 0,
  paid_amount: 12000,
  details: [payment],
};

export const serviceOrderAnswer = {
  out_order_no: 'lesson-7_2',
  service_id: '00109000000000169034377913212082',
  appid: 'wxd678efh567hg6787',
  mchid: '1900007291',
  service_introduction: '瑜伽课',
  state: 'DONE',
  state_description: '',
  post_payments: [{ name: '第二节', amount: 12000 }],
  total_amount: 12000,
  need_collection: true,
  collection,
  time_range: { start_time: '20261121110000', end_time: '20261121115900' },
  notify_url: 'https://pay.example.com/notify/main',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  order_id: '15646546545165651651',
};

const { plan_id: _, ...planWithoutId } = planAnswer;

/** What WeChat answers to each command, and the number that it names. */
export const commandAnswers: Readonly<Record<CommandName, { number: string; answer: object }>> = {
  'create-plan': { number: plan.number, answer: planAnswer },
  'stop-plan': { number: plan.number, answer: { ...planWithoutId, plan_state: 'STOP' } },
  'create-sign-plan': { number: signPlan.number, answer: signPlanMade },
  'stop-sign-plan': { number: signPlan.number, answer: signPlanAnswer },
  'create-service-order': { number: serviceOrder.number, answer: serviceOrderAnswer },
  complete: { number: serviceOrder.number, answer: serviceOrderAnswer },
  cancel: { number: serviceOrder.number, answer: { out_order_no: serviceOrder.number } },
  modify: { number: serviceOrder.number, answer: serviceOrderAnswer },
  sync: { number: serviceOrder.number, answer: serviceOrderAnswer },
  pay: { number: serviceOrder.number, answer: { out_order_no: serviceOrder.number, mchid } },
};

export function commandOf(name: CommandName, body = '{"a":1}'): PayscoreCommand {
  return { name, number: commandAnswers[name].number, body };
}

export function bytesOf(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}
