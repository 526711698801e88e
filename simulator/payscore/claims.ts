import type { OrderEvent, SignPlanEvent } from './notice.ts';
import type { ServiceOrder } from './service-order.ts';
import { beforeSigning, type Moment, type SignPlan, sign } from './sign-plan.ts';

/** A number of a payment that never was. */
const NO_TRANSACTION = '4200002001202601019999999999';

type ClaimedSignPlan = { readonly signPlan: SignPlan; readonly moment: Moment };

/** The sign plan as its notice tells it, as of that moment; what is not so is said to be so as of now. */
export const claimedSignPlan = (
  signPlan: SignPlan,
  event: SignPlanEvent,
  nowMs: number,
): ClaimedSignPlan => {
  const now = { atMs: nowMs, noticeId: signPlan.signPlanId };
  const waiting = beforeSigning(signPlan);
  const signing = sign(waiting, 'UNSIGNED', signPlan.signed ?? now);
  const signed = signing.ok ? signing.signPlan : waiting;
  if (event === 'signed') return { signPlan: signed, moment: signPlan.signed ?? now };
  const cancelled = signPlan.cancelled ?? { ...now, type: 'USER', reason: '用户取消' };
  return { signPlan: { ...signed, cancelled }, moment: cancelled };
};

type ClaimedOrder = { readonly order: ServiceOrder; readonly moment: Moment };

/** The order as its notice tells it; one that is not paid is said to be, as of now and with what it should cost. */
export const claimedOrder = (
  order: ServiceOrder,
  event: OrderEvent,
  nowMs: number,
): ClaimedOrder => {
  const now = { atMs: nowMs, noticeId: order.orderId };
  const confirmed = order.confirmed ?? now;
  if (event === 'confirmed') return { order: { ...order, confirmed }, moment: confirmed };
  const [paid] = order.collected;
  if (paid !== undefined) return { order, moment: paid };
  const completion = order.completion ?? {
    payments: [{ name: order.serviceIntroduction, amount: order.detailPrice }],
    discounts: [],
    total: order.detailPrice,
    timeRange: order.timeRange,
    location: {},
    fingerprint: '',
    atMs: nowMs,
  };
  const collected = [{ ...now, amount: completion.total, transactionId: NO_TRANSACTION }];
  return {
    order: { ...order, confirmed, completion, collected, cancelled: undefined },
    moment: now,
  };
};
