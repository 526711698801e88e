/** The error codes that `/pay/micropay` lists beside those of every call and USERPAYING. */
export const MICROPAY_CODES = [
  'SYSTEMERROR',
  'BANKERROR',
  'PARAM_ERROR',
  'ORDERPAID',
  'NOAUTH',
  'AUTHCODEEXPIRE',
  'NOTENOUGH',
  'NOTSUPORTCARD',
  'ORDERCLOSED',
  'ORDERREVERSED',
  'AUTH_CODE_ERROR',
  'AUTH_CODE_INVALID',
  'BUYER_MISMATCH',
  'OUT_TRADE_NO_USED',
  'INVALID_REQUEST',
  'TRADE_ERROR',
] as const;

/** What a code payment leaves behind, whatever its answer said. */
export const LEAVINGS = ['nothing', 'paid', 'password', 'failed'] as const;

/** What becomes of a payment that waits for its password, by itself. */
export const FOLLOW_UPS = ['paid', 'failed', 'reversed'] as const;

/** What becomes of a scanned code. */
export type MicropayPlan = {
  readonly leaves: (typeof LEAVINGS)[number];
  /** What the answer says; undefined: what is left behind. */
  readonly code: (typeof MICROPAY_CODES)[number] | undefined;
  readonly ends:
    | { readonly what: (typeof FOLLOW_UPS)[number]; readonly afterMs: number }
    | undefined;
};

/** WeChat Pay asks for a password above 1,000 CNY. */
const FREE_FEN = 100_000;

/** What becomes of a code unless told otherwise. */
export const usualPlan = (totalFen: number): MicropayPlan => ({
  leaves: totalFen > FREE_FEN ? 'password' : 'paid',
  code: undefined,
  ends: undefined,
});

/** The error codes that `/secapi/pay/reverse` lists beside those of every call. */
export const REVERSE_CODES = [
  'SYSTEMERROR',
  'INVALID_TRANSACTIONID',
  'REVERSE_EXPIRE',
  'INVALID_REQUEST',
  'TRADE_ERROR',
  'PARAM_ERROR',
] as const;

/** What becomes of a reverse. */
export type ReversePlan = {
  readonly outcome: 'done' | 'recall' | (typeof REVERSE_CODES)[number];
  /** Whether the order is reversed; always, when done. */
  readonly effect: boolean;
  readonly shows: 'REVOKED' | 'REFUND';
};

export const USUAL_REVERSE: ReversePlan = { outcome: 'done', effect: true, shows: 'REVOKED' };
