import { begin, complete, launch, makePlan, sign } from './payscore-play.ts';
import { requestOf } from './play.ts';
import type { Call, Stage } from './stage.ts';
import type { Subject } from './subject.ts';

type Kind = Parameters<Stage['payscoreKey']>[0];

const keyOf =
  (kind: Kind): Subject['keyOf'] =>
  (stage, { number }) =>
    stage.payscoreKey(kind, number);

/** A body with one field put otherwise. */
const withField =
  (name: string, value: unknown): Subject['fault'] =>
  (body) => ({ body: { ...Object(body), [name]: value } });

const noNumber: Subject['fault'] = () => ({ number: 'A 1001' });

const calling =
  (
    make: (stage: Stage) => Promise<{ readonly number: string }>,
    operation: string,
    request?: string,
  ): Subject['call'] =>
  async (stage): Promise<Call> => {
    const { number } = await make(stage);
    return {
      number,
      ...(request !== undefined && { body: requestOf(stage, operation, request) }),
    };
  };

const ofPlan = { keyOf: keyOf('plan'), unknown: 'plan_unknown', fault: noNumber } as const;
const ofSignPlan = {
  keyOf: keyOf('sign-plan'),
  unknown: 'sign_plan_unknown',
  fault: noNumber,
} as const;
const ofServiceOrder = {
  keyOf: keyOf('service-order'),
  unknown: 'service_order_unknown',
  fault: noNumber,
} as const;

/** The operations of PayScore, by a good call of each. */
export const payscoreSubjects: readonly Subject[] = [
  {
    operation: 'putPlan',
    keyOf: keyOf('plan'),
    call: async (stage) => {
      const { number, body } = await makePlan(stage);
      return { number, body };
    },
    fault: withField('plan_duration', '300'),
  },
  { ...ofPlan, operation: 'getPlan', call: calling(makePlan, 'getPlan') },
  { ...ofPlan, operation: 'stopPlan', call: calling(makePlan, 'stopPlan') },
  {
    operation: 'putSignPlan',
    keyOf: keyOf('sign-plan'),
    call: async (stage) => {
      const { number, body } = await launch(stage);
      return { number, body };
    },
    fault: withField('openid', 1),
  },
  { ...ofSignPlan, operation: 'getSignPlan', call: calling(launch, 'getSignPlan') },
  {
    ...ofSignPlan,
    operation: 'stopSignPlan',
    call: calling(sign, 'stopSignPlan', 'withdrawn'),
    fault: withField('stop_reason', 1),
  },
  {
    operation: 'putServiceOrder',
    keyOf: keyOf('service-order'),
    call: async (stage) => {
      const { number, body } = await begin(stage);
      return { number, body };
    },
    fault: withField('time_range', { start_time: 'noon' }),
  },
  { ...ofServiceOrder, operation: 'getServiceOrder', call: calling(begin, 'getServiceOrder') },
  {
    ...ofServiceOrder,
    operation: 'completeServiceOrder',
    call: calling(begin, 'completeServiceOrder', 'lesson'),
    fault: withField('total_amount', '18000'),
  },
  {
    ...ofServiceOrder,
    operation: 'cancelServiceOrder',
    call: calling(begin, 'cancelServiceOrder', 'ill'),
    fault: withField('reason', 1),
  },
  {
    ...ofServiceOrder,
    operation: 'modifyServiceOrder',
    call: calling(complete, 'modifyServiceOrder', 'lower'),
    fault: withField('total_amount', '15000'),
  },
  {
    ...ofServiceOrder,
    operation: 'syncServiceOrder',
    call: calling(complete, 'syncServiceOrder', 'cash'),
    fault: withField('paid_time', 'noon'),
  },
  { ...ofServiceOrder, operation: 'payServiceOrder', call: calling(complete, 'payServiceOrder') },
];
