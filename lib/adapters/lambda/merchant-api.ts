import httpRouter, { type Method, type Route } from '@middy/http-router';
import type { Context } from 'aws-lambda';
import type { Account } from '#core/account.ts';
import type { Accounts } from '#core/ports.ts';
import { maySee, type Principal, type Scope } from '#core/principal.ts';
import type { Answer } from '#core/refusal.ts';
import type { NewOrder } from '#core/subjects/order/place.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import { isAccountName, type OutRefundNo, type OutTradeNo } from '#core/values/ids.ts';
import { type HttpAnswer, type HttpEvent, jsonAnswer, pathParameter, rawBody } from './http.ts';
import { type OrderRequest, readOrderRequest } from './order-request.ts';
import { newRefundNumber, orderNumber, type PathNumber, refundNumber } from './path-number.ts';
import { problemAnswer, problemOfRefusal } from './problem.ts';
import { readRefundRequest } from './refund-request.ts';
import type { Read } from './request-reading.ts';
import { type ResolveRequest, readResolveRequest } from './resolve-request.ts';

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
  readonly resolveOrder: (
    account: Account,
    out_trade_no: OutTradeNo,
    resolution: ResolveRequest,
  ) => Promise<Answer<Shown>>;
  readonly putRefund: (
    account: Account,
    refund: Omit<NewRefund, 'notify_url'>,
  ) => Promise<Answer<Shown>>;
  readonly getRefund: (
    account: Account,
    out_refund_no: OutRefundNo,
    refresh: boolean,
  ) => Promise<Answer<Shown>>;
};

const orderPath = '/v1/{account}/orders/{out_trade_no}';
const refundPath = '/v1/{account}/refunds/{out_refund_no}';

/**
 * The routes of the merchant API. Each request is authenticated first, then its scope checked, then its
 * account looked up: an account of another tenant answers as one that does not exist. Only then is
 * anything of the request read.
 */
export function createMerchantApi(
  jobs: MerchantJobs,
): (event: HttpEvent, context: Context) => Promise<HttpAnswer> {
  const routes = routesOf(jobs);
  const router = httpRouter<HttpEvent, HttpAnswer>({
    routes,
    notFoundResponse: ({ path }) => {
      const methods = routes.filter((route) => isAt(route, path)).map(({ method }) => method);
      return methods.length === 0
        ? problemAnswer('route_unknown')
        : problemAnswer('method_not_allowed', { allow: methods.join(', ') });
    },
  });
  return async (event, context) => router(event, context);
}

type ApiRoute = Route<HttpEvent, HttpAnswer>;

function routesOf(jobs: MerchantJobs): ApiRoute[] {
  const on =
    <N>(path: string, number: PathNumber<N>) =>
    (method: Method, scope: Scope, handle: Handle<N>): ApiRoute => ({
      method,
      path,
      handler: (event: HttpEvent, { awsRequestId: requestId }: Context) =>
        answerRoute(jobs, { scope, number, handle }, { event, requestId }),
    });
  return [
    on(orderPath, orderNumber)('GET', 'orders:read', getOrder),
    on(orderPath, orderNumber)('PUT', 'orders:write', putOrder),
    on(`${orderPath}/close`, orderNumber)('POST', 'orders:write', closeOrder),
    on(`${orderPath}/resolve`, orderNumber)('POST', 'orders:resolve', resolveOrder),
    on(refundPath, refundNumber)('GET', 'refunds:read', getRefund),
    on(refundPath, newRefundNumber)('PUT', 'refunds:write', putRefund),
  ];
}

function isAt(route: ApiRoute, path: string): boolean {
  return new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`).test(path);
}

type Asked = { readonly event: HttpEvent; readonly requestId: string };
type Subject<N> = { readonly account: Account; readonly number: N };
type Handle<N> = (jobs: MerchantJobs, subject: Subject<N>, asked: Asked) => Promise<HttpAnswer>;

async function answerRoute<N>(
  jobs: MerchantJobs,
  route: {
    readonly scope: Scope;
    readonly number: PathNumber<N>;
    readonly handle: Handle<N>;
  },
  asked: Asked,
): Promise<HttpAnswer> {
  const { event, requestId } = asked;
  const principal = await jobs.authenticate(event.headers['authorization']);
  if (!principal.scopes.has(route.scope)) {
    return problemAnswer('scope_missing', { requestId });
  }
  const accountName = pathParameter(event, 'account');
  const account = isAccountName(accountName) ? await jobs.accounts.get(accountName) : undefined;
  if (account === undefined || !maySee(principal, account)) {
    return problemAnswer('account_unknown', { requestId });
  }
  const { name, read } = route.number;
  const number = read(pathParameter(event, name));
  if (!number.ok) {
    const errors = [{ pointer: `/${name}`, detail: number.error }];
    return problemAnswer('request_invalid', { requestId, errors });
  }
  return route.handle(jobs, { account, number: number.value }, asked);
}

const putOrder: Handle<OutTradeNo> = (jobs, { account, number: out_trade_no }, asked) =>
  answerBody(jobs, asked, readOrderRequest, (order) =>
    jobs.putOrder(account, { ...order, out_trade_no, requestId: asked.requestId }),
  );

const getOrder: Handle<OutTradeNo> = async (jobs, { account, number }, asked) =>
  show(await jobs.getOrder(account, number, isRefresh(asked)), asked);

const closeOrder: Handle<OutTradeNo> = async (jobs, { account, number }, asked) =>
  show(await jobs.closeOrder(account, number), asked);

const resolveOrder: Handle<OutTradeNo> = (jobs, { account, number }, asked) =>
  answerBody(jobs, asked, readResolveRequest, (resolution) =>
    jobs.resolveOrder(account, number, resolution),
  );

const putRefund: Handle<OutRefundNo> = (jobs, { account, number: out_refund_no }, asked) =>
  answerBody(jobs, asked, readRefundRequest, (refund) =>
    jobs.putRefund(account, { ...refund, out_refund_no }),
  );

const getRefund: Handle<OutRefundNo> = async (jobs, { account, number }, asked) =>
  show(await jobs.getRefund(account, number, isRefresh(asked)), asked);

async function answerBody<T>(
  jobs: MerchantJobs,
  asked: Asked,
  read: (body: Uint8Array) => Read<T>,
  act: (request: T) => Promise<Answer<Shown>>,
): Promise<HttpAnswer> {
  const { event, requestId } = asked;
  const body = rawBody(event, jobs.bodyLimitBytes);
  if (body === undefined) {
    return problemAnswer('body_too_large', { requestId });
  }
  const request = read(body);
  return request.ok
    ? show(await act(request.value), asked)
    : problemAnswer('request_invalid', { requestId, errors: request.errors });
}

function isRefresh({ event }: Asked): boolean {
  return event.queryStringParameters?.['refresh'] === 'true';
}

function show(answer: Answer<Shown>, { requestId }: Asked): HttpAnswer {
  return answer.ok
    ? jsonAnswer(answer.value.statusCode, answer.value.body)
    : problemOfRefusal(answer.refusal, requestId);
}
