import {
  type Check,
  type FieldsOf,
  isCount,
  isShape,
  isText,
  isWord,
  optional,
  type Word,
} from './check.ts';
import {
  type Commands,
  commands,
  isSignedDetails,
  type PayscoreCommand,
  type ServiceOrderStatus,
  type SignedDetail,
  type SignPlanStatus,
} from './payscore-answers.ts';

/** What WeChat refused. */
type Refused = Omit<Commands, 'last_command'> & {
  readonly last_command: {
    readonly name: PayscoreCommand;
    readonly outcome: Word<'refused'>;
    /** WeChat's code, `NUMBER_USED` (something else has this number) or `STATE` (it was over before). */
    readonly reason: string;
  };
};

/** A plan, or its stop, that WeChat refused. */
export type RefusedPlanFacts = Refused & {
  readonly mchid: string;
  readonly merchant_plan_no: string;
  /** What the plan is now. */
  readonly status: Word<'REFUSED' | 'NORMAL'>;
};

/** A sign plan that was never launched here. */
export type UnmatchedSignPlanFacts = {
  readonly mchid: string;
  readonly merchant_sign_plan_no: string;
  /** What the sign plan is now. */
  readonly status: SignPlanStatus;
  readonly plan_id: string;
  readonly sign_plan_id?: string;
  readonly sign_time?: string;
  readonly plan_over_time?: string;
  readonly details: readonly SignedDetail[];
};

type LaunchedFacts = UnmatchedSignPlanFacts & { readonly merchant_plan_no: string };
export type SignPlanFacts = LaunchedFacts & Commands;
export type CancelledSignPlanFacts = SignPlanFacts & {
  readonly cancel_sign_type?: Word<'USER' | 'MERCHANT' | 'REVOKE_SERVICE'>;
};
/** A sign plan, or its stop, that WeChat refused. */
export type RefusedSignPlanFacts = LaunchedFacts & Refused;

/** A service order that was never begun here. Money in fen. */
export type UnmatchedServiceOrderFacts = {
  readonly mchid: string;
  readonly out_order_no: string;
  /** What the service order is now. */
  readonly status: ServiceOrderStatus;
  readonly order_id?: string;
  /** What is charged. */
  readonly total_amount?: number;
  readonly paid_amount?: number;
  readonly paid_type?: Word<'NEWTON' | 'MCH'>;
  readonly transaction_id?: string;
  readonly success_time?: string;
};

type BegunFacts = UnmatchedServiceOrderFacts & { readonly merchant_sign_plan_no: string };
export type ServiceOrderFacts = BegunFacts & Commands;
export type ReviewedServiceOrderFacts = ServiceOrderFacts & {
  readonly reason: Word<'amount' | 'payer' | 'revoked'>;
};
/** A service order, or a command about it, that WeChat refused. */
export type RefusedServiceOrderFacts = BegunFacts & Refused;

/** The data of each type of event about PayScore. */
export type PayscoreEventData = {
  'plan.refused': RefusedPlanFacts;
  'sign-plan.signed': SignPlanFacts;
  'sign-plan.cancelled': CancelledSignPlanFacts;
  'sign-plan.completed': SignPlanFacts;
  'sign-plan.expired': SignPlanFacts;
  'sign-plan.refused': RefusedSignPlanFacts;
  'sign-plan.unmatched': UnmatchedSignPlanFacts;
  'service-order.doing': ServiceOrderFacts;
  'service-order.completed': ServiceOrderFacts;
  'service-order.paid': ServiceOrderFacts;
  'service-order.revoked': ServiceOrderFacts;
  'service-order.expired': ServiceOrderFacts;
  'service-order.review': ReviewedServiceOrderFacts;
  'service-order.refused': RefusedServiceOrderFacts;
  'service-order.unmatched': UnmatchedServiceOrderFacts;
};

const refused: FieldsOf<Refused> = {
  pending_command: commands.pending_command,
  last_command: isShape({ name: isWord, outcome: isWord, reason: isText }),
};

const unmatchedSignPlan: FieldsOf<UnmatchedSignPlanFacts> = {
  mchid: isText,
  merchant_sign_plan_no: isText,
  status: isWord,
  plan_id: isText,
  sign_plan_id: optional(isText),
  sign_time: optional(isText),
  plan_over_time: optional(isText),
  details: isSignedDetails,
};
const launched: FieldsOf<LaunchedFacts> = { ...unmatchedSignPlan, merchant_plan_no: isText };
const isSignPlan = isShape<SignPlanFacts>({ ...launched, ...commands });

const unmatchedServiceOrder: FieldsOf<UnmatchedServiceOrderFacts> = {
  mchid: isText,
  out_order_no: isText,
  status: isWord,
  order_id: optional(isText),
  total_amount: optional(isCount),
  paid_amount: optional(isCount),
  paid_type: optional(isWord),
  transaction_id: optional(isText),
  success_time: optional(isText),
};
const begun: FieldsOf<BegunFacts> = { ...unmatchedServiceOrder, merchant_sign_plan_no: isText };
const isServiceOrder = isShape<ServiceOrderFacts>({ ...begun, ...commands });

/** Whether the data of each type is what its type says. */
export const payscoreDataChecks: {
  readonly [Type in keyof PayscoreEventData]: Check<PayscoreEventData[Type]>;
} = {
  'plan.refused': isShape<RefusedPlanFacts>({
    mchid: isText,
    merchant_plan_no: isText,
    status: isWord,
    ...refused,
  }),
  'sign-plan.signed': isSignPlan,
  'sign-plan.cancelled': isShape<CancelledSignPlanFacts>({
    ...launched,
    ...commands,
    cancel_sign_type: optional(isWord),
  }),
  'sign-plan.completed': isSignPlan,
  'sign-plan.expired': isSignPlan,
  'sign-plan.refused': isShape<RefusedSignPlanFacts>({ ...launched, ...refused }),
  'sign-plan.unmatched': isShape(unmatchedSignPlan),
  'service-order.doing': isServiceOrder,
  'service-order.completed': isServiceOrder,
  'service-order.paid': isServiceOrder,
  'service-order.revoked': isServiceOrder,
  'service-order.expired': isServiceOrder,
  'service-order.review': isShape<ReviewedServiceOrderFacts>({
    ...begun,
    ...commands,
    reason: isWord,
  }),
  'service-order.refused': isShape<RefusedServiceOrderFacts>({ ...begun, ...refused }),
  'service-order.unmatched': isShape(unmatchedServiceOrder),
};
