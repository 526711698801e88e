import type { JsonObject } from './json.ts';
import type { Order, OrderState, Payment } from './order.ts';
import { beijingTime } from './timers.ts';

/** What a query says beside each state. */
export const STATE_TEXT: Readonly<Record<OrderState, string>> = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  REFUND: '转入退款',
  CLOSED: '订单已关闭',
  USERPAYING: '用户支付中，需要输入密码',
  PAYERROR: '支付失败',
  REVOKED: '订单已撤销',
};

/** An order as a query and the plaintext of a notice show it (documents 4012791859 and 4012791861); amounts in fen. */
export const transactionView = (order: Order): JsonObject => ({
  ...(order.payment === undefined ? {} : paymentFields(order, order.payment)),
  ...(order.attach === undefined ? {} : { attach: order.attach }),
  appid: order.appid,
  mchid: order.mchid,
  out_trade_no: order.outTradeNo,
  trade_state: order.state,
  trade_state_desc: STATE_TEXT[order.state],
});

const paymentFields = (order: Order, payment: Payment): JsonObject => ({
  amount: {
    currency: payment.currency,
    payer_currency: payment.currency,
    payer_total: payment.payerTotal,
    total: payment.total,
  },
  bank_type: 'OTHERS',
  payer: { openid: payment.openid },
  promotion_detail: promotions(payment),
  success_time: beijingTime(payment.paidAtMs),
  trade_type: order.tradeType,
  transaction_id: payment.transactionId,
  ...(order.deviceId === undefined ? {} : { scene_info: { device_id: order.deviceId } }),
});

const promotions = (payment: Payment): readonly JsonObject[] => {
  const amount = payment.total - payment.payerTotal;
  if (amount === 0) return [];
  return [
    {
      amount,
      coupon_id: '109519',
      currency: payment.currency,
      merchant_contribute: 0,
      name: '单品惠-6',
      other_contribute: 0,
      scope: 'GLOBAL',
      stock_id: '931386',
      type: 'CASH',
      wechatpay_contribute: amount,
    },
  ];
};
