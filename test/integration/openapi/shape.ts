import { isObject } from '../../../local/json.ts';

/**
 * What two answers of one kind have in common: their fields, the type of each, and the words among them
 * (`PAID`, `CNY`, true). Of a list it is which shapes stand in it.
 */
export function shapeOf(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    return [...new Set(value.map((item) => JSON.stringify(shapeOf(item))))].sort();
  }
  if (isObject(value)) {
    const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(fields.map(([field, part]) => [field, shapeOf(part, field)]));
  }
  if (name === 'evidence') {
    // `refund R-1001 SUCCESS`: only the number is its own.
    return String(value).replace(/^(refund|service order) \S+/, '$1');
  }
  const isWord = typeof value === 'boolean' || wordFields.includes(name);
  return isWord ? value : typeof value;
}

const wordFields = [
  'action',
  'business_type',
  'cancel_sign_type',
  'close_reason',
  'code',
  'currency',
  'detail',
  'from',
  'funds_account',
  'message',
  'name',
  'origin',
  'outcome',
  'paid_type',
  'pending_command',
  'plan_detail_state',
  'pointer',
  'review_reason',
  'signType',
  'status',
  'title',
  'to',
  'trade_type',
  'type',
  'wechat_code',
];
