import type { Order, Payment } from '../order.ts';
import { beijingDigits } from '../timers.ts';
import { STATE_TEXT } from '../transaction-view.ts';
import type { V2Values } from './call.ts';

/** An order as its query shows it: of one that is not paid only the number and the state are promised. */
export const orderValues = (order: Order): V2Values => ({
  ...(order.payment !== undefined && SHOWN_WHOLE.includes(order.state)
    ? paymentValues(order, order.payment)
    : {}),
  out_trade_no: order.outTradeNo,
  attach: order.attach,
  trade_state: order.state,
  trade_state_desc: STATE_TEXT[order.state],
});

const SHOWN_WHOLE: readonly Order['state'][] = ['SUCCESS', 'REFUND'];

/** A payment as the query and the answer to a scanned code show it; amounts in fen. */
export const paymentValues = (order: Order, payment: Payment): V2Values => ({
  device_info: order.deviceId,
  openid: payment.openid,
  is_subscribe: 'N',
  trade_type: order.tradeType,
  bank_type: 'OTHERS',
  total_fee: payment.total,
  fee_type: payment.currency,
  cash_fee: payment.payerTotal,
  cash_fee_type: payment.currency,
  ...couponValues(payment),
  transaction_id: payment.transactionId,
  out_trade_no: order.outTradeNo,
  attach: order.attach,
  time_end: beijingDigits(payment.paidAtMs),
});

const couponValues = (payment: Payment): V2Values => {
  const fee = payment.total - payment.payerTotal;
  if (fee === 0) return {};
  return {
    coupon_fee: fee,
    coupon_count: 1,
    coupon_type_0: 'CASH',
    coupon_id_0: '109519',
    coupon_fee_0: fee,
  };
};
