import { type ErrorCode, isAppError } from '#core/errors.ts';
import type { Refusal } from '#core/refusal.ts';
import { type HttpAnswer, jsonAnswer } from './http.ts';

/** One field at fault: a JSON pointer (RFC 6901) into the request's body, and what is wrong there. */
export type FieldProblem = { readonly pointer: string; readonly detail: string };

type Meaning = { readonly status: number; readonly title: string };

/** The one table from our error codes to HTTP. The texts are all that a caller ever reads of an error. */
const problems: Readonly<Record<ErrorCode, Meaning>> = {
  account_unknown: { status: 404, title: 'There is no such account.' },
  account_invalid: { status: 500, title: 'The account is not set up correctly.' },
  secret_unavailable: { status: 503, title: 'The account cannot be read at the moment.' },
  store_unavailable: { status: 503, title: 'The table cannot be reached at the moment.' },
  record_undecodable: { status: 500, title: 'What is stored cannot be read.' },
  queue_unavailable: { status: 503, title: 'A queue cannot be reached at the moment.' },
  message_too_large: { status: 500, title: 'A message became too large.' },
  request_invalid: { status: 400, title: 'The request is not valid.' },
  body_too_large: { status: 413, title: 'The body is larger than 64 KB.' },
  token_invalid: { status: 401, title: 'The bearer token is missing or not valid.' },
  scope_missing: { status: 403, title: 'The token does not allow this operation.' },
  keys_unavailable: { status: 503, title: 'The keys of the token issuer cannot be read.' },
  route_unknown: { status: 404, title: 'There is nothing at this path.' },
  method_not_allowed: { status: 405, title: 'This path does not know the method.' },
  order_unknown: { status: 404, title: 'There is no such order.' },
  order_conflict: { status: 409, title: 'It conflicts with another request for this number.' },
  order_expired: { status: 409, title: 'The order expires too soon to be paid.' },
  order_closing: { status: 409, title: 'The order is being closed.' },
  order_settled: { status: 409, title: 'The order is settled and cannot be changed so.' },
  order_unpaid: { status: 409, title: 'There is no payment to refund.' },
  order_not_in_review: { status: 409, title: 'The order is not in review.' },
  refund_unknown: { status: 404, title: 'There is no such refund.' },
  refund_conflict: { status: 409, title: 'The number belongs to another request.' },
  refund_exceeds: { status: 409, title: 'The amount is more than is left of what was paid.' },
  refund_limit: { status: 409, title: 'The order has 50 refunds already.' },
  refund_too_late: { status: 409, title: 'The order was paid 365 days ago or more.' },
  service_unknown: { status: 400, title: 'The account has no such PayScore service.' },
  plan_unknown: { status: 404, title: 'There is no such plan.' },
  plan_conflict: { status: 409, title: 'The plan was made by another request.' },
  plan_not_open: {
    status: 409,
    title: 'The plan cannot be signed: it is not made yet, or stopped.',
  },
  plan_too_long: { status: 400, title: 'The plan is longer than its service allows.' },
  deductions_exceed: {
    status: 400,
    title: 'The plan has more deductions than its service allows.',
  },
  details_miscounted: { status: 400, title: 'There are not as many details as deductions.' },
  detail_numbers_wrong: {
    status: 400,
    title: 'The details do not name each of the plan once, in order, by numbers of their own.',
  },
  price_above_original: { status: 400, title: 'A price is higher than its original price.' },
  price_rises: { status: 400, title: 'A price is higher than the one before it.' },
  sum_wrong: { status: 400, title: 'The total is not the sum of its parts.' },
  sign_plan_unknown: { status: 404, title: 'There is no such sign plan.' },
  sign_plan_conflict: { status: 409, title: 'The sign plan was made by another request.' },
  sign_plan_not_signed: { status: 409, title: 'The sign plan is not signed.' },
  sign_plan_ended: { status: 409, title: 'The sign plan is over.' },
  detail_unknown: { status: 409, title: 'The sign plan has no detail of this number.' },
  detail_used: { status: 409, title: 'The detail was used or cancelled.' },
  detail_too_early: { status: 409, title: 'An earlier detail is not finished and paid.' },
  service_order_running: { status: 409, title: 'Another service order of the sign plan runs.' },
  service_order_unknown: { status: 404, title: 'There is no such service order.' },
  service_order_conflict: { status: 409, title: 'The service order was made by another request.' },
  service_order_state: { status: 409, title: 'The service order does not allow it as it stands.' },
  amount_exceeds: { status: 400, title: 'The total is more than the user signed for.' },
  amount_not_lower: { status: 400, title: 'A changed total must be lower than the one before.' },
  time_range_wrong: {
    status: 400,
    title: 'The times do not fit each other, the order or the clock.',
  },
  command_pending: {
    status: 409,
    title: 'Another command waits for its outcome; repeat the request later.',
  },
  wechat_refused: { status: 422, title: 'WeChat Pay refused the request.' },
  wechat_looking: { status: 409, title: 'WeChat Pay knows this number already; we are looking.' },
  wechat_unavailable: { status: 503, title: 'WeChat Pay did not answer; repeat the same request.' },
  internal: { status: 500, title: 'Something failed on our side.' },
};

const retryAfterSeconds = '2';

/** Problem details (RFC 9457) for a code, with the fields at fault and WeChat's own code if any. */
export function problemAnswer(
  code: ErrorCode,
  details: {
    readonly errors?: readonly FieldProblem[];
    readonly wechatCode?: string;
    readonly requestId?: string;
    /** For a 405 (RFC 9110 §15.5.6). */
    readonly allow?: string;
  } = {},
): HttpAnswer {
  const { status, title } = problems[code];
  const { errors, wechatCode, requestId, allow } = details;
  const body = {
    type: `urn:wechatpay-serverless:problem:${code}`,
    title,
    status,
    code,
    ...(requestId !== undefined && { instance: `urn:request:${requestId}` }),
    ...(wechatCode !== undefined && { wechat_code: wechatCode }),
    ...(errors !== undefined && { errors }),
  };
  return jsonAnswer(status, body, {
    'content-type': 'application/problem+json',
    ...(status === 503 && { 'retry-after': retryAfterSeconds }),
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(allow !== undefined && { allow }),
  });
}

export function problemOfError(error: unknown, requestId: string): HttpAnswer {
  return problemAnswer(isAppError(error) ? error.code : 'internal', { requestId });
}

/** What only the account and the clock can refuse. */
const refusedFields: Readonly<Record<string, string>> = {
  '/appid': 'is not one of the account',
  '/time_expire': 'must be 2 minutes to 7 days ahead',
  '/trade_type': 'needs credentials for APIv2',
  '/amount/refund': 'is more than is left of what was paid',
};

/** What breaks a rule of PayScore plans, whichever field it stands in. */
const brokenRules: Readonly<Partial<Record<ErrorCode, string>>> = {
  service_unknown: 'is not one of the account',
  plan_unknown: 'is not one of the account',
  plan_not_open: 'names a plan that is not made yet, or stopped',
  plan_too_long: 'is more than the service allows',
  deductions_exceed: 'is more than the service allows',
  details_miscounted: 'must have as many entries as deduction_quantity says',
  detail_numbers_wrong: 'must name each detail of the plan once, in order, by numbers that differ',
  price_above_original: 'is higher than its original price',
  price_rises: 'is higher than the one before it',
  sum_wrong: 'is not the sum of its parts',
  sign_plan_unknown: 'is not one of the account',
  amount_exceeds: 'is more than the price that was signed',
  amount_not_lower: 'is not lower than the total before it',
  time_range_wrong: 'is missing, or does not fit the other times, the order or the clock',
};

export function problemOfRefusal(refusal: Refusal, requestId: string): HttpAnswer {
  const { code, pointer, wechatCode } = refusal;
  const ours = brokenRules[code] ?? refusedFields[pointer ?? ''] ?? 'is not allowed here';
  const detail = wechatCode === undefined ? ours : 'was refused by WeChat Pay';
  return problemAnswer(code, {
    requestId,
    ...(pointer !== undefined && { errors: [{ pointer, detail }] }),
    ...(wechatCode !== undefined && { wechatCode }),
  });
}
