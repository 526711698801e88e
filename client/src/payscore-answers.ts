import {
  type Check,
  type FieldsOf,
  isBoolean,
  isCount,
  isListOf,
  isShape,
  isText,
  isWord,
  optional,
  type Word,
} from './check.ts';
import { type HistoryRow, isHistory, isListedRefund, type ListedRefund } from './record-parts.ts';

export type PlanStatus = Word<'CREATED' | 'NORMAL' | 'STOP' | 'REFUSED'>;
export type SignPlanStatus = Word<
  | 'CREATED'
  | 'UNSIGNED'
  | 'SIGNED'
  | 'SIGN_PLAN_CANCEL'
  | 'COMPLETE'
  | 'EXPIRE'
  | 'LAPSED'
  | 'REFUSED'
  | 'UNMATCHED'
>;
export type ServiceOrderStatus = Word<
  | 'CREATED'
  | 'DOING'
  | 'COMPLETED'
  | 'PAID'
  | 'DONE'
  | 'REVOKED'
  | 'EXPIRED'
  | 'REVIEW'
  | 'REFUSED'
  | 'UNMATCHED'
>;

/** A call of WeChat that something was asked for by. */
export type PayscoreCommand = Word<
  | 'create-plan'
  | 'stop-plan'
  | 'create-sign-plan'
  | 'stop-sign-plan'
  | 'create-service-order'
  | 'complete'
  | 'cancel'
  | 'modify'
  | 'sync'
  | 'pay'
>;

/** How a command ended. */
type EndedCommand = {
  readonly name: PayscoreCommand;
  readonly outcome: Word<'done' | 'refused'>;
  /** WeChat's code, where it refused. */
  readonly reason?: string;
};

/** What stands of commands. */
export type Commands = {
  /** What WeChat has not answered yet; it is sent until it has. Whoever waits, waits for this to go. */
  readonly pending_command?: PayscoreCommand;
  readonly last_command?: EndedCommand;
};

/** What every view has. */
type Shown = Commands & {
  readonly mchid: string;
  readonly appid: string;
  readonly service_id: string;
  readonly created_at: string;
  readonly history: readonly HistoryRow[];
  readonly history_count: number;
  /** After `refresh`: whether WeChat answered. If not, it is shown as it stood. */
  readonly refreshed?: boolean;
};

/** What is shown of a plan. Prices in fen, times UTC with milliseconds. */
export type PlanView = Shown & {
  readonly merchant_plan_no: string;
  readonly status: PlanStatus;
  readonly plan_id?: string;
  readonly plan_name: string;
  readonly plan_duration: number;
  readonly plan_detail_list: readonly {
    readonly plan_detail_no: number;
    readonly original_price: number;
    readonly actual_price: number;
  }[];
};

/** A detail as a user signed it. */
export type SignedDetail = {
  readonly plan_detail_no: number;
  /** The number of its service order. */
  readonly merchant_plan_detail_no: string;
  readonly actual_price: number;
  readonly plan_detail_state: Word<'NOT_USED' | 'USING' | 'USED' | 'SIGN_PLAN_DETAIL_CANCEL'>;
};

/** What a mini program, a page inside WeChat or an app opens the sign page with. */
export type Launch = {
  readonly mini_program: {
    readonly business_type: string;
    readonly extra_data: { readonly package: string };
  };
  readonly web: { readonly business_type: string; readonly query_string: string };
  readonly app: { readonly business_type: string; readonly query: string };
};

/** What is shown of a sign plan. */
export type SignPlanView = Shown & {
  readonly merchant_sign_plan_no: string;
  readonly status: SignPlanStatus;
  /** Absent on an UNMATCHED sign plan. */
  readonly merchant_plan_no?: string;
  readonly plan_id: string;
  readonly sign_plan_id?: string;
  readonly cancel_sign_type?: Word<'USER' | 'MERCHANT' | 'REVOKE_SERVICE'>;
  readonly sign_time?: string;
  readonly plan_over_time?: string;
  readonly details: readonly SignedDetail[];
  /** This and the next only while it can be signed. */
  readonly package?: string;
  readonly launch?: Launch;
};

/** What is shown of a service order. */
export type ServiceOrderView = Shown & {
  readonly out_order_no: string;
  readonly status: ServiceOrderStatus;
  /** Absent on an UNMATCHED service order. */
  readonly merchant_sign_plan_no?: string;
  readonly order_id?: string;
  readonly total_amount?: number;
  readonly paid_amount?: number;
  readonly paid_type?: Word<'NEWTON' | 'MCH'>;
  readonly transaction_id?: string;
  readonly success_time?: string;
  /** Why it is in REVIEW. */
  readonly reason?: Word<'amount' | 'payer' | 'revoked'>;
  readonly refunds?: readonly ListedRefund[];
};

export const commands: FieldsOf<Commands> = {
  pending_command: optional(isWord),
  last_command: optional(
    isShape<EndedCommand>({ name: isWord, outcome: isWord, reason: optional(isText) }),
  ),
};

const shown: FieldsOf<Shown> = {
  ...commands,
  mchid: isText,
  appid: isText,
  service_id: isText,
  created_at: isText,
  history: isHistory,
  history_count: isCount,
  refreshed: optional(isBoolean),
};

export const isPlanView: Check<PlanView> = isShape<PlanView>({
  ...shown,
  merchant_plan_no: isText,
  status: isWord,
  plan_id: optional(isText),
  plan_name: isText,
  plan_duration: isCount,
  plan_detail_list: isListOf(
    isShape({ plan_detail_no: isCount, original_price: isCount, actual_price: isCount }),
  ),
});

export const isSignedDetails = isListOf(
  isShape<SignedDetail>({
    plan_detail_no: isCount,
    merchant_plan_detail_no: isText,
    actual_price: isCount,
    plan_detail_state: isWord,
  }),
);

const isLaunch = isShape<Launch>({
  mini_program: isShape({ business_type: isText, extra_data: isShape({ package: isText }) }),
  web: isShape({ business_type: isText, query_string: isText }),
  app: isShape({ business_type: isText, query: isText }),
});

export const isSignPlanView: Check<SignPlanView> = isShape<SignPlanView>({
  ...shown,
  merchant_sign_plan_no: isText,
  status: isWord,
  merchant_plan_no: optional(isText),
  plan_id: isText,
  sign_plan_id: optional(isText),
  cancel_sign_type: optional(isWord),
  sign_time: optional(isText),
  plan_over_time: optional(isText),
  details: isSignedDetails,
  package: optional(isText),
  launch: optional(isLaunch),
});

export const isServiceOrderView: Check<ServiceOrderView> = isShape<ServiceOrderView>({
  ...shown,
  out_order_no: isText,
  status: isWord,
  merchant_sign_plan_no: optional(isText),
  order_id: optional(isText),
  total_amount: optional(isCount),
  paid_amount: optional(isCount),
  paid_type: optional(isWord),
  transaction_id: optional(isText),
  success_time: optional(isText),
  reason: optional(isWord),
  refunds: optional(isListOf(isListedRefund)),
});
