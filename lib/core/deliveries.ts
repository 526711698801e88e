import type { Webhook } from './account.ts';
import type { Endpoint } from './endpoint.ts';
import type { MerchantEvent } from './events.ts';
import type { Received, WriteOutcome } from './ports.ts';
import type { AccountName } from './values/ids.ts';
import type { Instant } from './values/time.ts';

/** One event on its way to a webhook, as it lies in the queue. */
export type Delivery = {
  readonly event: MerchantEvent;
  /** The event's JSON exactly as it is sent and signed. */
  readonly body: string;
};

/** How an attempt ended: any 2xx within the time is success, everything else is not. */
export type DeliveryOutcome =
  | { readonly type: 'delivered' }
  | { readonly type: 'failed'; readonly reason: DeliveryProblem; readonly status?: number };

/** Why an attempt failed; the names are dimensions of a metric. */
export type DeliveryProblem =
  /** It answered another status than 2xx, which then is named; redirects are not followed. */
  | 'status'
  | 'timeout'
  /** No connection, or it broke before there was an answer. */
  | 'network'
  /** No TLS with it, or its certificate is not valid for the name. */
  | 'tls'
  | 'name_unknown'
  /** Its name stands for an address that is not public. */
  | 'address_refused'
  /** Not an HTTPS URL that may be called. */
  | 'url_refused'
  /** One of the keys cannot sign. */
  | 'key_invalid';

/**
 * Signs an event (Standard Webhooks 1.0.0) and posts it to the merchant's endpoint, once, within 5 s. Every
 * outcome is a value; nothing is thrown.
 */
export interface WebhookSender {
  send(webhook: Webhook, delivery: Delivery, now: Instant): Promise<DeliveryOutcome>;
}

/** The set-aside queue: deliveries to endpoints that are down wait there, out of the way of all others. */
export interface SetAsideQueue {
  /** Takes a copy, in the same group. Ends in `AppError` `queue_unavailable`. */
  send(message: Received): Promise<void>;
}

/** One small item an account, `endpoint#{account}`. Ends in `AppError`s as `RecordStore` does. */
export interface EndpointStore {
  /** Strongly consistent; undefined: it never failed. */
  load(account: AccountName): Promise<Endpoint | undefined>;
  /** Writes it if the version that stands is one lower, or if there is none and this is version 1. */
  save(account: AccountName, endpoint: Endpoint): Promise<WriteOutcome>;
}
