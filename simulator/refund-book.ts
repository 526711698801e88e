import type { Refund } from './refund.ts';

/** What names an order. */
type OrderName = { readonly mchid: string; readonly outTradeNo: string };

export type RefundBook = {
  readonly get: (mchid: string, outRefundNo: string) => Refund | undefined;
  readonly getByRefundId: (mchid: string, refundId: string) => Refund | undefined;
  /** All refunds of one order, oldest first. */
  readonly ofOrder: (order: OrderName) => readonly Refund[];
  readonly put: (refund: Refund) => void;
  /** Newest first. */
  readonly newest: (limit: number) => readonly Refund[];
  readonly size: () => number;
  /** Drops the refunds of one order. */
  readonly forget: (order: OrderName) => void;
};

/** Refunds in memory; they stay as long as their orders do. */
export const createRefundBook = (): RefundBook => {
  const refunds = new Map<string, Refund>();
  const byOrder = new Map<string, Set<string>>();
  const byRefundId = new Map<string, string>();

  const ofOrder = (order: OrderName): readonly Refund[] =>
    [...(byOrder.get(orderKey(order)) ?? [])].flatMap((key) => refunds.get(key) ?? []);

  return {
    get: (mchid, outRefundNo) => refunds.get(`${mchid} ${outRefundNo}`),
    getByRefundId: (mchid, refundId) => {
      const refund = refunds.get(byRefundId.get(refundId) ?? '');
      return refund?.mchid === mchid ? refund : undefined;
    },
    ofOrder,
    put: (refund) => {
      const key = refundKey(refund);
      refunds.set(key, refund);
      byRefundId.set(refund.refundId, key);
      const order = orderKey(refund);
      byOrder.set(order, (byOrder.get(order) ?? new Set()).add(key));
    },
    newest: (limit) => [...refunds.values()].slice(-limit).reverse(),
    size: () => refunds.size,
    forget: (order) => {
      for (const refund of ofOrder(order)) {
        refunds.delete(refundKey(refund));
        byRefundId.delete(refund.refundId);
      }
      byOrder.delete(orderKey(order));
    },
  };
};

const orderKey = ({ mchid, outTradeNo }: OrderName): string => `${mchid} ${outTradeNo}`;

/** One text for the refund's name. */
export const refundKey = (refund: {
  readonly mchid: string;
  readonly outRefundNo: string;
}): string => `${refund.mchid} ${refund.outRefundNo}`;
