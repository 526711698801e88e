import { type FieldRules, findViolation } from './field-rules.ts';
import type { JsonObject } from './json.ts';
import type { MerchantAccount } from './merchant-account.ts';
import type { Order } from './order.ts';
import { orderAt } from './order.ts';
import type { Refund } from './refund.ts';
import type { World } from './world.ts';

export type ControlAnswer = { readonly status: number; readonly value: JsonObject };

export const controlOk = (value: JsonObject): ControlAnswer => ({ status: 200, value });

export const controlError = (status: number, error: string): ControlAnswer => ({
  status,
  value: { error },
});

/** The 400 for an input that breaks the rules, naming the field; undefined when all is well. */
export const inputError = (rules: FieldRules, input: JsonObject): ControlAnswer | undefined => {
  const violation = findViolation(rules, input, '');
  return violation === undefined
    ? undefined
    : controlError(400, `${violation.field}: ${violation.issue}`);
};

/** Rules of the two fields that name an order; `mchid` may be left out where one merchant has it. */
export const ORDER_FIELDS: FieldRules = {
  mchid: { kind: 'string', maxLength: 32 },
  out_trade_no: { kind: 'string', required: true, maxLength: 32 },
};

type FoundOrder =
  | { readonly ok: true; readonly account: MerchantAccount; readonly order: Order }
  | { readonly ok: false; readonly answer: ControlAnswer };

/** The order that a checked input names, as it stands now. */
export const findOrder = (world: World, input: JsonObject): FoundOrder => {
  const outTradeNo = String(input['out_trade_no']);
  const account = findAccount(world, input['mchid'], hasOrder(world, outTradeNo));
  if (account === undefined) {
    return { ok: false, answer: controlError(400, '/mchid: name one of the merchants') };
  }
  const order = world.orders.get(account.mchid, outTradeNo);
  if (order === undefined) {
    return { ok: false, answer: controlError(404, `no order ${input['out_trade_no']}`) };
  }
  return { ok: true, account, order: orderAt(order, world.timers.now()) };
};

/** Rules of the two fields that name a refund. */
export const REFUND_FIELDS: FieldRules = {
  mchid: { kind: 'string', maxLength: 32 },
  out_refund_no: { kind: 'string', required: true, maxLength: 64 },
};

type FoundRefund =
  | {
      readonly ok: true;
      readonly account: MerchantAccount;
      readonly order: Order;
      readonly refund: Refund;
    }
  | { readonly ok: false; readonly answer: ControlAnswer };

/** The refund that a checked input names, with its order. */
export const findRefund = (world: World, input: JsonObject): FoundRefund => {
  const outRefundNo = String(input['out_refund_no']);
  const account = findAccount(
    world,
    input['mchid'],
    ({ mchid }) => world.refunds.get(mchid, outRefundNo) !== undefined,
  );
  if (account === undefined) {
    return { ok: false, answer: controlError(400, '/mchid: name one of the merchants') };
  }
  const refund = world.refunds.get(account.mchid, outRefundNo);
  const order = refund && world.orders.get(refund.mchid, refund.outTradeNo);
  if (refund === undefined || order === undefined) {
    return { ok: false, answer: controlError(404, `no refund ${input['out_refund_no']}`) };
  }
  return { ok: true, account, order, refund };
};

/** The named merchant; or the only one; or the only one that has what is asked about. */
export const findAccount = (
  world: World,
  mchid: unknown,
  has: (account: MerchantAccount) => boolean = () => false,
): MerchantAccount | undefined => {
  if (typeof mchid === 'string') return world.accounts.get(mchid);
  const all = [...world.accounts.values()];
  const [only, ...others] = all.length === 1 ? all : all.filter(has);
  return others.length === 0 ? only : undefined;
};

/** Whether a merchant has an order under this number. */
export const hasOrder =
  (world: World, outTradeNo: string) =>
  ({ mchid }: MerchantAccount): boolean =>
    world.orders.get(mchid, outTradeNo) !== undefined;
