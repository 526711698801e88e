/**
 * What can go wrong across a port, each with whether trying again can help. `docs/errors.md` explains
 * each code; the table from code to HTTP status is in `adapters/lambda/problem.ts`.
 */
export const errorCodes = {
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

export type ErrorCode = keyof typeof errorCodes;

/** A failure with a stable code. `message` is for operators, one sentence without secrets. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.retryable = errorCodes[code].retryable;
  }
}

/** Recognises an `AppError` by its shape, so that two bundled copies of the class agree. */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === 'AppError' && 'code' in error;
}
