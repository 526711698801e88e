import type { Words } from './request-words.ts';

const moment =
  'RFC 3339 with a zone, or `yyyyMMddHHmmss` in Beijing time; parts of a second are cut off.';

export const planWords: Words = {
  '': 'A new plan: what it costs, and the details that it lets you charge for one after the other.',
  '/service_id': "The PayScore service that WeChat opened. One of the account's secret.",
  '/appid': 'The app, mini program or official account. One of the account; its first when absent.',
  '/plan_name': 'What the user reads.',
  '/plan_duration': "Days from the signing. At most the service's `maxDays`.",
  '/deduction_quantity':
    "How many details there are: as many as `plan_detail_list` has. At most the service's `maxDeductions`.",
  '/total_original_price': 'In fen: the sum of the `original_price`s.',
  '/total_actual_price': 'In fen: the sum of the `actual_price`s.',
  '/plan_detail_list': 'The details. WeChat numbers them from 1 in this order.',
  '/plan_detail_list/-': 'One detail.',
  '/plan_detail_list/-/plan_detail_name': 'What the user reads.',
  '/plan_detail_list/-/original_price': 'The usual price, in fen.',
  '/plan_detail_list/-/actual_price':
    'The price in this plan, in fen: at most the `original_price`, and at most that of the detail before. 0 is allowed.',
  '/plan_detail_list/-/plan_discount_description': 'Why it is cheaper. The user reads it.',
};

export const signPlanWords: Words = {
  '': 'A plan that is launched for one user.',
  '/merchant_plan_no': 'The plan, which must be NORMAL.',
  '/openid': "The user as the plan's `appid` knows them.",
  '/sign_plan_detail': 'Each detail of the plan once, in order.',
  '/sign_plan_detail/-': 'One detail.',
  '/sign_plan_detail/-/plan_detail_no': 'Its place in the plan, from 1.',
  '/sign_plan_detail/-/merchant_plan_detail_no':
    'Your number of it, which no other detail of yours has. It becomes the number of its service order.',
};

export const signPlanStopWords: Words = {
  '': "Why a user's sign plan ends.",
  '/stop_reason': 'The user reads it.',
};

const timeRangeWords: Words = {
  '/time_range/start_time': `When the service begins. ${moment}`,
  '/time_range/end_time': `When it ends, after its start. ${moment}`,
  '/time_range/start_time_remark': 'A remark about the start.',
  '/time_range/end_time_remark': 'A remark about the end.',
};

export const serviceOrderWords: Words = {
  '': 'The service of a detail begins.',
  '/merchant_sign_plan_no': 'The sign plan, which must be SIGNED.',
  '/service_introduction': 'What the user reads.',
  '/time_range': 'When.',
  ...timeRangeWords,
  '/location': 'Where.',
  '/location/start_location': 'Where it begins.',
  '/location/end_location': 'Where it ends.',
  '/attach': 'WeChat keeps it with the service order.',
};

const chargeWords: Words = {
  '/post_payments': 'What is charged, line by line, each with a name of its own.',
  '/post_payments/-': 'One line.',
  '/post_payments/-/name': 'What it is for.',
  '/post_payments/-/amount': 'In fen.',
  '/post_payments/-/description': 'More about it.',
  '/post_payments/-/count': 'How many.',
  '/post_discounts': 'What is taken off, line by line, each with a name of its own.',
  '/post_discounts/-': 'One line.',
  '/post_discounts/-/name': 'What it is for.',
  '/post_discounts/-/amount': 'In fen.',
  '/post_discounts/-/description': 'More about it.',
  '/post_discounts/-/count': 'How many.',
};

export const completeWords: Words = {
  '': 'The service is over, and this is what it costs.',
  ...chargeWords,
  '/total_amount':
    'In fen: the payments less the discounts, at most the price of the detail as it was signed. 0 is allowed.',
  '/time_range':
    'When it was. It must name the end if the creation did not, and no end may be in the future.',
  ...timeRangeWords,
  '/location': 'Where.',
  '/location/end_location': 'Where it ended.',
  '/profit_sharing': 'Whether the money waits to be shared with others. No when absent.',
  '/goods_tag': "WeChat's tag for discounts.",
};

export const modifyWords: Words = {
  '': 'A lower total, while WeChat is charging.',
  ...chargeWords,
  '/total_amount': 'In fen: the payments less the discounts, lower than the total before.',
  '/reason': 'Why.',
};

export const cancelWords: Words = {
  '': 'Why a service order is cancelled.',
  '/reason': 'The user reads it.',
};

export const syncWords: Words = {
  '': 'The user has paid another way.',
  '/paid_time': `When: after it was completed, at most a minute ahead. ${moment}`,
};
