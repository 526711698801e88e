import type { StringRule } from './field-rules.ts';

/** The merchant's own number of an order (document 4012791856). */
export const OUT_TRADE_NO: StringRule = {
  kind: 'string',
  minLength: 6,
  maxLength: 32,
  pattern: /^[0-9A-Za-z_\-|*]+$/,
};

/** WeChat Pay's number of a payment. */
export const TRANSACTION_ID: StringRule = { kind: 'string', maxLength: 32, pattern: /^[0-9]+$/ };

/** The merchant's own number of a refund (document 4013071036; at least 6 by its troubleshooting page). */
export const OUT_REFUND_NO: StringRule = {
  kind: 'string',
  minLength: 6,
  maxLength: 64,
  pattern: /^[0-9A-Za-z_\-|*@]+$/,
};
