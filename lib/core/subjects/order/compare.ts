import type { Account } from '../../account.ts';
import type { OrderEvidence } from '../../evidence.ts';
import type { Order, ReviewReason } from './order.ts';

export type StateEvidence = Extract<OrderEvidence, { readonly type: 'state' }>;

/**
 * The first way in which a payment is not the one that was ordered, or undefined when money and
 * identity all match. WeChat asks merchants to compare each of them (4012791861).
 */
export function mismatchOf(
  order: Order,
  evidence: StateEvidence,
  account: Pick<Account, 'mchid'>,
): ReviewReason | undefined {
  const { terms } = order;
  const { payment } = evidence;
  if (terms === undefined || payment === undefined || payment.amountFen !== terms.amountFen) {
    return 'amount';
  }
  if (payment.currency !== terms.currency) {
    return 'currency';
  }
  if (evidence.mchid !== account.mchid) {
    return 'mchid';
  }
  if (evidence.appid !== terms.appid) {
    return 'appid';
  }
  if (terms.openid !== undefined && payment.openid !== terms.openid) {
    return 'payer';
  }
  return undefined;
}

/** A person closed it knowing this payment, and that it went back. */
export function isKnownPayment(order: Order, { payment }: StateEvidence): boolean {
  const { status, transaction_id, noted } = order;
  const isKnown =
    transaction_id === undefined
      ? noted === 'REFUND'
      : (payment?.transaction_id ?? transaction_id) === transaction_id;
  return status === 'CLOSED' && isKnown;
}
