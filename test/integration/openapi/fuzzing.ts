import fc from 'fast-check';
import { isObject, type JsonObject, parseJsonObject } from '../../../local/json.ts';
import { brokenOf, textsFrom, valuesOf } from './arbitraries.ts';
import type { Sent } from './client.ts';
import { type Meant, meantBy } from './judge.ts';
import type { PageOperation } from './page.ts';
import { type Checker, checkerOf } from './schemas.ts';

/** What a request can refer to. */
export type Known = {
  readonly origin: string;
  readonly account: string;
  readonly appid: string;
  readonly orders: readonly string[];
  readonly refunds: readonly string[];
  readonly serviceId: string;
  readonly plans: readonly string[];
  readonly signPlans: readonly string[];
  readonly serviceOrders: readonly string[];
  readonly tokens: readonly Token[];
};

/** An Authorization header, and the scopes for which it is good at the development account. */
export type Token = {
  readonly header: string | undefined;
  readonly scopes: readonly string[];
  /** It is good, and for another tenant or other accounts. */
  readonly isForeign?: true;
  readonly isValid: boolean;
};

export type Attempt = Sent & { readonly token: Token };

/** Requests to an operation: some right, some nearly. */
export function attemptsAt(operation: PageOperation, known: Known): fc.Arbitrary<Attempt> {
  const { template, method, body } = operation;
  return fc
    .record({
      account: fc.oneof(
        { weight: 24, arbitrary: fc.constant(known.account) },
        { weight: 1, arbitrary: oddParts },
      ),
      number: numbersFor(operation, known),
      query: fc.constantFrom('', '', ...queries),
      token: tokensFrom(known),
      headers: contentTypes,
      body: body === undefined ? oddBodies : bodiesOf(body, known),
    })
    .map(({ account, number, query, token, headers, body: bytes }) => ({
      method,
      target: template.replace('{account}', account).replace(/\{\w+_no\}/, () => number) + query,
      token,
      headers: headersWith(token, headers),
      ...(bytes !== undefined && { body: bytes }),
    }));
}

/** Requests to anywhere, in any way. */
export function strayAttempts(known: Known): fc.Arbitrary<Attempt> {
  const part = fc.oneof(
    oddParts,
    fc.constantFrom('v1', 'v1', 'v1', 'v2', known.account, 'orders', 'refunds', 'close', 'resolve'),
    fc.constantFrom('payscore', 'plans', 'sign-plans', 'service-orders', 'stop', 'pay'),
    fc.constantFrom(...known.orders, ...known.plans),
  );
  const usual = fc
    .tuple(
      fc.constantFrom('orders', 'refunds', 'payscore/plans', 'payscore/service-orders'),
      part,
      fc.constantFrom('', '/', '/close', '/resolve', '/stop', '/pay'),
    )
    .map(([kind, number, end]) => `/v1/${known.account}/${kind}/${number}${end}`);
  const any = fc.array(part, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
  const target = fc
    .tuple(fc.oneof(usual, any), fc.constantFrom('', ...queries))
    .map((all) => all.join(''));
  return fc
    .record({
      method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'),
      target,
      token: tokensFrom(known),
      headers: contentTypes,
    })
    .map((attempt) => ({ ...attempt, headers: headersWith(attempt.token, attempt.headers) }));
}

function headersWith({ header }: Token, headers: Sent['headers']): Sent['headers'] {
  return { ...headers, ...(header !== undefined && { authorization: header }) };
}

const queries = [
  '?refresh=true',
  '?refresh=1',
  '?refresh=true&refresh=true',
  '?refresh=%74rue',
  '?x=%zz',
  '?',
  '?refresh=%00&a[b]=c',
];

/** As they stand in a path. */
const oddParts = fc.oneof(
  fc.constantFrom(
    'a',
    '..',
    '.',
    '%2E%2E',
    '%2F',
    'a%2Fb',
    '%',
    '%zz',
    '%00',
    '%C3',
    'DEV',
    'nobody',
  ),
  fc.constantFrom(
    'A-1001%0A',
    '%20A-1001',
    'A%7C1001',
    'A%257C1001',
    'A@1001',
    '~1001001',
    'back-A-1001',
  ),
  fc.integer({ min: 1, max: 70 }).map((length) => 'x'.repeat(length)),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map(encoded),
);

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function numbersFor(operation: PageOperation, known: Known): fc.Arbitrary<string> {
  const schema = numberSchema(operation);
  const there = knownFor(operation, known);
  const pattern = String(schema['pattern']).replace('(?!back-)', '');
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...there).map(encoded) },
    { weight: 6, arbitrary: fc.stringMatching(new RegExp(pattern)).map(encoded) },
    { weight: 1, arbitrary: oddParts },
  );
}

function knownFor({ template }: PageOperation, known: Known): readonly string[] {
  const of: Readonly<Record<string, readonly string[]>> = {
    out_refund_no: known.refunds,
    merchant_plan_no: known.plans,
    merchant_sign_plan_no: known.signPlans,
    out_order_no: known.serviceOrders,
  };
  return Object.entries(of).find(([name]) => template.includes(name))?.[1] ?? known.orders;
}

/** Mostly a good one, or else nothing behind it is ever reached. */
function tokensFrom({ tokens: [good, ...others] }: Known): fc.Arbitrary<Token> {
  if (good === undefined) {
    throw new Error('There is no token.');
  }
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(good) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

const contentTypes = fc
  .constantFrom(
    'application/json',
    'application/json',
    'text/plain',
    'application/octet-stream',
    'application/json; charset=utf-16',
    'multipart/form-data; boundary=x',
    '',
  )
  .map((type): Readonly<Record<string, string>> => (type === '' ? {} : { 'content-type': type }));

const oddBodies = fc.option(textsFrom(fc.jsonValue()), { nil: undefined });

/** Half of them name what is really there, so that more than the shape is asked for. */
function bodiesOf(schema: JsonObject, known: Known): fc.Arbitrary<Buffer> {
  const values = fc.oneof(valuesOf(schema), brokenOf(schema));
  const real = fc.record({
    appid: fc.constant(known.appid),
    service_id: fc.constant(known.serviceId),
    out_trade_no: fc.constantFrom(...known.orders),
    out_order_no: fc.constantFrom(...known.serviceOrders),
    merchant_plan_no: fc.constantFrom(...known.plans),
    merchant_sign_plan_no: fc.constantFrom(...known.signPlans),
  });
  const at = fc.tuple(values, fc.boolean(), real);
  return textsFrom(
    at.map(([value, isReal, named]) => {
      if (!isObject(value) || !isReal) {
        return value;
      }
      const there = Object.entries(named).filter(([name]) => name in value);
      return { ...value, ...Object.fromEntries(there) };
    }),
  );
}

function numberSchema({ parameters }: PageOperation): JsonObject {
  const parameter = parameters.find(({ name }) => String(name).endsWith('_no'));
  const schema = parameter?.['schema'];
  return isObject(schema) ? schema : {};
}

/** What the page lets us expect of a request: a refusal with its code, or anything that it says else. */
export type Expected = { readonly status: number; readonly code: string } | 'gateway' | undefined;

/**
 * By the page alone: in the order in which the API looks, the first thing that is wrong. Undefined:
 * nothing is; then only what is there can stand against it.
 */
export function expectedOf(attempt: Attempt, known: Known): Expected {
  const meant = meantBy(attempt);
  if (meant.type === 'undecodable') {
    return 'gateway';
  }
  if (meant.type !== 'operation') {
    return undefined;
  }
  const { operation, values } = meant;
  const { token } = attempt;
  if (!token.isValid) {
    return { status: 401, code: 'token_invalid' };
  }
  if (!token.scopes.includes(operation.scope)) {
    return { status: 403, code: 'scope_missing' };
  }
  if (values['account'] !== known.account || token.isForeign === true) {
    return { status: 404, code: 'account_unknown' };
  }
  return isNumberRight(meant) ? expectedOfBody(attempt, operation) : invalid;
}

const invalid = { status: 400, code: 'request_invalid' };

/** Whoever encodes a number twice is understood. */
function isNumberRight(meant: Extract<Meant, { readonly type: 'operation' }>): boolean {
  const number = Object.entries(meant.values).find(([name]) => name.endsWith('_no'))?.[1] ?? '';
  const pattern = new RegExp(String(numberSchema(meant.operation)['pattern']));
  try {
    return pattern.test(decodeURIComponent(number));
  } catch {
    return false;
  }
}

const limitBytes = 65_536;
const textTypes = /^(text\/.+|application\/json)(;|$)/;

function expectedOfBody(attempt: Attempt, operation: PageOperation): Expected {
  if (operation.body === undefined) {
    return undefined;
  }
  const sent = Buffer.from(attempt.body ?? '');
  // The gateway makes text of text, and so U+FFFD of what is none.
  const isText = textTypes.test(attempt.headers['content-type'] ?? '');
  const seen = isText ? Buffer.from(sent.toString('utf8')) : sent;
  if (seen.length > limitBytes) {
    return { status: 413, code: 'body_too_large' };
  }
  const isUtf8 = seen.equals(Buffer.from(seen.toString('utf8')));
  const value = isUtf8 ? parseJsonObject(seen.toString('utf8')) : undefined;
  return value === undefined || checkerFor(operation)(value).length > 0 ? invalid : undefined;
}

const checkers = new Map<string, Checker>();

function checkerFor({ id, body = {} }: PageOperation): Checker {
  const checker = checkers.get(id) ?? checkerOf(body);
  checkers.set(id, checker);
  return checker;
}
