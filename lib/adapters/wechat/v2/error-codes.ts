import type {
  ApplyOutcome,
  CloseOutcome,
  MicropayOutcome,
  OrderEvidence,
  PrepayOutcome,
  RefundEvidence,
  ReverseOutcome,
} from '#core/evidence.ts';

/** What the documented `err_code`s of one call mean; each code stands there once. */
type Meanings<T extends string> = readonly (readonly [T, readonly string[]])[];

/** The account must be repaired, or our bytes: the same on every call. */
const accountFaults = [
  'SIGNERROR',
  'NOAUTH',
  'APPID_NOT_EXIST',
  'MCHID_NOT_EXIST',
  'APPID_MCHID_NOT_MATCH',
  'XML_FORMAT_ERROR',
  'REQUIRE_POST_METHOD',
  'POST_DATA_EMPTY',
  'NOT_UTF8',
];

/** A field is missing or cannot be so. */
const fieldFaults = ['PARAM_ERROR', 'LACK_PARAMS'];

const faults = [...accountFaults, ...fieldFaults];

type Open<T extends { readonly type: string }> = Exclude<T['type'], 'state' | 'done' | 'recall'>;

/** `/pay/orderquery`. */
const queryMeanings: Meanings<Open<OrderEvidence>> = [
  ['not-found', ['ORDERNOTEXIST']],
  ['unknown', ['SYSTEMERROR']],
  ['fault', faults],
];

/** `/pay/closeorder`. ORDERCLOSED is signed, so it is as definite as a success. */
const closeMeanings: Meanings<CloseOutcome['type']> = [
  ['done', ['ORDERCLOSED']],
  ['no-such-order', ['ORDERNOTEXIST']],
  ['refused', ['ORDERPAID', 'TRADE_STATE_ERROR', 'INVALID_REQUEST']],
  ['unknown', ['SYSTEMERROR']],
  ['fault', faults],
];

/** `/pay/unifiedorder`. INVALID_REQUEST: mostly the number lives there with other parameters. */
const prepayMeanings: Meanings<Exclude<PrepayOutcome['type'], 'placed'>> = [
  ['look', ['INVALID_REQUEST', 'ORDERPAID', 'ORDERCLOSED', 'OUT_TRADE_NO_USED']],
  ['refused', ['NOTENOUGH', ...faults]],
  ['unknown', ['SYSTEMERROR', 'FREQUENCY_LIMITED']],
];

/** `/pay/micropay` (4011937125). */
const micropayMeanings: Meanings<Exclude<MicropayOutcome['type'], 'paid'>> = [
  [
    'look',
    [
      'ORDERPAID',
      'ORDERCLOSED',
      'ORDERREVERSED',
      'OUT_TRADE_NO_USED',
      'INVALID_REQUEST',
      // Somebody else is paying under this number.
      'BUYER_MISMATCH',
    ],
  ],
  [
    'refused',
    [
      'AUTHCODEEXPIRE',
      'AUTH_CODE_ERROR',
      'AUTH_CODE_INVALID',
      'NOTENOUGH',
      // WeChat spells it so.
      'NOTSUPORTCARD',
      'TRADE_ERROR',
      ...faults,
    ],
  ],
  ['unknown', ['SYSTEMERROR', 'BANKERROR', 'USERPAYING', 'FREQUENCY_LIMITED']],
];

/** `/secapi/pay/reverse`. INVALID_REQUEST: rate, a repetition, or the certificate. */
const reverseMeanings: Meanings<Open<ReverseOutcome>> = [
  ['no-such-order', ['ORDERNOTEXIST']],
  ['refused', ['REVERSE_EXPIRE', 'TRADE_ERROR', 'INVALID_TRANSACTIONID']],
  ['unknown', ['SYSTEMERROR', 'INVALID_REQUEST', 'USERPAYING']],
  ['fault', faults],
];

/**
 * `/secapi/pay/refund`. With NOTENOUGH it stays open: once the balance is topped up the same number goes
 * through. A field that WeChat does not take is one of this application, which no repetition changes.
 */
const applyMeanings: Meanings<Exclude<ApplyOutcome['type'], 'accepted'>> = [
  [
    'refused',
    [
      'ORDERNOTEXIST',
      'INVALID_TRANSACTIONID',
      'TRADE_OVERDUE',
      'USER_ACCOUNT_ABNORMAL',
      'ERROR',
      'INVALID_REQUEST',
      ...fieldFaults,
    ],
  ],
  [
    'unknown',
    ['SYSTEMERROR', 'BIZERR_NEED_RETRY', 'NOTENOUGH', 'FREQUENCY_LIMITED', 'INVALID_REQ_TOO_MUCH'],
  ],
  ['fault', accountFaults],
];

/** `/pay/refundquery`. */
const refundQueryMeanings: Meanings<Open<RefundEvidence>> = [
  ['not-found', ['REFUNDNOTEXIST']],
  ['unknown', ['SYSTEMERROR', 'INVALID_TRANSACTIONID']],
  ['fault', faults],
];

/** Every code of every call. */
export const knownCodes: ReadonlySet<string> = new Set(
  [
    queryMeanings,
    closeMeanings,
    prepayMeanings,
    micropayMeanings,
    reverseMeanings,
    applyMeanings,
    refundQueryMeanings,
  ].flatMap((meanings) => meanings.flatMap(([, codes]) => codes)),
);

/** The query of an order met a signed error. */
export function queryErrorOf(code: string): OrderEvidence {
  return { type: meaningOf(queryMeanings, code) ?? 'unknown', code };
}

/** The close of an order met a signed error. */
export function closeErrorOf(code: string): CloseOutcome {
  const type = meaningOf(closeMeanings, code) ?? 'unknown';
  return type === 'done' ? { type } : { type, code };
}

/** The placing of an order met a signed error; a code that nobody has heard of refuses it. */
export function prepayErrorOf(code: string): PrepayOutcome {
  return { type: meaningOf(prepayMeanings, code) ?? meaningElsewhere(code), code };
}

/** The charging of a code met a signed error; one that nobody has heard of refuses it. */
export function micropayErrorOf(code: string): MicropayOutcome {
  return { type: meaningOf(micropayMeanings, code) ?? meaningElsewhere(code), code };
}

/** The reversal of a code payment met a signed error. */
export function reverseErrorOf(code: string): ReverseOutcome {
  return { type: meaningOf(reverseMeanings, code) ?? 'unknown', code };
}

/** The application for a refund met a signed error; a code that nobody has heard of refuses it. */
export function applyErrorOf(code: string): ApplyOutcome {
  return { type: meaningOf(applyMeanings, code) ?? meaningElsewhere(code), code };
}

/** The query of a refund met a signed error. */
export function refundQueryErrorOf(code: string): RefundEvidence {
  return { type: meaningOf(refundQueryMeanings, code) ?? 'unknown', code };
}

function meaningOf<T extends string>(meanings: Meanings<T>, code: string): T | undefined {
  return meanings.find(([, codes]) => codes.includes(code))?.[0];
}

/** What the documents give to other calls only leaves this one open. */
function meaningElsewhere(code: string): 'unknown' | 'refused' {
  return knownCodes.has(code) ? 'unknown' : 'refused';
}
