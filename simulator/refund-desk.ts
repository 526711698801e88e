import { randomUUID } from 'node:crypto';
import type { MerchantAccount } from './merchant-account.ts';
import { noticeOfRefund } from './notice-format.ts';
import type { NoticePlan } from './notice-schedule.ts';
import type { Order } from './order.ts';
import {
  acceptRefund,
  endRefund,
  type Refund,
  type RefundEnd,
  type RefundRefusal,
  type RefundWish,
  USUAL_END,
} from './refund.ts';
import { refundKey } from './refund-book.ts';
import { takePlan } from './standing.ts';
import { beijingDigits } from './timers.ts';
import { nextNoticePlan, type World } from './world.ts';

type Refunded =
  | { readonly ok: true; readonly refund: Refund }
  | { readonly ok: false; readonly because: RefundRefusal | 'not-enough' };

/** Accepts a refund under a new number, takes its money from the merchant's balance, and ends it when its time has come. */
export const refundNow = (
  world: World,
  account: MerchantAccount,
  order: Order,
  wish: RefundWish,
): Refunded => {
  const nowMs = world.timers.now();
  const serial = String(world.refundsAccepted + 1).padStart(7, '0');
  const refundId = `5030000200${beijingDigits(nowMs).slice(0, 8)}${world.era}${serial}`;
  const earlier = world.refunds.ofOrder(order);
  const accepted = acceptRefund(order, earlier, wish, { refundId, nowMs });
  if (!accepted.ok) return accepted;
  const { refund } = accepted;
  if (account.balance !== undefined) {
    if (account.balance < refund.refund) return { ok: false, because: 'not-enough' };
    account.balance -= refund.refund;
  }
  world.refundsAccepted += 1;
  world.orders.put(accepted.order);
  world.refunds.put(refund);
  const plan = takePlan(world.refundPlan) ?? USUAL_END;
  if (plan.status !== 'PROCESSING') {
    const { status, delayMs } = plan;
    world.alarms.set(refundKey(refund), delayMs, () => endNow(world, refund, status));
  }
  return { ok: true, refund };
};

type Ended = ReturnType<typeof endRefund>;

/** The refund ends now, and its notice, if it has an address, is on its way. */
export const endNow = (
  world: World,
  refund: Refund,
  status: RefundEnd,
  plan?: NoticePlan,
): Ended => {
  const ended = endRefund(refund, status, { atMs: world.timers.now(), noticeId: randomUUID() });
  if (!ended.ok) return ended;
  world.alarms.clear(refundKey(refund));
  world.refunds.put(ended.refund);
  if (status === 'CLOSED') giveBack(world.accounts.get(refund.mchid), refund);
  const order = world.orders.get(refund.mchid, refund.outTradeNo);
  if (refund.notifyUrl !== undefined && order !== undefined) {
    const notice = noticeOfRefund(order, ended.refund, { url: refund.notifyUrl });
    world.notices.start(notice, plan ?? nextNoticePlan(world, 'refunds'));
  }
  return ended;
};

const giveBack = (account: MerchantAccount | undefined, refund: Refund): void => {
  if (account?.balance !== undefined) account.balance += refund.refund;
};
