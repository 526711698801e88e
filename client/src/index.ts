export type {
  AppPayment,
  HistoryRow,
  JsapiPayment,
  ListedRefund,
  OrderState,
  OrderStatus,
  OrderView,
  PlacedOrder,
  PlacedOrderOf,
  RefundStatus,
  RefundView,
  Resolution,
} from './answers.ts';
export type { Word } from './check.ts';
export { type Client, type ClientOptions, createClient } from './client.ts';
export {
  type ApiErrorCode,
  type ClientErrorCode,
  type FieldProblem,
  WechatpayError,
  type WechatpayErrorCode,
} from './errors.ts';
export type {
  ClosedOrderFacts,
  EventData,
  EventType,
  KnownEvent,
  MerchantEvent,
  NoticeFacts,
  OrderFacts,
  PaidOrderFacts,
  PlacedOrderFacts,
  RefundFacts,
  RefundOrigin,
  RefusedRefundFacts,
  ReviewedOrderFacts,
  SucceededRefundFacts,
  UnknownEvent,
} from './events.ts';
export type { Json, JsonObject } from './json.ts';
export { createMemoryEventStore, type MemoryTransaction } from './memory-store.ts';
export {
  createOnceHandler,
  type EventMark,
  type EventStore,
  type Handling,
  type OnceOptions,
} from './once.ts';
export { readEvent } from './read-event.ts';
export { EventRefusedError, type RefusalCode } from './refusal.ts';
export type {
  AppOrder,
  GoodsDetail,
  H5Info,
  H5Order,
  JsapiOrder,
  MicropayOrder,
  NativeOrder,
  OrderDetail,
  OrderRequest,
  RefundRequest,
  ResolveRequest,
  Scene,
  StoreInfo,
  TradeType,
} from './requests.ts';
export {
  createWebhookVerifier,
  type WebhookHeaders,
  type WebhookOptions,
  type WebhookVerifier,
} from './webhook.ts';
