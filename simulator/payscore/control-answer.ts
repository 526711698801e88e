import { type ControlAnswer, controlError, findAccount } from '../control-answer.ts';
import type { FieldRules } from '../field-rules.ts';
import type { JsonObject } from '../json.ts';
import type { MerchantAccount } from '../merchant-account.ts';
import type { World } from '../world.ts';
import type { Register } from './register.ts';
import type { ServiceOrder } from './service-order.ts';
import type { SignPlan } from './sign-plan.ts';
import { nameOf } from './state.ts';

/** Rules of the two fields that name a sign plan; `mchid` may be left out where one merchant has it. */
export const SIGN_PLAN_FIELDS: FieldRules = {
  mchid: { kind: 'string', maxLength: 32 },
  merchant_sign_plan_no: { kind: 'string', required: true, maxLength: 32 },
};

/** Rules of the two fields that name a service order. */
export const SERVICE_ORDER_FIELDS: FieldRules = {
  mchid: { kind: 'string', maxLength: 32 },
  out_order_no: { kind: 'string', required: true, maxLength: 32 },
};

type Found<T> =
  | { readonly ok: true; readonly account: MerchantAccount; readonly item: T }
  | { readonly ok: false; readonly answer: ControlAnswer };

/** The sign plan that a checked input names. */
export const findSignPlan = (world: World, input: JsonObject): Found<SignPlan> =>
  find(world, input, 'merchant_sign_plan_no', world.payscore.signPlans);

/** The service order that a checked input names. */
export const findServiceOrder = (world: World, input: JsonObject): Found<ServiceOrder> =>
  find(world, input, 'out_order_no', world.payscore.orders);

const find = <T>(
  world: World,
  input: JsonObject,
  field: string,
  register: Register<T>,
): Found<T> => {
  const number = String(input[field]);
  const has = ({ mchid }: MerchantAccount) => register.get(nameOf(mchid, number)) !== undefined;
  const account = findAccount(world, input['mchid'], has);
  if (account === undefined) {
    return { ok: false, answer: controlError(400, '/mchid: name one of the merchants') };
  }
  const item = register.get(nameOf(account.mchid, number));
  return item === undefined
    ? { ok: false, answer: controlError(404, `no ${field} ${number}`) }
    : { ok: true, account, item };
};
