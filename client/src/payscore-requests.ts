/** The body of `PUT …/payscore/plans/{merchant_plan_no}`. Prices in fen: `18000` is 180.00 yuan. */
export type PlanRequest = {
  /** The PayScore service that WeChat opened. */
  readonly service_id: string;
  /** One of the account's; its first when absent. */
  readonly appid?: string;
  readonly plan_name: string;
  /** Days from the signing. */
  readonly plan_duration: number;
  /** How many details there are. */
  readonly deduction_quantity: number;
  readonly total_original_price: number;
  readonly total_actual_price: number;
  readonly plan_detail_list: readonly PlanDetail[];
};

/** What a plan lets a merchant charge for; no price is higher than the one before it. */
export type PlanDetail = {
  readonly plan_detail_name: string;
  readonly original_price: number;
  readonly actual_price: number;
  readonly plan_discount_description?: string;
};

/** The body of `PUT …/payscore/sign-plans/{merchant_sign_plan_no}`. */
export type SignPlanRequest = {
  readonly merchant_plan_no: string;
  readonly openid: string;
  /** Each detail of the plan once, in order; `merchant_plan_detail_no` becomes the number of its service order. */
  readonly sign_plan_detail: readonly {
    readonly plan_detail_no: number;
    readonly merchant_plan_detail_no: string;
  }[];
};

/** RFC 3339 with zone, or `yyyyMMddHHmmss` in Beijing time. */
export type TimeRange = {
  readonly start_time?: string;
  readonly end_time?: string;
  readonly start_time_remark?: string;
  readonly end_time_remark?: string;
};

/** The body of `PUT …/payscore/service-orders/{out_order_no}`. */
export type ServiceOrderRequest = {
  readonly merchant_sign_plan_no: string;
  readonly service_introduction: string;
  readonly time_range: TimeRange & { readonly start_time: string };
  readonly location?: { readonly start_location?: string; readonly end_location?: string };
  readonly attach?: string;
};

/** One line of what is charged, or taken off; names differ within a list. Amounts in fen. */
export type Payment = {
  readonly name: string;
  readonly amount: number;
  readonly description?: string;
  readonly count?: number;
};

type Charge = {
  readonly post_payments: readonly Payment[];
  readonly post_discounts?: readonly Payment[];
  /** The payments less the discounts. */
  readonly total_amount: number;
};

/** The body of `POST …/complete`: the total is at most the price of the detail as it was signed. */
export type CompleteRequest = Charge & {
  /** It names the end if the service order did not. */
  readonly time_range?: TimeRange;
  readonly location?: { readonly end_location: string };
  readonly profit_sharing?: boolean;
  readonly goods_tag?: string;
};

/** The body of `POST …/modify`: each total is lower than the one before. */
export type ModifyRequest = Charge & { readonly reason: string };

/** The body of `POST …/cancel`; the user reads it. */
export type CancelRequest = { readonly reason: string };

/** The body of `POST …/sync`: when the user paid another way. */
export type SyncRequest = { readonly paid_time: string };
