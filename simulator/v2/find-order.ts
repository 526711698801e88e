import { type Order, orderAt } from '../order.ts';
import type { World } from '../world.ts';
import type { V2Call } from './call.ts';

/** The order that the checked numbers name: by `transaction_id` when it is given, whatever the other says. */
export const findOrder = (
  world: World,
  { account }: V2Call,
  given: Readonly<Record<string, string>>,
): Order | undefined => {
  const { transaction_id: transactionId, out_trade_no: outTradeNo = '' } = given;
  const order =
    transactionId === undefined
      ? world.orders.get(account.mchid, outTradeNo)
      : world.orders.getByTransactionId(account.mchid, transactionId);
  return order && orderAt(order, world.timers.now());
};

/** Whether neither number is given. */
export const namesNoOrder = (given: Readonly<Record<string, string>>): boolean =>
  given['transaction_id'] === undefined && given['out_trade_no'] === undefined;
