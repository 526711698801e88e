import { type ApiOperation, owedCodes } from './api-operation.ts';
import { payscoreAnswers as answers } from './payscore-answer-examples.ts';
import { payscoreRequests as requests } from './payscore-request-examples.ts';
import { commandOperations } from './service-order-operations.ts';

const planPath = '/v1/{account}/payscore/plans/{merchant_plan_no}';
const signPlanPath = '/v1/{account}/payscore/sign-plans/{merchant_sign_plan_no}';
const serviceOrderPath = '/v1/{account}/payscore/service-orders/{out_order_no}';

const reading = { tag: 'PayScore', scope: 'payscore:read' } as const;
const writing = {
  tag: 'PayScore',
  scope: 'payscore:write',
  wechatCode: 'INVALID_REQUEST',
} as const;

const repeated =
  'The same bytes again are the same request; another body under the same number is a conflict. With 202 WeChat has not answered yet: it is asked until it has, and GET shows how it ended.';
const shown =
  'With `refresh=true` WeChat is asked first, and `refreshed` tells whether it answered.';
const waits = 'Noted; WeChat has not answered yet.';
const made = 'Made by this request.';
const there = 'It was there before.';

/** The operations of PayScore plans. */
export const payscoreOperations: readonly ApiOperation[] = [
  {
    ...writing,
    id: 'putPlan',
    method: 'put',
    path: planPath,
    number: 'MerchantPlanNo',
    summary: 'Make a plan',
    description: `Makes a plan at WeChat, which users can then sign. ${repeated}`,
    body: {
      schema: 'PlanRequest',
      examples: requests.putPlan,
      fault: { pointer: '/plan_duration', detail: 'is missing or has the wrong type' },
    },
    answers: {
      201: { description: made, schemas: ['Plan'], examples: answers.putPlan[201] },
      202: { description: waits, schemas: ['Plan'], examples: answers.putPlan[202] },
      200: { description: there, schemas: ['Plan'], examples: answers.putPlan[200] },
    },
    codes: [
      'body_too_large',
      'service_unknown',
      'plan_too_long',
      'deductions_exceed',
      'details_miscounted',
      'price_above_original',
      'price_rises',
      'sum_wrong',
      'plan_conflict',
      'wechat_refused',
      ...owedCodes,
    ],
    pointers: {
      service_unknown: '/service_id',
      plan_too_long: '/plan_duration',
      deductions_exceed: '/deduction_quantity',
      details_miscounted: '/plan_detail_list',
      price_above_original: '/plan_detail_list/0/actual_price',
      price_rises: '/plan_detail_list/1/actual_price',
      sum_wrong: '/total_actual_price',
    },
  },
  {
    ...reading,
    id: 'getPlan',
    method: 'get',
    path: planPath,
    number: 'MerchantPlanNo',
    isRefreshing: true,
    summary: 'Show a plan',
    description: `The plan as its record has it. ${shown}`,
    answers: {
      200: { description: 'The plan.', schemas: ['Plan'], examples: answers.getPlan[200] },
    },
    codes: ['plan_unknown', ...owedCodes],
  },
  {
    ...writing,
    id: 'stopPlan',
    method: 'post',
    path: `${planPath}/stop`,
    number: 'MerchantPlanNo',
    summary: 'Stop a plan',
    description:
      'Nobody can sign it any more; who signed it goes on. A body is not read. Repeating is safe.',
    answers: {
      202: { description: waits, schemas: ['Plan'], examples: answers.stopPlan[202] },
      200: { description: 'It is stopped.', schemas: ['Plan'], examples: answers.stopPlan[200] },
    },
    codes: ['plan_unknown', 'plan_not_open', 'command_pending', 'wechat_refused', ...owedCodes],
  },
  {
    ...writing,
    id: 'putSignPlan',
    method: 'put',
    path: signPlanPath,
    number: 'MerchantSignPlanNo',
    summary: 'Launch a plan for a user',
    description: `Launches a plan for one user and answers with what opens the sign page (\`launch\`). \`sign-plan.signed\` tells that it was signed; what the page returns proves nothing. ${repeated}`,
    body: {
      schema: 'SignPlanRequest',
      examples: requests.putSignPlan,
      fault: { pointer: '/openid', detail: 'is missing or has the wrong type' },
    },
    answers: {
      201: { description: made, schemas: ['SignPlan'], examples: answers.putSignPlan[201] },
      202: { description: waits, schemas: ['SignPlan'], examples: answers.putSignPlan[202] },
      200: { description: there, schemas: ['SignPlan'], examples: answers.putSignPlan[200] },
    },
    codes: [
      'body_too_large',
      'plan_unknown',
      'plan_not_open',
      'detail_numbers_wrong',
      'sign_plan_conflict',
      'wechat_refused',
      ...owedCodes,
    ],
    pointers: {
      plan_unknown: '/merchant_plan_no',
      plan_not_open: '/merchant_plan_no',
      detail_numbers_wrong: '/sign_plan_detail',
    },
  },
  {
    ...reading,
    id: 'getSignPlan',
    method: 'get',
    path: signPlanPath,
    number: 'MerchantSignPlanNo',
    isRefreshing: true,
    summary: 'Show a sign plan',
    description: `The sign plan as its record has it, with its details. ${shown}`,
    answers: {
      200: {
        description: 'The sign plan.',
        schemas: ['SignPlan'],
        examples: answers.getSignPlan[200],
      },
    },
    codes: ['sign_plan_unknown', ...owedCodes],
  },
  {
    ...writing,
    id: 'stopSignPlan',
    method: 'post',
    path: `${signPlanPath}/stop`,
    number: 'MerchantSignPlanNo',
    summary: 'End a sign plan',
    description:
      'Details that are not used are lost; a service that runs goes on. The same bytes again are the same request.',
    body: {
      schema: 'SignPlanStopRequest',
      examples: requests.stopSignPlan,
      fault: { pointer: '/stop_reason', detail: 'is missing or has the wrong type' },
    },
    answers: {
      202: { description: waits, schemas: ['SignPlan'], examples: answers.stopSignPlan[202] },
      200: {
        description: 'It is over.',
        schemas: ['SignPlan'],
        examples: answers.stopSignPlan[200],
      },
    },
    codes: [
      'body_too_large',
      'sign_plan_unknown',
      'sign_plan_not_signed',
      'sign_plan_ended',
      'command_pending',
      'wechat_refused',
      ...owedCodes,
    ],
  },
  {
    ...writing,
    id: 'putServiceOrder',
    method: 'put',
    path: serviceOrderPath,
    number: 'OutOrderNo',
    summary: 'Begin the service of a detail',
    description: `The number is the \`merchant_plan_detail_no\` that the detail was signed with. Details go in order, one at a time. ${repeated}`,
    body: {
      schema: 'ServiceOrderRequest',
      examples: requests.putServiceOrder,
      fault: {
        pointer: '/time_range/start_time',
        detail: 'must be a time with zone as in RFC 3339, or 14 digits in Beijing time',
      },
    },
    answers: {
      201: { description: made, schemas: ['ServiceOrder'], examples: answers.putServiceOrder[201] },
      202: {
        description: waits,
        schemas: ['ServiceOrder'],
        examples: answers.putServiceOrder[202],
      },
      200: {
        description: there,
        schemas: ['ServiceOrder'],
        examples: answers.putServiceOrder[200],
      },
    },
    codes: [
      'body_too_large',
      'time_range_wrong',
      'sign_plan_unknown',
      'sign_plan_not_signed',
      'sign_plan_ended',
      'detail_unknown',
      'detail_used',
      'detail_too_early',
      'service_order_running',
      'service_order_conflict',
      'wechat_refused',
      ...owedCodes,
    ],
    pointers: {
      sign_plan_unknown: '/merchant_sign_plan_no',
      time_range_wrong: '/time_range/end_time',
    },
  },
  {
    ...reading,
    id: 'getServiceOrder',
    method: 'get',
    path: serviceOrderPath,
    number: 'OutOrderNo',
    isRefreshing: true,
    summary: 'Show a service order',
    description: `The service order as its record has it. ${shown}`,
    answers: {
      200: {
        description: 'The service order.',
        schemas: ['ServiceOrder'],
        examples: answers.getServiceOrder[200],
      },
    },
    codes: ['service_order_unknown', ...owedCodes],
  },
  ...commandOperations(serviceOrderPath),
];
