/**
 * How an order is paid: a code to scan, in a mini program or WeChat's own browser, in an app, in another
 * browser; MICROPAY: with the payer's own code, scanned at the till.
 */
export type TradeType = 'NATIVE' | 'JSAPI' | 'APP' | 'H5' | 'MICROPAY';

/** What every order may say. The limits of each field are in the README of the back end. */
type AnyOrder = {
  readonly description: string;
  /** In fen: `8800` is 88.00 yuan. */
  readonly amount: { readonly total: number; readonly currency: 'CNY' };
  /** One of the account's; its first when absent. */
  readonly appid?: string;
  /** RFC 3339 with zone, 2 minutes to 7 days ahead; 2 hours when absent. */
  readonly time_expire?: string;
  /** Your business order, such as a cart: of the orders of one reference the newest is open and one is kept. */
  readonly reference?: string;
  readonly attach?: string;
  readonly goods_tag?: string;
  readonly support_fapiao?: boolean;
  readonly detail?: OrderDetail;
  readonly scene_info?: Scene;
  readonly settle_info?: { readonly profit_sharing?: boolean };
};

export type NativeOrder = AnyOrder & { readonly trade_type: 'NATIVE' };
export type AppOrder = AnyOrder & { readonly trade_type: 'APP' };
export type JsapiOrder = AnyOrder & {
  readonly trade_type: 'JSAPI';
  readonly payer: { readonly openid: string };
};
export type H5Order = AnyOrder & {
  readonly trade_type: 'H5';
  readonly scene_info: Scene & { readonly h5_info: H5Info };
};
/** A code payment. It is reversed when it is not paid after 45 s, so it has no other time. */
export type MicropayOrder = Omit<AnyOrder, 'time_expire'> & {
  readonly trade_type: 'MICROPAY';
  /** The payer's code as it was scanned: 18 digits. */
  readonly auth_code: string;
  readonly time_expire?: never;
};

/** The body of `PUT /v1/{account}/orders/{out_trade_no}`. */
export type OrderRequest = NativeOrder | JsapiOrder | AppOrder | H5Order | MicropayOrder;

export type OrderDetail = {
  readonly cost_price?: number;
  readonly invoice_id?: string;
  readonly goods_detail?: readonly GoodsDetail[];
};

export type GoodsDetail = {
  readonly merchant_goods_id: string;
  readonly wechatpay_goods_id?: string;
  readonly goods_name?: string;
  readonly quantity: number;
  /** In fen. */
  readonly unit_price: number;
};

export type Scene = {
  /** IPv4 or IPv6. */
  readonly payer_client_ip: string;
  readonly device_id?: string;
  readonly store_info?: StoreInfo;
  readonly h5_info?: H5Info;
};

export type StoreInfo = {
  readonly id: string;
  readonly name?: string;
  readonly area_code?: string;
  readonly address?: string;
};

export type H5Info = {
  readonly type: 'Wap' | 'iOS' | 'Android';
  readonly app_name?: string;
  readonly app_url?: string;
  readonly bundle_id?: string;
  readonly package_name?: string;
};

/** The body of `POST /v1/{account}/orders/{out_trade_no}/resolve`: what a person decided, who, and why. */
export type ResolveRequest = {
  readonly action: 'accept' | 'refund' | 'close';
  readonly by: string;
  readonly why: string;
};

/** The body of `PUT /v1/{account}/refunds/{out_refund_no}`: of an order, or of a service order of PayScore. */
export type RefundRequest = (
  | { readonly out_trade_no: string; readonly out_order_no?: never }
  | { readonly out_order_no: string; readonly out_trade_no?: never }
) & {
  /** In fen. */
  readonly amount: { readonly refund: number; readonly currency: 'CNY' };
  /** The payer reads it. */
  readonly reason?: string;
  readonly funds_account?: 'AVAILABLE' | 'UNSETTLED';
};
