import type { Account } from '#core/account.ts';
import type {
  CommandName,
  DetailState,
  PayscoreCommand,
  SendOutcome,
} from '#core/payscore/evidence.ts';
import { type Fen, isFen } from '#core/values/money.ts';
import { minuteMs, wholeSecond } from '#core/values/time.ts';
import { valid } from './order-builder.ts';
import {
  addsUp,
  bodyIn,
  type CompleteBody,
  isCancelBody,
  isCompleteBody,
  isModifyBody,
  isOrderBody,
  isPayBody,
  isSyncBody,
  type OrderBody,
  timeOf,
} from './world-payscore-bodies.ts';
import {
  accepted,
  boundService,
  isRepeated,
  keyOf,
  notBound,
  type PayscoreState,
  payscoreIdOf,
  refusedAs,
  signStateOf,
  type WorldDetail,
  type WorldPayment,
  type WorldServiceOrder,
  type WorldSignPlan,
  withCarriedOut,
} from './world-payscore-state.ts';

type Send = (state: PayscoreState, account: Account, command: PayscoreCommand) => SendOutcome;

/** The next detail only, and only when those before it are finished and paid, or cancelled. */
export const createServiceOrder: Send = (state, account, command) => {
  const terms = bodyIn(command, isOrderBody);
  if (terms === undefined || terms.out_trade_no !== command.number || !endsLater(terms)) {
    return refusedAs('PARAM_ERROR');
  }
  if (boundService(account, terms) === undefined) {
    return notBound;
  }
  const number = terms.out_trade_no;
  const standing = state.orders.get(keyOf(account, number));
  if (standing !== undefined) {
    return isRepeated(standing, command) ? accepted : refusedAs('INVALID_REQUEST');
  }
  const signPlan = signPlanOf(state, account, terms);
  if (signPlan === undefined || nextDetail(signPlan)?.merchant_plan_detail_no !== number) {
    return refusedAs('INVALID_REQUEST');
  }
  const order: WorldServiceOrder = {
    mchid: account.mchid,
    number,
    order_id: payscoreIdOf('1000', account, number),
    terms,
    signPlan: signPlan.number,
    priceFen: priceOf(state, signPlan, terms),
    state: 'DOING',
    carriedOut: new Map(),
  };
  keep(state, withCarriedOut(order, command), 'USING');
  return accepted;
};

function endsLater({ time_range: { start_time, end_time } }: OrderBody): boolean {
  return end_time === undefined || end_time > start_time;
}

/** The sign plan that a body names and fits, if it is signed and not over. */
function signPlanOf(
  { signPlans, clock }: PayscoreState,
  { mchid }: Account,
  body: OrderBody,
): WorldSignPlan | undefined {
  return [...signPlans.values()].find(
    (signPlan) =>
      signPlan.mchid === mchid &&
      signPlan.sign_plan_id === body.sign_plan_id &&
      signPlan.terms.service_id === body.service_id &&
      signPlan.terms.openid === body.openid &&
      signPlan.details[body.plan_detail_no - 1]?.merchant_plan_detail_no === body.out_trade_no &&
      signStateOf(signPlan, clock.now()) === 'SIGNED',
  );
}

/** What the plan asks for this detail. */
function priceOf({ plans }: PayscoreState, signPlan: WorldSignPlan, body: OrderBody): number {
  const plan = plans.get(keyOf(signPlan, signPlan.plan));
  return plan?.terms.plan_detail_list[body.plan_detail_no - 1]?.actual_price ?? 0;
}

function nextDetail({ details }: WorldSignPlan): WorldDetail | undefined {
  const next = details.find(({ state }) => state === 'NOT_USED' || state === 'USING');
  return next?.state === 'NOT_USED' ? next : undefined;
}

/** Keeps the order, and what it means for its detail; a signed plan is COMPLETE with its last detail. */
function keep(
  { orders, signPlans, clock }: PayscoreState,
  order: WorldServiceOrder,
  detailState?: DetailState,
): void {
  orders.set(keyOf(order, order.number), order);
  const signPlan = signPlans.get(keyOf(order, order.signPlan));
  if (signPlan === undefined || detailState === undefined) {
    return;
  }
  const details = signPlan.details.map((detail) =>
    detail.merchant_plan_detail_no === order.number ? { ...detail, state: detailState } : detail,
  );
  const isOver = details.every(
    ({ state }) => state === 'USED' || state === 'SIGN_PLAN_DETAIL_CANCEL',
  );
  const isSigned = signStateOf(signPlan, clock.now()) === 'SIGNED';
  const state = isOver && isSigned ? 'COMPLETE' : signPlan.state;
  signPlans.set(keyOf(order, order.signPlan), { ...signPlan, details, state });
}

/** The order is paid: by PayScore, or as the merchant says. */
export function settle(state: PayscoreState, order: WorldServiceOrder, paid: WorldPayment): void {
  keep(state, { ...order, state: 'DONE', paid }, 'USED');
}

/** Of these the documents or reports say that the same again succeeds. */
const repeatable: readonly CommandName[] = ['complete', 'cancel'];

/** What stands between a step and its order, whichever step it is; else the order. */
function standingOf(
  { orders }: PayscoreState,
  account: Account,
  command: PayscoreCommand,
  body: Pick<OrderBody, 'service_id' | 'appid'> | undefined,
): SendOutcome | WorldServiceOrder {
  if (body === undefined) {
    return refusedAs('PARAM_ERROR');
  }
  if (boundService(account, body) === undefined) {
    return notBound;
  }
  const order = orders.get(keyOf(account, command.number));
  if (order === undefined || order.terms.service_id !== body.service_id) {
    return refusedAs('ORDER_NOT_EXIST');
  }
  if (order.terms.appid !== body.appid) {
    return refusedAs('PARAM_ERROR');
  }
  if (repeatable.includes(command.name) && isRepeated(order, command)) {
    return accepted;
  }
  if (order.state === 'REVOKED') {
    return refusedAs('ORDER_CANCELED');
  }
  return order.state === 'DONE' ? refusedAs('ORDER_DONE') : order;
}

function isPaying({ state, totalFen }: WorldServiceOrder): boolean {
  return state === 'DOING' && totalFen !== undefined;
}

export const complete: Send = (state, account, command) => {
  const body = bodyIn(command, isCompleteBody);
  const order = standingOf(state, account, command, body && addsUp(body) ? body : undefined);
  if ('type' in order || body === undefined) {
    return 'type' in order ? order : refusedAs('PARAM_ERROR');
  }
  if (isPaying(order) || body.total_amount > order.priceFen) {
    return refusedAs('INVALID_REQUEST');
  }
  if (!isInTime(state, order.terms, body)) {
    return refusedAs('PARAM_ERROR');
  }
  charge(state, withCarriedOut(order, command), valid(body.total_amount, isFen));
  return accepted;
};

/** An end is named at the latest now, lies after the start, and not ahead of us. */
function isInTime(
  { clock }: PayscoreState,
  { time_range: planned }: OrderBody,
  { time_range: real }: CompleteBody,
): boolean {
  const start = real?.start_time ?? planned.start_time;
  const end = real?.end_time ?? planned.end_time;
  return (
    start >= planned.start_time &&
    end !== undefined &&
    end > start &&
    (real?.end_time === undefined || timeOf(end) <= clock.now())
  );
}

/** From now on WeChat charges this; of nothing there is nothing to charge. */
function charge(state: PayscoreState, order: WorldServiceOrder, totalFen: Fen): void {
  const completedAt = order.completedAt ?? state.clock.now();
  const charged: WorldServiceOrder = { ...order, totalFen, completedAt };
  if (totalFen === 0) {
    keep(state, { ...charged, state: 'DONE' }, 'USED');
  } else {
    keep(state, charged);
  }
}

/** Most documents let a merchant cancel what is being charged, not all of them: `letCancelWhilePaying`. */
export const cancel: Send = (state, account, command) => {
  const order = standingOf(state, account, command, bodyIn(command, isCancelBody));
  if ('type' in order) {
    return order;
  }
  if (isPaying(order) && !state.cancelsWhilePaying) {
    return refusedAs('INVALID_ORDER_STATE');
  }
  keep(state, withCarriedOut(order, command, { state: 'REVOKED' }), 'SIGN_PLAN_DETAIL_CANCEL');
  return accepted;
};

/** Downwards each time, and only while it is being charged. */
export const modify: Send = (state, account, command) => {
  const body = bodyIn(command, isModifyBody);
  const order = standingOf(state, account, command, body && addsUp(body) ? body : undefined);
  if ('type' in order || body === undefined) {
    return 'type' in order ? order : refusedAs('PARAM_ERROR');
  }
  if (!isPaying(order)) {
    return refusedAs('INVALID_ORDER_STATE');
  }
  if (body.total_amount >= Number(order.totalFen)) {
    return refusedAs('INVALID_REQUEST');
  }
  charge(state, withCarriedOut(order, command), valid(body.total_amount, isFen));
  return accepted;
};

/** Paid another way: after the completion, and at most a minute ahead of us. */
export const sync: Send = (state, account, command) => {
  const body = bodyIn(command, isSyncBody);
  const order = standingOf(state, account, command, body);
  if ('type' in order || body === undefined) {
    return 'type' in order ? order : refusedAs('PARAM_ERROR');
  }
  if (!isPaying(order) || order.completedAt === undefined) {
    return refusedAs('INVALID_ORDER_STATE');
  }
  const at = timeOf(body.detail.paid_time);
  if (at <= wholeSecond(order.completedAt) || at > state.clock.now() + minuteMs) {
    return refusedAs('PARAM_ERROR');
  }
  settle(state, withCarriedOut(order, command), { at });
  return accepted;
};

/** WeChat tries again, sooner or later: `charge` is the hand's. */
export const pay: Send = (state, account, command) => {
  const order = standingOf(state, account, command, bodyIn(command, isPayBody));
  if ('type' in order) {
    return order;
  }
  return isPaying(order) ? accepted : refusedAs('INVALID_ORDER_STATE');
};
