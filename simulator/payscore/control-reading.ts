import { type ControlAnswer, controlOk } from '../control-answer.ts';
import { limitError, readLimit } from '../control-limit.ts';
import type { JsonObject } from '../json.ts';
import { beijingTime } from '../timers.ts';
import type { World } from '../world.ts';
import { usesOf } from './desk.ts';
import type { Plan } from './plan.ts';
import { planView } from './plan-view.ts';
import type { Register } from './register.ts';
import type { ServiceOrder } from './service-order.ts';
import { serviceOrderView } from './service-order-view.ts';
import type { SignPlan } from './sign-plan.ts';
import { signPlanView } from './sign-plan-view.ts';
import { chargeAlarm } from './state.ts';

/** `GET /_control/plans?mchid=&merchant_plan_no=&limit=`: newest first. */
export const readPlans = (world: World, query: URLSearchParams): ControlAnswer =>
  list(query, 'plans', world.payscore.plans, planDetails, {
    mchid: ({ mchid }) => mchid,
    merchant_plan_no: ({ merchantPlanNo }) => merchantPlanNo,
  });

/** `GET /_control/sign-plans?mchid=&merchant_sign_plan_no=&limit=`: newest first. */
export const readSignPlans = (world: World, query: URLSearchParams): ControlAnswer =>
  list(query, 'sign_plans', world.payscore.signPlans, (one) => signPlanDetails(world, one), {
    mchid: ({ mchid }) => mchid,
    merchant_sign_plan_no: ({ merchantSignPlanNo }) => merchantSignPlanNo,
  });

/** `GET /_control/service-orders?mchid=&out_order_no=&merchant_sign_plan_no=&limit=`: newest first. */
export const readServiceOrders = (world: World, query: URLSearchParams): ControlAnswer =>
  list(query, 'service_orders', world.payscore.orders, (one) => serviceOrderDetails(world, one), {
    mchid: ({ mchid }) => mchid,
    out_order_no: ({ outOrderNo }) => outOrderNo,
    merchant_sign_plan_no: ({ merchantSignPlanNo }) => merchantSignPlanNo,
  });

const list = <T>(
  query: URLSearchParams,
  name: string,
  register: Register<T>,
  view: (item: T) => JsonObject,
  filters: Readonly<Record<string, (item: T) => string>>,
): ControlAnswer => {
  const limit = readLimit(query);
  if (limit === undefined) return limitError;
  const wanted = register
    .newest(register.size())
    .filter((item) =>
      Object.entries(filters).every(([field, read]) =>
        [read(item), null].includes(query.get(field)),
      ),
    );
  return controlOk({ [name]: wanted.slice(0, limit).map(view) });
};

const planDetails = (plan: Plan): JsonObject => ({
  ...planView(plan),
  created_at: beijingTime(plan.createdAtMs),
});

/** A sign plan as its query shows it, and what only the simulator knows. */
export const signPlanDetails = (world: World, signPlan: SignPlan): JsonObject => ({
  ...signPlanView(signPlan, { uses: usesOf(world, signPlan), nowMs: world.timers.now() }),
  package: signPlan.packageText,
  created_at: beijingTime(signPlan.createdAtMs),
  deliveries: world.payscore.notices.signPlans.deliveries(
    signPlan.mchid,
    signPlan.merchantSignPlanNo,
  ),
});

/** A service order as its query shows it, and what only the simulator knows. */
export const serviceOrderDetails = (world: World, order: ServiceOrder): JsonObject => ({
  ...serviceOrderView(order, world.timers.now()),
  query_id: order.queryId,
  merchant_sign_plan_no: order.merchantSignPlanNo,
  plan_detail_no: order.planDetailNo,
  created_at: beijingTime(order.createdAtMs),
  charging: order.charging,
  failed_charges: order.failedCharges,
  charge_to_come: world.alarms.isSet(chargeAlarm(order)),
  deliveries: world.payscore.notices.orders.deliveries(order.mchid, order.outOrderNo),
});
