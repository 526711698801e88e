import type { CommandName, PayscoreCommand } from '#core/payscore/evidence.ts';
import type { AskedServiceOrder } from '#core/payscore/ports.ts';
import type { MerchantPlanNo, MerchantSignPlanNo } from '#core/values/ids.ts';
import type { SignedRequest } from './signing.ts';

const plans = '/v3/payscore/plan/payscore-plans';
const signPlans = '/v3/payscore/sign-plan/user-sign-plans';
const serviceOrders = '/v3/payscore/serviceorder';

const commandTargets: Readonly<Record<CommandName, (number: string) => string>> = {
  'create-plan': () => plans,
  'stop-plan': (number) => `${planTarget(number)}/stop`,
  'create-sign-plan': () => signPlans,
  'stop-sign-plan': (number) => `${signPlanTarget(number)}/stop`,
  'create-service-order': () => '/v3/payscore/sign-plan/serviceorder',
  complete: (number) => orderTarget(number, 'complete'),
  cancel: (number) => orderTarget(number, 'cancel'),
  modify: (number) => orderTarget(number, 'modify'),
  sync: (number) => orderTarget(number, 'sync'),
  pay: (number) => orderTarget(number, 'pay'),
};

/** One of WeChat's ten PayScore calls that change something (payscore-plan); its body goes as it is, '' too. */
export function commandCall({ name, number, body }: PayscoreCommand): SignedRequest {
  return { method: 'POST', target: commandTargets[name](number), body };
}

/** By the merchant's number (payscore-plan, query-pay-score-plan). */
export function planQueryCall(merchant_plan_no: MerchantPlanNo): SignedRequest {
  return { method: 'GET', target: planTarget(merchant_plan_no) };
}

/** By the merchant's number (payscore-plan, query-user-sign-plan). */
export function signPlanQueryCall(number: MerchantSignPlanNo): SignedRequest {
  return { method: 'GET', target: signPlanTarget(number) };
}

/** By the merchant's number, with the service and appid that it was made for (get-service-order). */
export function serviceOrderQueryCall(asked: AskedServiceOrder): SignedRequest {
  const query = (['service_id', 'out_order_no', 'appid'] as const)
    .map((name) => `${name}=${encodeURIComponent(asked[name])}`)
    .join('&');
  return { method: 'GET', target: `${serviceOrders}?${query}` };
}

function planTarget(number: string): string {
  return `${plans}/merchant-plan-no/${encodeURIComponent(number)}`;
}

function signPlanTarget(number: string): string {
  return `${signPlans}/merchant-sign-plan-no/${encodeURIComponent(number)}`;
}

function orderTarget(number: string, step: string): string {
  return `${serviceOrders}/${encodeURIComponent(number)}/${step}`;
}
