import assert from 'node:assert/strict';
import type { PayscoreService } from '#core/account.ts';
import type {
  CommandName,
  PayscoreCommand,
  SendOutcome,
  ServiceOrderState,
  SignPlanState,
} from '#core/payscore/evidence.ts';
import type { PayscoreGateway } from '#core/payscore/ports.ts';
import {
  isMerchantPlanNo,
  isMerchantSignPlanNo,
  isOutOrderNo,
  isServiceId,
  type MerchantPlanNo,
  type MerchantSignPlanNo,
  type OutOrderNo,
  type PayscoreId,
} from '#core/values/ids.ts';
import { formatBeijingDigits, instant, minuteMs, secondMs } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';
import type { MerchantWorld } from './order-gateway-harness.ts';

/** The service that WeChat opened for the merchant of the contract. */
export const service: PayscoreService = {
  id: valid('00109000000000169034377913212082', isServiceId),
  maxDays: 100,
  maxDeductions: 5,
};

/** A WeChat Pay with one merchant, whose PayScore does nothing by itself. */
export type PayscoreSite = Omit<MerchantWorld, 'pay'> & {
  readonly gateway: PayscoreGateway;
  sign(number: MerchantSignPlanNo): Promise<void>;
  userCancel(number: MerchantSignPlanNo, how: 'USER' | 'REVOKE_SERVICE'): Promise<void>;
  expire(number: MerchantSignPlanNo): Promise<void>;
  /** The charge of a completed order succeeds. */
  charge(number: OutOrderNo): Promise<void>;
};

type Body = Readonly<Record<string, unknown>>;
type Plan = { readonly number: MerchantPlanNo; readonly body: Body };
type KnownPlan = Plan & { readonly plan_id: PayscoreId };
type SignPlan = {
  readonly number: MerchantSignPlanNo;
  readonly body: Body;
  readonly details: readonly OutOrderNo[];
};
type KnownSignPlan = SignPlan & { readonly sign_plan_id: PayscoreId };
type Order = { readonly number: OutOrderNo; readonly body: Body };

let lastNumber = 0;

/** A number that nobody has used yet. */
export function fresh<T>(check: (value: unknown) => value is T): T {
  lastNumber += 1;
  return valid(`contract-*_${lastNumber}`, check);
}

const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
const notify_url = 'http://127.0.0.1:9/notify/main';
const prices = [18_000, 12_000, 0];

/** The gateway's calls on the site that stands when a test runs, and the way to each state. */
export function payscoreCallsOf(site: () => PayscoreSite) {
  const boundTo = () => ({ service_id: service.id, appid: site().account.appids[0] });
  /** `ago` before what WeChat's clock shows, as PayScore writes it. */
  const time = (agoMs: number) => formatBeijingDigits(instant(site().now() - agoMs));
  const send = async (name: CommandName, number: string, body: Body | string) =>
    await site().gateway.send(site().account, commandOf(name, number, body));
  const mustSend = async (name: CommandName, number: string, body: Body | string) => {
    const outcome = await send(name, number, body);
    assert.equal(outcome.type, 'accepted', `${name}: ${JSON.stringify(outcome)}`);
    return outcome;
  };
  const queryPlan = async (number: MerchantPlanNo) =>
    await site().gateway.queryPlan(site().account, number);
  const querySignPlan = async (number: MerchantSignPlanNo) =>
    await site().gateway.querySignPlan(site().account, number);
  const queryOrder = async (number: OutOrderNo) =>
    await site().gateway.queryServiceOrder(site().account, { out_order_no: number, ...boundTo() });

  /** A plan of three lessons; the third one is free. */
  const plan = (changes: Body = {}): Plan => {
    const number = fresh(isMerchantPlanNo);
    const plan_detail_list = prices.map((actual_price, n) => ({
      original_price: 18_000,
      plan_discount_description: '第三节免费',
      actual_price,
      plan_detail_name: `第${n + 1}节`,
    }));
    const body = {
      ...boundTo(),
      plan_name: '瑜伽课3节',
      plan_duration: 30,
      deduction_quantity: 3,
      total_original_price: 54_000,
      total_actual_price: 30_000,
      plan_detail_list,
      merchant_plan_no: number,
      ...changes,
    };
    return { number, body };
  };
  const planned = async (): Promise<KnownPlan> => {
    const made = plan();
    await mustSend('create-plan', made.number, made.body);
    const evidence = await queryPlan(made.number);
    assert.ok(evidence.type === 'state', JSON.stringify(evidence));
    return { ...made, plan_id: evidence.plan_id };
  };
  const signPlan = ({ plan_id }: Pick<KnownPlan, 'plan_id'>, changes: Body = {}): SignPlan => {
    const number = fresh(isMerchantSignPlanNo);
    const details = prices.map(() => fresh(isOutOrderNo));
    const sign_plan_detail = details.map((merchant_plan_detail_no, n) => ({
      plan_detail_no: n + 1,
      merchant_plan_detail_no,
    }));
    const named = { merchant_sign_plan_no: number, sign_plan_detail };
    return {
      number,
      details,
      body: { ...boundTo(), plan_id, openid, notify_url, ...named, ...changes },
    };
  };
  const stateOfSignPlan = async (number: MerchantSignPlanNo): Promise<SignPlanState> => {
    const evidence = await querySignPlan(number);
    assert.ok(evidence.type === 'state', JSON.stringify(evidence));
    return evidence;
  };
  const unsigned = async (plan?: KnownPlan): Promise<KnownSignPlan> => {
    const made = signPlan(plan ?? (await planned()));
    await mustSend('create-sign-plan', made.number, made.body);
    const { sign_plan_id } = await stateOfSignPlan(made.number);
    return { ...made, sign_plan_id };
  };
  const signed = async (plan?: KnownPlan): Promise<KnownSignPlan> => {
    const made = await unsigned(plan);
    await site().sign(made.number);
    return made;
  };
  /** The service order of one of the details, from 1. */
  const order = (of: KnownSignPlan, n: number, changes: Body = {}): Order => {
    const number = valid(of.details[n - 1], isOutOrderNo);
    const body = {
      ...boundTo(),
      sign_plan_id: of.sign_plan_id,
      plan_detail_no: n,
      openid,
      notify_url,
      service_introduction: '瑜伽课',
      time_range: { start_time: time(60 * minuteMs) },
      out_trade_no: number,
      ...changes,
    };
    return { number, body };
  };
  const stateOfOrder = async (number: OutOrderNo): Promise<ServiceOrderState> => {
    const evidence = await queryOrder(number);
    assert.ok(evidence.type === 'state', JSON.stringify(evidence));
    return evidence;
  };
  const started = async (of?: KnownSignPlan, n = 1): Promise<Order & { of: KnownSignPlan }> => {
    const signPlan = of ?? (await signed());
    const made = order(signPlan, n);
    await mustSend('create-service-order', made.number, made.body);
    return { ...made, of: signPlan };
  };
  const bill = (total_amount: number, changes: Body = {}): Body => ({
    ...boundTo(),
    post_payments: [{ name: '课时费', amount: total_amount }],
    total_amount,
    ...changes,
  });
  const completion = (total_amount = 18_000, changes: Body = {}): Body =>
    bill(total_amount, { time_range: { end_time: time(2 * secondMs) }, ...changes });
  const completed = async (of?: KnownSignPlan, n = 1, total_amount = 18_000) => {
    const made = await started(of, n);
    const body = completion(total_amount);
    await mustSend('complete', made.number, body);
    return { ...made, body };
  };
  const paid = async (of?: KnownSignPlan, n = 1) => {
    const made = await completed(of, n);
    await site().charge(made.number);
    return made;
  };
  return {
    site,
    time,
    send,
    mustSend,
    queryPlan,
    querySignPlan,
    queryOrder,
    stateOfSignPlan,
    stateOfOrder,
    plan,
    planned,
    signPlan,
    unsigned,
    signed,
    order,
    started,
    completion,
    completed,
    paid,
    modification: (total_amount: number) => bill(total_amount, { reason: '少上半节' }),
    cancellation: (): Body => ({ ...boundTo(), reason: '用户请假' }),
    synchronization: (paid_time: string): Body => ({
      ...boundTo(),
      type: 'Order_Paid',
      detail: { paid_time },
    }),
    reminder: (): Body => boundTo(),
  };
}

export type PayscoreCalls = ReturnType<typeof payscoreCallsOf>;

export function commandOf(name: CommandName, number: string, body: Body | string): PayscoreCommand {
  return { name, number, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

export function assertRefused(outcome: SendOutcome, what = ''): void {
  assert.equal(outcome.type, 'refused', `${what} ${JSON.stringify(outcome)}`);
}
