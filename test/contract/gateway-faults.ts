/** What may befall a call to WeChat Pay, whichever it is. */
export type GatewayFault =
  | '429'
  | '500'
  | 'timeout'
  | 'reset'
  | 'unsigned-2xx'
  | 'bad-signature'
  | 'probe'
  | 'unsigned-404';

/** What every call ends in that meets the fault, and so is `unknown`. */
export const unknownCodes = {
  '429': 'FREQUENCY_LIMITED',
  '500': 'SYSTEM_ERROR',
  reset: 'NETWORK',
  timeout: 'TIMEOUT',
  'unsigned-2xx': 'UNSIGNED',
  'bad-signature': 'BAD_SIGNATURE',
  probe: 'PROBE',
} as const satisfies Partial<Record<GatewayFault, string>>;
