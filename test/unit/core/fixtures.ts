import assert from 'node:assert/strict';
import type { Account } from '#core/account.ts';
import { applyChange, withDueAt } from '#core/commit.ts';
import type { Change, Decision } from '#core/decision.ts';
import type { OrderEvidence, PaymentFacts, TradeState } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import type { ClaimFinding } from '#core/subjects/order/claim.ts';
import { decodeOrder, isSettled, type Order, planOf } from '#core/subjects/order/order.ts';
import { type NewOrder, newOrderRecord } from '#core/subjects/order/place.ts';
import { nextSlot } from '#core/timing.ts';
import {
  isAccountName,
  isAppid,
  isMchid,
  isOpenid,
  isOutTradeNo,
  isReference,
  isTransactionId,
} from '#core/values/ids.ts';
import type { Json } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import { type Instant, instant } from '#core/values/time.ts';

/** Passes a literal through the check of its own type. */
export function checked<T>(check: (value: unknown) => value is T, value: unknown): T {
  assert.ok(check(value), `not accepted: ${String(value)}`);
  return value;
}

/** A literal time, `2026-11-21T04:00:00Z`, as a moment. */
export function moment(text: string): Instant {
  return instant(Date.parse(text));
}

export const mchid = checked(isMchid, '1900000001');
export const otherMchid = checked(isMchid, '1900000009');
export const appid = checked(isAppid, 'wx8888888888888888');
export const secondAppid = checked(isAppid, 'wx7777777777777777');
export const openid = checked(isOpenid, 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o');
export const otherOpenid = checked(isOpenid, 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6p');
export const reference = checked(isReference, 'shop-4711');
export const outTradeNo = checked(isOutTradeNo, 'A-1001-20261121');
export const transactionId = checked(isTransactionId, '4200000001202611210000000001');
export const amountFen = checked(isFen, 8_800);
export const bodySha256 = 'K7gNU3sdo-OL0wNhqoVWhr3g6s1xYv72ol_pe_Unols';

/** The order's own clock: created at 04:00, expires at 06:00, closes from 06:00:30 on. */
export const createdAt = moment('2026-11-21T04:00:00Z');
export const expiresAt = moment('2026-11-21T06:00:00Z');
export const closeAt = moment('2026-11-21T06:00:30Z');

export const account: Account = {
  name: checked(isAccountName, 'shop'),
  mchid,
  appids: [appid, secondAppid],
  tenant: 'acme',
  api: 'v3',
  latePolicy: 'hold',
  duplicatePolicy: 'refund',
  credentials: {
    v3: {
      apiV3Key: '0123456789abcdef0123456789abcdef',
      merchantSerial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
      merchantPrivateKey: 'not used by core',
      wechatpayKeys: {},
    },
  },
};

export const newOrder: NewOrder = {
  out_trade_no: outTradeNo,
  trade_type: 'JSAPI',
  description: 'Two tickets',
  amountFen,
  openid,
  reference,
  notify_url: 'https://pay.example.com/notify/shop',
  bodySha256,
  requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
  details: {},
};

/** The record of a new order, then changed as a test wants it. */
export function orderRecord(
  changes: Partial<Omit<StoredRecord, 'data' | 'key'>> = {},
  data: Readonly<Record<string, Json>> = {},
): StoredRecord {
  const created = newOrderRecord(newOrder, account, createdAt);
  assert.ok(created.ok);
  return { ...created.value, ...changes, data: { ...created.value.data, ...data } };
}

/** The order in a record, which must be readable. */
export function orderOf(record: StoredRecord): Order {
  const decoded = decodeOrder(record);
  assert.deepEqual(decoded.ok ? undefined : decoded.error, undefined);
  assert.ok(decoded.ok);
  return decoded.value;
}

export const payment: PaymentFacts = {
  transaction_id: transactionId,
  amountFen,
  payerTotalFen: checked(isFen, 8_300),
  currency: 'CNY',
  openid,
  successAt: moment('2026-11-21T04:05:00Z'),
};

/** What a paid answer leaves in the record. */
export const paymentData = {
  transaction_id: '4200000001202611210000000001',
  paidFen: 8_800,
  payerTotalFen: 8_300,
  successAt: Date.parse('2026-11-21T04:05:00Z'),
};

export type StateEvidence = Extract<OrderEvidence, { readonly type: 'state' }>;

/** The order's `reference` is its own to be announced for. */
export const taken: ClaimFinding = { type: 'taken' };

const answer = { type: 'state', mchid, appid, out_trade_no: outTradeNo } as const;

/** A signed answer about the order; SUCCESS and REFUND carry the payment. */
export function says(state: TradeState, changes: Partial<PaymentFacts> = {}): StateEvidence {
  const isPaid = state === 'SUCCESS' || state === 'REFUND';
  return { ...answer, state, ...(isPaid && { payment: { ...payment, ...changes } }) };
}

export const notFound: OrderEvidence = { type: 'not-found', code: 'ORDER_NOT_EXIST' };

/** The change of a decision that must be a commit. */
export function changeOf(decision: Decision): Change {
  assert.equal(decision.type, 'commit');
  assert.ok(decision.type === 'commit');
  return decision.change;
}

/** The record as the loop leaves it after the commit, its outbox carried out and cleared. */
export function committed(record: StoredRecord, change: Change, now: Instant): StoredRecord {
  const changed = applyChange(record, change, { now, because: 'timer' });
  const order = orderOf(changed);
  const settled = isSettled(order);
  const slot = nextSlot(planOf(order), now);
  const { dueAt, ...after } = withDueAt(changed, change, { now, settled, nextSlot: slot });
  const rests = settled && changed.outbox.length > 0;
  return { ...after, outbox: [], ...(dueAt !== undefined && !rests && { dueAt }) };
}
