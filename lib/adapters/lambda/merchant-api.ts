import httpRouter from '@middy/http-router';
import type { Context } from 'aws-lambda';
import type { Account } from '#core/account.ts';
import type { Accounts } from '#core/ports.ts';
import { maySee, type Principal, type Scope } from '#core/principal.ts';
import type { Answer } from '#core/refusal.ts';
import type { NewOrder } from '#core/subjects/order/place.ts';
import { isAccountName, isOutTradeNo, type OutTradeNo } from '#core/values/ids.ts';
import { type HttpAnswer, type HttpEvent, jsonAnswer, pathParameter, rawBody } from './http.ts';
import { type OrderRequest, readOrderRequest } from './order-request.ts';
import { problemAnswer, problemOfRefusal } from './problem.ts';

/** A job's result with the status it is answered with. */
export type Shown = { readonly statusCode: number; readonly body: object };

/** What the merchant's HTTP API does, each for an account that the caller may see. */
export type MerchantJobs = {
  readonly authenticate: (authorization: string | undefined) => Promise<Principal>;
  readonly accounts: Accounts;
  readonly bodyLimitBytes: number;
  readonly putOrder: (
    account: Account,
    order: OrderRequest & Pick<NewOrder, 'out_trade_no' | 'requestId'>,
  ) => Promise<Answer<Shown>>;
  readonly getOrder: (
    account: Account,
    out_trade_no: OutTradeNo,
    refresh: boolean,
  ) => Promise<Answer<Shown>>;
  readonly closeOrder: (account: Account, out_trade_no: OutTradeNo) => Promise<Answer<Shown>>;
};

const orderPath = '/v1/{account}/orders/{out_trade_no}';
const knownPath = /^\/v1\/[^/]+\/orders\/[^/]+(\/close)?\/?$/;

/**
 * The routes of the merchant API. Each request is authenticated first, then its scope checked, then its
 * account looked up: an account of another tenant answers as one that does not exist. Only then is
 * anything of the request read.
 */
export function createMerchantApi(
  jobs: MerchantJobs,
): (event: HttpEvent, context: Context) => Promise<HttpAnswer> {
  const route = (scope: Scope, handle: Handle) => (event: HttpEvent, context: Context) =>
    answerOrder(jobs, scope, handle, { event, requestId: context.awsRequestId });
  const router = httpRouter<HttpEvent, HttpAnswer>({
    routes: [
      { method: 'PUT', path: orderPath, handler: route('orders:write', put) },
      { method: 'GET', path: orderPath, handler: route('orders:read', get) },
      { method: 'POST', path: `${orderPath}/close`, handler: route('orders:write', close) },
    ],
    notFoundResponse: ({ path }) => {
      const [, isClose] = knownPath.exec(path) ?? [undefined, undefined];
      return knownPath.test(path)
        ? problemAnswer('method_not_allowed', {
            allow: isClose === undefined ? 'GET, PUT' : 'POST',
          })
        : problemAnswer('route_unknown');
    },
  });
  return async (event, context) => router(event, context);
}

type Asked = { readonly event: HttpEvent; readonly requestId: string };
type Order = { readonly account: Account; readonly out_trade_no: OutTradeNo };
type Handle = (jobs: MerchantJobs, order: Order, asked: Asked) => Promise<HttpAnswer>;

async function answerOrder(
  jobs: MerchantJobs,
  scope: Scope,
  handle: Handle,
  asked: Asked,
): Promise<HttpAnswer> {
  const { event, requestId } = asked;
  const principal = await jobs.authenticate(event.headers['authorization']);
  if (!principal.scopes.has(scope)) {
    return problemAnswer('scope_missing', { requestId });
  }
  const name = pathParameter(event, 'account');
  const account = isAccountName(name) ? await jobs.accounts.get(name) : undefined;
  if (account === undefined || !maySee(principal, account)) {
    return problemAnswer('account_unknown', { requestId });
  }
  const out_trade_no = pathParameter(event, 'out_trade_no');
  if (!isOutTradeNo(out_trade_no)) {
    const detail = 'must be 6 to 32 of 0-9 A-Z a-z _ - | *';
    return problemAnswer('request_invalid', {
      requestId,
      errors: [{ pointer: '/out_trade_no', detail }],
    });
  }
  return handle(jobs, { account, out_trade_no }, asked);
}

const put: Handle = async (jobs, { account, out_trade_no }, { event, requestId }) => {
  const body = rawBody(event, jobs.bodyLimitBytes);
  if (body === undefined) {
    return problemAnswer('body_too_large', { requestId });
  }
  const request = readOrderRequest(body);
  return request.ok
    ? show(await jobs.putOrder(account, { ...request.value, out_trade_no, requestId }), requestId)
    : problemAnswer('request_invalid', { requestId, errors: request.errors });
};

const get: Handle = async (jobs, { account, out_trade_no }, { event, requestId }) => {
  const refresh = event.queryStringParameters?.['refresh'] === 'true';
  return show(await jobs.getOrder(account, out_trade_no, refresh), requestId);
};

const close: Handle = async (jobs, { account, out_trade_no }, { requestId }) =>
  show(await jobs.closeOrder(account, out_trade_no), requestId);

function show(answer: Answer<Shown>, requestId: string): HttpAnswer {
  return answer.ok
    ? jsonAnswer(answer.value.statusCode, answer.value.body)
    : problemOfRefusal(answer.refusal, requestId);
}
