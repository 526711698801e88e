import type { AccountName, Appid, Mchid } from './values/ids.ts';

export const latePolicies = ['refund', 'hold', 'fulfil'] as const;
/** What to do with a payment that arrives after its order was closed. */
export type LatePolicy = (typeof latePolicies)[number];

export const duplicatePolicies = ['refund', 'hold'] as const;
/** What to do with a second payment of one `reference`. */
export type DuplicatePolicy = (typeof duplicatePolicies)[number];

/** One mchid with its credentials and policies. A deployment has several; one mchid = one account. */
export type Account = {
  readonly name: AccountName;
  readonly mchid: Mchid;
  /** Bound to the mchid; the first is the default of a new order. */
  readonly appids: readonly [Appid, ...(readonly Appid[])];
  /** Whose account it is: a token of another tenant does not see it; a `reference` is one within it. */
  readonly tenant: string;
  readonly api: 'v3';
  readonly latePolicy: LatePolicy;
  readonly duplicatePolicy: DuplicatePolicy;
  /** Where its events are delivered; absent: they lie in `events.fifo`. */
  readonly webhook?: Webhook;
  readonly credentials: Credentials;
};

/** An HTTPS endpoint of the merchant, and what its deliveries are signed with (Standard Webhooks 1.0.0). */
export type Webhook = {
  readonly url: string;
  /**
   * All of them sign each delivery, so that one can replace another: `whsec_…` (HMAC-SHA256) or `whsk_…`
   * (Ed25519, the 32-byte seed), base64.
   */
  readonly keys: readonly [string, ...(readonly string[])];
};

/** Opaque to core and app; only the WeChat adapters look inside. */
export type Credentials = {
  /** 32 ASCII bytes, set in the merchant console. */
  readonly apiV3Key: string;
  /** Serial of the merchant API certificate, 40 hex characters. */
  readonly merchantSerial: string;
  /** PKCS#8 PEM. */
  readonly merchantPrivateKey: string;
  /** `Wechatpay-Serial` → PEM of a WeChat Pay public key or of a platform certificate. */
  readonly wechatpayKeys: Readonly<Record<string, string>>;
};
