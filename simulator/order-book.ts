import type { Order } from './order.ts';

export type OrderBook = {
  readonly get: (mchid: string, outTradeNo: string) => Order | undefined;
  readonly getByTransactionId: (mchid: string, transactionId: string) => Order | undefined;
  readonly put: (order: Order) => void;
  /** Newest first. */
  readonly newest: (limit: number) => readonly Order[];
  readonly size: () => number;
};

/** Orders in memory. When full, the oldest makes room and `onDropped` hears of it. */
export const createOrderBook = (limit: number, onDropped: (order: Order) => void): OrderBook => {
  const orders = new Map<string, Order>();
  const byTransactionId = new Map<string, string>();

  const dropOldest = () => {
    for (const [key, order] of orders) {
      orders.delete(key);
      if (order.payment !== undefined) byTransactionId.delete(order.payment.transactionId);
      onDropped(order);
      return;
    }
  };

  return {
    get: (mchid, outTradeNo) => orders.get(orderKey(mchid, outTradeNo)),
    getByTransactionId: (mchid, transactionId) => {
      const order = orders.get(byTransactionId.get(transactionId) ?? '');
      return order?.mchid === mchid ? order : undefined;
    },
    put: (order) => {
      const key = orderKey(order.mchid, order.outTradeNo);
      if (!orders.has(key) && orders.size >= limit) dropOldest();
      orders.set(key, order);
      if (order.payment !== undefined) byTransactionId.set(order.payment.transactionId, key);
    },
    newest: (count) => [...orders.values()].slice(-count).reverse(),
    size: () => orders.size,
  };
};

const orderKey = (mchid: string, outTradeNo: string): string => `${mchid} ${outTradeNo}`;
