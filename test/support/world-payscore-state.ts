import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Account } from '#core/account.ts';
import type {
  CommandName,
  DetailState,
  PayscoreCommand,
  SendOutcome,
} from '#core/payscore/evidence.ts';
import type { Clock } from '#core/ports.ts';
import {
  isOutTradeNo,
  isPayscoreId,
  type Mchid,
  type MerchantPlanNo,
  type MerchantSignPlanNo,
  type OutOrderNo,
  type PayscoreId,
  type TransactionId,
} from '#core/values/ids.ts';
import { parseJson } from '#core/values/json.ts';
import type { Fen } from '#core/values/money.ts';
import type { Instant } from '#core/values/time.ts';
import { valid } from './order-builder.ts';
import type { OrderBody, PlanBody, SignPlanBody } from './world-payscore-bodies.ts';
import type { RefundablePayment } from './world-refunds.ts';

/** What every subject of PayScore has. */
type Subject = {
  readonly mchid: Mchid;
  /** The last body of each command that was carried out: the same again changes nothing. */
  readonly carriedOut: ReadonlyMap<CommandName, string>;
};

export type WorldPlan = Subject & {
  readonly number: MerchantPlanNo;
  readonly plan_id: PayscoreId;
  readonly terms: PlanBody;
  readonly state: 'NORMAL' | 'STOP';
};

export type WorldDetail = {
  readonly plan_detail_no: number;
  readonly merchant_plan_detail_no: OutOrderNo;
  readonly state: DetailState;
};

export type WorldSignPlan = Subject & {
  readonly number: MerchantSignPlanNo;
  readonly sign_plan_id: PayscoreId;
  readonly terms: SignPlanBody;
  readonly plan: MerchantPlanNo;
  /** Days from the signing. */
  readonly lastsDays: number;
  readonly state: 'UNSIGNED' | 'SIGNED' | 'SIGN_PLAN_CANCEL' | 'COMPLETE' | 'EXPIRE';
  readonly details: readonly WorldDetail[];
  readonly cancelledBy?: 'USER' | 'MERCHANT' | 'REVOKE_SERVICE';
  readonly signedAt?: Instant;
  readonly overAt?: Instant;
};

export type WorldServiceOrder = Subject & {
  readonly number: OutOrderNo;
  readonly order_id: PayscoreId;
  readonly terms: OrderBody;
  readonly signPlan: MerchantSignPlanNo;
  /** What the plan asks for its detail; a completion asks for no more. */
  readonly priceFen: number;
  readonly state: 'DOING' | 'DONE' | 'REVOKED';
  /** From its completion on. */
  readonly totalFen?: Fen;
  readonly completedAt?: Instant;
  readonly paid?: WorldPayment;
};

/** How a service order was paid: `transaction_id` by PayScore, else as the merchant said (`sync`). */
export type WorldPayment = { readonly at: Instant; readonly transaction_id?: TransactionId };

/** Everything that WeChat keeps; the keys are those of `keyOf`. */
export type PayscoreState = {
  readonly clock: Clock;
  readonly plans: Map<string, WorldPlan>;
  readonly signPlans: Map<string, WorldSignPlan>;
  readonly orders: Map<string, WorldServiceOrder>;
  cancelsWhilePaying: boolean;
};

/** The state as of now: a signature runs out by itself. */
export function signStateOf(
  { state, overAt }: Pick<WorldSignPlan, 'state' | 'overAt'>,
  now: Instant,
): WorldSignPlan['state'] {
  return state === 'SIGNED' && overAt !== undefined && now >= overAt ? 'EXPIRE' : state;
}

export function keyOf({ mchid }: Pick<Account, 'mchid'>, number: string): string {
  return `${mchid}/${number}`;
}

/** The one subject of this number, whosever it is; a hand reaches for it without an account. */
export function onlyOne<T extends { readonly number: string }>(
  subjects: ReadonlyMap<string, T>,
  number: string,
): T {
  const [found, ...others] = [...subjects.values()].filter((one) => one.number === number);
  if (found === undefined || others.length > 0) {
    throw new Error(`WeChat knows ${found === undefined ? 'no' : 'more than one'} ${number}.`);
  }
  return found;
}

/** WeChat's own number of a subject. */
export function payscoreIdOf(prefix: string, account: Pick<Account, 'mchid'>, number: string) {
  const digest = createHash('sha256').update(keyOf(account, number)).digest('hex');
  return valid(`${prefix}${digest.slice(0, 28)}`, isPayscoreId);
}

/** The subject with this command among those that were carried out. */
export function withCarriedOut<T extends Subject>(
  subject: T,
  { name, body }: PayscoreCommand,
  changes: Partial<T> = {},
): T {
  return { ...subject, ...changes, carriedOut: new Map([...subject.carriedOut, [name, body]]) };
}

/** The same parameters, in whatever order. */
export function isRepeated({ carriedOut }: Subject, { name, body }: PayscoreCommand): boolean {
  const before = carriedOut.get(name);
  return before !== undefined && isDeepStrictEqual(parseJson(before), parseJson(body));
}

/** The payment of this number, which is refunded like any other: under a number that WeChat made for it. */
export function paymentIn(
  { orders }: PayscoreState,
  transaction_id: string,
): RefundablePayment | undefined {
  const order = [...orders.values()].find(({ paid }) => paid?.transaction_id === transaction_id);
  if (order?.paid?.transaction_id === undefined || order.totalFen === undefined) {
    return undefined;
  }
  const payment = {
    transaction_id: order.paid.transaction_id,
    amountFen: order.totalFen,
    currency: 'CNY',
    successAt: order.paid.at,
  };
  const out_trade_no = valid(`1000${transaction_id.slice(4)}`, isOutTradeNo);
  return { mchid: order.mchid, out_trade_no, payment };
}

export const accepted: SendOutcome = { type: 'accepted' };
/** The merchant or its appid is not bound to the service. */
export const notBound: SendOutcome = { type: 'fault', code: 'NO_AUTH' };

export function refusedAs(code: string): SendOutcome {
  return { type: 'refused', code };
}

/** The service of a body, if WeChat opened it for this account, whose appid the body must name. */
export function boundService(
  { services, appids }: Account,
  { service_id, appid }: Pick<PlanBody, 'service_id' | 'appid'>,
) {
  return appids.includes(appid) ? services?.find(({ id }) => id === service_id) : undefined;
}
