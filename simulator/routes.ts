import { PAYSCORE_OPERATIONS, PAYSCORE_TABLE, type PayscoreOperation } from './payscore/routes.ts';

const V3_OPERATIONS = [
  'prepay-native',
  'prepay-jsapi',
  'prepay-app',
  'prepay-h5',
  'query-by-out-trade-no',
  'query-by-transaction-id',
  'close',
  'apply-refund',
  'query-refund',
  'certificates',
] as const;

const V2_OPERATIONS = [
  'v2-unifiedorder',
  'v2-orderquery',
  'v2-closeorder',
  'v2-micropay',
  'v2-reverse',
  'v2-refund',
  'v2-refundquery',
] as const;

/** One of APIv3 about orders, refunds and keys. */
export type PlainOperation = (typeof V3_OPERATIONS)[number];
export type V3Operation = PlainOperation | PayscoreOperation;
export type V2Operation = (typeof V2_OPERATIONS)[number];
export type Operation = V3Operation | V2Operation;

export const OPERATIONS: readonly Operation[] = [
  ...V3_OPERATIONS,
  ...PAYSCORE_OPERATIONS,
  ...V2_OPERATIONS,
];

/** Whether it is one of APIv2, in XML. */
export const isV2Operation = (operation: Operation): operation is V2Operation =>
  operation.startsWith('v2-');

type Entry = {
  readonly operation: Operation;
  /** Absent: APIv2, which tells the caller in its own words that it wants a POST. */
  readonly method?: string;
  readonly path: RegExp;
};

const TABLE: readonly Entry[] = [
  { operation: 'prepay-native', method: 'POST', path: /^\/v3\/pay\/transactions\/native$/ },
  { operation: 'prepay-jsapi', method: 'POST', path: /^\/v3\/pay\/transactions\/jsapi$/ },
  { operation: 'prepay-app', method: 'POST', path: /^\/v3\/pay\/transactions\/app$/ },
  { operation: 'prepay-h5', method: 'POST', path: /^\/v3\/pay\/transactions\/h5$/ },
  {
    operation: 'query-by-out-trade-no',
    method: 'GET',
    path: /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/,
  },
  {
    operation: 'query-by-transaction-id',
    method: 'GET',
    path: /^\/v3\/pay\/transactions\/id\/([^/]+)$/,
  },
  {
    operation: 'close',
    method: 'POST',
    path: /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)\/close$/,
  },
  { operation: 'apply-refund', method: 'POST', path: /^\/v3\/refund\/domestic\/refunds$/ },
  {
    operation: 'query-refund',
    method: 'GET',
    path: /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/,
  },
  { operation: 'certificates', method: 'GET', path: /^\/v3\/certificates$/ },
  ...PAYSCORE_TABLE,
  { operation: 'v2-unifiedorder', path: /^\/pay\/unifiedorder$/ },
  { operation: 'v2-orderquery', path: /^\/pay\/orderquery$/ },
  { operation: 'v2-closeorder', path: /^\/pay\/closeorder$/ },
  { operation: 'v2-micropay', path: /^\/pay\/micropay$/ },
  { operation: 'v2-reverse', path: /^\/secapi\/pay\/reverse$/ },
  { operation: 'v2-refund', path: /^\/secapi\/pay\/refund$/ },
  { operation: 'v2-refundquery', path: /^\/pay\/refundquery$/ },
];

type Routed =
  | { readonly kind: 'operation'; readonly operation: Operation; readonly number: string }
  | { readonly kind: 'unknown-path' }
  | { readonly kind: 'wrong-method' };

/** Finds the operation of a raw request path; `number` is the path parameter as on the wire, or empty. */
export const routeCall = (method: string, path: string): Routed => {
  const matches = TABLE.filter((entry) => entry.path.test(path));
  if (matches.length === 0) return { kind: 'unknown-path' };
  const entry = matches.find((candidate) => [method, undefined].includes(candidate.method));
  if (entry === undefined) return { kind: 'wrong-method' };
  const number = entry.path.exec(path)?.[1] ?? '';
  return { kind: 'operation', operation: entry.operation, number };
};
