import type { JsonObject } from '../json.ts';
import type { DetailUse, Moment } from './sign-plan.ts';

/** Times as on the wire: `yyyyMMddHHmmss` in Beijing. */
export type TimeRange = {
  readonly start_time?: string;
  readonly end_time?: string;
  readonly start_time_remark?: string;
  readonly end_time_remark?: string;
};

/** What the call for a new service order asks for, with every field in one text. */
export type ServiceOrderWish = {
  readonly outOrderNo: string;
  readonly serviceId: string;
  readonly signPlanId: string;
  readonly planDetailNo: number;
  readonly appid: string;
  readonly openid: string;
  readonly notifyUrl: string;
  readonly serviceIntroduction: string;
  readonly timeRange: TimeRange;
  readonly location: JsonObject;
  readonly attach: string | undefined;
  readonly fingerprint: string;
};

/** What the payer shall pay; the items as on the wire, the total in fen. */
export type Bill = {
  readonly payments: readonly JsonObject[];
  readonly discounts: readonly JsonObject[];
  readonly total: number;
};

export type CompletionWish = Bill & {
  readonly timeRange: TimeRange;
  readonly location: JsonObject;
  readonly fingerprint: string;
};

/** Money that came in. Without a transaction the merchant got it by another way and said so. */
export type Collected = Moment & { readonly amount: number; readonly transactionId?: string };

/** One detail of a sign plan in use. */
export type ServiceOrder = ServiceOrderWish & {
  readonly mchid: string;
  readonly orderId: string;
  readonly queryId: string;
  readonly merchantSignPlanNo: string;
  /** What the detail costs by its plan, in fen. */
  readonly detailPrice: number;
  readonly createdAtMs: number;
  /** Since when it can be used; undefined while CREATED. */
  readonly confirmed: Moment | undefined;
  readonly completion: (CompletionWish & { readonly atMs: number }) | undefined;
  readonly collected: readonly Collected[];
  readonly cancelled: { readonly atMs: number; readonly fingerprint: string } | undefined;
  /** A charge is under way: it can't be changed now. */
  readonly charging: boolean;
  /** Charges that came to nothing. */
  readonly failedCharges: number;
};

export type ServiceOrderState = 'CREATED' | 'DOING' | 'DONE' | 'REVOKED' | 'EXPIRED';

const LIFE_OF_A_CREATED_ORDER_MS = 30 * 86_400_000;

/** The state as of now: done once the total came in, or when there is nothing to pay. */
export const orderStateOf = (order: ServiceOrder, nowMs: number): ServiceOrderState => {
  if (order.cancelled !== undefined) return 'REVOKED';
  if (order.collected.length > 0 || order.completion?.total === 0) return 'DONE';
  if (order.confirmed !== undefined) return 'DOING';
  return nowMs >= order.createdAtMs + LIFE_OF_A_CREATED_ORDER_MS ? 'EXPIRED' : 'CREATED';
};

/** What it makes of its detail: one that is revoked, or ran out, can't be used again. */
export const useOf = (order: ServiceOrder, nowMs: number): DetailUse => {
  const state = orderStateOf(order, nowMs);
  const given = { REVOKED: 'SIGN_PLAN_DETAIL_CANCEL', EXPIRED: 'SIGN_PLAN_DETAIL_CANCEL' } as const;
  const open = { DONE: 'USED', DOING: 'USING', CREATED: 'USING' } as const;
  return {
    planDetailNo: order.planDetailNo,
    state: { ...given, ...open }[state],
    orderId: order.orderId,
    usedAtMs: order.createdAtMs,
    completedAtMs: order.completion?.atMs,
    cancelledAtMs:
      order.cancelled?.atMs ??
      (state === 'EXPIRED' ? order.createdAtMs + LIFE_OF_A_CREATED_ORDER_MS : undefined),
    total: order.completion?.total,
  };
};

export type StepRefusal =
  | 'cancelled'
  | 'done'
  | 'not-usable'
  | 'not-completed'
  | 'other-parameters'
  | 'above-price'
  | 'not-lower'
  | 'charging'
  | 'paid-time';

export type Stepped =
  | { readonly ok: true; readonly order: ServiceOrder }
  | { readonly ok: false; readonly because: StepRefusal };

const refuse = (because: StepRefusal): Stepped => ({ ok: false, because });

/** The service is over and the payer shall pay; the same again is the same answer, every field compared. */
export const completeOrder = (
  order: ServiceOrder,
  wish: CompletionWish,
  nowMs: number,
): Stepped => {
  if (order.cancelled !== undefined) return refuse('cancelled');
  if (order.completion !== undefined) {
    const same = order.completion.fingerprint === wish.fingerprint;
    return same ? { ok: true, order } : refuse('other-parameters');
  }
  if (orderStateOf(order, nowMs) !== 'DOING') return refuse('not-usable');
  if (wish.total > order.detailPrice) return refuse('above-price');
  return { ok: true, order: { ...order, completion: { ...wish, atMs: nowMs } } };
};

/** Nothing is owed any more, be it completed or not; the same again is the same answer, the reason compared. */
export const cancelOrder = (order: ServiceOrder, fingerprint: string, nowMs: number): Stepped => {
  if (order.cancelled !== undefined) {
    const same = order.cancelled.fingerprint === fingerprint;
    return same ? { ok: true, order } : refuse('other-parameters');
  }
  const state = orderStateOf(order, nowMs);
  if (state === 'DONE') return refuse('done');
  if (state === 'EXPIRED') return refuse('not-usable');
  if (order.charging) return refuse('charging');
  return { ok: true, order: { ...order, cancelled: { atMs: nowMs, fingerprint } } };
};

/** Why nothing can be done about the money: it is not owed, or being taken this moment. */
const owedRefusal = (order: ServiceOrder): StepRefusal | undefined => {
  if (order.cancelled !== undefined) return 'cancelled';
  if (order.completion === undefined) return 'not-completed';
  return order.collected.length > 0 || order.completion.total === 0 ? 'done' : undefined;
};

/** The payer shall pay less; nothing at all ends it. */
export const modifyOrder = (order: ServiceOrder, bill: Bill): Stepped => {
  const { completion } = order;
  const because = owedRefusal(order);
  if (because !== undefined || completion === undefined) return refuse(because ?? 'not-completed');
  if (order.charging) return refuse('charging');
  if (bill.total >= completion.total) return refuse('not-lower');
  return { ok: true, order: { ...order, completion: { ...completion, ...bill } } };
};

const MAX_AHEAD_MS = 60_000;

/** The merchant got the money by another way, after completion and not in the future (document 4012587962). */
export const syncOrder = (
  order: ServiceOrder,
  paidAtMs: number,
  facts: { readonly noticeId: string; readonly nowMs: number },
): Stepped => {
  const { completion } = order;
  const because = owedRefusal(order);
  if (because !== undefined || completion === undefined) return refuse(because ?? 'not-completed');
  if (order.charging) return refuse('charging');
  const completedInSecond = Math.floor(completion.atMs / 1_000) * 1_000;
  if (paidAtMs <= completedInSecond || paidAtMs > facts.nowMs + MAX_AHEAD_MS) {
    return refuse('paid-time');
  }
  const collected = { atMs: paidAtMs, noticeId: facts.noticeId, amount: completion.total };
  return { ok: true, order: { ...order, collected: [collected] } };
};

/** The merchant asks for another charge: whether there is anything to charge. */
export const askForCharge = (order: ServiceOrder): Stepped => {
  const because = owedRefusal(order);
  return because === undefined ? { ok: true, order } : refuse(because);
};

/** The charge succeeds. Forced, it does so although the order was cancelled or paid by another way at the same moment. */
export const chargeOrder = (
  order: ServiceOrder,
  facts: Moment & { readonly transactionId: string },
  force = false,
): Stepped => {
  const { completion } = order;
  const because = owedRefusal(order);
  if (completion === undefined || completion.total === 0) return refuse(because ?? 'not-completed');
  if (because !== undefined && !force) return refuse(because);
  if (order.collected.some(({ transactionId }) => transactionId !== undefined)) {
    return refuse('done');
  }
  const collected = [...order.collected, { ...facts, amount: completion.total }];
  return { ok: true, order: { ...order, collected, cancelled: undefined, charging: false } };
};

/** The order as it stood before any money came in, for an answer that lags behind. */
export const beforeCollection = (order: ServiceOrder): ServiceOrder => ({
  ...order,
  collected: [],
});
