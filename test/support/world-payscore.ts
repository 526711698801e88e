import { createHash } from 'node:crypto';
import type { Account } from '#core/account.ts';
import type {
  CommandName,
  PayscoreCommand,
  PlanEvidence,
  SendOutcome,
  ServiceOrderEvidence,
  SignPlanEvidence,
} from '#core/payscore/evidence.ts';
import type { AskedServiceOrder, PayscoreGateway } from '#core/payscore/ports.ts';
import type { Clock } from '#core/ports.ts';
import { isTransactionId, type TransactionId } from '#core/values/ids.ts';
import { type Fen, isFen } from '#core/values/money.ts';
import { dayMs, plus } from '#core/values/time.ts';
import { type FaultSource, perform } from './faults.ts';
import { valid } from './order-builder.ts';
import {
  cancel,
  complete,
  createServiceOrder,
  modify,
  pay,
  settle,
  sync,
} from './world-payscore-orders.ts';
import { createPlan, createSignPlan, stopPlan, stopSignPlan } from './world-payscore-plans.ts';
import {
  keyOf,
  onlyOne,
  type PayscoreState,
  paymentIn,
  signStateOf,
  type WorldDetail,
  type WorldPlan,
  type WorldServiceOrder,
  type WorldSignPlan,
} from './world-payscore-state.ts';
import type { RefundablePayment } from './world-refunds.ts';

/** The PayScore of a WeChat Pay, with its documented rules; answers at once. */
export type PayscoreBook = {
  queryPlan(account: Account, number: string): PlanEvidence;
  querySignPlan(account: Account, number: string): SignPlanEvidence;
  queryServiceOrder(account: Account, asked: AskedServiceOrder): ServiceOrderEvidence;
  send(account: Account, command: PayscoreCommand): SendOutcome;
  /** For `createRefundBook`: a charge of PayScore is refunded by its transaction. */
  paymentOf(transaction_id: string): RefundablePayment | undefined;
} & Hands;

/** What only the user and WeChat can do. What WeChat would not let them do ends the test. */
export type Hands = {
  /** The user signs; the days of the plan count from now. */
  sign(merchant_sign_plan_no: string): void;
  /** The user ends the signed plan, or withdraws the whole service. */
  userCancel(merchant_sign_plan_no: string, how?: 'USER' | 'REVOKE_SERVICE'): void;
  expire(merchant_sign_plan_no: string): void;
  /** The charge of a completed order succeeds. Answers the number of the payment. */
  charge(out_order_no: string): TransactionId;
  /** Whether a completed order that is not paid can be cancelled (yes): the documents disagree. */
  letCancelWhilePaying(allowed: boolean): void;
  plan(merchant_plan_no: string): WorldPlan | undefined;
  signPlan(merchant_sign_plan_no: string): WorldSignPlan | undefined;
  serviceOrder(out_order_no: string): WorldServiceOrder | undefined;
};

const commands = {
  'create-plan': createPlan,
  'stop-plan': stopPlan,
  'create-sign-plan': createSignPlan,
  'stop-sign-plan': stopSignPlan,
  'create-service-order': createServiceOrder,
  complete,
  cancel,
  modify,
  sync,
  pay,
} as const;

export function createPayscoreBook(clock: Clock): PayscoreBook {
  const state: PayscoreState = {
    clock,
    plans: new Map(),
    signPlans: new Map(),
    orders: new Map(),
    cancelsWhilePaying: true,
  };
  return {
    queryPlan: (account, number) => planEvidence(state.plans.get(keyOf(account, number))),
    querySignPlan: (account, number) => signPlanEvidence(state, keyOf(account, number)),
    queryServiceOrder: (account, asked) => orderEvidence(state, account, asked),
    send: (account, command) => commands[command.name](state, account, command),
    paymentOf: (transaction_id) => paymentIn(state, transaction_id),
    ...handsOf(state),
  };
}

function handsOf(state: PayscoreState): Hands {
  const { clock, plans, signPlans, orders } = state;
  /** Moves a sign plan on by hand. */
  function move(
    number: string,
    from: readonly WorldSignPlan['state'][],
    changes: (signPlan: WorldSignPlan) => Partial<WorldSignPlan>,
  ): void {
    const signPlan = onlyOne(signPlans, number);
    const standing = signStateOf(signPlan, clock.now());
    if (!from.includes(standing)) {
      throw new Error(`The sign plan ${number} is ${standing}.`);
    }
    signPlans.set(keyOf(signPlan, number), { ...signPlan, ...changes(signPlan) });
  }
  return {
    sign: (number) =>
      move(number, ['UNSIGNED'], (signPlan) => {
        if (plans.get(keyOf(signPlan, signPlan.plan))?.state !== 'NORMAL') {
          throw new Error(`The plan ${signPlan.plan} was stopped.`);
        }
        const signedAt = clock.now();
        return { state: 'SIGNED', signedAt, overAt: plus(signedAt, signPlan.lastsDays * dayMs) };
      }),
    userCancel: (number, cancelledBy = 'USER') =>
      move(number, ['SIGNED'], () => ({ state: 'SIGN_PLAN_CANCEL', cancelledBy })),
    expire: (number) => move(number, ['UNSIGNED', 'SIGNED'], () => ({ state: 'EXPIRE' })),
    charge: (number) => {
      const order = onlyOne(orders, number);
      if (order.state !== 'DOING' || order.totalFen === undefined) {
        throw new Error(`Nothing is to be charged of ${number}.`);
      }
      const digest = createHash('sha256').update(keyOf(order, number)).digest('hex');
      const transaction_id = valid(`4200${digest.slice(0, 24)}`, isTransactionId);
      settle(state, order, { at: clock.now(), transaction_id });
      return transaction_id;
    },
    letCancelWhilePaying: (allowed) => {
      state.cancelsWhilePaying = allowed;
    },
    plan: (number) => [...plans.values()].find((one) => one.number === number),
    signPlan: (number) => [...signPlans.values()].find((one) => one.number === number),
    serviceOrder: (number) => [...orders.values()].find((one) => one.number === number),
  };
}

function notFound(code: string): { readonly type: 'not-found'; readonly code: string } {
  return { type: 'not-found', code };
}

function planEvidence(plan: WorldPlan | undefined): PlanEvidence {
  if (plan === undefined) {
    return notFound('RESOURCE_NOT_EXISTS');
  }
  const { state, number: merchant_plan_no, plan_id, terms } = plan;
  return { type: 'state', state, merchant_plan_no, plan_id, service_id: terms.service_id };
}

function signPlanEvidence(world: PayscoreState, key: string): SignPlanEvidence {
  const signPlan = world.signPlans.get(key);
  if (signPlan === undefined) {
    return notFound('RESOURCE_NOT_EXISTS');
  }
  const { number: merchant_sign_plan_no, sign_plan_id, terms, details } = signPlan;
  const { plan_id, service_id, openid } = terms;
  const { cancelledBy, signedAt, overAt } = signPlan;
  return {
    type: 'state',
    state: signStateOf(signPlan, world.clock.now()),
    merchant_sign_plan_no,
    sign_plan_id,
    plan_id,
    service_id,
    openid,
    details: details.map((detail) => ({ ...detail, ...pricesIn(world, signPlan, detail) })),
    ...(cancelledBy !== undefined && { cancel_sign_type: cancelledBy }),
    ...(signedAt !== undefined && { signedAt }),
    ...(overAt !== undefined && { overAt }),
  };
}

/** What the user agreed to pay for a detail. */
function pricesIn(
  { plans }: PayscoreState,
  { plan, mchid }: WorldSignPlan,
  { plan_detail_no }: WorldDetail,
): { readonly actualFen?: Fen } {
  const price = plans.get(keyOf({ mchid }, plan))?.terms.plan_detail_list[plan_detail_no - 1];
  return price === undefined ? {} : { actualFen: valid(price.actual_price, isFen) };
}

function orderEvidence(
  { orders }: PayscoreState,
  account: Account,
  { out_order_no, service_id, appid }: AskedServiceOrder,
): ServiceOrderEvidence {
  const order = orders.get(keyOf(account, out_order_no));
  if (order?.terms.service_id !== service_id || order.terms.appid !== appid) {
    return notFound('ORDER_NOT_EXIST');
  }
  const { state, order_id, terms, totalFen, paid } = order;
  const isRunning = state === 'DOING';
  const asks = totalFen !== undefined && totalFen > 0;
  return {
    type: 'state',
    state,
    ...(isRunning && { state_description: asks ? 'MCH_COMPLETE' : 'USER_CONFIRM' }),
    out_order_no,
    service_id,
    appid,
    openid: terms.openid,
    order_id,
    ...(totalFen !== undefined && { totalFen, need_collection: asks }),
    ...(asks && state !== 'REVOKED' && { collection_state: paid ? 'USER_PAID' : 'USER_PAYING' }),
    ...(asks && state !== 'REVOKED' && { paidFen: paid ? totalFen : valid(0, isFen) }),
    ...(paid !== undefined && {
      paid_type: paid.transaction_id === undefined ? 'MCH' : 'NEWTON',
      paidAt: paid.at,
      ...(paid.transaction_id !== undefined && { transaction_id: paid.transaction_id }),
    }),
  };
}

type Answers = Readonly<Record<CommandName, SendOutcome>> & {
  readonly 'query-plan': PlanEvidence;
  readonly 'query-sign-plan': SignPlanEvidence;
  readonly 'query-service-order': ServiceOrderEvidence;
};
export type PayscoreCall = keyof Answers;

/** Instead of WeChat's honest answer: another one, or one made around it (before or after it acts). */
export type PayscoreReply<Call extends PayscoreCall> =
  | Answers[Call]
  | 'honest'
  | ((honest: () => Answers[Call]) => Answers[Call] | Promise<Answers[Call]>);

/** A book with a gateway to it, which answers honestly but for what a test plans. */
export type PayscoreWorld = {
  readonly gateway: PayscoreGateway;
  readonly book: PayscoreBook;
  /** The next calls of this name are answered so, in order. */
  plan<Call extends PayscoreCall>(call: Call, ...replies: readonly PayscoreReply<Call>[]): void;
  /** Forgets what was planned and has not come. */
  unplan(): void;
  callsOf(call?: PayscoreCall): number;
  /** Every command as it was sent, in order. */
  sent(): readonly PayscoreCommand[];
};

const noAnswer = { type: 'unknown', code: 'TIMEOUT' } as const;

/** `faults` befall the calls for which no reply is planned; one without an answer is `unknown`, TIMEOUT. */
export function createPayscoreWorld(
  clock: Clock,
  faults?: FaultSource<PayscoreCall>,
): PayscoreWorld {
  const book = createPayscoreBook(clock);
  const planned = new Map<PayscoreCall, unknown[]>();
  const calls: PayscoreCall[] = [];
  const sent: PayscoreCommand[] = [];
  const failure = () => new Error('What WeChat answers is planned in the world.');

  async function answer<Call extends PayscoreCall>(
    call: Call,
    honest: () => Answers[Call],
  ): Promise<Answers[Call]> {
    calls.push(call);
    const reply = planned.get(call)?.shift() as PayscoreReply<Call> | undefined;
    if (reply === undefined || reply === 'honest') {
      return await perform<PayscoreCall, Answers[Call] | typeof noAnswer>(faults, call, {
        run: honest,
        failure,
        unknown: noAnswer,
      });
    }
    return typeof reply === 'function' ? await reply(honest) : reply;
  }

  return {
    book,
    gateway: {
      queryPlan: (account, number) => answer('query-plan', () => book.queryPlan(account, number)),
      querySignPlan: (account, number) =>
        answer('query-sign-plan', () => book.querySignPlan(account, number)),
      queryServiceOrder: (account, asked) =>
        answer('query-service-order', () => book.queryServiceOrder(account, asked)),
      send: (account, command) => {
        sent.push(command);
        return answer(command.name, () => book.send(account, command));
      },
    },
    plan: (call, ...replies) => {
      planned.set(call, [...(planned.get(call) ?? []), ...replies]);
    },
    unplan: () => planned.clear(),
    callsOf: (call) => calls.filter((one) => call === undefined || one === call).length,
    sent: () => [...sent],
  };
}
