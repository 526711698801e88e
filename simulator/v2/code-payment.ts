import { AT_REST, type Order, type Placement, placeOrder } from '../order.ts';

export type ScannedOrder = Order & { readonly scanned: NonNullable<Order['scanned']> };

/** A scanned code waits for the payer's password; `atMs` is when the call came. */
export const scanCode = (placement: Placement, authCode: string, atMs: number): ScannedOrder => {
  const placed = placeOrder(undefined, placement, atMs);
  if (!placed.ok) throw new Error('a first placing is never refused');
  return { ...placed.order, state: 'USERPAYING', scanned: { authCode, atMs } };
};

/** The payer, or the bank, says no. */
export const failPayment = (order: Order): Order => ({ ...order, ...AT_REST, state: 'PAYERROR' });

/** The order as a whole is taken back: a closed one stays as it is, money that was paid goes back, and `shown` is then its state. */
export const reverseOrder = (order: Order, shown: 'REVOKED' | 'REFUND' = 'REVOKED'): Order => {
  if (order.reversed === true || order.state === 'CLOSED') return order;
  const state = order.payment === undefined ? 'REVOKED' : shown;
  return { ...order, ...AT_REST, state, reversed: true };
};
