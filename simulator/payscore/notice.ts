import type { JsonObject } from '../json.ts';
import type { Notice } from '../notice-message.ts';
import { beijingTime } from '../timers.ts';
import type { ServiceOrder } from './service-order.ts';
import { serviceOrderView } from './service-order-view.ts';
import type { Moment, SignPlan } from './sign-plan.ts';
import { type SignPlanSeen, signPlanNoticeView } from './sign-plan-view.ts';

export const SIGN_PLAN_EVENTS = ['signed', 'cancelled'] as const;
export const ORDER_EVENTS = ['confirmed', 'paid'] as const;
export const SERVICE_EVENTS = ['open', 'close'] as const;

export type SignPlanEvent = (typeof SIGN_PLAN_EVENTS)[number];
export type OrderEvent = (typeof ORDER_EVENTS)[number];
export type ServiceEvent = (typeof SERVICE_EVENTS)[number];

const EVENT_TYPES: Readonly<Record<SignPlanEvent | OrderEvent | ServiceEvent, string>> = {
  signed: 'PAYSCORE.USER_SIGN_PLAN',
  cancelled: 'PAYSCORE.USER_CANCEL_SIGN_PLAN',
  confirmed: 'PAYSCORE.USER_CONFIRM',
  paid: 'PAYSCORE.USER_PAID',
  open: 'PAYSCORE.USER_OPEN_SERVICE',
  close: 'PAYSCORE.USER_CLOSE_SERVICE',
};

/** How the contents of notices are made; `odd`: they contradict themselves. */
type Told = { readonly moment: Moment; readonly odd: boolean };

/** The notice that a plan was signed, or the signature cancelled; in WeChat Pay's own samples the state is another. */
export const signPlanNotice = (
  signPlan: SignPlan,
  seen: SignPlanSeen,
  event: SignPlanEvent,
  { moment, odd }: Told,
): Notice => ({
  id: moment.noticeId,
  mchid: signPlan.mchid,
  outTradeNo: signPlan.merchantSignPlanNo,
  url: signPlan.notifyUrl,
  createdAtMs: moment.atMs,
  eventType: EVENT_TYPES[event],
  content: {
    ...signPlanNoticeView(signPlan, seen),
    ...(odd ? { sign_state: 'UNSIGNED' } : {}),
  },
});

/** The notice that an order was confirmed or paid; in WeChat Pay's own samples money is still being taken for one that is done. */
export const orderNotice = (
  order: ServiceOrder,
  nowMs: number,
  event: OrderEvent,
  { moment, odd }: Told,
): Notice => {
  const view = serviceOrderView(order, nowMs);
  return {
    id: moment.noticeId,
    mchid: order.mchid,
    outTradeNo: order.outOrderNo,
    url: order.notifyUrl,
    createdAtMs: moment.atMs,
    eventType: EVENT_TYPES[event],
    content: odd ? contradicting(view) : view,
  };
};

const contradicting = (view: JsonObject): JsonObject => {
  const { collection } = view as { readonly collection?: JsonObject };
  if (collection === undefined) return view;
  const { total_amount: total = 0 } = collection;
  return { ...view, collection: { ...collection, state: '', paying_amount: total } };
};

/** A user gave or withdrew the authorization of a service. */
type Authorization = {
  readonly mchid: string;
  readonly appid: string;
  readonly serviceId: string;
  readonly openid: string;
  readonly url: string;
};

export const serviceNotice = (
  authorization: Authorization,
  event: ServiceEvent,
  moment: Moment,
): Notice => ({
  id: moment.noticeId,
  mchid: authorization.mchid,
  outTradeNo: authorization.serviceId,
  url: authorization.url,
  createdAtMs: moment.atMs,
  eventType: EVENT_TYPES[event],
  content: {
    appid: authorization.appid,
    mchid: authorization.mchid,
    service_id: authorization.serviceId,
    openid: authorization.openid,
    user_service_status: event === 'open' ? 'USER_OPEN_SERVICE' : 'USER_CLOSE_SERVICE',
    openorclose_time: beijingTime(moment.atMs).replace(/\D/g, '').slice(0, 14),
    authorization_code: '',
    out_request_no: '',
  },
});
