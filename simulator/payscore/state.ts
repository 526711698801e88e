import type { Alarms } from '../alarms.ts';
import { createNoticeDesk, type NoticeDesk, type NoticeDeskOptions } from '../notice-desk.ts';
import type { Standing } from '../standing.ts';
import { type ChargePlan, type CreationPlan, USUAL_CHARGE } from './charge-plan.ts';
import { waitAfterSignPlanTryMs } from './notice-waits.ts';
import type { Plan } from './plan.ts';
import { createRegister, type Register } from './register.ts';
import type { ServiceOrder } from './service-order.ts';
import type { SignPlan } from './sign-plan.ts';

/** What the simulator knows of PayScore. */
export type PayscoreState = {
  readonly plans: Register<Plan>;
  readonly signPlans: Register<SignPlan>;
  readonly orders: Register<ServiceOrder>;
  /** Three desks, for the merchant may use one number for several things. */
  readonly notices: {
    readonly signPlans: NoticeDesk;
    readonly orders: NoticeDesk;
    readonly services: NoticeDesk;
  };
  /** What becomes of the next charges. */
  charges: Standing<ChargePlan>;
  /** In which state the next orders are created. */
  creations: Standing<CreationPlan>;
  /** Whether answers print numbers as text, and notices contradict themselves, as WeChat Pay's own samples do. */
  numbersAsText: boolean;
  oddSamples: boolean;
  /** Numbers of plans, sign plans and orders are counted together. */
  lastSerial: number;
};

const MAX_PLANS = 10_000;
const MAX_SIGN_PLANS = 10_000;

/** A merchant's own number of a thing of one kind, as its name in a register. */
export const nameOf = (mchid: string, number: string): string => `${mchid} ${number}`;

/** WeChat Pay's id of a thing, or the merchant's number of a detail, as another name. */
export const idName = (mchid: string, id: string): string => `${mchid} id ${id}`;
export const detailName = (mchid: string, number: string): string => `${mchid} detail ${number}`;
export const queryName = (mchid: string, queryId: string): string => `${mchid} query ${queryId}`;

/** The name of the alarm about an order's charge. */
export const chargeAlarm = ({ mchid, outOrderNo }: ServiceOrder): string =>
  `charge ${mchid} ${outOrderNo}`;

/** Nothing known yet. With a sign plan that makes room go its orders, and what is owed about them. */
export const createPayscoreState = (
  options: Omit<NoticeDeskOptions, 'waitAfterTryMs'>,
  alarms: Alarms,
): PayscoreState => {
  const notices = {
    signPlans: createNoticeDesk({ ...options, waitAfterTryMs: waitAfterSignPlanTryMs }),
    orders: createNoticeDesk(options),
    services: createNoticeDesk(options),
  };
  const orders = createRegister<ServiceOrder>({
    limit: Number.POSITIVE_INFINITY,
    namesOf: ({ mchid, outOrderNo, queryId }) => [
      nameOf(mchid, outOrderNo),
      queryName(mchid, queryId),
    ],
    onDropped: (order) => {
      notices.orders.forget(order.mchid, order.outOrderNo);
      alarms.clear(chargeAlarm(order));
    },
  });
  const signPlans = createRegister<SignPlan>({
    limit: MAX_SIGN_PLANS,
    namesOf: ({ mchid, merchantSignPlanNo, signPlanId, detailNumbers }) => [
      nameOf(mchid, merchantSignPlanNo),
      idName(mchid, signPlanId),
      ...detailNumbers.map((detail) => detailName(mchid, detail.merchantPlanDetailNo)),
    ],
    onDropped: (signPlan) => {
      notices.signPlans.forget(signPlan.mchid, signPlan.merchantSignPlanNo);
      for (const order of ordersOf(orders, signPlan)) orders.drop(order);
    },
  });
  return {
    plans: createRegister({
      limit: MAX_PLANS,
      namesOf: ({ mchid, merchantPlanNo, planId }) => [
        nameOf(mchid, merchantPlanNo),
        idName(mchid, planId),
      ],
    }),
    signPlans,
    orders,
    notices,
    charges: { plan: USUAL_CHARGE, remaining: 0 },
    creations: { plan: { state: 'DOING' }, remaining: 0 },
    numbersAsText: false,
    oddSamples: false,
    lastSerial: 0,
  };
};

/** The service orders of a sign plan's details, in the order of the details. */
export const ordersOf = (
  orders: Register<ServiceOrder>,
  signPlan: SignPlan,
): readonly ServiceOrder[] =>
  signPlan.detailNumbers
    .flatMap((detail) => orders.get(nameOf(signPlan.mchid, detail.merchantPlanDetailNo)) ?? [])
    .sort((one, other) => one.planDetailNo - other.planDetailNo);
