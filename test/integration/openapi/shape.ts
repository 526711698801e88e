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
    return String(value).replace(/^refund \S+/, 'refund');
  }
  const isWord = typeof value === 'boolean' || wordFields.includes(name);
  return isWord ? value : typeof value;
}

const wordFields = [
  'action',
  'close_reason',
  'code',
  'currency',
  'detail',
  'from',
  'funds_account',
  'message',
  'origin',
  'outcome',
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
