import type { AccountName, Appid, Mchid, ServiceId } from './values/ids.ts';

export const latePolicies = ['refund', 'hold', 'fulfil'] as const;
/** What to do with a payment that arrives after its order was closed. */
export type LatePolicy = (typeof latePolicies)[number];

export const duplicatePolicies = ['refund', 'hold'] as const;
/** What to do with a second payment of one `reference`. */
export type DuplicatePolicy = (typeof duplicatePolicies)[number];

export const apiVersions = ['v3', 'v2'] as const;
export type ApiVersion = (typeof apiVersions)[number];

/** One mchid with its credentials and policies. A deployment has several; one mchid = one account. */
export type Account = {
  readonly name: AccountName;
  readonly mchid: Mchid;
  /** Bound to the mchid; the first is the default of a new order. */
  readonly appids: readonly [Appid, ...(readonly Appid[])];
  /** Whose account it is: a token of another tenant does not see it; a `reference` is one within it. */
  readonly tenant: string;
  /** Which API places its orders, queries, closes and refunds. Code payments always take APIv2. */
  readonly api: ApiVersion;
  readonly latePolicy: LatePolicy;
  readonly duplicatePolicy: DuplicatePolicy;
  /** Where its events are delivered; absent: they lie in `events.fifo`. */
  readonly webhook?: Webhook;
  /** PayScore services that WeChat opened for the mchid, with the longest plan that it allows each. */
  readonly services?: readonly PayscoreService[];
  readonly credentials: Credentials;
};

/** A PayScore service; its limits were agreed with WeChat and stand in no answer. */
export type PayscoreService = {
  readonly id: ServiceId;
  /** The longest `plan_duration`, in days from the signing. */
  readonly maxDays: number;
  /** The highest `deduction_quantity`. */
  readonly maxDeductions: number;
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

/**
 * Opaque to core and app, which only ask whether there are some of APIv2, as code payments need; the WeChat
 * adapters look inside. Those of the account's `api` are there; the other ones too where notices of both
 * kinds may arrive: while a merchant moves from one to the other, and because refunds made in the merchant
 * console are told as APIv2 does it.
 */
export type Credentials = { readonly v3?: V3Credentials; readonly v2?: V2Credentials };

export type V3Credentials = {
  /** 32 ASCII bytes, set in the merchant console. */
  readonly apiV3Key: string;
  /** Serial of the merchant API certificate, 40 hex characters. */
  readonly merchantSerial: string;
  /** PKCS#8 PEM. */
  readonly merchantPrivateKey: string;
  /** `Wechatpay-Serial` → PEM of a WeChat Pay public key or of a platform certificate. */
  readonly wechatpayKeys: Readonly<Record<string, string>>;
};

export const signTypes = ['MD5', 'HMAC-SHA256'] as const;
/** APIv2's two ways to sign. */
export type SignType = (typeof signTypes)[number];

export type V2Credentials = {
  /** 32 ASCII bytes, set in the merchant console; not the APIv3 key. */
  readonly apiKey: string;
  /** The one way that is used and accepted: a sender must not choose the weaker one. */
  readonly signType: SignType;
  /** What `/secapi/` asks for in TLS. */
  readonly certificate: ClientCertificate;
};

/** PEM texts (`apiclient_cert.pem`, `apiclient_key.pem`), or `apiclient_cert.p12` in base64: its password is the mchid. */
export type ClientCertificate =
  | { readonly certificate: string; readonly privateKey: string }
  | { readonly p12: string };
