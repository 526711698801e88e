import type { Account } from '#core/account.ts';
import type { OrderEvidence } from '#core/evidence.ts';
import type { Hint, Wake } from '#core/messages.ts';
import type { PrepayRequest } from '#core/ports.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { type NewOrder, newOrderRecord } from '#core/subjects/order/place.ts';
import {
  isAccountName,
  isAppid,
  isAuthCode,
  isMchid,
  isOpenid,
  isOutTradeNo,
  isTransactionId,
} from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import type { Instant } from '#core/values/time.ts';
import { at } from './clock.ts';

/** A literal that passes its own check; a mistake in it ends the test. */
export function valid<T>(value: unknown, check: (value: unknown) => value is T): T {
  if (!check(value)) {
    throw new Error(`Not a valid value: ${String(value)}`);
  }
  return value;
}

/** When the orders of the tests were created. */
export const createdAt = at('2026-11-21T04:00:00Z');
export const outTradeNo = valid('A-1001', isOutTradeNo);
export const bodySha256 = 'q1MKE-RZFJgrefm3-4R5Z3f3u3mW5r8X2fWmYkQ4m5U';

export const account: Account = {
  name: valid('shop', isAccountName),
  mchid: valid('1900000001', isMchid),
  appids: [valid('wxd678efh567hg6787', isAppid), valid('wxd678efh567hg6788', isAppid)],
  tenant: 'tenant-1',
  api: 'v3',
  latePolicy: 'hold',
  duplicatePolicy: 'refund',
  credentials: {
    v3: {
      apiV3Key: '0123456789abcdef0123456789abcdef',
      merchantSerial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
      merchantPrivateKey: '(not used by core and app)',
      wechatpayKeys: {},
    },
  },
};

/** The same merchant, who takes code payments as well. */
export const accountWithCodes: Account = {
  ...account,
  credentials: {
    ...account.credentials,
    v2: {
      apiKey: '0123456789ABCDEF0123456789ABCDEF',
      signType: 'HMAC-SHA256',
      certificate: { p12: '(not used by core and app)' },
    },
  },
};

/** The same, who does everything over APIv2. */
export const accountOfV2: Account = { ...accountWithCodes, api: 'v2' };

export const orderKey: SubjectKey = { kind: 'order', mchid: account.mchid, number: outTradeNo };

let requests = 0;

/** 88.00 yuan by QR code, for two hours; each time another request for the same. */
export function newOrder(overrides: Partial<NewOrder> = {}): NewOrder {
  requests += 1;
  return {
    requestId: `request-${requests}`,
    out_trade_no: outTradeNo,
    trade_type: 'NATIVE',
    description: 'Image shop, one coffee',
    amountFen: valid(8800, isFen),
    notify_url: 'https://pay.example.com/notify/shop',
    bodySha256,
    details: {},
    ...overrides,
  };
}

export function jsapiOrder(overrides: Partial<NewOrder> = {}): NewOrder {
  const openid = valid('oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', isOpenid);
  return newOrder({ trade_type: 'JSAPI', openid, ...overrides });
}

/** 88.00 yuan by the payer's code. */
export function codeOrder(overrides: Partial<NewOrder> = {}): NewOrder {
  const auth_code = valid('134567890123456789', isAuthCode);
  return newOrder({ trade_type: 'MICROPAY', auth_code, ...overrides });
}

/** What WeChat was asked when `newOrder()` was placed. */
export function prepayRequest(overrides: Partial<PrepayRequest> = {}): PrepayRequest {
  const { out_trade_no, description, amountFen, notify_url } = newOrder();
  return {
    trade_type: 'NATIVE',
    appid: account.appids[0],
    out_trade_no,
    description,
    amountFen,
    currency: 'CNY',
    notify_url,
    createdAt,
    expiresAt: at('2026-11-21T06:00:00Z'),
    details: {},
    ...overrides,
  };
}

const paid: JsonObject = {
  transaction_id: '4200A1001',
  paidFen: 8800,
  payerTotalFen: 8800,
  successAt: at('2026-11-21T04:00:20Z'),
};
const awaiting: JsonObject = {
  link: 'weixin://wxpay/bizpayurl?pr=A-1001-1',
  linkAt: at('2026-11-21T04:00:01Z'),
};

/** What an order's data holds beyond its terms in each status. */
const dataOf: Readonly<Record<string, JsonObject>> = {
  CREATED: {},
  AWAITING: awaiting,
  PAID: { ...awaiting, ...paid },
  CLOSED: awaiting,
  REVIEW: { ...awaiting, ...paid, paidFen: 100, reviewReason: 'amount' },
  REFUSED: {},
};

export type StoredOrder = Partial<Omit<StoredRecord, 'dueAt' | 'data'>> & {
  /** `null`: none. Otherwise the record's own, or none on a settled one. */
  readonly dueAt?: Instant | null;
  readonly data?: JsonObject;
};

/** `newOrder()` as it stands in this status. */
export function storedOrder(status: string, overrides: StoredOrder = {}): StoredRecord {
  const made = newOrderRecord(newOrder(), account, createdAt);
  const data = dataOf[status];
  if (!made.ok || data === undefined) {
    throw new Error(`No order to build in ${status}.`);
  }
  const isOpen = status === 'CREATED' || status === 'AWAITING';
  const { dueAt: firstDueAt, ...record } = made.value;
  const { dueAt = isOpen ? firstDueAt : null, data: extra = {}, ...envelope } = overrides;
  return {
    ...record,
    status,
    version: isOpen || status === 'REFUSED' ? 1 : 2,
    ...envelope,
    data: { ...record.data, ...data, ...extra },
    ...(dueAt !== null && dueAt !== undefined && { dueAt }),
  };
}

/** What a query answers of `newOrder()`, paid as it was ordered. */
export function paidEvidence(): OrderEvidence {
  return {
    type: 'state',
    state: 'SUCCESS',
    mchid: account.mchid,
    appid: account.appids[0],
    out_trade_no: outTradeNo,
    payment: {
      transaction_id: valid('4200A1001', isTransactionId),
      amountFen: valid(8800, isFen),
      payerTotalFen: valid(8800, isFen),
      currency: 'CNY',
      successAt: at('2026-11-21T04:00:20Z'),
    },
  };
}

export function hint(overrides: Partial<Hint> = {}): Hint {
  return {
    type: 'hint',
    account: account.name,
    subject: orderKey,
    reason: 'notice',
    ...overrides,
  };
}

/** The first wake of the chain, 30 s after the creation. */
export function wake(overrides: Partial<Wake> = {}): Wake {
  return {
    type: 'wake',
    account: account.name,
    subject: orderKey,
    origin: 'chain',
    slot: at('2026-11-21T04:00:30Z'),
    hop: 0,
    ...overrides,
  };
}
