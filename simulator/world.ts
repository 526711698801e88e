import { randomInt, randomUUID } from 'node:crypto';
import { type Alarms, createAlarms } from './alarms.ts';
import { createFaultBoard, type FaultBoard } from './faults.ts';
import type { MerchantAccount } from './merchant-account.ts';
import { createNoticeDesk, type NoticeDesk } from './notice-desk.ts';
import { composeNotice, type NoticeSeal, paymentNotice } from './notice-message.ts';
import type { NoticePlan } from './notice-schedule.ts';
import { type Order, type Paid, type PaymentWish, payOrder } from './order.ts';
import { createOrderBook, type OrderBook } from './order-book.ts';
import { type RefundPlan, USUAL_END } from './refund.ts';
import { createRefundBook, type RefundBook, refundKey } from './refund-book.ts';
import { type Standing, takePlan } from './standing.ts';
import { beijingDigits, type Timers } from './timers.ts';
import type { Transmit } from './transmit.ts';
import { noticeKey } from './wechat-keys.ts';

/** One call of the API as it came in and what became of it; `status` is null when no answer was sent. */
export type CallRecord = {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly operation: string | null;
  readonly mchid: string | null;
  readonly status: number | null;
  readonly code?: string;
  readonly fault?: string;
};

/** Everything the simulator knows; all of it bounded, none of it kept on disk. */
export type World = {
  readonly timers: Timers;
  readonly accounts: ReadonlyMap<string, MerchantAccount>;
  readonly orders: OrderBook;
  readonly refunds: RefundBook;
  /** The ends of refunds that are still to come. */
  readonly alarms: Alarms;
  readonly faults: FaultBoard;
  readonly notices: NoticeDesk;
  readonly calls: CallRecord[];
  /** What becomes of the notices of payments and refunds that say nothing themselves. */
  readonly noticePlans: { payments: Standing<NoticePlan>; refunds: Standing<NoticePlan> };
  /** What becomes of the next refunds. */
  refundPlan: Standing<RefundPlan>;
  /** Four digits that tell this world's numbers from those of the one before it. */
  readonly era: number;
  transactions: number;
  refundsAccepted: number;
};

type WorldOptions = {
  readonly timers: Timers;
  readonly accounts: readonly MerchantAccount[];
  readonly transmit: Transmit;
};

const MAX_ORDERS = 100_000;
const MAX_CALLS = 10_000;

export const createWorld = (options: WorldOptions): World => {
  const accounts = new Map(options.accounts.map((account) => [account.mchid, account]));
  const notices = createNoticeDesk({
    timers: options.timers,
    transmit: options.transmit,
    compose: (notice, signatureFlaw) => {
      const account = accounts.get(notice.mchid);
      if (account === undefined) throw new Error(`no account for notice ${notice.id}`);
      return composeNotice(notice, {
        ...noticeSeal(account, options.timers.now()),
        signatureFlaw,
      });
    },
  });
  const refunds = createRefundBook();
  const alarms = createAlarms(options.timers);
  const forget = (order: Order) => {
    notices.forget(order.mchid, order.outTradeNo);
    for (const refund of refunds.ofOrder(order)) alarms.clear(refundKey(refund));
    refunds.forget(order);
  };
  return {
    timers: options.timers,
    accounts,
    orders: createOrderBook(MAX_ORDERS, forget),
    refunds,
    alarms,
    faults: createFaultBoard(),
    notices,
    calls: [],
    noticePlans: {
      payments: { plan: { mode: 'normal' }, remaining: 0 },
      refunds: { plan: { mode: 'normal' }, remaining: 0 },
    },
    refundPlan: { plan: USUAL_END, remaining: 0 },
    era: randomInt(1_000, 10_000),
    transactions: 0,
    refundsAccepted: 0,
  };
};

/** The true seal of the merchant's next notice; counts it. */
export const noticeSeal = (account: MerchantAccount, nowMs: number): NoticeSeal => {
  const share = { percent: account.noticePercent, sentBefore: account.noticesSent };
  account.noticesSent += 1;
  return {
    apiV3Key: account.apiV3Key,
    key: noticeKey(account.keys, account.keyMode, share),
    nowMs,
  };
};

/** The payer pays now; on success the order is kept and its notice is on its way. */
export const payNow = (world: World, order: Order, wish: PaymentWish): Paid => {
  const nowMs = world.timers.now();
  const serial = String(world.transactions + 1).padStart(6, '0');
  const facts = {
    transactionId: `4200002001${beijingDigits(nowMs).slice(0, 8)}${world.era}${serial}`,
    noticeId: randomUUID(),
    payerOpenid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  };
  const paid = payOrder(order, wish, facts, nowMs);
  if (!paid.ok) return paid;
  world.transactions += 1;
  world.orders.put(paid.order);
  const plan = wish.notice ?? nextNoticePlan(world, 'payments');
  world.notices.start(paymentNotice(paid.order, paid.payment), plan);
  return paid;
};

/** What becomes of the next notice of a payment or a refund; uses its plan up by one. */
export const nextNoticePlan = (world: World, of: keyof World['noticePlans']): NoticePlan =>
  takePlan(world.noticePlans[of]) ?? { mode: 'normal' };

/** Keeps the last 10,000 calls. */
export const logCall = (world: World, call: CallRecord): void => {
  world.calls.push(call);
  if (world.calls.length > MAX_CALLS) world.calls.shift();
};
