/** Names of counted things; each is documented in `docs/architecture.md`. */
export type MetricName =
  | 'notice_accepted'
  | 'notice_refused'
  | 'notice_probe'
  | 'order_created'
  | 'order_settled'
  | 'refund_created'
  | 'refund_settled'
  | 'sign_plan_settled'
  | 'service_order_created'
  | 'service_order_settled'
  | 'overdue'
  | 'event_sent'
  | 'wechat_unknown'
  | 'wechat_fault'
  | 'commit_lost'
  | 'lease'
  | 'stuck'
  | 'message_retried'
  | 'message_parked'
  | 'delivery_sent'
  | 'delivery_failed'
  | 'delivery_set_aside'
  | 'endpoint_down'
  | 'endpoint_recovered';

/** The only fields that may be logged: no bodies, no keys, no payer. */
export type LogFields = {
  readonly account?: string;
  readonly subject?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly code?: string;
  readonly event?: string;
  readonly version?: number;
  readonly count?: number;
  readonly receiveCount?: number;
  readonly requestId?: string;
  readonly durationMs?: number;
};

export interface Telemetry {
  /** Adds one; `reason` becomes a dimension, so it comes from a closed list. */
  count(metric: MetricName, reason?: string): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: LogFields): void;
}
