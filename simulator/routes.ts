export const OPERATIONS = [
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

export type Operation = (typeof OPERATIONS)[number];

type Entry = { readonly operation: Operation; readonly method: string; readonly path: RegExp };

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
];

type Routed =
  | { readonly kind: 'operation'; readonly operation: Operation; readonly number: string }
  | { readonly kind: 'unknown-path' }
  | { readonly kind: 'wrong-method' };

/** Finds the operation of a raw request path; `number` is the path parameter as on the wire, or empty. */
export const routeCall = (method: string, path: string): Routed => {
  const matches = TABLE.filter((entry) => entry.path.test(path));
  if (matches.length === 0) return { kind: 'unknown-path' };
  const entry = matches.find((candidate) => candidate.method === method);
  if (entry === undefined) return { kind: 'wrong-method' };
  const number = entry.path.exec(path)?.[1] ?? '';
  return { kind: 'operation', operation: entry.operation, number };
};
