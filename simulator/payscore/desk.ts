import { randomBytes, randomUUID } from 'node:crypto';
import type { NoticePlan } from '../notice-schedule.ts';
import { payOrder, placeOrder } from '../order.ts';
import { takePlan } from '../standing.ts';
import { beijingDigits } from '../timers.ts';
import { nextNoticePlan, nextTransactionId, type World } from '../world.ts';
import { type ChargePlan, USUAL_CHARGE } from './charge-plan.ts';
import { orderNotice, type SignPlanEvent, signPlanNotice } from './notice.ts';
import { chargeOrder, type ServiceOrder, type Stepped, useOf } from './service-order.ts';
import {
  type DetailUse,
  type Moment,
  type SignPlan,
  type SignState,
  signStateOf,
} from './sign-plan.ts';
import { chargeAlarm, nameOf, ordersOf } from './state.ts';

/** What has become of the details of a sign plan. */
export const usesOf = (world: World, signPlan: SignPlan): readonly DetailUse[] => {
  const nowMs = world.timers.now();
  return ordersOf(world.payscore.orders, signPlan).map((order) => useOf(order, nowMs));
};

export const stateOf = (world: World, signPlan: SignPlan): SignState =>
  signStateOf(signPlan, usesOf(world, signPlan), world.timers.now());

/** A number as WeChat Pay makes them: 32 digits, told apart by how they begin. */
export const newId = (world: World, prefix: string): string => {
  world.payscore.lastSerial += 1;
  const serial = String(world.payscore.lastSerial).padStart(8, '0');
  return `${prefix}${beijingDigits(world.timers.now())}${world.era}${serial}`;
};

/** Opaque text, as the front end is given it. */
export const newOpaqueText = (): string => randomBytes(96).toString('base64url');

export const newMoment = (world: World): Moment => ({
  atMs: world.timers.now(),
  noticeId: randomUUID(),
});

/** Keeps a sign plan that was signed or cancelled by its user, and sends its notice. */
export const tellSignPlan = (
  world: World,
  signPlan: SignPlan,
  told: {
    readonly event: SignPlanEvent;
    readonly moment: Moment;
    readonly plan: NoticePlan | undefined;
  },
): void => {
  const { payscore } = world;
  payscore.signPlans.put(signPlan);
  const seen = { uses: usesOf(world, signPlan), nowMs: world.timers.now() };
  const { event, moment } = told;
  const notice = signPlanNotice(signPlan, seen, event, { moment, odd: payscore.oddSamples });
  payscore.notices.signPlans.start(notice, told.plan ?? nextNoticePlan(world, 'sign-plans'));
};

/** Keeps an order that its user confirmed, and sends its notice. */
export const tellConfirmation = (
  world: World,
  order: ServiceOrder,
  moment: Moment,
  plan: NoticePlan | undefined,
): void => {
  const { payscore } = world;
  payscore.orders.put(order);
  const notice = orderNotice(order, world.timers.now(), 'confirmed', {
    moment,
    odd: payscore.oddSamples,
  });
  payscore.notices.orders.start(notice, plan ?? nextNoticePlan(world, 'service-orders'));
};

/** Charges what is owed as the standing plan says, unless a charge is to come anyway. */
export const planCharge = (world: World, order: ServiceOrder): void => {
  if (world.alarms.isSet(chargeAlarm(order))) return;
  const plan = takePlan(world.payscore.charges) ?? USUAL_CHARGE;
  awaitCharge(world, order, plan);
};

const awaitCharge = (world: World, order: ServiceOrder, plan: ChargePlan): void => {
  if (plan.outcome === 'failing') return;
  world.alarms.set(chargeAlarm(order), plan.delayMs, () => tryCharge(world, order, plan));
};

const tryCharge = (
  world: World,
  { mchid, outOrderNo }: ServiceOrder,
  plan: Extract<ChargePlan, { outcome: 'paid' }>,
): void => {
  const order = world.payscore.orders.get(nameOf(mchid, outOrderNo));
  if (order === undefined) return;
  if (plan.failures === 0) {
    chargeNow(world, order, {});
    return;
  }
  const failed = { ...order, failedCharges: order.failedCharges + 1 };
  world.payscore.orders.put(failed);
  awaitCharge(world, failed, { ...plan, failures: plan.failures - 1 });
};

/** Nothing is to be charged any more. */
export const callOffCharge = (world: World, order: ServiceOrder): void =>
  world.alarms.clear(chargeAlarm(order));

type ChargeWish = { readonly force?: boolean; readonly plan?: NoticePlan | undefined };

/** The charge succeeds now: the payment exists, refundable by its transaction, and its notice is on its way. */
export const chargeNow = (world: World, order: ServiceOrder, wish: ChargeWish): Stepped => {
  const { payscore } = world;
  const moment = newMoment(world);
  const transactionId = nextTransactionId(world);
  const charged = chargeOrder(order, { ...moment, transactionId }, wish.force);
  if (!charged.ok) return charged;
  callOffCharge(world, order);
  world.transactions += 1;
  payscore.orders.put(charged.order);
  keepPayment(world, charged.order, { ...moment, transactionId });
  const notice = orderNotice(charged.order, moment.atMs, 'paid', {
    moment,
    odd: payscore.oddSamples,
  });
  payscore.notices.orders.start(notice, wish.plan ?? nextNoticePlan(world, 'service-orders'));
  return charged;
};

/** The payment as an order under a number that WeChat Pay makes: the merchant's own is of no use for refunds. */
const keepPayment = (
  world: World,
  order: ServiceOrder,
  facts: Moment & { readonly transactionId: string },
): void => {
  const { atMs, noticeId, transactionId } = facts;
  const placed = placeOrder(
    undefined,
    {
      mchid: order.mchid,
      appid: order.appid,
      outTradeNo: `1000${transactionId.slice(4)}`,
      tradeType: 'AUTH',
      notifyUrl: order.notifyUrl,
      total: order.completion?.total ?? 0,
      openid: order.openid,
      attach: order.attach,
      deviceId: undefined,
      expiresAtMs: atMs,
      codeLifeMs: 0,
      fingerprint: `payscore ${order.orderId}`,
    },
    atMs,
  );
  if (!placed.ok) return;
  const payer = { transactionId, noticeId, payerOpenid: order.openid };
  const paid = payOrder(placed.order, { force: true }, payer, atMs);
  if (paid.ok) world.orders.put(paid.order);
};
