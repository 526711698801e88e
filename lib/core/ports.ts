import type { Account, SignType } from './account.ts';
import type { MerchantEvent } from './events.ts';
import type {
  ApplyOutcome,
  CloseOutcome,
  MicropayOutcome,
  OrderEvidence,
  PrepayLink,
  PrepayOutcome,
  RefundEvidence,
  ReverseOutcome,
} from './evidence.ts';
import type { Hint, UnhandledNotice, Wake } from './messages.ts';
import type { Notice, NoticeProblem, RawNotice } from './notices.ts';
import type { DataPatch, HistoryRow, OutboxEntry, StoredRecord, SubjectKey } from './record.ts';
import type { Result } from './result.ts';
import type { LinkTradeType } from './subjects/order/order.ts';
import type {
  AccountName,
  Appid,
  AuthCode,
  OutRefundNo,
  OutTradeNo,
  TransactionId,
} from './values/ids.ts';
import type { JsonObject } from './values/json.ts';
import type { Fen } from './values/money.ts';
import type { Instant } from './values/time.ts';

export interface Clock {
  now(): Instant;
}

/**
 * How a conditional write ended. `lost`: its condition did not hold. `unknown`: no answer came, it may
 * have happened. After either, load again; never conclude from who else may have won.
 */
export type WriteOutcome = 'done' | 'lost' | 'unknown';

/** One commit: raises the version by one, fills the outbox, appends the history row. */
export type Commit = {
  readonly key: SubjectKey;
  /** As loaded, and the status (`row.from`), which a PUT may change beside a look; the outbox must be empty. */
  readonly version: number;
  readonly status?: string;
  readonly patch: DataPatch;
  readonly row: HistoryRow;
  /** Set when the kept history is full: replaces the rows instead of appending one. */
  readonly history?: readonly HistoryRow[];
  readonly outbox: readonly OutboxEntry[];
  readonly eventCounts: Readonly<Record<string, number>>;
  /** Absent: no look is owed any more. Also ends leases and unknown looks, but for `keepsLooks`. */
  readonly dueAt?: Instant;
  /**
   * Set on a change beside a look, which must not lose a look that somebody planned meanwhile: the write
   * also asks that `dueAt` is still the one loaded (`null`: none).
   */
  readonly keepsLooks?: { readonly seenDueAt: Instant | null };
};

/** A change of a record's data by an API call; never raises the version. */
export type Amendment = {
  readonly key: SubjectKey;
  readonly statusIn: readonly string[];
  /** Names in `data` that must be absent. */
  readonly absent?: readonly string[];
  /** Values in `data` that must be these. */
  readonly equals?: Readonly<Record<string, string | number>>;
  readonly status?: string;
  readonly patch: DataPatch;
  readonly row?: HistoryRow;
  /** `null` removes it. */
  readonly dueAt?: Instant | null;
};

/** Plans or ends a look, and so ends the leases; the version stays. */
export type Arm = {
  readonly key: SubjectKey;
  readonly version: number;
  /** `dueAt` as loaded (`null`: there was none): nobody may have planned another look since. */
  readonly seenDueAt: Instant | null;
  /** `null`: nobody needs to look any more. */
  readonly dueAt: Instant | null;
  readonly unknownLooks: number;
};

export type DueRow = { readonly key: SubjectKey; readonly dueAt: Instant };

/**
 * One table, one item a subject. Every method ends in `AppError` `store_unavailable` when the table
 * refuses or cannot be reached, except that a write without an answer is the outcome `unknown`.
 * `load` also ends in `record_undecodable`.
 */
export interface RecordStore {
  /** Strongly consistent. */
  load(key: SubjectKey): Promise<StoredRecord | undefined>;
  /**
   * Writes a record of version 1 if there is none, or one of a higher version over the one that has
   * status `over` at version `record.version - 1`. When lost, answers the record that stands.
   */
  create(
    record: StoredRecord,
    over?: string,
  ): Promise<
    | { readonly outcome: 'done' | 'unknown' }
    | { readonly outcome: 'lost'; readonly current: StoredRecord }
  >;
  commit(commit: Commit): Promise<WriteOutcome>;
  /**
   * Empties an outbox that is not empty, given the version as loaded; removes `dueAt` when the record rests.
   * `patch`: what carrying it out has taught.
   */
  clear(key: SubjectKey, version: number, rests: boolean, patch?: DataPatch): Promise<WriteOutcome>;
  amend(amendment: Amendment): Promise<WriteOutcome>;
  arm(arm: Arm): Promise<WriteOutcome>;
  /** Keys whose `dueAt` has passed in one of the 16 shards, oldest first; from the index, so it may lag. */
  due(shard: number, now: Instant, limit: number): Promise<readonly DueRow[]>;
  /** Moves `dueAt` on and counts the lease, if `dueAt` is still the one that was seen. */
  lease(row: DueRow, until: Instant): Promise<WriteOutcome>;
}

/** A send ends in `AppError` `queue_unavailable` when the queue did not take the message for certain. */
export interface HintQueue {
  send(message: Hint | UnhandledNotice): Promise<void>;
}

export interface TimerQueue {
  /** `delayMs` up to 15 min, rounded up to whole seconds. */
  send(wake: Wake, delayMs: number): Promise<void>;
  /** Up to 10 wakes at once, without delay. Answers those that the queue did not take. */
  sendBatch(wakes: readonly Wake[]): Promise<readonly Wake[]>;
}

export interface EventQueue {
  /** Group = subject, deduplication id = event id. */
  send(event: MerchantEvent): Promise<void>;
}

/** One message as a queue handed it out. */
export type Received = {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** From 1. */
  readonly receiveCount: number;
  /** When it came into this queue. */
  readonly sentAt: Instant;
  /** Of a FIFO queue only. */
  readonly groupId?: string;
};

/** What a consumer may do with a message besides acknowledging it. */
export interface Inbox {
  /** Hides the message for this long before it is handed out again. */
  postpone(message: Received, delayMs: number): Promise<void>;
  /** Copies it to the dead-letter queue with the reason. */
  park(message: Received, reason: string): Promise<void>;
}

/** Ends in `AppError` `account_invalid` (the secret is not well-formed) or `secret_unavailable`. */
export interface Accounts {
  /** From a cache of 5 minutes; an unknown name is remembered for a minute. */
  get(name: AccountName): Promise<Account | undefined>;
  /** For a key that the cache does not know: one fresh read at most every 30 s. */
  refresh(name: AccountName): Promise<Account | undefined>;
}

/** What a prepay may carry besides; passed on as it is, checked at the edge (4012791856). Not stored. */
export type PrepayDetails = {
  readonly attach?: string;
  readonly goods_tag?: string;
  readonly support_fapiao?: boolean;
  readonly detail?: JsonObject;
  readonly scene_info?: JsonObject;
  readonly settle_info?: JsonObject;
};

export type PrepayRequest = {
  readonly trade_type: LinkTradeType;
  readonly appid: Appid;
  readonly out_trade_no: OutTradeNo;
  readonly description: string;
  readonly amountFen: number;
  readonly currency: 'CNY';
  readonly notify_url: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly details: PrepayDetails;
  readonly openid?: string;
};

/** The payer's code, scanned by the merchant, with what it is charged for. */
export type MicropayRequest = Pick<
  PrepayRequest,
  'appid' | 'out_trade_no' | 'description' | 'amountFen' | 'currency' | 'details'
> & { readonly auth_code: AuthCode };

/** What a front end hands to WeChat's JSAPI or a mini program (4012365339). */
export type JsapiPayParameters = {
  readonly appId: string;
  /** Unix seconds as text. */
  readonly timeStamp: string;
  readonly nonceStr: string;
  readonly package: string;
  readonly signType: 'RSA' | SignType;
  readonly paySign: string;
};

/** What an app hands to WeChat's SDK (4012365340). */
export type AppPayParameters = {
  readonly appid: string;
  readonly partnerid: string;
  readonly prepayid: string;
  readonly package: 'Sign=WXPay';
  readonly noncestr: string;
  /** Unix seconds as text. */
  readonly timestamp: string;
  readonly sign: string;
};

/** An order at WeChat. APIv2 wants to be told the appid it was placed for. */
export type AskedOrder = {
  readonly out_trade_no: OutTradeNo;
  readonly appid?: Appid;
  readonly transaction_id?: TransactionId;
};

/** Code payments, which only APIv2 has. Every outcome is a value; nothing is thrown. */
export interface CodePaymentGateway {
  /** `/pay/micropay`. A code is charged once: sent once, and never again. */
  micropay(account: Account, request: MicropayRequest): Promise<MicropayOutcome>;
  /** `/secapi/pay/reverse`: closes what is unpaid, gives back what was paid. Repeating is safe. */
  reverse(account: Account, order: AskedOrder): Promise<ReverseOutcome>;
}

/** Signed calls to WeChat Pay about orders. Every outcome is a value; nothing is thrown. */
export interface OrderGateway extends CodePaymentGateway {
  /** By `transaction_id` where known (WeChat prefers it), else by `out_trade_no`. */
  query(account: Account, order: AskedOrder): Promise<OrderEvidence>;
  close(account: Account, out_trade_no: OutTradeNo, appid?: Appid): Promise<CloseOutcome>;
  prepay(account: Account, request: PrepayRequest): Promise<PrepayOutcome>;
  /** What the front end pays with; signed with the merchant's key, at each call with another nonce. */
  payParameters(
    account: Account,
    appid: Appid,
    link: Extract<PrepayLink, { readonly prepay_id: string }>,
  ): JsapiPayParameters | AppPayParameters;
}

/** Everything that a refund is applied for with; the same again each time (4013071036). */
export type RefundRequest = {
  readonly out_refund_no: OutRefundNo;
  readonly transaction_id: TransactionId;
  readonly refundFen: Fen;
  /** What the order had been paid with. */
  readonly totalFen: Fen;
  readonly currency: 'CNY';
  readonly reason?: string;
  readonly funds_account?: 'AVAILABLE' | 'UNSETTLED';
  readonly notify_url?: string;
};

/** Signed calls to WeChat Pay about refunds. Every outcome is a value; nothing is thrown. */
export interface RefundGateway {
  query(account: Account, out_refund_no: OutRefundNo): Promise<RefundEvidence>;
  apply(account: Account, request: RefundRequest): Promise<ApplyOutcome>;
}

/**
 * Verifies over the raw bytes, checks the clock where the notice has one, decrypts, parses: in that order.
 * Pure but for the keys.
 */
export interface NoticeReader {
  read(account: Account, raw: RawNotice, now: Instant): Result<Notice, NoticeProblem>;
}
