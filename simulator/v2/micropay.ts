import { type Order, orderAt } from '../order.ts';
import { takePlan } from '../standing.ts';
import { codeAlarm, payNow, type World } from '../world.ts';
import { type V2Call, type V2Refusal, type V2Reply, v2Done, v2Refuse } from './call.ts';
import { failPayment, reverseOrder, type ScannedOrder, scanCode } from './code-payment.ts';
import { type MicropayPlan, usualPlan } from './micropay-plan.ts';
import { checkMicropay, tooSoon } from './order-rules.ts';
import { paymentValues } from './order-view.ts';

const CODE = /^[0-9]{18}$/;
const WECHAT_CODE = /^1[0-5]/;

/** `POST /pay/micropay`: a code that the merchant scanned is charged at once, or waits for the payer's password. */
export const micropay = (world: World, call: V2Call): V2Reply => {
  const nowMs = world.timers.now();
  const checked = checkMicropay(call, nowMs);
  if (!checked.ok) return checked;
  const { placement, authCode } = checked;
  if (!CODE.test(authCode)) return v2Refuse('AUTH_CODE_ERROR', 'auth_code: not 18 digits');
  if (!WECHAT_CODE.test(authCode)) {
    return v2Refuse('AUTH_CODE_INVALID', 'auth_code: not a code of WeChat Pay');
  }
  const existing = world.orders.get(placement.mchid, placement.outTradeNo);
  const scanned = scanCode(placement, authCode, nowMs);
  const refusal =
    existing === undefined
      ? tooSoon(placement, nowMs)
      : againRefusal(orderAt(existing, nowMs), scanned);
  if (refusal !== undefined) return { ok: false, refusal };
  if (world.usedCodes.has(authCode)) return v2Refuse('AUTH_CODE_ERROR', 'auth_code: used before');
  const plan = takePlan(world.micropayPlan) ?? usualPlan(placement.total);
  return answer(plan, leave(world, scanned, plan));
};

const PASSWORD: V2Refusal = { code: 'USERPAYING', message: 'the payer has to enter the password' };

/** Only a try that failed may be followed by another under the same number. */
const againRefusal = (existing: Order, scanned: ScannedOrder): V2Refusal | undefined => {
  if (existing.scanned === undefined) {
    return { code: 'OUT_TRADE_NO_USED', message: 'the number is used for another trade' };
  }
  if (existing.reversed === true) {
    return { code: 'ORDERREVERSED', message: 'the order was reversed' };
  }
  if (existing.payment !== undefined) return { code: 'ORDERPAID', message: 'the order is paid' };
  if (existing.state === 'CLOSED') return { code: 'ORDERCLOSED', message: 'the order is closed' };
  if (existing.fingerprint !== scanned.fingerprint) {
    return { code: 'INVALID_REQUEST', message: 'the number was used with other parameters' };
  }
  if (existing.state !== 'USERPAYING') return undefined;
  return existing.scanned.authCode === scanned.scanned.authCode
    ? PASSWORD
    : { code: 'BUYER_MISMATCH', message: 'somebody else is paying this order' };
};

/** The order that a scanned code leaves behind, if any. */
const leave = (world: World, scanned: ScannedOrder, plan: MicropayPlan): Order | undefined => {
  if (plan.leaves === 'nothing') return undefined;
  world.usedCodes.add(scanned.scanned.authCode);
  world.alarms.clear(codeAlarm(scanned));
  world.orders.put(plan.leaves === 'failed' ? failPayment(scanned) : scanned);
  if (plan.leaves === 'paid') payNow(world, scanned, {});
  if (plan.leaves === 'password') armEnd(world, scanned, plan);
  return world.orders.get(scanned.mchid, scanned.outTradeNo);
};

const armEnd = (world: World, { mchid, outTradeNo }: Order, { ends }: MicropayPlan): void => {
  if (ends === undefined) return;
  world.alarms.set(codeAlarm({ mchid, outTradeNo }), ends.afterMs, () => {
    const order = world.orders.get(mchid, outTradeNo);
    if (order?.state !== 'USERPAYING') return;
    if (ends.what === 'paid') payNow(world, order, {});
    else world.orders.put(ends.what === 'failed' ? failPayment(order) : reverseOrder(order));
  });
};

const answer = (plan: MicropayPlan, left: Order | undefined): V2Reply => {
  if (plan.code !== undefined) return v2Refuse(plan.code, MESSAGES[plan.code] ?? 'refused');
  return left?.payment === undefined
    ? { ok: false, refusal: PASSWORD }
    : v2Done(paymentValues(left, left.payment));
};

const MESSAGES: Readonly<Record<string, string>> = {
  SYSTEMERROR: 'the system timed out',
  BANKERROR: 'the bank timed out',
  AUTHCODEEXPIRE: "the payer's code is too old",
  NOTENOUGH: "the payer's balance does not suffice",
  NOTSUPORTCARD: 'the card can not be used',
};
