import type { JsonObject } from '../json.ts';
import { beijingDigits } from '../timers.ts';
import { type Collected, orderStateOf, type ServiceOrder } from './service-order.ts';

/** A service order as its query, its modification and its sync show it (reference of 2025-03; amounts in fen). */
export const serviceOrderView = (order: ServiceOrder, nowMs: number): JsonObject => ({
  ...namesView(order),
  service_introduction: order.serviceIntroduction,
  ...stateView(order, nowMs),
  post_payments: order.completion?.payments ?? [],
  post_discounts: order.completion?.discounts ?? [],
  risk_fund: { name: 'ESTIMATE_ORDER_COST', amount: order.detailPrice },
  ...collectionView(order),
  time_range: order.completion?.timeRange ?? order.timeRange,
  location: { ...order.location, ...order.completion?.location },
  ...(order.attach === undefined ? {} : { attach: order.attach }),
  notify_url: order.notifyUrl,
  openid: order.openid,
  order_id: order.orderId,
});

/** The numbers alone, as a cancellation and a request to charge answer. */
export const namesView = (order: ServiceOrder): JsonObject => ({
  out_order_no: order.outOrderNo,
  service_id: order.serviceId,
  appid: order.appid,
  mchid: order.mchid,
  order_id: order.orderId,
});

/** The answer to its creation. */
export const createdView = (order: ServiceOrder, nowMs: number): JsonObject =>
  without(serviceOrderView(order, nowMs), ['openid', ...MONEY]);

/** The answer to its completion. */
export const completedView = (order: ServiceOrder, nowMs: number): JsonObject =>
  without(serviceOrderView(order, nowMs), ['openid', 'collection', 'attach', 'notify_url']);

const MONEY = ['collection', 'need_collection', 'total_amount'];

const without = (view: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(view).filter(([name]) => !names.includes(name)));

const stateView = (order: ServiceOrder, nowMs: number): JsonObject => {
  const state = orderStateOf(order, nowMs);
  if (state !== 'DOING') return { state };
  const description = order.completion === undefined ? 'USER_CONFIRM' : 'MCH_COMPLETE';
  return { state, state_description: description };
};

/** What is owed and what came in; nothing of it before completion, and no collection when there is nothing to pay. */
const collectionView = (order: ServiceOrder): JsonObject => {
  if (order.completion === undefined) return {};
  const { total } = order.completion;
  if (total === 0) return { total_amount: 0, need_collection: false };
  const paid = order.collected.length > 0;
  return {
    total_amount: total,
    need_collection: true,
    collection: {
      state: paid ? 'USER_PAID' : 'USER_PAYING',
      total_amount: total,
      paying_amount: paid ? 0 : total,
      paid_amount: order.collected.reduce((sum, { amount }) => sum + amount, 0),
      details: order.collected.map(collectedView),
      ...(paid ? { bank_type: 'OTHERS' } : {}),
    },
  };
};

const collectedView = (collected: Collected, index: number): JsonObject => ({
  seq: index + 1,
  amount: collected.amount,
  paid_type: collected.transactionId === undefined ? 'MCH' : 'NEWTON',
  paid_time: beijingDigits(collected.atMs),
  ...(collected.transactionId === undefined ? {} : { transaction_id: collected.transactionId }),
  promotion_detail: [],
});
