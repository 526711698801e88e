import { done, type MerchantCall, type Reply, readBody, refuse } from '../merchant-call.ts';
import { invalidRequest, paramError, type Refusal } from '../refusals.ts';
import { takePlan } from '../standing.ts';
import type { World } from '../world.ts';
import { callerService } from './caller.ts';
import { MERCHANT_NO, textOf } from './common-fields.ts';
import { newId, newMoment, newOpaqueText, usesOf } from './desk.ts';
import { knownFields } from './known-fields.ts';
import { otherParameters, serviceOrderNotExist, signPlanNotExist } from './refusals.ts';
import { beforeCollection, type ServiceOrder, type ServiceOrderWish } from './service-order.ts';
import { checkServiceOrder } from './service-order-rules.ts';
import { createdView, serviceOrderView } from './service-order-view.ts';
import { type SignPlan, type UseRefusal, useRefusal } from './sign-plan.ts';
import { idName, nameOf, queryName } from './state.ts';

/** `POST /v3/payscore/sign-plan/serviceorder`: the same number and parameters are the same order, whatever became of it. */
export const createServiceOrder = (world: World, call: MerchantCall): Reply => {
  const body = readBody(call);
  if (!body.ok) return body;
  const checked = checkServiceOrder(body.value);
  if (!checked.ok) return checked;
  const { wish } = checked;
  const { mchid } = call.account;
  const caller = callerService(call.account, wish);
  if (!caller.ok) return caller;
  const nowMs = world.timers.now();
  const { orders, signPlans } = world.payscore;
  const known = orders.get(nameOf(mchid, wish.outOrderNo));
  if (known !== undefined) {
    const same = known.fingerprint === wish.fingerprint;
    return same ? done(createdView(known, nowMs)) : refuse(otherParameters);
  }
  const signPlan = signPlans.get(idName(mchid, wish.signPlanId));
  if (signPlan === undefined) return refuse(signPlanNotExist);
  const refusal = refusalOf(world, signPlan, wish);
  if (refusal !== undefined) return refuse(refusal);
  const order = newOrder(world, signPlan, wish);
  orders.put(order);
  return done(createdView(order, nowMs));
};

const newOrder = (world: World, signPlan: SignPlan, wish: ServiceOrderWish): ServiceOrder => {
  const { details } = signPlan.plan;
  const created = takePlan(world.payscore.creations)?.state ?? 'DOING';
  return {
    ...wish,
    mchid: signPlan.mchid,
    orderId: newId(world, '150000'),
    queryId: newOpaqueText(),
    merchantSignPlanNo: signPlan.merchantSignPlanNo,
    detailPrice: details.find((one) => one.planDetailNo === wish.planDetailNo)?.actualPrice ?? 0,
    createdAtMs: world.timers.now(),
    confirmed: created === 'DOING' ? newMoment(world) : undefined,
    completion: undefined,
    collected: [],
    cancelled: undefined,
    charging: false,
    failedCharges: 0,
  };
};

const refusalOf = (
  world: World,
  signPlan: SignPlan,
  wish: ServiceOrderWish,
): Refusal | undefined => {
  const { appid, openid, serviceId } = signPlan;
  if (serviceId !== wish.serviceId) return invalidRequest('The sign plan is of another service');
  if (appid !== wish.appid) return invalidRequest('The sign plan is of another appid');
  if (openid !== wish.openid) return invalidRequest('The sign plan is of another user');
  const because = useRefusal(signPlan, usesOf(world, signPlan), {
    planDetailNo: wish.planDetailNo,
    merchantPlanDetailNo: wish.outOrderNo,
    nowMs: world.timers.now(),
  });
  return because === undefined ? undefined : invalidRequest(USE_REFUSALS[because]);
};

const USE_REFUSALS: Readonly<Record<UseRefusal, string>> = {
  'not-signed': 'The sign plan is not in force',
  'no-such-detail': 'The plan has no such detail',
  'other-number': 'out_trade_no is not the merchant_plan_detail_no of the detail',
  'used-before': 'The detail was used before',
  running: 'Another service order of the sign plan is running',
  'out-of-turn': 'The details before it are not finished and paid',
};

const QUERY_FIELDS = {
  service_id: { ...textOf(32), required: true },
  appid: { ...textOf(32), required: true },
  out_order_no: MERCHANT_NO,
  query_id: textOf(512),
} as const;

/** `GET /v3/payscore/serviceorder`: exactly one of the two numbers names it. */
export const queryServiceOrder = (world: World, call: MerchantCall): Reply => {
  const known = knownFields(QUERY_FIELDS, Object.fromEntries(call.query));
  if (!known.ok) return refuse(inQuery(known.refusal));
  const { service_id, appid, out_order_no, query_id } = known.fields as {
    readonly service_id: string;
    readonly appid: string;
    readonly out_order_no?: string;
    readonly query_id?: string;
  };
  if ((out_order_no === undefined) === (query_id === undefined)) {
    return refuse(paramError('/query/out_order_no', 'give either this field or query_id'));
  }
  const caller = callerService(call.account, { serviceId: service_id, appid });
  if (!caller.ok) return caller;
  const { mchid } = call.account;
  const name =
    out_order_no === undefined ? queryName(mchid, query_id ?? '') : nameOf(mchid, out_order_no);
  const order = world.payscore.orders.get(name);
  if (order === undefined) return refuse(serviceOrderNotExist);
  const refusal = creationRefusal(order, { service_id, appid });
  if (refusal !== undefined) return refuse(refusal);
  const seen = call.stale ? beforeCollection(order) : order;
  return done(serviceOrderView(seen, world.timers.now()));
};

const inQuery = (refusal: Refusal): Refusal => {
  const field = String(refusal.detail?.['field']).replace('/body/', '/query/');
  return paramError(field, String(refusal.detail?.['issue']), refusal.number);
};

/** Every later call names the service and the appid of the creation. */
export const creationRefusal = (
  order: ServiceOrder,
  named: { readonly service_id?: unknown; readonly appid?: unknown },
): Refusal | undefined => {
  if (order.appid !== named.appid) return invalidRequest('appid differs from the creation');
  return order.serviceId === named.service_id
    ? undefined
    : invalidRequest('service_id differs from the creation');
};
