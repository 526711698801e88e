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

export function problemOfRefusal(refusal: Refusal, requestId: string): HttpAnswer {
  const { code, pointer, wechatCode } = refusal;
  const ours = refusedFields[pointer ?? ''] ?? 'is not allowed here';
  const detail = wechatCode === undefined ? ours : 'was refused by WeChat Pay';
  return problemAnswer(code, {
    requestId,
    ...(pointer !== undefined && { errors: [{ pointer, detail }] }),
    ...(wechatCode !== undefined && { wechatCode }),
  });
}
