import {
  type ControlAnswer,
  controlError,
  controlOk,
  findAccount,
  hasOrder,
} from './control-answer.ts';
import { DEFAULT_LIMIT, limitError, MAX_LIMIT, readLimit } from './control-limit.ts';
import type { ArmedFault } from './faults.ts';
import type { JsonObject } from './json.ts';
import type { NoticePlan } from './notice-schedule.ts';
import { type Order, orderAt } from './order.ts';
import type { Refund } from './refund.ts';
import { refundView } from './refund-view.ts';
import type { Standing } from './standing.ts';
import { beijingTime } from './timers.ts';
import { transactionView } from './transaction-view.ts';
import type { World } from './world.ts';

/** `GET /_control/state`: everything, with the newest 100 orders and calls. */
export const readState = (world: World): ControlAnswer =>
  controlOk({
    now: beijingTime(world.timers.now()),
    merchants: [...world.accounts.values()].map((account) => ({
      mchid: account.mchid,
      appids: account.appids,
      key_mode: account.keyMode,
      notice_percent: account.noticePercent,
      available_balance: account.balance ?? null,
      services: account.services.map(({ id, maxDays, maxDeductions }) => ({
        id,
        max_days: maxDays,
        max_deductions: maxDeductions,
      })),
      wechatpay_serials: [account.keys.publicKey.signing.serial, account.keys.platform.serial],
    })),
    standing_notices: standingView(world.noticePlans.payments),
    standing_refund_notices: standingView(world.noticePlans.refunds),
    standing_refunds: refundPlanView(world),
    standing_sign_plan_notices: standingView(world.noticePlans['sign-plans']),
    standing_service_order_notices: standingView(world.noticePlans['service-orders']),
    standing_charges: chargePlanView(world),
    standing_creations: creationPlanView(world),
    payscore_texts: world.payscore.numbersAsText,
    payscore_odd_samples: world.payscore.oddSamples,
    standing_micropays: micropayPlanView(world),
    standing_reverses: reversePlanView(world),
    notice_sign_type: world.v2Notices.signTypeNaming,
    faults: world.faults.armed().map(faultView),
    orders_kept: world.orders.size(),
    orders: world.orders.newest(DEFAULT_LIMIT).map((order) => orderView(world, order)),
    refunds_kept: world.refunds.size(),
    refunds: world.refunds.newest(DEFAULT_LIMIT).map((refund) => refundDetails(world, refund)),
    plans_kept: world.payscore.plans.size(),
    sign_plans_kept: world.payscore.signPlans.size(),
    service_orders_kept: world.payscore.orders.size(),
    calls: world.calls.slice(-DEFAULT_LIMIT),
  });

/** `GET /_control/orders?mchid=&out_trade_no=&limit=`: newest first. */
export const readOrders = (world: World, query: URLSearchParams): ControlAnswer => {
  const limit = readLimit(query);
  if (limit === undefined) return limitError;
  const outTradeNo = query.get('out_trade_no');
  if (outTradeNo !== null) {
    const account = findAccount(
      world,
      query.get('mchid') ?? undefined,
      hasOrder(world, outTradeNo),
    );
    if (account === undefined) return controlError(400, '/mchid: name one of the merchants');
    const order = world.orders.get(account.mchid, outTradeNo);
    return controlOk({ orders: order === undefined ? [] : [orderView(world, order)] });
  }
  const mchid = query.get('mchid');
  const orders = world.orders
    .newest(MAX_LIMIT)
    .filter((order) => mchid === null || order.mchid === mchid);
  return controlOk({ orders: orders.slice(0, limit).map((order) => orderView(world, order)) });
};

/** `GET /_control/refunds?mchid=&out_trade_no=&out_refund_no=&limit=`: newest first. */
export const readRefunds = (world: World, query: URLSearchParams): ControlAnswer => {
  const limit = readLimit(query);
  if (limit === undefined) return limitError;
  const wanted = (name: string, value: string) => [value, null].includes(query.get(name));
  const refunds = world.refunds
    .newest(world.refunds.size())
    .filter(
      (refund) =>
        wanted('mchid', refund.mchid) &&
        wanted('out_trade_no', refund.outTradeNo) &&
        wanted('out_refund_no', refund.outRefundNo),
    );
  return controlOk({
    refunds: refunds.slice(0, limit).map((refund) => refundDetails(world, refund)),
  });
};

/** `GET /_control/deliveries?mchid=&out_trade_no=`: the sends about one order, oldest first. */
export const readDeliveries = (world: World, query: URLSearchParams): ControlAnswer => {
  const outTradeNo = query.get('out_trade_no');
  if (outTradeNo === null) return controlError(400, '/out_trade_no: this field is required');
  const account = findAccount(world, query.get('mchid') ?? undefined, hasOrder(world, outTradeNo));
  if (account === undefined) return controlError(400, '/mchid: name one of the merchants');
  return controlOk({ deliveries: world.notices.deliveries(account.mchid, outTradeNo) });
};

/** `GET /_control/calls?limit=`: the last calls of the API, oldest first. */
export const readCalls = (world: World, query: URLSearchParams): ControlAnswer => {
  const limit = readLimit(query);
  return limit === undefined ? limitError : controlOk({ calls: world.calls.slice(-limit) });
};

const standingView = ({ plan, remaining }: Standing<NoticePlan>): JsonObject =>
  remaining > 0 ? { mode: plan.mode, remaining } : { mode: 'normal' };

const refundPlanView = ({ refundPlan: { plan, remaining } }: World): JsonObject =>
  remaining > 0 ? { status: plan.status, remaining } : { status: 'SUCCESS' };

const chargePlanView = ({ payscore: { charges } }: World): JsonObject =>
  charges.remaining > 0
    ? { outcome: charges.plan.outcome, remaining: charges.remaining }
    : { outcome: 'paid' };

const creationPlanView = ({ payscore: { creations } }: World): JsonObject =>
  creations.remaining > 0
    ? { state: creations.plan.state, remaining: creations.remaining }
    : { state: 'DOING' };

const micropayPlanView = ({ micropayPlan: { plan, remaining } }: World): JsonObject =>
  remaining > 0
    ? { outcome: plan.code ?? plan.leaves, leaves: plan.leaves, remaining }
    : { outcome: 'normal' };

const reversePlanView = ({ reversePlan: { plan, remaining } }: World): JsonObject =>
  remaining > 0 ? { outcome: plan.outcome, effect: plan.effect, remaining } : { outcome: 'done' };

const orderView = (world: World, order: Order): JsonObject => ({
  ...transactionView(orderAt(order, world.timers.now())),
  trade_type: order.tradeType,
  ordered_total: order.total,
  placed_at: beijingTime(order.placedAtMs),
  time_expire: beijingTime(order.expiresAtMs),
  notify_url: order.notifyUrl,
  sign_type: order.v2?.signType ?? null,
  auth_code: order.scanned?.authCode ?? null,
  paying: order.paying,
  pays_on_close: order.payOnClose !== undefined,
  deliveries: world.notices.deliveries(order.mchid, order.outTradeNo),
});

/** A refund as its query shows it, and what only the simulator knows. */
export const refundDetails = (world: World, refund: Refund): JsonObject => ({
  ...refundView(refund),
  mchid: refund.mchid,
  origin: refund.origin,
  notify_url: refund.notifyUrl ?? null,
  deliveries: world.notices
    .deliveries(refund.mchid, refund.outTradeNo)
    .filter((delivery) => delivery.out_refund_no === refund.outRefundNo),
});

export const faultView = (fault: ArmedFault): JsonObject => ({
  id: fault.id,
  fault: fault.fault,
  remaining: fault.remaining,
  mchid: fault.mchid ?? null,
  method: fault.method ?? null,
  operation: fault.operation ?? null,
  path: fault.path?.source ?? null,
  carry_out: fault.carryOut,
  err_code: fault.errCode ?? null,
});
