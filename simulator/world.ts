import { randomInt, randomUUID } from 'node:crypto';
import { type Alarms, createAlarms } from './alarms.ts';
import { createFaultBoard, type FaultBoard } from './faults.ts';
import type { MerchantAccount } from './merchant-account.ts';
import { createNoticeDesk, type NoticeDesk, type NoticeDeskOptions } from './notice-desk.ts';
import { noticeOfPayment } from './notice-format.ts';
import { composeNotice, type NoticeSeal } from './notice-message.ts';
import type { NoticePlan } from './notice-schedule.ts';
import { type Order, type Paid, type PaymentWish, payOrder } from './order.ts';
import { createOrderBook, type OrderBook } from './order-book.ts';
import { createPayscoreState, type PayscoreState } from './payscore/state.ts';
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

/** What notices are about; each has a plan of its own. */
export const NOTICE_SUBJECTS = ['payments', 'refunds', 'sign-plans', 'service-orders'] as const;

export type NoticeSubject = (typeof NOTICE_SUBJECTS)[number];

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
  readonly payscore: PayscoreState;
  /** What becomes of the notices of each kind that say nothing themselves. */
  readonly noticePlans: Record<NoticeSubject, Standing<NoticePlan>>;
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
  const deskOptions: NoticeDeskOptions = {
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
  };
  const notices = createNoticeDesk(deskOptions);
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
    payscore: createPayscoreState(deskOptions, alarms),
    noticePlans: {
      payments: asUsual(),
      refunds: asUsual(),
      'sign-plans': asUsual(),
      'service-orders': asUsual(),
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

const asUsual = (): Standing<NoticePlan> => ({ plan: { mode: 'normal' }, remaining: 0 });

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
  const facts = {
    transactionId: nextTransactionId(world),
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

/** The number of the next payment, if it comes about. */
export const nextTransactionId = (world: World): string => {
  const serial = String(world.transactions + 1).padStart(6, '0');
  return `4200002001${beijingDigits(world.timers.now()).slice(0, 8)}${world.era}${serial}`;
};

/** What becomes of the next notice of a kind; uses its plan up by one. */
export const nextNoticePlan = (world: World, of: NoticeSubject): NoticePlan =>
  takePlan(world.noticePlans[of]) ?? { mode: 'normal' };

/** Keeps the last 10,000 calls. */
export const logCall = (world: World, call: CallRecord): void => {
  world.calls.push(call);
  if (world.calls.length > MAX_CALLS) world.calls.shift();
};
