/**
 * Every code that the API answers (docs/errors.md of the back end), each with whether the same request can
 * succeed later without anybody changing anything.
 */
const apiErrors = {
  account_unknown: { retryable: false },
  account_invalid: { retryable: false },
  secret_unavailable: { retryable: true },
  store_unavailable: { retryable: true },
  record_undecodable: { retryable: false },
  queue_unavailable: { retryable: true },
  message_too_large: { retryable: false },
  request_invalid: { retryable: false },
  body_too_large: { retryable: false },
  token_invalid: { retryable: false },
  scope_missing: { retryable: false },
  keys_unavailable: { retryable: true },
  route_unknown: { retryable: false },
  method_not_allowed: { retryable: false },
  order_unknown: { retryable: false },
  order_conflict: { retryable: false },
  order_expired: { retryable: false },
  order_closing: { retryable: false },
  order_settled: { retryable: false },
  order_unpaid: { retryable: false },
  order_not_in_review: { retryable: false },
  refund_unknown: { retryable: false },
  refund_conflict: { retryable: false },
  refund_exceeds: { retryable: false },
  refund_limit: { retryable: false },
  refund_too_late: { retryable: false },
  service_unknown: { retryable: false },
  plan_unknown: { retryable: false },
  plan_conflict: { retryable: false },
  plan_not_open: { retryable: false },
  plan_too_long: { retryable: false },
  deductions_exceed: { retryable: false },
  details_miscounted: { retryable: false },
  detail_numbers_wrong: { retryable: false },
  price_above_original: { retryable: false },
  price_rises: { retryable: false },
  sum_wrong: { retryable: false },
  sign_plan_unknown: { retryable: false },
  sign_plan_conflict: { retryable: false },
  sign_plan_not_signed: { retryable: false },
  sign_plan_ended: { retryable: false },
  detail_unknown: { retryable: false },
  detail_used: { retryable: false },
  detail_too_early: { retryable: false },
  service_order_running: { retryable: false },
  service_order_unknown: { retryable: false },
  service_order_conflict: { retryable: false },
  service_order_state: { retryable: false },
  amount_exceeds: { retryable: false },
  amount_not_lower: { retryable: false },
  time_range_wrong: { retryable: false },
  command_pending: { retryable: true },
  wechat_refused: { retryable: false },
  wechat_looking: { retryable: true },
  wechat_unavailable: { retryable: true },
  internal: { retryable: true },
} as const satisfies Readonly<Record<string, { readonly retryable: boolean }>>;

export type ApiErrorCode = keyof typeof apiErrors;

/**
 * What the client itself found. `timeout`, `network`: no answer, so whether it was done is unknown ·
 * `answer_unexpected`: not an answer of the API as this release knows it, see `status` · `answer_too_large` ·
 * `token_unusable`: there is no token, or it is not one.
 */
export type ClientErrorCode =
  | 'timeout'
  | 'network'
  | 'answer_unexpected'
  | 'answer_too_large'
  | 'token_unusable';

export type WechatpayErrorCode = ApiErrorCode | ClientErrorCode;

/** One field at fault: a JSON pointer (RFC 6901) into the request's body, and what is wrong there. */
export type FieldProblem = { readonly pointer: string; readonly detail: string };

export type ErrorDetails = {
  /** Of the HTTP answer; absent when there was none. */
  readonly status?: number;
  readonly errors?: readonly FieldProblem[];
  /** Names the request in the log of the back end. */
  readonly requestId?: string;
  /** WeChat's own code. */
  readonly wechatCode?: string;
  readonly cause?: unknown;
};

/** Why a call did not succeed, after the retries. Holds no token and no body. */
export class WechatpayError extends Error {
  override readonly name = 'WechatpayError';
  readonly code: WechatpayErrorCode;
  readonly status: number | undefined;
  /** Whether the same call, with the same number and the same body, can succeed later by itself. */
  readonly retryable: boolean;
  readonly errors: readonly FieldProblem[];
  readonly requestId: string | undefined;
  readonly wechatCode: string | undefined;

  constructor(code: WechatpayErrorCode, message: string, details: ErrorDetails = {}) {
    const { status, errors, requestId, wechatCode, cause } = details;
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.status = status;
    this.retryable = isRetryable(code, status);
    this.errors = errors ?? [];
    this.requestId = requestId;
    this.wechatCode = wechatCode;
  }
}

export function isApiErrorCode(value: unknown): value is ApiErrorCode {
  return typeof value === 'string' && Object.hasOwn(apiErrors, value);
}

/** Of answers that are not the API's own: throttled, or something in front of it failed. */
const passingStatuses: readonly (number | undefined)[] = [429, 500, 502, 503, 504];

function isRetryable(code: WechatpayErrorCode, status: number | undefined): boolean {
  switch (code) {
    case 'timeout':
    case 'network':
      return true;
    case 'answer_unexpected':
      return passingStatuses.includes(status);
    case 'answer_too_large':
    case 'token_unusable':
      return false;
    default:
      return apiErrors[code].retryable;
  }
}
