import { randomBytes } from 'node:crypto';
import { authorize, readAuthorization } from './authorization.ts';
import { logged } from './call-log.ts';
import type { FaultName } from './faults.ts';
import type { MerchantAccount } from './merchant-account.ts';
import type { Reply } from './merchant-call.ts';
import { performCall } from './operations.ts';
import { planNotExist, serviceOrderNotExist } from './payscore/refusals.ts';
import { isPayscoreOperation } from './payscore/routes.ts';
import {
  frequencyLimited,
  invalidRequest,
  orderNotExist,
  type Refusal,
  refundNotExist,
  systemError,
} from './refusals.ts';
import { isV2Operation, routeCall, type V3Operation } from './routes.ts';
import { type SignatureFlaw, signatureHeaders } from './signing.ts';
import { answerV2Call } from './v2/gateway.ts';
import { answerKey } from './wechat-keys.ts';
import type { ApiCall, HttpAnswer, Outcome } from './wire.ts';
import type { World } from './world.ts';

/** Answers one call of the API as WeChat Pay does, faults included, and logs it. */
export const answerCall = (world: World, call: ApiCall): Outcome => {
  const [path = ''] = call.target.split('?', 1);
  const routed = routeCall(call.method, path);
  if (routed.kind !== 'operation') {
    const answer = bare(routed.kind === 'unknown-path' ? 404 : 405);
    return logged(world, call, { answer });
  }
  const { operation, number } = routed;
  return isV2Operation(operation)
    ? answerV2Call(world, call, operation)
    : answerV3Call(world, call, { operation, number });
};

type RoutedV3 = { readonly operation: V3Operation; readonly number: string };

const answerV3Call = (world: World, call: ApiCall, routed: RoutedV3): Outcome => {
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
  timeout: 'hold',
  reset: 'reset',
};

/** The failure in the words of the call: what it does not find is an order, a refund, or a thing of PayScore. */
const failureOf = (fault: FaultName, operation: V3Operation): (typeof FAILURES)[FaultName] => {
  if (fault !== 'unsigned-404') return FAILURES[fault];
  if (REFUND_CALLS.includes(operation)) return refundNotExist;
  if (!isPayscoreOperation(operation)) return orderNotExist;
  return operation.endsWith('-plan') ? planNotExist : serviceOrderNotExist;
};

const REFUND_CALLS: readonly V3Operation[] = ['apply-refund', 'query-refund'];
const NEED_CLIENT_NAMES: readonly V3Operation[] = ['certificates', ...REFUND_CALLS];

type Handled = { readonly reply: Reply; readonly account?: MerchantAccount };

const handle = (world: World, call: ApiCall, routed: RoutedV3, stale: boolean): Handled => {
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
