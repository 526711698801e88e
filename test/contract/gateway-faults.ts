import type { ApiVersion } from '#core/account.ts';
import type { CloseOutcome, PrepayOutcome } from '#core/evidence.ts';
import type { PrepayRequest } from '#core/ports.ts';

/**
 * What may befall a call to WeChat Pay, whichever it is. `not-here`: it says that it knows no such order or
 * refund.
 */
export type GatewayFault =
  | '429'
  | '500'
  | 'timeout'
  | 'reset'
  | 'unsigned-2xx'
  | 'bad-signature'
  | 'probe'
  | 'return-fail'
  | 'SYSTEMERROR'
  | 'not-here';

/** What each API of WeChat Pay says and does in its own way. */
export type GatewayTraits = {
  /** The faults that leave every call open, and the code that it ends in then. */
  readonly unknownCodes: Readonly<Partial<Record<GatewayFault, string>>>;
  /** Faults under which a call may take effect all the same. */
  readonly lostBy: readonly GatewayFault[];
  readonly noOrder: string;
  readonly noRefund: string;
  /** What an application for a refund makes of `not-here`. */
  readonly nothingToRefund: string;
  readonly otherTerms: string;
  readonly noAmount: PrepayOutcome;
  /** Placings that this API alone refuses: the other one does not ask for it, or leaves it out. */
  readonly unfit: readonly (readonly [what: string, changes: Partial<PrepayRequest>])[];
  readonly closePaying: CloseOutcome;
  /** How long after the placing nothing is closed. */
  readonly closableAfterMs: number;
  readonly notEnough: string;
  /** A second part of one order within a minute: what WeChat says, and whether it takes it all the same. */
  readonly secondPart: { readonly code: string; readonly isTaken: boolean };
  /** One character more than a payer may be told of a refund. */
  readonly longReason: string;
};

/** APIv3 signs no error: what it says there proves nothing. */
const v3: GatewayTraits = {
  unknownCodes: {
    '429': 'FREQUENCY_LIMITED',
    '500': 'SYSTEM_ERROR',
    reset: 'NETWORK',
    timeout: 'TIMEOUT',
    'unsigned-2xx': 'UNSIGNED',
    'bad-signature': 'BAD_SIGNATURE',
    probe: 'PROBE',
  },
  lostBy: ['429', '500', 'reset', 'not-here'],
  noOrder: 'ORDER_NOT_EXIST',
  noRefund: 'RESOURCE_NOT_EXISTS',
  nothingToRefund: 'RESOURCE_NOT_EXISTS',
  otherTerms: 'OUT_TRADE_NO_USED',
  noAmount: { type: 'refused', code: 'PARAM_ERROR', field: '/body/amount/total' },
  unfit: [
    ['an H5 order that does not say whose browser it is', { trade_type: 'H5' }],
    ['a detail that nobody knows', { details: { scene_info: { table: '7' } } }],
  ],
  closePaying: { type: 'unknown', code: 'FREQUENCY_LIMITED' },
  closableAfterMs: 0,
  notEnough: 'NOT_ENOUGH',
  secondPart: { code: 'FREQUENCY_LIMITED', isTaken: true },
  longReason: '退'.repeat(27),
};

/** APIv2 signs its errors, but for those that come before it knows who asks (`return-fail`). */
const v2: GatewayTraits = {
  unknownCodes: {
    '500': 'HTTP_500',
    reset: 'NETWORK',
    timeout: 'TIMEOUT',
    'unsigned-2xx': 'UNSIGNED',
    'bad-signature': 'BAD_SIGNATURE',
    'return-fail': 'RETURN_FAIL',
    SYSTEMERROR: 'SYSTEMERROR',
  },
  lostBy: ['500', 'reset', 'return-fail', 'SYSTEMERROR', 'not-here'],
  noOrder: 'ORDERNOTEXIST',
  noRefund: 'REFUNDNOTEXIST',
  nothingToRefund: 'ORDERNOTEXIST',
  otherTerms: 'INVALID_REQUEST',
  noAmount: { type: 'refused', code: 'PARAM_ERROR' },
  unfit: [],
  closePaying: { type: 'refused', code: 'TRADE_STATE_ERROR' },
  closableAfterMs: 300_000,
  notEnough: 'NOTENOUGH',
  secondPart: { code: 'BIZERR_NEED_RETRY', isTaken: false },
  longReason: '退'.repeat(81),
};

export const traitsOf: Readonly<Record<ApiVersion, GatewayTraits>> = { v3, v2 };

/** The faults that leave every call open, by name. */
export function unknownsOf(api: ApiVersion): readonly (readonly [GatewayFault, string])[] {
  return Object.entries(traitsOf[api].unknownCodes) as [GatewayFault, string][];
}
