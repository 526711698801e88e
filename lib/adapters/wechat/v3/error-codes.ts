import type {
  ApplyOutcome,
  CloseOutcome,
  OrderEvidence,
  PrepayOutcome,
  RefundEvidence,
} from '#core/evidence.ts';
import type { Evidence, SendOutcome } from '#core/payscore/evidence.ts';

/**
 * What to do about an error of WeChat Pay:
 * - `retry`: send the same again after a pause. - `look-again`: the outcome is open, query first.
 * - `fix`: the account or our request must be repaired. - `stop`: repeating it can never help.
 */
export type ErrorAction = 'retry' | 'look-again' | 'fix' | 'stop';

/** Every error code of APIv3's base payments, refunds and bills, in both spellings (4014959631). */
export const errorActions: ReadonlyMap<string, ErrorAction> = new Map([
  ['PARAM_ERROR', 'fix'],
  ['INVALID_REQUEST', 'look-again'],
  ['MCH_NOT_EXISTS', 'fix'],
  ['APPID_MCHID_NOT_MATCH', 'fix'],
  ['ORDER_CLOSED', 'look-again'],
  ['ORDERCLOSED', 'look-again'],
  ['ORDERPAID', 'look-again'],
  ['ORDER_PAID', 'look-again'],
  ['NO_STATEMENT_EXIST', 'stop'],
  ['STATEMENT_CREATING', 'retry'],
  ['SIGN_ERROR', 'fix'],
  ['NO_AUTH', 'fix'],
  ['NOAUTH', 'fix'],
  ['RULE_LIMIT', 'look-again'],
  ['RULELIMIT', 'look-again'],
  ['TRADE_ERROR', 'look-again'],
  ['OUT_TRADE_NO_USED', 'look-again'],
  ['NOT_ENOUGH', 'fix'],
  ['USER_ACCOUNT_ABNORMAL', 'stop'],
  ['ACCOUNT_ERROR', 'stop'],
  ['ORDER_NOT_EXIST', 'look-again'],
  ['ORDERNOTEXIST', 'look-again'],
  ['RESOURCE_NOT_EXISTS', 'look-again'],
  ['FREQUENCY_LIMITED', 'look-again'],
  ['RATELIMIT_EXCEEDED', 'look-again'],
  ['RATE_LIMITED', 'look-again'],
  ['SYSTEM_ERROR', 'retry'],
  ['SYSTEMERROR', 'retry'],
  ['OPENID_MISMATCH', 'fix'],
  ['SERVICE_UNAVAILABLE', 'retry'],
]);

/** An answer that is not 2xx. It is unsigned, so it proves nothing about an order or a refund. */
export type ErrorAnswer = {
  readonly status: number;
  /** Absent when the body is not WeChat's JSON error: a proxy's page, or nothing. */
  readonly code?: string;
  /** WeChat's JSON pointer to the field it refuses. */
  readonly field?: string;
};

const orderUnknown = new Set(['ORDER_NOT_EXIST', 'ORDERNOTEXIST']);

/** The number already has an order at WeChat, or may have one. */
const numberLives = new Set([
  'OUT_TRADE_NO_USED',
  'ORDER_CLOSED',
  'ORDERCLOSED',
  'ORDERPAID',
  'ORDER_PAID',
  'TRADE_ERROR',
]);

/** Often "already paid" or "already closed": the query that follows tells which. */
const closeRefusals = new Set([
  'INVALID_REQUEST',
  'TRADE_ERROR',
  'ORDERPAID',
  'ORDER_PAID',
  'ORDER_CLOSED',
  'ORDERCLOSED',
]);

/** No repetition of this application can be accepted as it stands (4013071036, 4014959631). */
const applyRefusals = new Set([
  'INVALID_REQUEST',
  'PARAM_ERROR',
  'USER_ACCOUNT_ABNORMAL',
  'ACCOUNT_ERROR',
  'ORDER_CLOSED',
  'ORDERCLOSED',
]);

/** There is no payment to refund. */
const paymentUnknown = new Set(['RESOURCE_NOT_EXISTS', ...orderUnknown]);

/** The account must be repaired, then the same call may be accepted. */
const accountFaults = new Set([
  'SIGN_ERROR',
  'NO_AUTH',
  'NOAUTH',
  'MCH_NOT_EXISTS',
  'APPID_MCHID_NOT_MATCH',
]);

const tooFast = new Set(['FREQUENCY_LIMITED', 'RATELIMIT_EXCEEDED', 'RATE_LIMITED']);

/** Which of these the plan endpoints use is unconfirmed: their error tables are not public. */
const payscoreUnknown = new Set([
  ...orderUnknown,
  'RESOURCE_NOT_EXISTS',
  'RESOURCE_NOT_EXIST',
  'NOT_FOUND',
]);

/** The query of an order met an error (4012791859). */
export function queryErrorOf(error: ErrorAnswer): OrderEvidence {
  const code = codeOf(error);
  if (error.status === 404 && orderUnknown.has(code)) {
    return { type: 'not-found', code };
  }
  return { type: actionOf(error) === 'fix' ? 'fault' : 'unknown', code };
}

/** The close of an order met an error (4012791860). */
export function closeErrorOf(error: ErrorAnswer): CloseOutcome {
  const code = codeOf(error);
  if (error.status === 404 && orderUnknown.has(code)) {
    return { type: 'no-such-order', code };
  }
  if (actionOf(error) === 'fix') {
    return { type: 'fault', code };
  }
  return { type: isDefinite(error) && closeRefusals.has(code) ? 'refused' : 'unknown', code };
}

/**
 * The prepay met an error (4012791870). A refusal needs WeChat's own code; a bare 4xx may be anybody's.
 * INVALID_REQUEST refuses the request as it stands, and so does a code that nobody has heard of.
 */
export function prepayErrorOf(error: ErrorAnswer): PrepayOutcome {
  const code = codeOf(error);
  switch (actionOf(error)) {
    case 'fix':
    case 'stop':
      return refused(error);
    case 'retry':
      return { type: 'unknown', code };
    case 'look-again':
      if (code === 'INVALID_REQUEST') {
        return refused(error);
      }
      return { type: numberLives.has(code) ? 'look' : 'unknown', code };
    case undefined:
      return error.code === undefined ? { type: 'unknown', code } : refused(error);
  }
}

/** The query of a refund met an error (4014959631). */
export function refundQueryErrorOf(error: ErrorAnswer): RefundEvidence {
  const code = codeOf(error);
  if (error.status === 404 && code === 'RESOURCE_NOT_EXISTS') {
    return { type: 'not-found', code };
  }
  return { type: actionOf(error) === 'fix' ? 'fault' : 'unknown', code };
}

/**
 * The application for a refund met an error (4013071036, 4014959631). NOT_ENOUGH leaves it open: once the
 * balance is topped up the same number goes through. A refusal needs WeChat's own code; one that nobody
 * has heard of refuses, one that the documents give to other calls leaves it open.
 */
export function applyErrorOf(error: ErrorAnswer): ApplyOutcome {
  const code = codeOf(error);
  if (error.status === 401) {
    return { type: 'fault', code };
  }
  if (error.code === undefined || !isDefinite(error)) {
    return { type: 'unknown', code };
  }
  if (accountFaults.has(code)) {
    return { type: 'fault', code };
  }
  const isRefused =
    applyRefusals.has(code) ||
    (error.status === 404 && paymentUnknown.has(code)) ||
    !errorActions.has(code);
  return { type: isRefused ? 'refused' : 'unknown', code };
}

/**
 * The query of a PayScore plan, sign plan or service order met an error (get-service-order). Only WeChat's
 * own word makes a 404 mean "not found".
 */
export function payscoreQueryErrorOf(
  error: ErrorAnswer,
): Exclude<Evidence<unknown>, { readonly type: 'state' }> {
  const code = codeOf(error);
  if (error.status === 404 && payscoreUnknown.has(code)) {
    return { type: 'not-found', code };
  }
  return { type: actionOf(error) === 'fix' ? 'fault' : 'unknown', code };
}

/**
 * A PayScore command met an error (weixin-pay-score, complete, cancel, modify). WeChat's own code refuses
 * it, one that nobody has heard of too; ORDER_DONE, ORDER_CANCELED and their like may mean that it was done
 * before: that is the query's to tell.
 */
export function sendErrorOf(error: ErrorAnswer): SendOutcome {
  const code = codeOf(error);
  if (error.status === 401) {
    return { type: 'fault', code };
  }
  if (error.code === undefined || !isDefinite(error) || isBusy(code)) {
    return { type: 'unknown', code };
  }
  return { type: accountFaults.has(code) ? 'fault' : 'refused', code };
}

/** WeChat could not, or not now: no word about the command itself, whatever the status. */
function isBusy(code: string): boolean {
  return errorActions.get(code) === 'retry' || tooFast.has(code);
}

function refused(error: ErrorAnswer): PrepayOutcome {
  const { field } = error;
  return { type: 'refused', code: codeOf(error), ...(field !== undefined && { field }) };
}

/** What the table says, as far as the status lets a code be believed; undefined: not listed. */
function actionOf(error: ErrorAnswer): ErrorAction | undefined {
  if (error.status === 401) {
    return 'fix';
  }
  const listed = errorActions.get(error.code ?? '');
  // The one 5xx that WeChat documents as the caller's mistake.
  const isBelieved = isDefinite(error) || error.code === 'OPENID_MISMATCH';
  return isBelieved ? listed : 'retry';
}

/** 4xx means not done, except 429: WeChat may be busy with this very order. */
function isDefinite({ status }: ErrorAnswer): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

/** Always of the pattern of a code, so that it can be logged and stored as it is. */
function codeOf(error: ErrorAnswer): string {
  return error.code ?? `HTTP_${error.status}`;
}
