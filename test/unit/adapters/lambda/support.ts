import assert from 'node:assert/strict';
import type { Context } from 'aws-lambda';
import { createMerchantApi, type MerchantJobs } from '#adapters/lambda/merchant-api.ts';
import type { Shown } from '#adapters/lambda/merchant-route.ts';
import type { FieldProblem } from '#adapters/lambda/problem.ts';
import type { Principal, Scope } from '#core/principal.ts';
import type { Answer } from '#core/refusal.ts';
import { eventOfRequest } from '../../../../local/http-event.ts';
import { account } from '../../../support/order-builder.ts';

export const bodyLimitBytes = 65_536;

const everyScope: readonly Scope[] = [
  'orders:read',
  'orders:write',
  'orders:resolve',
  'payscore:read',
  'payscore:write',
  'refunds:read',
  'refunds:write',
];

/** Somebody of the account's tenant, who may do everything. */
export const merchant: Principal = { tenant: account.tenant, scopes: new Set(everyScope) };

const uncalled = (name: string) => (): never => assert.fail(`${name} was called`);

/** Jobs for somebody who may do everything; each that is not given fails the test when it is called. */
export function jobsWith(given: Partial<MerchantJobs> = {}): MerchantJobs {
  return {
    authenticate: () => Promise.resolve(merchant),
    accounts: {
      get: (name) => Promise.resolve(name === account.name ? account : undefined),
      refresh: uncalled('accounts.refresh'),
    },
    bodyLimitBytes,
    putOrder: uncalled('putOrder'),
    getOrder: uncalled('getOrder'),
    closeOrder: uncalled('closeOrder'),
    resolveOrder: uncalled('resolveOrder'),
    putRefund: uncalled('putRefund'),
    getRefund: uncalled('getRefund'),
    putPlan: uncalled('putPlan'),
    getPlan: uncalled('getPlan'),
    stopPlan: uncalled('stopPlan'),
    putSignPlan: uncalled('putSignPlan'),
    getSignPlan: uncalled('getSignPlan'),
    stopSignPlan: uncalled('stopSignPlan'),
    putServiceOrder: uncalled('putServiceOrder'),
    getServiceOrder: uncalled('getServiceOrder'),
    commandServiceOrder: uncalled('commandServiceOrder'),
    ...given,
  };
}

export type Reply = {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
};

const context: Context = {
  callbackWaitsForEmptyEventLoop: true,
  functionName: 'api',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:api',
  memoryLimitInMB: '512',
  awsRequestId: 'request-1',
  logGroupName: '/aws/lambda/api',
  logStreamName: '1',
  getRemainingTimeInMillis: () => 30_000,
  done: uncalled('done'),
  fail: uncalled('fail'),
  succeed: uncalled('succeed'),
};

/** Sends `'PUT /v1/shop/orders/A-1001'`: bytes as they are, everything else as JSON. */
export async function call(
  jobs: MerchantJobs,
  request: string,
  body: unknown = new Uint8Array(),
): Promise<Reply> {
  const [method = '', target = ''] = request.split(' ');
  const isBytes = body instanceof Uint8Array;
  const type = isBytes ? 'application/octet-stream' : 'application/json';
  const event = eventOfRequest(
    {
      method,
      target,
      headers: { authorization: ['Bearer token'], 'content-type': [type] },
      body: Buffer.from(isBytes ? body : JSON.stringify(body)),
      sourceIp: '127.0.0.1',
      nowMs: 1_795_233_600_000,
    },
    { route: { routeKey: 'ANY /v1/{proxy+}', functionName: 'api' }, pathParameters: {} },
  );
  const {
    statusCode,
    headers = {},
    body: text = '',
  } = await createMerchantApi(jobs)(event, context);
  return { status: statusCode, headers, body: JSON.parse(text) };
}

/** The fields at fault of a request that must be refused without any job being called. */
export async function faultsOf(request: string, body?: unknown): Promise<readonly FieldProblem[]> {
  const { status, headers, body: problem } = await call(jobsWith(), request, body);
  assert.deepEqual([status, problem['code']], [400, 'request_invalid']);
  assert.equal(headers['content-type'], 'application/problem+json');
  const errors = problem['errors'];
  assert.ok(Array.isArray(errors));
  return errors;
}

export async function pointersOf(request: string, body?: unknown): Promise<readonly string[]> {
  return (await faultsOf(request, body)).map(({ pointer }) => pointer);
}

/** A copy of a body with this value at a pointer: added, replaced or (undefined) taken out. */
export function withAt(body: object, pointer: string, value: unknown): object {
  const copy = structuredClone(body);
  const names = pointer.split('/').slice(1);
  const last = names.pop() ?? '';
  const holder = names.reduce((at: unknown, name) => Object(at)[name], copy);
  assert.ok(typeof holder === 'object' && holder !== null, pointer);
  // Assigning would not add a field named __proto__.
  Object.defineProperty(holder, last, { value, enumerable: true });
  return copy;
}

/** Each value put at this place of a body is refused, with this pointer and no other. */
export async function refusedIn(
  request: string,
  body: object,
  pointer: string,
  values: readonly unknown[],
): Promise<void> {
  for (const value of values) {
    const given = JSON.stringify(value);
    assert.deepEqual(await pointersOf(request, withAt(body, pointer, value)), [pointer], given);
  }
}

export type JobName = Exclude<keyof MerchantJobs, 'authenticate' | 'accounts' | 'bodyLimitBytes'>;

/** What the one job that a request may call is asked for, besides the account. */
export async function askedOf(
  name: JobName,
  request: string,
  body?: unknown,
): Promise<readonly unknown[]> {
  const calls: (readonly unknown[])[] = [];
  const job = (...given: readonly unknown[]): Promise<Answer<Shown>> => {
    calls.push(given);
    return Promise.resolve({ ok: true, value: { statusCode: 202, body: { done: true } } });
  };
  const reply = await call(jobsWith({ [name]: job }), request, body);
  assert.deepEqual([reply.status, reply.body], [202, { done: true }], JSON.stringify(body));
  const [[seen, ...asked] = []] = calls;
  assert.equal(calls.length, 1);
  assert.equal(seen, account);
  return asked;
}

/** Characters that no text may hold, by name. */
export const badCharacters: Readonly<Record<string, string>> = {
  'an emoji': '🍵',
  'a rare Han character of four bytes': '𠮷',
  'a NUL': '\u0000',
  'a line feed': '\n',
  'a DEL': '\u007f',
  'a C1 control': '\u0085',
  'a replacement character': '\ufffd',
  'a U+FFFE': '\ufffe',
  'a U+FFFF': '\uffff',
  'a high surrogate alone': '\ud83c',
  'a low surrogate alone': '\udf75',
};

/** What no text may be. */
export const notTexts: readonly unknown[] = [null, 1, true, {}, [], ['text'], ''];
/** What no number may be. */
export const notNumbers: readonly unknown[] = [null, '1', '', true, {}, [], [1], 1.5, -1, 1e21];
/** What no object may be. */
export const notObjects: readonly unknown[] = [null, 1, true, 'text', '{}', [], [{}]];
