import { randomBytes } from 'node:crypto';
import { authorize, readAuthorization } from './authorization.ts';
import type { Fault, FaultName } from './faults.ts';
import type { MerchantAccount } from './merchant-account.ts';
import type { Reply } from './merchant-call.ts';
import { performCall } from './operations.ts';
import {
  frequencyLimited,
  invalidRequest,
  orderNotExist,
  type Refusal,
  refundNotExist,
  systemError,
} from './refusals.ts';
import { type Operation, routeCall } from './routes.ts';
import { type SignatureFlaw, signatureHeaders } from './signing.ts';
import { beijingTime } from './timers.ts';
import { answerKey } from './wechat-keys.ts';
import { logCall, type World } from './world.ts';

/** A call of the API as it came over the wire. */
type ApiCall = {
  readonly method: string;
  /** Path and query exactly as received. */
  readonly target: string;
  /** Every value of each header, by lower-case name. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body: Uint8Array;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** `hold` never answers, `reset` breaks the connection. */
export type Outcome = HttpAnswer | 'hold' | 'reset';

/** Answers one call of the API as WeChat Pay does, faults included, and logs it. */
export const answerCall = (world: World, call: ApiCall): Outcome => {
  const [path = ''] = call.target.split('?', 1);
  const routed = routeCall(call.method, path);
  if (routed.kind !== 'operation') {
    const answer = bare(routed.kind === 'unknown-path' ? 404 : 405);
    return logged(world, call, { answer });
  }
  const { operation } = routed;
  const mchid = readAuthorization(call.headers['authorization'] ?? [])?.mchid;
  const fault = world.faults.take({ mchid, method: call.method, operation, target: call.target });
  const failure = fault === undefined ? undefined : failureOf(fault.fault, operation);
  if (failure !== undefined && fault?.carryOut !== true) {
    const answer = typeof failure === 'string' ? failure : refusalAnswer(failure);
    return logged(world, call, { answer, operation, mchid, fault });
  }
  const handled = handle(world, call, routed, fault?.fault === 'stale');
  if (failure !== undefined) {
    const answer = typeof failure === 'string' ? failure : refusalAnswer(failure);
    return logged(world, call, { answer, operation, mchid, fault });
  }
  const answer = handled.reply.ok
    ? goodAnswer(world, call, handled, fault?.fault)
    : refusalAnswer(handled.reply.refusal);
  const code = handled.reply.ok ? undefined : handled.reply.refusal.code;
  return logged(world, call, { answer, operation, mchid, fault, code });
};

/** Faults that replace the answer. */
const FAILURES: Partial<Record<FaultName, Refusal | 'hold' | 'reset'>> = {
  '429': frequencyLimited,
  '500': systemError,
  'unsigned-404': orderNotExist,
  timeout: 'hold',
  reset: 'reset',
};

/** The failure in the words of the call: what it does not find is an order or a refund. */
const failureOf = (fault: FaultName, operation: Operation): (typeof FAILURES)[FaultName] =>
  fault === 'unsigned-404' && REFUND_CALLS.includes(operation) ? refundNotExist : FAILURES[fault];

const REFUND_CALLS: readonly Operation[] = ['apply-refund', 'query-refund'];
const NEED_CLIENT_NAMES: readonly Operation[] = ['certificates', ...REFUND_CALLS];

type Handled = { readonly reply: Reply; readonly account?: MerchantAccount };

const handle = (
  world: World,
  call: ApiCall,
  routed: { readonly operation: Operation; readonly number: string },
  stale: boolean,
): Handled => {
  if (NEED_CLIENT_NAMES.includes(routed.operation)) {
    const missing = ['accept', 'user-agent'].find((name) => !call.headers[name]?.[0]);
    if (missing !== undefined) {
      return { reply: { ok: false, refusal: invalidRequest(`The ${missing} header is missing`) } };
    }
  }
  const authorized = authorize(
    { ...call, authorization: call.headers['authorization'] ?? [] },
    (mchid) => world.accounts.get(mchid),
    world.timers.now(),
  );
  if (!authorized.ok) return { reply: authorized };
  const account = authorized.merchant;
  const reply = performCall(world, {
    ...routed,
    account,
    query: new URLSearchParams(call.target.slice(call.target.split('?', 1)[0]?.length)),
    contentType: call.headers['content-type']?.[0] ?? '',
    body: call.body,
    stale,
  });
  return { reply, account };
};

const bare = (status: number): HttpAnswer => ({ status, headers: {}, body: '' });

const COMMON_HEADERS = {
  'Cache-Control': 'no-cache, must-revalidate',
  'Content-Language': 'zh-CN',
  Server: 'nginx',
  'X-Content-Type-Options': 'nosniff',
} as const;

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' } as const;

const requestId = (number: number): string =>
  `${randomBytes(16).toString('hex').toUpperCase()}-${number}`;

/** An error: JSON, never signed. */
const refusalAnswer = (refusal: Refusal): HttpAnswer => {
  const { code, message, detail, number } = refusal;
  const identity: Record<string, string> =
    number === undefined ? {} : { 'Request-ID': requestId(number) };
  return {
    status: refusal.status,
    headers: { ...COMMON_HEADERS, ...JSON_TYPE, ...identity },
    body: JSON.stringify(detail === undefined ? { code, message } : { code, message, detail }),
  };
};

/** A 200 or 204, signed unless a fault says otherwise. */
const goodAnswer = (
  world: World,
  call: ApiCall,
  handled: Handled,
  fault: FaultName | undefined,
): HttpAnswer => {
  const value = handled.reply.ok ? handled.reply.body : undefined;
  const body = value === undefined ? '' : JSON.stringify(value);
  const headers = {
    ...COMMON_HEADERS,
    ...(value === undefined ? {} : JSON_TYPE),
    'Request-ID': requestId(0),
  };
  const status = value === undefined ? 204 : 200;
  if (fault === 'unsigned-2xx' || handled.account === undefined) return { status, headers, body };
  const { keys, keyMode } = handled.account;
  const signature = signatureHeaders({
    body,
    key: answerKey(keys, keyMode, call.headers['wechatpay-serial']?.[0]),
    nowMs: world.timers.now(),
    flaw: asFlaw(fault),
  });
  return { status, headers: { ...headers, ...signature }, body };
};

const asFlaw = (fault: FaultName | undefined): SignatureFlaw | undefined =>
  fault === 'bad-signature' || fault === 'probe' ? fault : undefined;

type LogDetails = {
  readonly answer: Outcome;
  readonly operation?: Operation;
  readonly mchid?: string | undefined;
  readonly fault?: Fault | undefined;
  readonly code?: string | undefined;
};

const logged = (world: World, call: ApiCall, details: LogDetails): Outcome => {
  const { answer, code, fault } = details;
  logCall(world, {
    at: beijingTime(world.timers.now()),
    method: call.method,
    path: call.target,
    operation: details.operation ?? null,
    mchid: details.mchid ?? null,
    status: typeof answer === 'string' ? null : answer.status,
    ...(code === undefined ? {} : { code }),
    ...(fault === undefined ? {} : { fault: fault.fault }),
  });
  return answer;
};
