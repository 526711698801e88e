import httpRouter from '@middy/http-router';
import type { Context } from 'aws-lambda';
import type { Account } from '#core/account.ts';
import type { Answer } from '#core/refusal.ts';
import type { NewOrder } from '#core/subjects/order/place.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import type { OutRefundNo, OutTradeNo } from '#core/values/ids.ts';
import type { HttpAnswer, HttpEvent } from './http.ts';
import {
  type ApiRoute,
  answerBody,
  type Gate,
  type Handle,
  isRefresh,
  routesOn,
  type Shown,
  show,
} from './merchant-route.ts';
import { type OrderRequest, readOrderRequest } from './order-request.ts';
import { newRefundNumber, orderNumber, refundNumber } from './path-number.ts';
import { type PayscoreJobs, payscoreRoutes } from './payscore-api.ts';
import { problemAnswer } from './problem.ts';
import { readRefundRequest } from './refund-request.ts';
import { type ResolveRequest, readResolveRequest } from './resolve-request.ts';

/** What the API does with orders and refunds, each for an account that the caller may see. */
type PaymentJobs = {
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

/** What the merchant's HTTP API does. */
export type MerchantJobs = Gate & PaymentJobs & PayscoreJobs;

const orderPath = '/v1/{account}/orders/{out_trade_no}';
const refundPath = '/v1/{account}/refunds/{out_refund_no}';

/** The routes of the merchant API. What each request has to pass first is in `merchant-route.ts`. */
export function createMerchantApi(
  jobs: MerchantJobs,
): (event: HttpEvent, context: Context) => Promise<HttpAnswer> {
  const routes = [...paymentRoutes(jobs), ...payscoreRoutes(jobs)];
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

function paymentRoutes(jobs: Gate & PaymentJobs): ApiRoute[] {
  const on = routesOn(jobs);
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

type OrderHandle = Handle<OutTradeNo, Gate & PaymentJobs>;
type RefundHandle = Handle<OutRefundNo, Gate & PaymentJobs>;

const putOrder: OrderHandle = (jobs, { account, number: out_trade_no }, asked) =>
  answerBody(jobs, asked, readOrderRequest, (order) =>
    jobs.putOrder(account, { ...order, out_trade_no, requestId: asked.requestId }),
  );

const getOrder: OrderHandle = async (jobs, { account, number }, asked) =>
  show(await jobs.getOrder(account, number, isRefresh(asked)), asked);

const closeOrder: OrderHandle = async (jobs, { account, number }, asked) =>
  show(await jobs.closeOrder(account, number), asked);

const resolveOrder: OrderHandle = (jobs, { account, number }, asked) =>
  answerBody(jobs, asked, readResolveRequest, (resolution) =>
    jobs.resolveOrder(account, number, resolution),
  );

const putRefund: RefundHandle = (jobs, { account, number: out_refund_no }, asked) =>
  answerBody(jobs, asked, readRefundRequest, (refund) =>
    jobs.putRefund(account, { ...refund, out_refund_no }),
  );

const getRefund: RefundHandle = async (jobs, { account, number }, asked) =>
  show(await jobs.getRefund(account, number, isRefresh(asked)), asked);
