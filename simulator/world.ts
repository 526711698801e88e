import { randomInt, randomUUID } from 'node:crypto';
import { type Alarms, createAlarms } from './alarms.ts';
import { createFaultBoard, type FaultBoard } from './faults.ts';
import type { MerchantAccount } from './merchant-account.ts';
import { createNoticeDesk, type NoticeDesk } from './notice-desk.ts';
import { noticeOfPayment } from './notice-format.ts';
import { composeNotice, type NoticeSeal } from './notice-message.ts';
import type { NoticePlan } from './notice-schedule.ts';
import { type Order, type Paid, type PaymentWish, payOrder } from './order.ts';
import { createOrderBook, type OrderBook } from './order-book.ts';
import { type RefundPlan, USUAL_END } from './refund.ts';
import { createRefundBook, type RefundBook, refundKey } from './refund-book.ts';
import { type Standing, takePlan } from './standing.ts';
import { beijingDigits, type Timers } from './timers.ts';
import type { Transmit } from './transmit.ts';
import {
  type MicropayPlan,
  type ReversePlan,
  USUAL_REVERSE,
  usualPlan,
} from './v2/micropay-plan.ts';
import { composeV2Notice, type SignTypeNaming, type V2NoticeSeal } from './v2/notice-message.ts';
import { createUsedCodes, type UsedCodes } from './v2/used-codes.ts';
import { noticeKey } from './wechat-keys.ts';

/** One call of the API as it came in and what became of it; `status` is null when no answer was sent. */
export type CallRecord = {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly operation: string | null;
  readonly mchid: string | null;
  /** The numbers of orders, payments and refunds that a body of APIv2 names; those of APIv3 stand in the path. */
  readonly numbers?: readonly string[];
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
  /** The ends of refunds, and of payments by code, that are still to come. */
  readonly alarms: Alarms;
  readonly faults: FaultBoard;
  readonly notices: NoticeDesk;
  readonly calls: CallRecord[];
  /** What becomes of the notices of payments and refunds that say nothing themselves. */
  readonly noticePlans: { payments: Standing<NoticePlan>; refunds: Standing<NoticePlan> };
  /** How notices of APIv2 are made. */
  readonly v2Notices: { signTypeNaming: SignTypeNaming };
  /** What becomes of the next refunds. */
  refundPlan: Standing<RefundPlan>;
  /** What becomes of the next codes that are scanned, and of the next reverses. */
  micropayPlan: Standing<MicropayPlan>;
  reversePlan: Standing<ReversePlan>;
  /** Codes that were scanned once. */
  readonly usedCodes: UsedCodes;
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
  const v2Notices: World['v2Notices'] = { signTypeNaming: 'usual' };
  const notices = createNoticeDesk({
    timers: options.timers,
    transmit: options.transmit,
    compose: (notice, signatureFlaw) => {
      const account = accounts.get(notice.mchid);
      if (account === undefined) throw new Error(`no account for notice ${notice.id}`);
      if (notice.v2 !== undefined) {
        return composeV2Notice(notice, v2NoticeSeal({ v2Notices }, account));
      }
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
    alarms.clear(codeAlarm(order));
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
    v2Notices,
    refundPlan: { plan: USUAL_END, remaining: 0 },
    micropayPlan: { plan: usualPlan(0), remaining: 0 },
    reversePlan: { plan: USUAL_REVERSE, remaining: 0 },
    usedCodes: createUsedCodes(MAX_ORDERS),
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

/** The true seal of the merchant's next notice of APIv2. */
export const v2NoticeSeal = (
  { v2Notices }: Pick<World, 'v2Notices'>,
  { apiKey }: MerchantAccount,
): V2NoticeSeal => ({ apiKey, signTypeNaming: v2Notices.signTypeNaming });

/** The name of the alarm about a payment by code. */
export const codeAlarm = (order: Pick<Order, 'mchid' | 'outTradeNo'>): string =>
  `code ${order.mchid} ${order.outTradeNo}`;

/** The payer pays now; on success the order is kept and its notice, if it has an address, is on its way. */
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
  if (paid.order.notifyUrl === '') return paid;
  const plan = wish.notice ?? nextNoticePlan(world, 'payments');
  world.notices.start(noticeOfPayment(paid.order, paid.payment), plan);
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
