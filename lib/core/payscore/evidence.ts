import type {
  Appid,
  MerchantPlanNo,
  MerchantSignPlanNo,
  Openid,
  OutOrderNo,
  PayscoreId,
  ServiceId,
  TransactionId,
} from '../values/ids.ts';
import type { Fen } from '../values/money.ts';
import type { Instant } from '../values/time.ts';

/**
 * What WeChat answered to our own query.
 * - `state`: a signed answer that names this very subject.
 * - `not-found`: WeChat says that there is none. Errors are unsigned, so this proves nothing.
 * - `unknown`: no answer to build on: look again. - `fault`: somebody must repair the account.
 */
export type Evidence<State> =
  | ({ readonly type: 'state' } & State)
  | { readonly type: 'not-found'; readonly code: string }
  | { readonly type: 'unknown'; readonly code: string }
  | { readonly type: 'fault'; readonly code: string };

/**
 * WeChat's states are kept as they came, at most 64 word characters: what no document lists is shown to
 * people and decides nothing.
 */
export type WechatWord = string;

/** `plan_state`: NORMAL, STOP (payscore-plan, query). */
export type PlanState = {
  readonly state: WechatWord;
  readonly merchant_plan_no: MerchantPlanNo;
  readonly plan_id: PayscoreId;
  readonly service_id: ServiceId;
};
export type PlanEvidence = Evidence<PlanState>;

export const detailStates = ['NOT_USED', 'USING', 'USED', 'SIGN_PLAN_DETAIL_CANCEL'] as const;
/** `plan_detail_state`: USING has a service order, USED was paid, the last one was cancelled. */
export type DetailState = (typeof detailStates)[number];

/** One detail as a user signed it. */
export type SignedDetail = {
  readonly plan_detail_no: number;
  readonly merchant_plan_detail_no: OutOrderNo;
  /** One of `detailStates`, where the documents list it. */
  readonly state: WechatWord;
  /** `actual_price`: what the user agreed to. */
  readonly actualFen?: Fen;
};

/** `sign_state`: UNSIGNED, SIGNED, SIGN_PLAN_CANCEL, COMPLETE, EXPIRE. */
export type SignPlanState = {
  readonly state: WechatWord;
  readonly merchant_sign_plan_no: MerchantSignPlanNo;
  readonly sign_plan_id: PayscoreId;
  readonly plan_id: PayscoreId;
  readonly service_id: ServiceId;
  readonly openid: Openid;
  readonly details: readonly SignedDetail[];
  /** USER, MERCHANT or REVOKE_SERVICE, once it was cancelled. */
  readonly cancel_sign_type?: WechatWord;
  readonly signedAt?: Instant;
  /** `plan_over_time`. */
  readonly overAt?: Instant;
};
export type SignPlanEvidence = Evidence<SignPlanState>;

/**
 * `state` (CREATED, DOING, DONE, REVOKED, EXPIRED), `state_description` (USER_CONFIRM, MCH_COMPLETE; only in
 * DOING) and `collection.state` (USER_PAYING, USER_PAID) are judged together and never alone.
 */
export type ServiceOrderState = {
  readonly state: WechatWord;
  readonly state_description?: WechatWord;
  readonly collection_state?: WechatWord;
  readonly out_order_no: OutOrderNo;
  readonly service_id: ServiceId;
  readonly appid: Appid;
  readonly openid?: Openid;
  readonly order_id?: PayscoreId;
  readonly need_collection?: boolean;
  readonly totalFen?: Fen;
  readonly paidFen?: Fen;
  /** Of the payment; absent when it was paid another way (`paid_type` MCH). */
  readonly transaction_id?: TransactionId;
  /** NEWTON: charged by PayScore. MCH: the merchant said that it was paid (`sync`). */
  readonly paid_type?: WechatWord;
  readonly paidAt?: Instant;
};
export type ServiceOrderEvidence = Evidence<ServiceOrderState>;

export const commandNames = [
  'create-plan',
  'stop-plan',
  'create-sign-plan',
  'stop-sign-plan',
  'create-service-order',
  'complete',
  'cancel',
  'modify',
  'sync',
  'pay',
] as const;
export type CommandName = (typeof commandNames)[number];

/** One call that changes something: sent again byte for byte until its outcome is known. */
export type PayscoreCommand = {
  readonly name: CommandName;
  /** The merchant's number of the plan, sign plan or service order. */
  readonly number: string;
  /** JSON; '' for calls without a body. */
  readonly body: string;
};

/**
 * What WeChat answered to a command. Nothing here moves a subject: the query that follows does.
 * - `accepted`: a verified success; `package` opens the sign page (create-sign-plan alone).
 * - `refused`: a definite refusal (4xx with WeChat's own code). It is unsigned, and may mean "not now".
 * - `unknown`: it may have been carried out: the same again. - `fault`: the account must be repaired.
 */
export type SendOutcome =
  | { readonly type: 'accepted'; readonly package?: string }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'unknown'; readonly code: string }
  | { readonly type: 'fault'; readonly code: string };
