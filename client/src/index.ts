export type {
  AppPayment,
  JsapiPayment,
  OrderState,
  OrderStatus,
  OrderView,
  PlacedOrder,
  PlacedOrderOf,
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
export type {
  Launch,
  PayscoreCommand,
  PlanStatus,
  PlanView,
  ServiceOrderStatus,
  ServiceOrderView,
  SignedDetail,
  SignPlanStatus,
  SignPlanView,
} from './payscore-answers.ts';
export type {
  CancelledSignPlanFacts,
  PayscoreEventData,
  RefusedPlanFacts,
  RefusedServiceOrderFacts,
  RefusedSignPlanFacts,
  ReviewedServiceOrderFacts,
  ServiceOrderFacts,
  SignPlanFacts,
  UnmatchedServiceOrderFacts,
  UnmatchedSignPlanFacts,
} from './payscore-events.ts';
export type {
  CancelRequest,
  CompleteRequest,
  ModifyRequest,
  Payment,
  PlanDetail,
  PlanRequest,
  ServiceOrderRequest,
  SignPlanRequest,
  SyncRequest,
  TimeRange,
} from './payscore-requests.ts';
export { readEvent } from './read-event.ts';
export type { HistoryRow, ListedRefund, RefundStatus } from './record-parts.ts';
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
